"""Seals from their creation to their end: who may take which step, and the event of each step.

Whoever made a seal keeps it (S4-37); whoever may manage all seals keeps every one. It is put in force by somebody else
than those who made and submitted it. A person's own signature, drawn by us or by his hand, is in force at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select
from zheng_verifier.canonical import JsonObject, format_json
from zheng_verifier.timestamp.algorithms import digest

from signing.context import Context
from signing.database import read, write
from signing.dossier.model import Event
from signing.errors import Refused
from signing.people.accounts import Accounts
from signing.people.actors import actor_in, reference_in
from signing.principal import Permission, Principal
from signing.seals.details import Details, format_details, parse_details
from signing.seals.making import PDF, Made, Making, Upload, make
from signing.seals.models import SealGrantRow, SealRow
from signing.seals.states import GONE, SealState, Step, after

SEAL_TYPES = ("official", "contract", "finance", "hr", "invoice", "legal_person", "personal", "other")
DISABLE_REASONS = ("lost", "misuse", "replaced", "holder_left", "name_changed", "other")
DESTROY_REASONS = ("lost", "misuse", "replaced", "dissolved", "name_changed", "other")
_UNKNOWN = "There is no such seal."


@dataclass(frozen=True, slots=True)
class NewSeal:
    """What a seal is created with; ``id`` is the client's (UUID). ``holder`` None: the tenant's own organisation."""

    id: str
    name: str
    seal_type: str
    making: Making
    holder: str | None = None
    filing_number: str = ""
    approve_uses: bool = False


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


class Life:
    """Creates seals, moves them from state to state, shows them."""

    def __init__(self, context: Context, accounts: Accounts) -> None:
        self._context = context
        self._accounts = accounts

    def create(self, principal: Principal, new: NewSeal) -> tuple[Seal, bool]:
        """Create a seal; the second value tells whether it is new.

        Raises:
            Refused: permission-missing, field-value, official-seal-exists, account-unknown, id-reused, and as ``make``.
        """
        own = new.holder is not None and new.holder == principal.account
        principal.require(Permission.SIGN if own else Permission.MANAGE_SEALS)
        _check(new)
        made = make(new.making)
        details = (
            new.name,
            new.seal_type,
            new.holder or "",
            new.filing_number,
            made.method,
            made.shape,
            made.inscription,
        )
        request: JsonObject = {
            "details": [*details, made.width_um, made.height_um, new.approve_uses],
            "image": made.sha256 if made.method != "upload" else _source(new.making),
        }
        content = self._context.custody.blind(principal.tenant, "seal-request", format_json(request).decode())
        with write(self._context.engine) as session:
            known = session.get(SealRow, new.id)
            if known is not None:
                if known.tenant != principal.tenant or known.request != content:
                    raise Refused("id-reused", "A seal of this id was created with other values.", "/id")
                return self.load(session, known), False
            if new.holder is not None:
                holder = self._accounts.find(session, principal.tenant, new.holder)
                if holder.kind == "organization" and new.seal_type == "personal":
                    raise Refused("field-value", "", "/seal_type", "a seal of an organisation")
            self._check_official(session, principal.tenant, new)
            row = self._add(session, principal, new, made, content)
            if own and new.seal_type == "personal" and made.method != "upload":
                self._enable_at_once(session, row, principal)
            return self.load(session, row), True

    def submit(self, principal: Principal, seal: str) -> Seal:
        """Ask for approval. Raises Refused: seal-unknown, permission-missing, seal-state-wrong."""
        with write(self._context.engine) as session:
            row = self._move(session, principal, seal, Step.SUBMIT)
            row.submitter = who(principal)
            return self._saved(session, row)

    def decide(self, principal: Principal, seal: str, *, approve: bool, reason: str = "") -> Seal:
        """Approve or reject a submitted seal: a person's act, and of another one than made or submitted it.

        Raises:
            Refused: permission-missing, account-needed, four-eyes, reason-missing, seal-unknown, seal-state-wrong.
        """
        principal.require(Permission.APPROVE_SEALS)
        account = principal.require_account()
        if not approve and not reason:
            raise Refused("reason-missing", "A rejection says why.", "/reason", "1 to 2000 characters")
        with write(self._context.engine) as session:
            row = self.row(session, principal.tenant, seal)
            if account in {row.creator, row.submitter, row.holder}:
                raise Refused("four-eyes", "Whoever made or submitted a seal does not decide about it.")
            _step(row, Step.APPROVE if approve else Step.REJECT)
            row.approver = account
            approver = reference_in(session, row.dossier, f"account/{account}", self._context.uuid)
            data: JsonObject = {"approver": approver, "created_event": row.created_event}
            self._record(session, row, principal, "approved" if approve else "rejected", data, reason=reason)
            return self._saved(session, row)

    def enable(self, principal: Principal, seal: str, *, reason: str = "") -> Seal:
        """Put an approved or disabled seal in force. Raises Refused as ``submit``."""
        with write(self._context.engine) as session:
            row = self._move(session, principal, seal, Step.ENABLE)
            self._record(session, row, principal, "enabled", {}, reason=reason)
            return self._saved(session, row)

    def disable(self, principal: Principal, seal: str, *, code: str, reason: str = "") -> Seal:
        """Take a seal out of force for a time. Raises Refused as ``submit``, and field-value."""
        _check_code(code, DISABLE_REASONS)
        with write(self._context.engine) as session:
            row = self._move(session, principal, seal, Step.DISABLE)
            self._record(session, row, principal, "disabled", {"reason_code": code}, reason=reason)
            return self._saved(session, row)

    def destroy(self, principal: Principal, seal: str, *, code: str, reason: str = "") -> Seal:
        """End a seal and its grants for good; what was sealed with it stays as it is. Raises Refused as ``disable``."""
        _check_code(code, DESTROY_REASONS)
        with write(self._context.engine) as session:
            row = self._move(session, principal, seal, Step.DESTROY)
            open_grants = select(SealGrantRow).where(
                SealGrantRow.seal == row.id, col(SealGrantRow.revoked_at).is_(None)
            )
            for grant in session.exec(open_grants):
                self.revoke(session, row, grant, principal, code="seal_destroyed")
            self._record(session, row, principal, "destroyed", {"reason_code": code}, reason=reason)
            self._context.recorder.close(session, row.dossier, "ended")
            return self._saved(session, row)

    def revoke(
        self,
        session: Session,
        row: SealRow,
        grant: SealGrantRow,
        principal: Principal,
        *,
        code: str,
        reason: str = "",
    ) -> None:
        """End a grant within a transaction; permissions were asked for."""
        grant.revoked_at = self._context.clock()
        session.add(grant)
        self._append(
            session,
            row,
            principal,
            "seal.grant_revoked/1",
            {"grant_event": grant.event, "reason_code": code},
            {"seal": row.id, **_reason(reason)},
        )

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

    def _add(
        self, session: Session, principal: Principal, new: NewSeal, made: Made, content: bytes
    ) -> SealRow:
        context, now = self._context, self._context.clock()
        context.custody.create_owner(session, principal.tenant, new.id)
        image = context.custody.put(session, new.id, made.image, media_type=made.media_type)
        page = context.custody.put(session, new.id, made.page, media_type=PDF)
        details = Details(
            new.name, made.inscription, new.filing_number, image.sha256, made.media_type, page.sha256
        )
        last = session.exec(select(func.max(SealRow.position))).one()
        row = SealRow(
            id=new.id,
            position=(last or 0) + 1,
            tenant=principal.tenant,
            request=content,
            holder=new.holder,
            creator=who(principal),
            method=made.method,
            shape=made.shape,
            seal_type=new.seal_type,
            width_um=made.width_um,
            height_um=made.height_um,
            approve_uses=new.approve_uses,
            details=context.custody.seal(session, new.id, format_details(details)),
            state=SealState.CREATED,
            dossier=context.recorder.open(session, tenant=principal.tenant, kind="subject", reference=new.id),
            created_event=context.uuid(),
            created_at=now,
            updated_at=now,
        )
        session.add(row)
        data, private = creation(row, details)
        self._append(session, row, principal, "seal.created/1", data, private, event_id=row.created_event)
        return row

    def _enable_at_once(self, session: Session, row: SealRow, principal: Principal) -> None:
        row.state = SealState.ENABLED
        self._record(session, row, principal, "enabled", {}, reason="")
        session.add(row)

    def _check_official(self, session: Session, tenant: str, new: NewSeal) -> None:
        if new.seal_type != "official":
            return
        standing = select(SealRow.id).where(
            SealRow.tenant == tenant,
            SealRow.holder == new.holder,
            SealRow.seal_type == "official",
            col(SealRow.state).not_in(GONE),
        )
        if session.exec(standing).first() is not None:
            raise Refused("official-seal-exists", "The organisation has an official seal: destroy it first.")

    def _move(self, session: Session, principal: Principal, seal: str, step: Step) -> SealRow:
        row = self.keep(session, principal, seal)
        _step(row, step)
        return row

    def _saved(self, session: Session, row: SealRow) -> Seal:
        row.updated_at = self._context.clock()
        session.add(row)
        session.flush()
        return self.load(session, row)

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

    def _record(
        self,
        session: Session,
        row: SealRow,
        principal: Principal,
        what: str,
        data: JsonObject,
        *,
        reason: str,
    ) -> None:
        private: JsonObject = {"seal": row.id, "image": self.details(session, row).image, **_reason(reason)}
        if what == "rejected":
            private["reason"] = reason
        self._append(session, row, principal, f"seal.{what}/1", data, private)

    def _append(
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
        actor = actor_in(session, row.dossier, principal, self._context.uuid)
        event = Event(event_type, data, private, actor)
        self._context.recorder.record(session, row.dossier, event, event_id=event_id)


def creation(row: SealRow, details: Details) -> tuple[JsonObject, JsonObject]:
    """Give the public and the personal members of a seal's seal.created event."""
    data: JsonObject = {
        "method": row.method,
        "shape": row.shape,
        "seal_type": row.seal_type,
        "width_um": row.width_um,
        "height_um": row.height_um,
    }
    private: JsonObject = {"seal": row.id, "image": details.image}
    if details.inscription:
        private["inscription"] = details.inscription
    if details.filing_number:
        private["filing_number"] = details.filing_number
    return data, private


def _reason(reason: str) -> JsonObject:
    return {"reason": reason} if reason else {}


def who(principal: Principal) -> str:
    """Give the account that acts, or the API key."""
    return principal.account or f"key/{principal.name}"


def _step(row: SealRow, step: Step) -> None:
    row.state = after(SealState(row.state), step)


def _source(making: Making) -> str:
    # An upload is the same if its bytes are, whatever another version of the decoder makes of them.
    if not isinstance(making, Upload):
        return ""
    return f"{digest('sha256', making.content).hex()} {making.transparent}"


def _check_code(code: str, known: tuple[str, ...]) -> None:
    if code not in known:
        raise Refused("field-value", "", "/reason_code", ", ".join(known))


def _check(new: NewSeal) -> None:
    if new.seal_type not in SEAL_TYPES:
        raise Refused("field-value", "", "/seal_type", ", ".join(SEAL_TYPES))
    if not 1 <= len(new.name) <= 100 or new.name != new.name.strip():
        raise Refused("field-value", "", "/name", "1 to 100 characters")
    number = new.filing_number
    if number and not (4 <= len(number) <= 32 and number.isascii() and set(number) <= _FILING):
        raise Refused("field-value", "", "/filing_number", "4 to 32 of 0–9, A–Z and '-'")


_FILING = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-")
