"""The register of certificates: valid, superseded, revoked; every change is recorded here before the log hears of it.

A change has its event id from the beginning. After a crash between record and log the same entry is deposited again,
which the log answers with the place of the first one; a change that the log knows and the register does not cannot
come to be.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from api.accounts.models import CertificateChangeRow, CertificateRow
from api.accounts.store import StoredCertificate
from api.times import Clock, Random, from_millis, millis

REASONS = ("issued_in_error", "content_wrong", "key_compromised", "court_order", "requested", "other")
"""Why a certificate is revoked; free text has no place in the log."""


class ChangeKind(StrEnum):
    """What happened to a certificate."""

    ISSUED = "issued"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


class Status(StrEnum):
    """How a certificate stands."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Change:
    """One change; ``leaf_index`` is its place in the log, None until it has one."""

    number: str
    kind: ChangeKind
    event_id: str
    at: datetime
    reason: str | None
    successor: str | None
    leaf_index: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a certificate stands, since when, and why: a reason if revoked, a successor if there is a newer one."""

    status: Status
    since: datetime
    reason: str | None = None
    successor: str | None = None


class CertificateRegister:
    """The one way to the changes. Synchronous, every call one transaction, safe from several threads and processes."""

    def __init__(self, engine: Engine, *, clock: Clock, random: Random) -> None:
        self._engine = engine
        self._clock = clock
        self._random = random

    def enter(self, certificate: StoredCertificate) -> bool:
        """Record a new certificate, and that it takes the place of the case's others; False: its request has one."""
        at = millis(certificate.issued_at)
        with Session(self._engine) as session:
            session.add(
                CertificateRow(
                    number=certificate.number,
                    tenant_id=certificate.tenant_id,
                    case_id=certificate.case_id,
                    request_id=certificate.request_id,
                    issued_at=at,
                    document=certificate.document,
                )
            )
            try:
                session.flush()  # takes the write lock: what is read from here on, nobody changes
            except IntegrityError:
                return False
            session.add(_row(certificate.number, ChangeKind.ISSUED, self._new_id(), at))
            for number in _standing_of_case(session, certificate):
                row = _row(number, ChangeKind.SUPERSEDED, self._new_id(), at)
                row.successor = certificate.number
                session.add(row)
            session.commit()
            return True

    def revoke(self, number: str, reason: str) -> Change:
        """Record a revocation from now on; the same again gives the first one."""
        with Session(self._engine) as session:
            row = _row(number, ChangeKind.REVOKED, self._new_id(), millis(self._clock()))
            row.reason = reason
            session.add(row)
            try:
                session.commit()
            except IntegrityError:
                session.rollback()
            known = session.exec(
                select(CertificateChangeRow).where(
                    CertificateChangeRow.number == number,
                    CertificateChangeRow.kind == ChangeKind.REVOKED.value,
                )
            ).one()
            return _change(known)

    def standing(self, number: str) -> Standing:
        """Tell how a certificate stands: revoked beats superseded, whichever came first.

        Raises:
            LookupError: there is no such certificate.
        """
        changes = {change.kind: change for change in self.changes(number)}
        if ChangeKind.ISSUED not in changes:
            raise LookupError(number)
        newer = changes.get(ChangeKind.SUPERSEDED)
        successor = None if newer is None else newer.successor
        revoked = changes.get(ChangeKind.REVOKED)
        if revoked is not None:
            return Standing(Status.REVOKED, revoked.at, revoked.reason, successor)
        if newer is not None:
            return Standing(Status.SUPERSEDED, newer.at, None, successor)
        return Standing(Status.VALID, changes[ChangeKind.ISSUED].at)

    def changes(self, number: str | None = None) -> tuple[Change, ...]:
        """Give all changes, or those of one certificate, in the order in which they came."""
        statement = select(CertificateChangeRow).order_by(col(CertificateChangeRow.position))
        if number is not None:
            statement = statement.where(CertificateChangeRow.number == number)
        with Session(self._engine) as session:
            return tuple(_change(row) for row in session.exec(statement))

    def unlogged(self) -> tuple[Change, ...]:
        """Give the changes that have no place in the log yet, oldest first."""
        statement = (
            select(CertificateChangeRow)
            .where(col(CertificateChangeRow.leaf_index).is_(None))
            .order_by(col(CertificateChangeRow.position))
        )
        with Session(self._engine) as session:
            return tuple(_change(row) for row in session.exec(statement))

    def set_logged(self, change: Change, leaf_index: int) -> None:
        """Remember where a change stands in the log."""
        with Session(self._engine) as session:
            row = session.exec(
                select(CertificateChangeRow).where(
                    CertificateChangeRow.number == change.number,
                    CertificateChangeRow.kind == change.kind.value,
                )
            ).one()
            row.leaf_index = leaf_index
            session.add(row)
            session.commit()

    def _new_id(self) -> str:
        return str(uuid.UUID(bytes=self._random(16), version=4))


def _row(number: str, kind: ChangeKind, event_id: str, at: int) -> CertificateChangeRow:
    return CertificateChangeRow(number=number, kind=kind.value, event_id=event_id, at=at)


def _standing_of_case(session: Session, newer: StoredCertificate) -> list[str]:
    """Give the certificates of the same case that nothing has taken the place of yet."""
    gone = select(CertificateChangeRow.number).where(CertificateChangeRow.kind == ChangeKind.SUPERSEDED.value)
    statement = select(CertificateRow.number).where(
        CertificateRow.case_id == newer.case_id,
        CertificateRow.number != newer.number,
        col(CertificateRow.number).not_in(gone),
    )
    return list(session.exec(statement.order_by(col(CertificateRow.issued_at), col(CertificateRow.number))))


def _change(row: CertificateChangeRow) -> Change:
    return Change(
        row.number,
        ChangeKind(row.kind),
        row.event_id,
        from_millis(row.at),
        row.reason,
        row.successor,
        row.leaf_index,
    )
