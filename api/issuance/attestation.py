"""Events that the service itself deposits in a tenant's case: what it has shown, and what it has issued."""

from concurrent.futures import Future

from anyio import to_thread
from zheng_verifier.canonical import JsonObject, format_json
from zheng_verifier.claim import Claim, format_claim
from zheng_verifier.encoding import format_base64url
from zheng_verifier.entry import parse_leaf
from zheng_verifier.merkle import leaf_hash

from api.problems import ProblemError
from api.services import Services
from api.web.deps import settled
from ledger.deposit import Deposit
from ledger.receipts import Receipt
from ledger.service import SERVICE


async def deposit_own(
    services: Services, tenant: str, case: str, event_id: str, type_name: str, data: JsonObject
) -> Receipt:
    """Deposit one of the service's own events in a case; the same id and type again gives the first one's receipt.

    Raises:
        LedgerError: as the log says.
    """
    future = await to_thread.run_sync(submit_own, services, tenant, case, event_id, type_name, data)
    (receipt,) = await settled(future)
    return receipt


def submit_own(
    services: Services, tenant: str, case: str, event_id: str, type_name: str, data: JsonObject
) -> "Future[tuple[Receipt, ...]]":
    """Hand one of the service's own events to the log; the future gives its one receipt, or raises what the log says."""
    event = own_event(services, tenant, case, event_id, type_name, data)
    return services.ledger.deposit([event], internal=True)


def own_event(
    services: Services, tenant: str, case: str, event_id: str, type_name: str, data: JsonObject
) -> Deposit:
    """Make the deposit of one of the service's own events."""
    claim = format_claim(
        Claim(services.ledger.origin, tenant, case, event_id, type_name, data, services.clock())
    )
    # What is attested changes from call to call; what was asked for does not.
    asked = format_json([type_name, case, event_id])
    return Deposit(tenant, claim, SERVICE, request_mac_input=asked)


async def attest(services: Services, tenant: str, case: str, event_id: str) -> Receipt:
    """Deposit `evidence.attested`: the last event of the case, and the tree size under which it is the last."""
    await to_thread.run_sync(services.ledger.case, tenant, case)
    data = await to_thread.run_sync(last_event, services, case)
    return await deposit_own(services, tenant, case, event_id, "evidence.attested/1", data)


def last_event(services: Services, case: str) -> JsonObject:
    """Name the last event of a case under the newest signed head: `seq`, `leaf`, `tree_size`.

    Raises:
        ProblemError: proof-pending: no signed head covers the case yet.
    """
    size = services.ledger.reader.size()
    leaves = services.ledger.reader.case_leaves(case)
    covered = [leaf for leaf in leaves if leaf.index < size]
    if not covered:
        raise ProblemError("proof-pending", "No signed head covers this case yet.")
    last = covered[-1]
    return {
        "seq": parse_leaf(last.leaf).seq,
        "leaf": format_base64url(leaf_hash(last.leaf)),
        "tree_size": size,
    }
