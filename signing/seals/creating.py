"""Making seals: what a seal is created with, what it looks like, and the event of its creation.

A person's own signature, drawn by us or by his hand, is in force at once; every other seal waits for approval (`life`).
"""

from dataclasses import dataclass

from sqlmodel import Session, col, func, select
from zheng_verifier.canonical import JsonObject, format_json
from zheng_verifier.timestamp.algorithms import digest

from signing.context import Context
from signing.database import write
from signing.errors import Refused
from signing.people.accounts import Accounts
from signing.principal import Permission, Principal
from signing.seals.details import Details, format_details
from signing.seals.making import PDF, Made, Making, Upload, make
from signing.seals.models import SealRow
from signing.seals.shelf import Seal, Shelf, who
from signing.seals.states import GONE, SealState

SEAL_TYPES = ("official", "contract", "finance", "hr", "invoice", "legal_person", "personal", "other")
_FILING = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-")


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


class Creating:
    """Creates seals."""

    def __init__(self, context: Context, accounts: Accounts, shelf: Shelf) -> None:
        self._context = context
        self._accounts = accounts
        self._shelf = shelf

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
                return self._shelf.load(session, known), False
            if new.holder is not None:
                holder = self._accounts.find(session, principal.tenant, new.holder)
                if holder.kind == "organization" and new.seal_type == "personal":
                    raise Refused("field-value", "", "/seal_type", "a seal of an organisation")
            _check_official(session, principal.tenant, new)
            row = self._add(session, principal, new, made, content)
            if own and new.seal_type == "personal" and made.method != "upload":
                self._enable_at_once(session, row, principal)
            return self._shelf.load(session, row), True

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
        self._shelf.append(
            session, row, principal, "seal.created/1", data, private, event_id=row.created_event
        )
        return row

    def _enable_at_once(self, session: Session, row: SealRow, principal: Principal) -> None:
        row.state = SealState.ENABLED
        self._shelf.record(session, row, principal, "enabled", {}, reason="")
        session.add(row)


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


def _check_official(session: Session, tenant: str, new: NewSeal) -> None:
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


def _source(making: Making) -> str:
    # An upload is the same if its bytes are, whatever another version of the decoder makes of them.
    if not isinstance(making, Upload):
        return ""
    return f"{digest('sha256', making.content).hex()} {making.transparent}"


def _check(new: NewSeal) -> None:
    if new.seal_type not in SEAL_TYPES:
        raise Refused("field-value", "", "/seal_type", ", ".join(SEAL_TYPES))
    if not 1 <= len(new.name) <= 100 or new.name != new.name.strip():
        raise Refused("field-value", "", "/name", "1 to 100 characters")
    number = new.filing_number
    if number and not (4 <= len(number) <= 32 and number.isascii() and set(number) <= _FILING):
        raise Refused("field-value", "", "/filing_number", "4 to 32 of 0–9, A–Z and '-'")
