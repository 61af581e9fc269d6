"""Using seals: whether one may be used here and now, what it looks like, and that it was used.

The case of a contract gets what the seal's own case holds about it (its creation, the grant relied on), restated before
the first use, so that whoever holds the contract's evidence can follow it without another case.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select
from zheng_verifier.canonical import JsonObject

from signing.context import Context
from signing.database import read
from signing.dossier.model import Event
from signing.errors import Refused
from signing.people.accounts import Accounts
from signing.people.actors import actor_in
from signing.principal import Permission, Principal
from signing.seals.approvals import Approvals
from signing.seals.creating import creation
from signing.seals.grants import Grants, Subject, granting
from signing.seals.making import PDF, ByHand, Made, Typed, make
from signing.seals.models import SealGrantRow, SealRow, SealUseRow
from signing.seals.shelf import Shelf
from signing.seals.states import SealState
from signing.seals.use import Placement, Sealed, SealUse


class Uses:
    """Allows and records uses of seals."""

    def __init__(
        self, context: Context, accounts: Accounts, shelf: Shelf, grants: Grants, approvals: Approvals
    ) -> None:
        self._context = context
        self._accounts = accounts
        self._shelf = shelf
        self._grants = grants
        self._approvals = approvals

    def usable(
        self,
        session: Session,
        principal: Principal,
        seal: str,
        subject: Subject,
        *,
        at: datetime | None = None,
    ) -> SealUse:
        """Give a seal for use at a moment (None: now), by its holder or under a grant.

        Raises:
            Refused: seal-unknown, seal-disabled, seal-not-granted, account-needed, erased.
        """
        row = self._shelf.row(session, principal.tenant, seal)
        account = principal.require_account()
        grant = self._right(session, row, account, subject, at or self._context.clock())
        if row.state != SealState.ENABLED:
            raise Refused("seal-disabled", "The seal is not in force.")
        details = self._shelf.details(session, row)
        page = self._context.custody.get(session, seal, details.page, by=principal, purpose="sign")
        return SealUse(
            seal=seal,
            account=account,
            subject=subject,
            image_sha256=details.image,
            page=page,
            width_um=row.width_um,
            height_um=row.height_um,
            created=creation(row, details),
            grant=None if grant is None else grant.id,
            approve_uses=row.approve_uses,
        )

    def choices(self, session: Session, principal: Principal, subject: Subject) -> Sequence[str]:
        """List the ids of the seals that he could use for a contract now, those he holds first."""
        account = principal.require_account()
        rows = session.exec(
            select(SealRow)
            .where(SealRow.tenant == principal.tenant, SealRow.state == SealState.ENABLED)
            .order_by(col(SealRow.position))
        )
        usable = []
        for row in rows:
            try:
                self._right(session, row, account, subject, self._context.clock())
            except Refused:
                continue
            usable.append((row.holder != account, row.position, row.id))
        return [seal for _, _, seal in sorted(usable)]

    def signature(
        self, session: Session, principal: Principal, subject: Subject, making: ByHand | Typed
    ) -> SealUse:
        """Make a signature for this one contract, drawn or typed; its files are kept as the contract's.

        Raises:
            Refused: as ``make``.
        """
        made = make(making)
        custody = self._context.custody
        image = custody.put(session, subject.contract, made.image, media_type=made.media_type)
        custody.put(session, subject.contract, made.page, media_type=PDF)
        seal = self._context.uuid()
        return SealUse(
            seal=seal,
            account=principal.account,
            subject=subject,
            image_sha256=image.sha256,
            page=made.page,
            width_um=made.width_um,
            height_um=made.height_um,
            created=_signature_created(seal, made, image.sha256),
        )

    def record(self, session: Session, principal: Principal, use: SealUse, sealed: Sealed) -> str:
        """Record a use in the contract's case and in the log; gives the seal.used event's id.

        The right to use the seal is asked again: this transaction may be another one than that of ``usable``.

        Raises:
            Refused: seal-disabled, seal-not-granted, seal-use-not-approved.
        """
        recorder, dossier, now = self._context.recorder, use.subject.dossier, self._context.clock()
        row = session.get(SealRow, use.seal)
        grant = None
        if row is not None:
            grant = self._right(session, row, use.account or "", use.subject, now)
            if row.state != SealState.ENABLED:
                raise Refused("seal-disabled", "The seal is not in force.")
        approval = self._approvals.standing(session, use, sealed.before_sha256) if use.approve_uses else None
        actor = actor_in(session, dossier, principal, self._context.uuid)
        self._restate(session, use, grant)
        data: JsonObject = {
            "party": sealed.party,
            "document": sealed.document,
            "before_sha256": sealed.before_sha256,
            "after_sha256": sealed.after_sha256,
            "placement": _placement(sealed.placement),
        }
        if approval is not None:
            data["approval_event"] = approval
        private: JsonObject = {
            "seal": use.seal,
            "image": use.image_sha256,
            **self._grants.reference(session, grant),
        }
        if sealed.certificate_sha256:
            private["certificate"] = sealed.certificate_sha256
        event = recorder.record(session, dossier, Event("seal.used/1", data, private, actor))
        session.add(
            SealUseRow(
                event=event,
                tenant=principal.tenant,
                seal=use.seal,
                grant=None if grant is None else grant.id,
                account=use.account,
                contract=use.subject.contract,
                dossier=dossier,
                party=sealed.party,
                document=sealed.document,
                used_at=now,
            )
        )
        if grant is not None:
            grant.uses += 1
            session.add(grant)
        session.flush()
        return event

    def listed(
        self, principal: Principal, seal: str, *, after: int = 0, limit: int = 100
    ) -> Sequence[SealUseRow]:
        """List the recorded uses of a seal that he keeps, in order, after a position."""
        principal.require(Permission.MANAGE_SEALS)
        with read(self._context.engine) as session:
            self._shelf.keep(session, principal, seal)
            query = select(SealUseRow).where(SealUseRow.seal == seal, col(SealUseRow.position) > after)
            return session.exec(query.order_by(col(SealUseRow.position)).limit(limit)).all()

    def _right(
        self, session: Session, row: SealRow, account: str, subject: Subject, at: datetime
    ) -> SealGrantRow | None:
        if row.holder is not None and row.holder == account:
            return None
        return self._grants.covering(session, row, account, subject, at)

    def _restate(self, session: Session, use: SealUse, grant: SealGrantRow | None) -> None:
        dossier = use.subject.dossier
        before = session.exec(
            select(SealUseRow).where(SealUseRow.dossier == dossier, SealUseRow.seal == use.seal)
        ).all()
        if not before:
            self._context.recorder.record(session, dossier, Event("seal.created/1", *use.created))
        if grant is not None and grant.id not in {each.grant for each in before}:
            name = self._accounts.find(session, grant.tenant, grant.grantee).profile.name
            self._context.recorder.record(session, dossier, Event("seal.granted/1", *granting(grant, name)))


def _placement(at: Placement) -> JsonObject:
    return {
        "page": at.page,
        "x_mpt": at.x_mpt,
        "y_mpt": at.y_mpt,
        "width_mpt": at.width_mpt,
        "height_mpt": at.height_mpt,
    }


def _signature_created(seal: str, made: Made, image: str) -> tuple[JsonObject, JsonObject]:
    data: JsonObject = {
        "method": made.method,
        "shape": made.shape,
        "seal_type": "personal",
        "width_um": made.width_um,
        "height_um": made.height_um,
    }
    private: JsonObject = {"seal": seal, "image": image}
    if made.inscription:
        private["inscription"] = made.inscription
    return data, private
