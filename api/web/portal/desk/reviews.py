"""The examiner's queue: who waits to be verified by hand, the files, and the decision with its reason."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.web.portal.desk.visit import DeskRoute, SentForm, Visitor
from api.web.schemas import UUID_PATTERN
from signing.identity.reviews import REASONS, Decision

router = APIRouter(include_in_schema=False, route_class=DeskRoute)
CheckId = Annotated[str, Path(pattern=UUID_PATTERN)]
_SHOWN = 20


@router.get("/desk/reviews")
def reviews(visit: Visitor) -> Response:
    """Show what waits for this examiner, oldest first."""
    after = visit.query("after")
    found = visit.desk.identities.reviews.waiting(
        visit.principal, after=int(after) if after.isascii() and after.isdigit() else 0, limit=_SHOWN + 1
    )
    return visit.page(
        "reviews",
        here="reviews",
        reviews=found[:_SHOWN],
        following=str(found[_SHOWN - 1].position) if len(found) > _SHOWN else "",
        reasons=REASONS,
    )


@router.post("/desk/reviews/decide")
def decide(visit: Visitor, form: SentForm) -> Response:
    """Approve, or refuse for a reason; nobody decides on himself, or on what he began."""
    approved = form.text("decision") == "approve"
    decision = Decision(approved, "" if approved else form.text("code"), form.text("reason"))
    visit.desk.identities.reviews.decide(visit.principal, form.id("check"), decision)
    return visit.to("/desk/reviews", done="decide")
