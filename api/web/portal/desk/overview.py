"""The overview: what waits for this member and for others, what is done, what ends soon, and how much there is."""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from api.web.portal.desk.visit import DeskRoute, Visitor
from signing.contracts.views import Summary
from signing.database import read

router = APIRouter(include_in_schema=False, route_class=DeskRoute)
_SHOWN, _SOON = 5, timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Pile:
    """The newest contracts that stand alike for this member; ``more``: there are others."""

    standing: str
    contracts: tuple[Summary, ...]
    more: bool


@router.get("/desk")
def overview(visit: Visitor) -> Response:
    """Show where everything stands."""
    now = visit.services.clock()
    with read(visit.desk.context.engine) as session:

        def standing(name: str, most: int) -> Pile:
            found = visit.desk.contracts.views.listing(
                session, visit.principal, after=0, limit=most + 1, standing=name
            )
            return Pile(name, tuple(found[:most]), len(found) > most)

        piles = [
            standing(name, _SHOWN)
            for name in ("waiting_for_me", "waiting_for_others", "pending_approval", "draft", "completed")
        ]
        under_way = [*standing("waiting_for_me", 50).contracts, *standing("waiting_for_others", 50).contracts]
    soon = sorted(
        (each for each in under_way if each.deadline <= now + _SOON), key=lambda each: each.deadline
    )
    figures = visit.desk.management.shelf.statistics(visit.principal)
    return visit.page(
        "overview",
        here="overview",
        piles=piles,
        soon=soon[:_SHOWN],
        figures=figures,
        most=max((count for _, count in figures.months), default=1),
        reminders=visit.desk.management.reminders.listed(visit.principal, due=True, limit=_SHOWN),
    )
