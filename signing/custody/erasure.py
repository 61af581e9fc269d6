"""Forgetting: the owner's key is destroyed, and with it every file and value under it; the proofs go on.

Two steps, since two databases are involved. ``erase`` decides within the caller's transaction: from its commit on
everything of the owner reads as erased, and the hooks have removed what others keep in the open (rows of the search
index, columns). ``finish`` then destroys the keys and removes the ciphertexts; it is called right after the commit,
and at each start and each minute for what a crash left, so that a decided erasure is never forgotten. The key goes
only after the decision is durable: an erasure that was not decided destroys nothing.

A hold always stops it: a dispute's evidence goes for no reason at all until the hold is released, which is recorded.
Retention stops it too, but for a request of the person concerned with its reason (PIPL Art. 47).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from signing.context import Context
from signing.custody import sealing
from signing.custody.access import who_is
from signing.custody.files import remove_blob
from signing.custody.owners import owner_row, tenant_key
from signing.custody.retention import is_held
from signing.custody.rows import FileRow, OwnerRow
from signing.custody.service import Custody
from signing.database import read, write
from signing.errors import Refused
from signing.principal import Permission, Principal

Basis = Literal["request", "consent_withdrawn", "retention_ended", "court_order", "purpose_fulfilled"]
# Those that a person or a court may ask for before the retention ends; words of privacy.erased/1.
FORCING: frozenset[Basis] = frozenset({"request", "consent_withdrawn", "court_order"})
_PLACE = "custody/erasure"

Hook: TypeAlias = Callable[[Session, str, str], None]
"""Called with (session, tenant, owner) within the deciding transaction, while values still open.

It removes what is kept in the open, or raises ``Refused``: then nothing is erased."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure as decided: ``destroyed_at`` None means the key is about to be destroyed."""

    owner: str
    basis: str
    reason: str
    forced: bool
    erased_at: datetime
    erased_by: str
    destroyed_at: datetime | None


class Erasures:
    """Decides and carries out erasures."""

    def __init__(self, context: Context, custody: Custody) -> None:
        self._context = context
        self._custody = custody
        self._hooks: list[Hook] = []

    def on_erase(self, hook: Hook) -> None:
        """Have a part of the pipeline called at every erasure; at composition only."""
        self._hooks.append(hook)

    def erase(
        self, session: Session, by: Principal, owner: str, *, basis: Basis, reason: str, force: bool = False
    ) -> Erasure:
        """Decide an erasure; again gives the one decided before. Call ``finish`` after the commit.

        ``force`` overrides a retention that has not ended, with a basis of ``FORCING`` and a reason.

        Raises:
            Refused: permission-missing, custody-unknown, case-held, retention-running, reason-missing.

        """
        by.require(Permission.MANAGE_CUSTODY)
        row = owner_row(session, owner, by.tenant)
        if row.erased_at is not None:
            return self._opened(row, row.erased_at)
        if is_held(session, owner):
            raise Refused("case-held", "A litigation hold stands on this.", expected="release of every hold")
        now = self._context.clock()
        early = row.keep_until is not None and now < row.keep_until
        if early:
            if not (force and basis in FORCING):
                raise Refused(
                    "retention-running",
                    "This has to be kept longer.",
                    expected="a forced request with its reason",
                )
            if not reason.strip():
                raise Refused("reason-missing", "An erasure before its time needs a reason.", "/reason")
        row.basis = basis  # hooks may look at it
        for hook in self._hooks:
            hook(session, by.tenant, owner)
        key = tenant_key(self._custody.keys, by.tenant)
        bound = sealing.value_bound(key, f"{_PLACE}/{owner}")
        row.reason = sealing.encrypt(key, bound, reason.encode(), self._context.random)
        row.forced = early
        row.erased_at, row.erased_by = now, " ".join(who_is(by))
        session.add(row)
        session.flush()
        return self._opened(row, now)

    def find(self, session: Session, tenant: str, owner: str) -> Erasure | None:
        """Give the erasure of an owner, or None if he is not erased.

        Raises:
            Refused: custody-unknown.

        """
        row = owner_row(session, owner, tenant)
        return None if row.erased_at is None else self._opened(row, row.erased_at)

    def finish(self, engine: Engine) -> int:
        """Destroy the keys and ciphertexts of every decided erasure, and tell how many; may be called at any time.

        Each step may be repeated: key, then files, then the row that says both are gone.
        """
        with read(engine) as session:
            owners = _waiting(session)
        for owner in owners:
            self._custody.keys.destroy(owner)
            with write(engine) as session:
                for file in session.exec(select(FileRow).where(FileRow.owner == owner)).all():
                    remove_blob(self._custody.blobs, file.blob)
                    session.delete(file)
                row = owner_row(session, owner)
                row.destroyed_at = self._context.clock()
                session.add(row)
        return len(owners)

    def _opened(self, row: OwnerRow, erased_at: datetime) -> Erasure:
        reason = b""
        if row.reason is not None:
            key = tenant_key(self._custody.keys, row.tenant)
            bound = sealing.value_bound(key, f"{_PLACE}/{row.owner}")
            reason = sealing.decrypt(key, bound, row.reason, code="VALUE_DAMAGED", what="an erasure")
        return Erasure(
            row.owner,
            row.basis or "",
            reason.decode(),
            row.forced,
            erased_at,
            row.erased_by or "",
            row.destroyed_at,
        )


def _waiting(session: Session) -> Sequence[str]:
    query = select(OwnerRow.owner).where(
        col(OwnerRow.erased_at).is_not(None), col(OwnerRow.destroyed_at).is_(None)
    )
    return session.exec(query).all()
