"""The seals of a tenant, as they are kept: found, opened and shown to whoever may see them; told of in their own cases.

Whoever made a seal keeps it (S4-37); whoever may manage all seals keeps every one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select
from zheng_verifier.canonical import JsonObject

from signing.context import Context
from signing.database import read, write
from signing.dossier.model import Event
from signing.errors import Refused
from signing.people.actors import actor_in
from signing.principal import Permission, Principal
from signing.seals.details import Details, parse_details
from signing.seals.models import SealGrantRow, SealRow
from signing.seals.states import SealState

_UNKNOWN = "There is no such seal."


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal as its tenant sees it. ``image`` is the SHA-256 (hex) of the picture."""

    id: str
    position: int
    name: str
    seal_type: str
    method: str
    shape: str
    width_um: int
    height_um: int
    inscription: str
    filing_number: str
    image: str
    media_type: str
    holder: str | None
    creator: str
    approve_uses: bool
    state: SealState
    dossier: str
    created_event: str
    created_at: datetime
    updated_at: datetime


class Shelf:
    """Finds seals and opens them."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def get(self, principal: Principal, seal: str) -> Seal:
        """Give a seal. Raises Refused: seal-unknown (also for one he has nothing to do with)."""
        with read(self._context.engine) as session:
            row = self.row(session, principal.tenant, seal)
            if not self._sees(session, principal, row):
                raise Refused("seal-unknown", _UNKNOWN)
            return self.load(session, row)

    def listed(
        self, principal: Principal, *, after_position: int = 0, limit: int = 100, state: str = ""
    ) -> Sequence[Seal]:
        """List the seals he sees, in the order they were created, after a position; erased ones are left out."""
        with read(self._context.engine) as session:
            query = select(SealRow).where(
                SealRow.tenant == principal.tenant, SealRow.position > after_position
            )
            if state:
                query = query.where(SealRow.state == state)
            found: list[Seal] = []
            for row in session.exec(query.order_by(col(SealRow.position))):
                if len(found) == limit:
                    break
                if row.details and self._sees(session, principal, row):
                    found.append(self.load(session, row))
            return found

    def picture(self, principal: Principal, seal: str) -> tuple[bytes, str]:
        """Give the picture and its media type; the access is logged. Raises Refused as ``get``."""
        shown = self.get(principal, seal)
        with write(self._context.engine) as session:
            content = self._context.custody.get(session, seal, shown.image, by=principal, purpose="view")
        return content, shown.media_type

    def row(self, session: Session, tenant: str, seal: str) -> SealRow:
        """Find a seal of a tenant. Raises Refused seal-unknown."""
        row = session.get(SealRow, seal)
        if row is None or row.tenant != tenant:
            raise Refused("seal-unknown", _UNKNOWN)
        return row

    def details(self, session: Session, row: SealRow) -> Details:
        """Open what is sealed of a seal."""
        return parse_details(self._context.custody.open(session, row.id, row.details))

    def keep(self, session: Session, principal: Principal, seal: str) -> SealRow:
        """Find a seal that he keeps. Raises Refused: seal-unknown, permission-missing, seal-not-kept."""
        row = self.row(session, principal.tenant, seal)
        if row.holder is not None and row.holder == principal.account:
            return row
        principal.require(Permission.MANAGE_SEALS)
        if not principal.may(Permission.MANAGE_ALL_SEALS) and row.creator != who(principal):
            raise Refused("seal-not-kept", "Another administrator keeps this seal.")
        return row

    def load(self, session: Session, row: SealRow) -> Seal:
        """Open a row."""
        details = self.details(session, row)
        return Seal(
            id=row.id,
            position=row.position,
            name=details.name,
            seal_type=row.seal_type,
            method=row.method,
            shape=row.shape,
            width_um=row.width_um,
            height_um=row.height_um,
            inscription=details.inscription,
            filing_number=details.filing_number,
            image=details.image,
            media_type=details.media_type,
            holder=row.holder,
            creator=row.creator,
            approve_uses=row.approve_uses,
            state=SealState(row.state),
            dossier=row.dossier,
            created_event=row.created_event,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    def saved(self, session: Session, row: SealRow) -> Seal:
        """Write a row that was changed, and open it."""
        row.updated_at = self._context.clock()
        session.add(row)
        session.flush()
        return self.load(session, row)

    def record(
        self,
        session: Session,
        row: SealRow,
        principal: Principal,
        what: str,
        data: JsonObject,
        *,
        reason: str,
    ) -> None:
        """Record what became of a seal in its own case, with its picture and a reason."""
        private: JsonObject = {"seal": row.id, "image": self.details(session, row).image, **reason_of(reason)}
        if what == "rejected":
            private["reason"] = reason
        self.append(session, row, principal, f"seal.{what}/1", data, private)

    def append(
        self,
        session: Session,
        row: SealRow,
        principal: Principal,
        event_type: str,
        data: JsonObject,
        private: JsonObject,
        *,
        event_id: str | None = None,
    ) -> None:
        """Record an event in a seal's own case."""
        actor = actor_in(session, row.dossier, principal, self._context.uuid)
        event = Event(event_type, data, private, actor)
        self._context.recorder.record(session, row.dossier, event, event_id=event_id)

    def _sees(self, session: Session, principal: Principal, row: SealRow) -> bool:
        if principal.may(Permission.MANAGE_ALL_SEALS) or principal.may(Permission.APPROVE_SEALS):
            return True
        if who(principal) == row.creator:
            return True
        if principal.account is None:
            return False
        granted = select(SealGrantRow.id).where(
            SealGrantRow.seal == row.id,
            SealGrantRow.grantee == principal.account,
            col(SealGrantRow.revoked_at).is_(None),
        )
        return row.holder == principal.account or session.exec(granted).first() is not None


def who(principal: Principal) -> str:
    """Give the account that acts, or the API key."""
    return principal.account or f"key/{principal.name}"


def reason_of(reason: str) -> JsonObject:
    """Give the personal member of an event that says why, where somebody did."""
    return {"reason": reason} if reason else {}
