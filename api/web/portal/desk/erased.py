"""What is left to say of a contract whose content was erased: that it was, why, and that its proofs go on."""

from starlette.responses import Response

from api.web.portal.desk.visit import Visit
from signing.contracts.states import STATE_LABELS
from signing.database import read


def erased_page(visit: Visit, contract: str) -> Response:
    """Show it to whoever might see the contract.

    Raises:
        Refused: contract-unknown.

    """
    desk, by = visit.desk, visit.principal
    with read(desk.context.engine) as session:
        row = desk.contracts.views.visible(session, by, contract)
        standing = desk.recorder.standing(session, row.dossier)
        erasure = desk.keeping.erasures.find(session, by.tenant, contract)
    return visit.page(
        "erased",
        here="contracts",
        contract=row,
        label=STATE_LABELS[row.state][0 if visit.chinese else 1],
        case=standing.case,
        waiting=standing.waiting,
        erasure=erasure,
    )
