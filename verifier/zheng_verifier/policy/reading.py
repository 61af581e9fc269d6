"""Reading a trust policy, strictly: nothing of it is guessed, and nothing in it may count twice."""

import re
from collections.abc import Callable
from datetime import datetime
from itertools import combinations, pairwise
from typing import TypeVar

from zheng_verifier.canonical import POLICY_LIMITS, Fields, JsonValue, parse_canonical
from zheng_verifier.claim import parse_origin
from zheng_verifier.encoding import parse_base64, parse_hex, parse_time, parse_uuid
from zheng_verifier.errors import MalformedError
from zheng_verifier.ethereum.anchor import TrustedChain
from zheng_verifier.jws import check_public_key
from zheng_verifier.note import COSIGNATURE_ED25519, VerifierKey, parse_vkey
from zheng_verifier.policy.model import (
    CHAIN_KINDS,
    AlgorithmRule,
    CompromisedKey,
    LogKey,
    Quorum,
    TrustedCa,
    TrustedIssuer,
    TrustedLog,
    TrustedSubmitter,
    TrustPolicy,
    WitnessRule,
)
from zheng_verifier.timestamp.algorithms import IMPRINT_ALGORITHMS
from zheng_verifier.timestamp.certificate import load_certificate
from zheng_verifier.timestamp.trust import TrustedTsa

_T = TypeVar("_T")
_MAX_ITEMS = 256
_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]{0,38})){1,31}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


def _list(
    fields: Fields, name: str, read: Callable[[JsonValue, str], _T], minimum: int = 0
) -> tuple[_T, ...]:
    items = fields.array(name, max_items=_MAX_ITEMS)
    if len(items) < minimum:
        raise MalformedError("FIELD_MISSING", f"'{name}' needs at least {minimum}", fields.path(name))
    return tuple(read(item, f"{fields.path(name)}/{position}") for position, item in enumerate(items))


def _text(value: JsonValue, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise MalformedError("WRONG_TYPE", "must be a string that is not empty", where)
    return value


def _hex(size: int) -> Callable[[JsonValue, str], bytes]:
    return lambda value, where: parse_hex(_text(value, where), size=size, where=where)


def _der(value: JsonValue, where: str) -> bytes:
    return parse_base64(_text(value, where), where=where)


def _public_key(value: JsonValue, where: str) -> bytes:
    spki = _der(value, where)
    check_public_key(spki)
    return spki


def _witness(value: JsonValue, where: str) -> VerifierKey:
    return parse_vkey(_text(value, where), COSIGNATURE_ED25519)


def _certificate(value: JsonValue, where: str) -> bytes:
    # Read now: a root that does not parse is the policy's fault, and must not be held against a token.
    return load_certificate(_der(value, where), where).der


def _oid(value: JsonValue, where: str) -> str:
    text = _text(value, where)
    if not _OID.fullmatch(text):
        raise MalformedError("FORMAT_FAILURE", "not an object identifier in dotted form", where)
    return text


def _time(fields: Fields, name: str) -> datetime:
    return parse_time(fields.text(name), fields.path(name))


def _optional_time(fields: Fields, name: str) -> datetime | None:
    return fields.optional(name, lambda member: _time(fields, member))


def _read_algorithm(value: JsonValue, where: str) -> AlgorithmRule:
    fields = Fields(value, where)
    rule = AlgorithmRule(
        fields.text("name", max_bytes=64), _optional_time(fields, "from"), _optional_time(fields, "until")
    )
    fields.end()
    if rule.start is not None and rule.until is not None and rule.until <= rule.start:
        raise MalformedError("FORMAT_FAILURE", "the algorithm is accepted for no time at all", where)
    return rule


def _read_key(value: JsonValue, where: str) -> LogKey:
    fields = Fields(value, where)
    key = LogKey(
        parse_vkey(fields.text("vkey")),
        fields.integer("from_size"),
        fields.optional("to_size", fields.integer),
    )
    fields.end()
    if key.to_size is not None and key.to_size <= key.from_size:
        raise MalformedError("FORMAT_FAILURE", "the interval of sizes is empty", where)
    return key


def _read_compromised(value: JsonValue, where: str) -> CompromisedKey:
    fields = Fields(value, where)
    compromised = CompromisedKey(
        parse_vkey(fields.text("vkey")), _time(fields, "notice_time"), _time(fields, "claimed_since")
    )
    fields.end()
    return compromised


def _read_witnesses(value: JsonValue, where: str) -> WitnessRule:
    fields = Fields(value, where)
    k, of = fields.integer("k", maximum=_MAX_ITEMS), _list(fields, "of", _witness)
    fields.end()
    if len(set(of)) != len(of):
        raise MalformedError("FORMAT_FAILURE", "one witness is listed twice", fields.path("of"))
    if k > len(of):
        raise MalformedError("FORMAT_FAILURE", f"{k} of {len(of)} witnesses can never be met", where)
    return WitnessRule(k, of)


def _read_log(value: JsonValue, where: str) -> TrustedLog:
    fields = Fields(value, where)
    log = TrustedLog(
        origin=parse_origin(fields.text("origin"), fields.path("origin")),
        log_case=parse_uuid(fields.text("log_case"), fields.path("log_case")),
        keys=_list(fields, "keys", _read_key, minimum=1),
        witnesses=_read_witnesses(fields.object("witnesses"), fields.path("witnesses")),
        recovery_key=fields.optional("recovery_key", lambda name: parse_vkey(fields.text(name))),
        compromised=_list(fields, "compromised", _read_compromised),
        successor=fields.optional("successor", lambda name: parse_origin(fields.text(name))),
    )
    fields.end()
    ordered = sorted(log.keys, key=lambda key: key.from_size)
    for earlier, later in pairwise(ordered):
        if earlier.to_size is None or earlier.to_size > later.from_size:
            raise MalformedError("FORMAT_FAILURE", "two keys of a log claim one size", fields.path("keys"))
    return log


def _read_chain(value: JsonValue, where: str) -> TrustedChain:
    fields = Fields(value, where)

    def take(name: str, size: int) -> bytes:
        return parse_hex(fields.text(name), size=size, where=fields.path(name))

    chain = TrustedChain(
        chain_id=fields.integer("chain_id", minimum=1),
        genesis_hash=take("genesis_hash", 32),
        kind=fields.text("kind", choices=CHAIN_KINDS),
        finality=fields.text("finality", max_bytes=64),
        contract=take("contract", 20),
        code_hash=take("code_hash", 32),
        log_id=take("log_id", 32),
        creator=take("creator", 20),
        publishers=_list(fields, "publishers", _hex(20), minimum=1),
        trusted_blocks=_list(fields, "trusted_blocks", _hex(32)),
    )
    fields.end()
    return chain


def _read_imprint_alg(value: JsonValue, where: str) -> str:
    name = _text(value, where)
    if name not in IMPRINT_ALGORITHMS:
        raise MalformedError(
            "FORMAT_FAILURE", f"'{name[:40]}' is not one of {', '.join(IMPRINT_ALGORITHMS)}", where
        )
    return name


def _check_period(start: datetime | None, until: datetime | None, where: str) -> None:
    if start is not None and until is not None and until < start:
        raise MalformedError("FORMAT_FAILURE", "the authority is trusted for no time at all", where)


def _read_tsa(value: JsonValue, where: str) -> TrustedTsa:
    fields = Fields(value, where)
    tsa = TrustedTsa(
        name=_text(fields.text("name", max_bytes=256), fields.path("name")),
        roots=_list(fields, "roots", _certificate),
        pins=_list(fields, "pins", _hex(32)),
        policy_oids=_list(fields, "policy_oids", _oid, minimum=1),
        imprint_algs=_list(fields, "imprint_algs", _read_imprint_alg, minimum=1),
        test=fields.boolean("test"),
        valid_from=_optional_time(fields, "valid_from"),
        valid_until=_optional_time(fields, "valid_until"),
    )
    fields.end()
    if not tsa.roots and not tsa.pins:
        raise MalformedError("FIELD_MISSING", "a TSA is trusted by roots or by pins", where)
    _check_period(tsa.valid_from, tsa.valid_until, where)
    return tsa


def _read_submitter(value: JsonValue, where: str) -> TrustedSubmitter:
    fields = Fields(value, where)
    submitter = TrustedSubmitter(
        tenant=parse_uuid(fields.text("tenant"), fields.path("tenant")),
        spki=_public_key(fields.text("key"), fields.path("key")),
        organisation=fields.text("organisation", max_bytes=512),
        from_index=fields.integer("from_index"),
        to_index=fields.optional("to_index", fields.integer),
    )
    fields.end()
    if submitter.to_index is not None and submitter.to_index <= submitter.from_index:
        raise MalformedError("FORMAT_FAILURE", "the interval of leaves is empty", where)
    return submitter


def _read_ca(value: JsonValue, where: str) -> TrustedCa:
    fields = Fields(value, where)
    ca = TrustedCa(
        name=_text(fields.text("name", max_bytes=256), fields.path("name")),
        roots=_list(fields, "roots", _certificate, minimum=1),
        policy_oids=_list(fields, "policy_oids", _oid),
        licence=fields.optional("licence", lambda name: _text(fields.text(name, max_bytes=256), where)),
        country=fields.text("country"),
        test=fields.boolean("test"),
        valid_from=_optional_time(fields, "valid_from"),
        valid_until=_optional_time(fields, "valid_until"),
    )
    fields.end()
    if not _COUNTRY.fullmatch(ca.country):
        raise MalformedError("FORMAT_FAILURE", "not two capital letters", fields.path("country"))
    _check_period(ca.valid_from, ca.valid_until, where)
    return ca


def _read_issuer(value: JsonValue, where: str) -> TrustedIssuer:
    fields = Fields(value, where)
    issuer = TrustedIssuer(
        name=_text(fields.text("name", max_bytes=256), fields.path("name")),
        roots=_list(fields, "roots", _certificate),
        report_keys=_list(fields, "report_keys", _public_key),
        test=fields.boolean("test"),
    )
    fields.end()
    if not issuer.roots and not issuer.report_keys:
        raise MalformedError("FIELD_MISSING", "an issuer is known by roots or by report keys", where)
    return issuer


def _read_quorum(value: JsonValue, where: str) -> Quorum:
    # One authority and one chain at least: a quorum of none would let evidence pass that nobody dated.
    fields = Fields(value, where)
    quorum = Quorum(
        fields.integer("tsa", minimum=1, maximum=16),
        fields.integer("chain", minimum=1, maximum=16),
        fields.integer("witness", maximum=_MAX_ITEMS),
    )
    fields.end()
    return quorum


def parse_policy(data: bytes) -> TrustPolicy:
    """Read a trust policy of at most 1 MiB in canonical form.

    Raises:
        MalformedError: any member unknown, missing or ill-formed; keys of a log that overlap; a quorum of none.
        UncheckableError: code UNKNOWN_ALGORITHM: a key of a type that is not supported.

    """
    fields = Fields(parse_canonical(data, POLICY_LIMITS))
    fields.version("policy/v1")
    policy = TrustPolicy(
        issued_at=_time(fields, "issued_at"),
        expires=_time(fields, "expires"),
        algorithms=_list(fields, "algorithms", _read_algorithm),
        logs=_list(fields, "logs", _read_log, minimum=1),
        chains=_list(fields, "chains", _read_chain),
        tsas=_list(fields, "tsas", _read_tsa),
        submitters=_list(fields, "submitters", _read_submitter),
        quorum=_read_quorum(fields.object("quorum"), fields.path("quorum")),
        cas=_list(fields, "cas", _read_ca),
        issuers=_list(fields, "issuers", _read_issuer),
    )
    fields.end()
    _check_distinct(policy)
    if policy.expires <= policy.issued_at:
        raise MalformedError("FORMAT_FAILURE", "the policy expires before it is issued", "/expires")
    return policy


def _check_distinct(policy: TrustPolicy) -> None:
    """Refuse what stands twice: a quorum counts authorities and chains, and one under two names would be two."""
    if len({log.origin for log in policy.logs}) != len(policy.logs):
        raise MalformedError("FORMAT_FAILURE", "one origin is listed twice", "/logs")
    if len({(c.chain_id, c.contract, c.log_id) for c in policy.chains}) != len(policy.chains):
        raise MalformedError("FORMAT_FAILURE", "one log of a contract is listed twice", "/chains")
    if len({tsa.name for tsa in policy.tsas}) != len(policy.tsas):
        raise MalformedError("FORMAT_FAILURE", "two authorities have one name", "/tsas")
    for one, other in combinations(policy.tsas, 2):
        shared = set(one.roots) & set(other.roots)
        told_apart = one.pins and other.pins and not set(one.pins) & set(other.pins)
        if (shared or set(one.pins) & set(other.pins)) and not told_apart:
            detail = f"'{one.name[:64]}' and '{other.name[:64]}' are not told apart by pins of their own"
            raise MalformedError("FORMAT_FAILURE", detail, "/tsas")
    _check_certifying(policy)


def _check_certifying(policy: TrustPolicy) -> None:
    """Refuse a root or report key under two names: whether it is licensed, or a test, would hang on the order."""
    named = (("/cas", [ca.name for ca in policy.cas]), ("/issuers", [each.name for each in policy.issuers]))
    keys = (
        ("/cas", [root for ca in policy.cas for root in ca.roots]),
        ("/issuers", [root for issuer in policy.issuers for root in issuer.roots]),
        ("/issuers", [key for issuer in policy.issuers for key in issuer.report_keys]),
    )
    for where, values in (*named, *keys):
        if len(set(values)) != len(values):
            raise MalformedError("FORMAT_FAILURE", "one name, root or key stands in two entries", where)
