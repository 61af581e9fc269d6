"""Shapes of requests and answers about what is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time

from api.web.bodies import Body
from api.web.schemas import Time, Uuid
from signing.custody.access import Access
from signing.custody.erasure import Basis, Erasure
from signing.custody.retention import MAX_DAYS, Hold
from signing.custody.service import StoredFile

Reason = Annotated[str, Field(max_length=2000)]


class RetentionRule(Body):
    """Days that contracts of a business type are kept after their end."""

    days: Annotated[int, Field(ge=1, le=MAX_DAYS)]


class RetentionRuleView(BaseModel):
    """A rule of the tenant's."""

    business_type: str
    days: int


class RetentionRules(BaseModel):
    """The tenant's rules by business type."""

    data: list[RetentionRuleView]


class HoldRequest(Body):
    """A hold; `id` is the client's."""

    id: Uuid
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class HoldView(BaseModel):
    """A hold; it stands until `released_at`."""

    id: Uuid
    owner: Uuid
    reason: str
    placed_at: Time
    placed_by: str
    released_at: Time | None = None
    released_by: str | None = None


class ErasureRequest(Body):
    """An erasure; `force`: before its time, for a basis of request, consent_withdrawn or court_order, with a reason."""

    basis: Basis
    reason: Reason = ""
    force: bool = False


class ErasureView(BaseModel):
    """An erasure; from `destroyed_at` on no key of it exists in this service."""

    owner: Uuid
    basis: Basis
    reason: str
    forced: bool
    erased_at: Time
    erased_by: str
    destroyed_at: Time | None = None


class KeptFile(BaseModel):
    """A file as it is kept."""

    sha256: str
    sm3: str
    size: int
    media_type: str


class Kept(BaseModel):
    """What is kept of one contract, account, seal or template."""

    owner: Uuid
    files: list[KeptFile]
    holds: list[HoldView]
    keep_until: Time | None = None
    erasure: ErasureView | None = None


class AccessView(BaseModel):
    """One reading of a file; digest, address and software are absent once it was erased, or where none was seen."""

    number: int
    owner: str
    file: str
    who_kind: str
    who: str
    terminal: str
    purpose: str
    at: Time
    sha256: str | None = None
    ip: str | None = None
    user_agent: str | None = None


class Accesses(BaseModel):
    """A page of the log of accesses."""

    data: list[AccessView]
    has_more: bool
    next_cursor: str | None = None


def write_access(found: Access) -> JsonObject:
    """Write a reading as the API shows it."""
    body: JsonObject = {
        "number": found.number,
        "owner": found.owner,
        "file": found.blob,
        "who_kind": found.who_kind,
        "who": found.who,
        "terminal": found.terminal,
        "purpose": found.purpose,
        "at": format_time(found.at),
    }
    sealed = {"sha256": found.sha256, "ip": found.ip, "user_agent": found.user_agent}
    return body | {name: text for name, text in sealed.items() if text is not None}


def write_hold(found: Hold) -> JsonObject:
    """Write a hold as the API shows it."""
    body: JsonObject = {
        "id": found.id,
        "owner": found.owner,
        "reason": found.reason,
        "placed_at": format_time(found.placed_at),
        "placed_by": found.placed_by,
    }
    if found.released_at is not None:
        body |= {"released_at": format_time(found.released_at), "released_by": found.released_by or ""}
    return body


def write_erasure(found: Erasure) -> JsonObject:
    """Write an erasure as the API shows it."""
    body: JsonObject = {
        "owner": found.owner,
        "basis": found.basis,
        "reason": found.reason,
        "forced": found.forced,
        "erased_at": format_time(found.erased_at),
        "erased_by": found.erased_by,
    }
    return body if found.destroyed_at is None else body | {"destroyed_at": format_time(found.destroyed_at)}


def write_kept(
    owner: str,
    files: Sequence[StoredFile],
    until: datetime | None,
    holds: Sequence[Hold],
    erasure: Erasure | None,
) -> JsonObject:
    """Write what is kept of an owner."""
    body: JsonObject = {
        "owner": owner,
        "files": [
            {"sha256": each.sha256, "sm3": each.sm3, "size": each.size, "media_type": each.media_type}
            for each in files
        ],
        "holds": [write_hold(each) for each in holds],
    }
    if until is not None:
        body["keep_until"] = format_time(until)
    if erasure is not None:
        body["erasure"] = write_erasure(erasure)
    return body
