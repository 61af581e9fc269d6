"""What the service says about itself in the log's own case: schemas, authorities, contracts.

Every announcement has an id made from what it says, so saying it again is the same deposit and changes nothing:
these functions run at `zheng init` and at every start of `zheng serve`.
"""

import hashlib
import uuid
from collections.abc import Iterator, Sequence

from zheng_verifier.canonical import JsonObject, format_json
from zheng_verifier.claim import Claim, format_claim
from zheng_verifier.encoding import format_hex
from zheng_verifier.taxonomy import EVENT_TYPES
from zheng_verifier.timestamp import TrustedTsa

from anchor.records import Deployment
from api.settings import EthereumChainSettings, Settings
from ledger.deposit import Deposit
from ledger.service import SERVICE, Ledger


def announce(
    ledger: Ledger,
    settings: Settings,
    *,
    authorities: Sequence[TrustedTsa],
    deployments: Sequence[Deployment],
) -> int:
    """Deposit what the log does not say yet of schemas, authorities and contracts; give how many were new.

    Raises:
        LedgerError: the log cannot take them now.
    """
    said = [
        *_schemas(),
        *_authorities(authorities),
        *(_contract(each, settings) for each in deployments if each.ready),
    ]
    batch = [_deposit(ledger, type_name, data) for type_name, data in said]
    receipts = ledger.deposit(batch, internal=True).result()
    return sum(not receipt.replayed for receipt in receipts)


def _schemas() -> Iterator[tuple[str, JsonObject]]:
    for kind in EVENT_TYPES.values():
        data: JsonObject = {
            "type": kind.type,
            "sha256": kind.schema_sha256,
            "size": len(kind.schema_bytes),
        }
        yield "schema.published/1", data


def _authorities(authorities: Sequence[TrustedTsa]) -> Iterator[tuple[str, JsonObject]]:
    for tsa in authorities:
        for root in tsa.roots:
            data: JsonObject = {
                "name": tsa.name,
                "root_sha256": hashlib.sha256(root).hexdigest(),
                "policy_oids": list(tsa.policy_oids),
                "imprint_algorithms": list(tsa.imprint_algs),
                "test": tsa.test,
            }
            yield "tsa.registered/1", data


def _contract(deployment: Deployment, settings: Settings) -> tuple[str, JsonObject]:
    data: JsonObject = {
        "chain_id": deployment.chain_id,
        "chain_kind": deployment.kind,
        "genesis_hash": format_hex(deployment.genesis_hash),
        "contract": format_hex(deployment.contract),
        "code_hash": format_hex(deployment.code_hash),
        "log_id": format_hex(deployment.log_id),
        "creator": format_hex(deployment.creator),
        "publishers": [format_hex(deployment.publisher)],
        "finality": _depth(deployment.chain, settings),
    }
    return "anchor.registered/1", data


def _depth(chain: str, settings: Settings) -> int:
    """Give the blocks after which a block counts as final; 0 where the chain itself says what is final."""
    found = next((each for each in settings.chains if each.name == chain), None)
    if isinstance(found, EthereumChainSettings):
        return found.finality or 0
    return 1


def _deposit(ledger: Ledger, type_name: str, data: JsonObject) -> Deposit:
    name = format_json([type_name, data]).decode()
    event_id = str(uuid.uuid5(uuid.UUID(ledger.log_case), name))
    claim = Claim(ledger.origin, ledger.operator, ledger.log_case, event_id, type_name, data)
    return Deposit(ledger.operator, format_claim(claim), SERVICE)
