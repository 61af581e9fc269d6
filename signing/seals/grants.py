"""Who may use a seal (S0-19, S4-27): by account, for everything, for kinds of contracts, or for one contract, for a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time

from signing.context import Context
from signing.database import read, write
from signing.dossier.model import Event
from signing.errors import Refused
from signing.people.accounts import Accounts
from signing.people.actors import actor_in
from signing.principal import Principal
from signing.seals.life import Life
from signing.seals.models import SealGrantRow, SealRow
from signing.seals.shelf import Shelf, who
from signing.seals.states import GONE, SealState

KINDS = ("labour", "lease", "sale", "service", "loan", "nda", "other")
SCOPES = ("single_contract", "document_kinds", "all")
REVOKE_REASONS = ("no_longer_needed", "misuse", "holder_left", "other")
_KIND_OF_SCENE = {
    "hr": "labour",
    "house_renting": "lease",
    "leasing": "lease",
    "supply_chain": "sale",
    "sale": "sale",
    "service": "service",
    "loan": "loan",
    "nda": "nda",
}
_LONGEST = timedelta(days=3_660)


def kind_of_scene(scene: str) -> str:
    """Give the kind of documents that a contract of this scene counts as for grants."""
    return _KIND_OF_SCENE.get(scene, "other")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a seal is to be used for: a contract, its scene, and the dossier of its case."""

    contract: str
    scene: str
    dossier: str


@dataclass(frozen=True, slots=True)
class NewGrant:
    """What is granted; ``id`` is the client's (UUID). ``max_uses`` None: any number."""

    id: str
    grantee: str
    scope: str
    valid_from: datetime
    valid_to: datetime
    kinds: tuple[str, ...] = ()
    contract: str | None = None
    max_uses: int | None = None


class Grants:
    """Gives and takes back the right to use seals."""

    def __init__(self, context: Context, accounts: Accounts, shelf: Shelf, life: Life) -> None:
        self._context = context
        self._accounts = accounts
        self._shelf = shelf
        self._life = life

    def grant(self, principal: Principal, seal: str, new: NewGrant) -> tuple[SealGrantRow, bool]:
        """Let an account use a seal; the second value tells whether the grant is new.

        Raises:
            Refused: seal-unknown, permission-missing, seal-not-kept, seal-state-wrong, field-value, account-unknown,
                account-disabled, id-reused.
        """
        _check(new)
        with write(self._context.engine) as session:
            row = self._shelf.keep(session, principal, seal)
            known = session.get(SealGrantRow, new.id)
            if known is not None:
                if known.tenant != principal.tenant or not _same(known, seal, new):
                    raise Refused("id-reused", "A grant of this id was made with other values.", "/id")
                return known, False
            if SealState(row.state) in GONE:
                raise Refused("seal-state-wrong", "The seal is no longer there to be used.")
            grantee = self._accounts.find(session, principal.tenant, new.grantee)
            if not grantee.enabled:
                raise Refused("account-disabled", "The account is disabled.", "/grantee")
            granted = SealGrantRow(
                id=new.id,
                tenant=principal.tenant,
                seal=seal,
                grantee=new.grantee,
                grantor=who(principal),
                scope=new.scope,
                kinds=" ".join(new.kinds),
                contract=new.contract,
                valid_from=new.valid_from,
                valid_to=new.valid_to,
                max_uses=new.max_uses,
                event=self._context.uuid(),
                created_at=self._context.clock(),
            )
            session.add(granted)
            data, private = granting(granted, grantee.profile.name)
            actor = actor_in(session, row.dossier, principal, self._context.uuid)
            event = Event("seal.granted/1", data, private, actor)
            self._context.recorder.record(session, row.dossier, event, event_id=granted.event)
            return granted, True

    def revoke(
        self, principal: Principal, seal: str, grant: str, *, code: str, reason: str = ""
    ) -> SealGrantRow:
        """Take a grant back, now. Raises Refused: as ``grant``, and grant-unknown, grant-revoked."""
        if code not in REVOKE_REASONS:
            raise Refused("field-value", "", "/reason_code", ", ".join(REVOKE_REASONS))
        with write(self._context.engine) as session:
            row = self._shelf.keep(session, principal, seal)
            found = session.get(SealGrantRow, grant)
            if found is None or found.seal != row.id:
                raise Refused("grant-unknown", "There is no such grant.")
            if found.revoked_at is not None:
                raise Refused("grant-revoked", "The grant was taken back before.")
            self._life.revoke(session, row, found, principal, code=code, reason=reason)
            return found

    def listed(self, principal: Principal, seal: str) -> Sequence[SealGrantRow]:
        """List the grants of a seal that he keeps, oldest first."""
        with read(self._context.engine) as session:
            row = self._shelf.keep(session, principal, seal)
            query = select(SealGrantRow).where(SealGrantRow.seal == row.id)
            return session.exec(query.order_by(col(SealGrantRow.created_at), SealGrantRow.id)).all()

    def covering(
        self, session: Session, row: SealRow, account: str, subject: Subject, at: datetime
    ) -> SealGrantRow:
        """Give the grant that covers a use at a moment, the longest one first.

        Raises:
            Refused: seal-not-granted.
        """
        query = select(SealGrantRow).where(
            SealGrantRow.seal == row.id,
            SealGrantRow.grantee == account,
            col(SealGrantRow.revoked_at).is_(None),
            SealGrantRow.valid_from <= at,
            SealGrantRow.valid_to > at,
        )
        for grant in session.exec(query.order_by(col(SealGrantRow.valid_to).desc(), SealGrantRow.id)):
            if _covers(grant, subject):
                return grant
        raise Refused("seal-not-granted", "No grant lets this account use this seal here and now.")

    def reference(self, session: Session, grant: SealGrantRow | None) -> JsonObject:
        """Name a grant in the seal's own case, as the case of a contract does; once that case is open at the service."""
        if grant is None:
            return {}
        row = self._shelf.row(session, grant.tenant, grant.seal)
        case = self._context.recorder.standing(session, row.dossier).case
        return {} if case is None else {"grant": {"case": case, "event": grant.event}}


def granting(grant: SealGrantRow, name: str) -> tuple[JsonObject, JsonObject]:
    """Give the public and the personal members of a grant's seal.granted event."""
    data: JsonObject = {
        "scope": grant.scope,
        "valid_from": format_time(grant.valid_from),
        "valid_to": format_time(grant.valid_to),
    }
    if grant.kinds:
        data["document_kinds"] = list(grant.kinds.split())
    if grant.max_uses is not None:
        data["max_uses"] = grant.max_uses
    return data, {"seal": grant.seal, "grantee": name}


def _covers(grant: SealGrantRow, subject: Subject) -> bool:
    if grant.max_uses is not None and grant.uses >= grant.max_uses:
        return False
    match grant.scope:
        case "single_contract":
            return grant.contract == subject.contract
        case "document_kinds":
            return kind_of_scene(subject.scene) in grant.kinds.split()
        case _:
            return True


def _same(known: SealGrantRow, seal: str, new: NewGrant) -> bool:
    given = (seal, new.grantee, new.scope, " ".join(new.kinds), new.contract, new.max_uses)
    times = (new.valid_from, new.valid_to)
    had = (known.seal, known.grantee, known.scope, known.kinds, known.contract, known.max_uses)
    return given == had and times == (known.valid_from, known.valid_to)


def _check(new: NewGrant) -> None:
    if new.scope not in SCOPES:
        raise Refused("field-value", "", "/scope", ", ".join(SCOPES))
    if (new.contract is not None) != (new.scope == "single_contract"):
        raise Refused("field-value", "", "/contract", "with the scope single_contract, and only then")
    if bool(new.kinds) != (new.scope == "document_kinds"):
        raise Refused("field-value", "", "/kinds", "with the scope document_kinds, and only then")
    if len(set(new.kinds)) != len(new.kinds) or not set(new.kinds) <= set(KINDS):
        raise Refused("field-value", "", "/kinds", ", ".join(KINDS))
    if not new.valid_from < new.valid_to <= new.valid_from + _LONGEST:
        raise Refused("field-value", "", "/valid_to", "after valid_from, by at most ten years")
    if new.max_uses is not None and not 1 <= new.max_uses <= 1_000_000:
        raise Refused("field-value", "", "/max_uses", "1 to 1000000")
