"""Writing a trust policy in canonical form."""

from collections.abc import Sequence
from datetime import datetime

from zheng_verifier.canonical import JsonObject, format_json
from zheng_verifier.encoding import format_base64, format_hex, format_time
from zheng_verifier.ethereum.anchor import TrustedChain
from zheng_verifier.note import format_vkey
from zheng_verifier.policy.model import (
    LogKey,
    TrustedCa,
    TrustedIssuer,
    TrustedLog,
    TrustedSubmitter,
    TrustPolicy,
)
from zheng_verifier.timestamp.trust import TrustedTsa


def _write_times(body: JsonObject, times: Sequence[tuple[str, datetime | None]]) -> JsonObject:
    return body | {name: format_time(moment) for name, moment in times if moment is not None}


def _write_key(key: LogKey) -> JsonObject:
    body: JsonObject = {"vkey": format_vkey(key.key), "from_size": key.from_size}
    return body if key.to_size is None else body | {"to_size": key.to_size}


def _write_log(log: TrustedLog) -> JsonObject:
    body: JsonObject = {
        "origin": log.origin,
        "log_case": log.log_case,
        "keys": [_write_key(key) for key in log.keys],
        "witnesses": {"k": log.witnesses.k, "of": [format_vkey(key) for key in log.witnesses.of]},
        "compromised": [
            {
                "vkey": format_vkey(item.key),
                "notice_time": format_time(item.notice_time),
                "claimed_since": format_time(item.claimed_since),
            }
            for item in log.compromised
        ],
    }
    if log.recovery_key is not None:
        body["recovery_key"] = format_vkey(log.recovery_key)
    if log.successor is not None:
        body["successor"] = log.successor
    return body


def _write_chain(chain: TrustedChain) -> JsonObject:
    return {
        "chain_id": chain.chain_id,
        "genesis_hash": format_hex(chain.genesis_hash),
        "kind": chain.kind,
        "finality": chain.finality,
        "contract": format_hex(chain.contract),
        "code_hash": format_hex(chain.code_hash),
        "log_id": format_hex(chain.log_id),
        "creator": format_hex(chain.creator),
        "publishers": [format_hex(item) for item in chain.publishers],
        "trusted_blocks": [format_hex(item) for item in chain.trusted_blocks],
    }


def _write_tsa(tsa: TrustedTsa) -> JsonObject:
    body: JsonObject = {
        "name": tsa.name,
        "roots": [format_base64(item) for item in tsa.roots],
        "pins": [format_hex(item) for item in tsa.pins],
        "policy_oids": list(tsa.policy_oids),
        "imprint_algs": list(tsa.imprint_algs),
        "test": tsa.test,
    }
    return _write_times(body, [("valid_from", tsa.valid_from), ("valid_until", tsa.valid_until)])


def _write_submitter(submitter: TrustedSubmitter) -> JsonObject:
    body: JsonObject = {
        "tenant": submitter.tenant,
        "key": format_base64(submitter.spki),
        "organisation": submitter.organisation,
        "from_index": submitter.from_index,
    }
    return body if submitter.to_index is None else body | {"to_index": submitter.to_index}


def _write_ca(ca: TrustedCa) -> JsonObject:
    body: JsonObject = {
        "name": ca.name,
        "roots": [format_base64(item) for item in ca.roots],
        "policy_oids": list(ca.policy_oids),
        "country": ca.country,
        "test": ca.test,
    }
    if ca.licence is not None:
        body["licence"] = ca.licence
    return _write_times(body, [("valid_from", ca.valid_from), ("valid_until", ca.valid_until)])


def _write_issuer(issuer: TrustedIssuer) -> JsonObject:
    return {
        "name": issuer.name,
        "roots": [format_base64(item) for item in issuer.roots],
        "report_keys": [format_base64(item) for item in issuer.report_keys],
        "test": issuer.test,
    }


def format_policy(policy: TrustPolicy) -> bytes:
    """Write a trust policy in canonical form."""
    return format_json(
        {
            "zheng": "policy/v1",
            "issued_at": format_time(policy.issued_at),
            "expires": format_time(policy.expires),
            "algorithms": [
                _write_times({"name": rule.name}, [("from", rule.start), ("until", rule.until)])
                for rule in policy.algorithms
            ],
            "logs": [_write_log(log) for log in policy.logs],
            "chains": [_write_chain(chain) for chain in policy.chains],
            "tsas": [_write_tsa(tsa) for tsa in policy.tsas],
            "submitters": [_write_submitter(submitter) for submitter in policy.submitters],
            "cas": [_write_ca(ca) for ca in policy.cas],
            "issuers": [_write_issuer(issuer) for issuer in policy.issuers],
            "quorum": {
                "tsa": policy.quorum.tsa,
                "chain": policy.quorum.chain,
                "witness": policy.quorum.witness,
            },
        }
    )
