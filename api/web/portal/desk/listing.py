"""The list of contracts: found by words, filtered, in folders and under tags, page after page."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from api.problems import ProblemError
from api.web.portal.desk.visit import DeskRoute, SentForm, Visit, Visitor, as_problem, told
from signing.contracts.draft import SCENES
from signing.contracts.states import STATE_LABELS, ContractState
from signing.database import read
from signing.errors import Refused
from signing.management.criteria import Filters
from signing.management.search import Cursor

router = APIRouter(include_in_schema=False, route_class=DeskRoute)
PAGE = 20
_MINE = ("waiting_for_me", "waiting_for_others")
_CURSOR = re.compile(r"([0-3])\.([0-9]{1,15})", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """A contract in the list."""

    id: str
    title: str
    state: str
    deadline: datetime
    created_at: datetime
    matched: str = ""
    tags: tuple[str, ...] = ()
    category: str = ""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the list, and where the next begins."""

    lines: tuple[Line, ...]
    following: str
    problem: str = ""


@router.get("/desk/contracts")
def contracts(visit: Visitor) -> Response:
    """Show the contracts this member may see, as he narrowed them."""
    asked = {name: visit.query(name) for name in ("q", "state", "scene", "folder", "tag", "archived")}
    try:
        found = _standing(visit, asked["state"]) if asked["state"] in _MINE else _found(visit, asked)
    except Refused as refused:
        if refused.code != "query-empty":
            raise
        found = Found((), "", told(visit.request, as_problem(refused)))
    shelf = visit.desk.management.shelf
    labels = {name: pair[0 if visit.chinese else 1] for name, pair in STATE_LABELS.items()}
    return visit.page(
        "contracts",
        here="contracts",
        asked=asked,
        found=found,
        labels=labels,
        states=[name for name in labels if name != "signing"],
        scenes=SCENES,
        folders=shelf.folders(visit.principal),
        tags=shelf.tags(visit.principal),
    )


def _found(visit: Visit, asked: dict[str, str]) -> Found:
    state = asked["state"] if asked["state"] in tuple(ContractState) else ""
    filters = Filters(
        states=(state,) if state else (),
        scene=asked["scene"] if asked["scene"] in SCENES else "",
        folder=asked["folder"] if _UUID.fullmatch(asked["folder"]) else "",
        tag=asked["tag"][:64],
        archived={"yes": True, "no": False}.get(asked["archived"]),
    )
    place = _CURSOR.fullmatch(visit.query("after"))
    after = Cursor(int(place[1]), int(place[2])) if place else None
    page = visit.desk.management.search.find(
        visit.principal, asked["q"][:200], filters, after=after, limit=PAGE
    )
    following = page.following
    with read(visit.desk.context.engine) as session:
        lines = tuple(
            Line(
                hit.contract,
                hit.title,
                _standing_of(session, visit, hit.contract, hit.state),
                hit.deadline,
                hit.created_at,
                hit.matched if asked["q"] else "",
                hit.tags,
                hit.category,
                hit.archived,
            )
            for hit in page.hits
        )
    return Found(lines, "" if following is None else f"{following.rank}.{following.position}")


def _standing_of(session: Session, visit: Visit, contract: str, state: str) -> str:
    """Give how a contract that is being signed stands for this member."""
    if state != ContractState.SIGNING:
        return state
    return visit.desk.contracts.views.details(session, visit.principal, contract).summary.standing


def _standing(visit: Visit, standing: str) -> Found:
    """Give the contracts that wait for this member, or for others: a list without words to look for."""
    after = visit.query("after")
    with read(visit.desk.context.engine) as session:
        seen = visit.desk.contracts.views.listing(
            session,
            visit.principal,
            after=int(after) if re.fullmatch(r"[0-9]{1,15}", after, re.ASCII) else 0,
            limit=PAGE + 1,
            standing=standing,
        )
    lines = tuple(
        Line(each.id, each.title, each.standing, each.deadline, each.created_at) for each in seen[:PAGE]
    )
    return Found(lines, str(seen[PAGE - 1].position) if len(seen) > PAGE else "")


@router.post("/desk/contracts/folders")
def make_folder(visit: Visitor, form: SentForm) -> Response:
    """Make a folder, rename one, or delete an empty one."""
    shelf, folder = visit.desk.management.shelf, form.text("folder")
    match form.text("act"):
        case "create":
            shelf.create_folder(visit.principal, str(uuid.UUID(form.id())), form.text("name"))
        case "rename":
            shelf.rename_folder(visit.principal, folder, form.text("name"))
        case "delete":
            shelf.delete_folder(visit.principal, folder)
        case _:
            raise ProblemError("field-value", field="/act")
    return visit.to("/desk/contracts", done="folders")
