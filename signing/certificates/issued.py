"""The certificates of a tenant, to look at and to revoke."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from signing.certificates.ports import (
    AuthorityMistaken,
    AuthorityRefused,
    AuthorityUnavailable,
    CertificateAuthority,
    Reason,
)
from signing.certificates.revoking import certified_by, keep_revocation
from signing.certificates.tables import KeyRow
from signing.context import Context
from signing.database import read, write
from signing.errors import Refused
from signing.principal import Permission, Principal


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A certificate as lists show it; ``id`` is the key's, ``state`` requested, certified, retired or destroyed."""

    id: str
    serial: str
    state: str
    profile: str
    algorithm: str
    certificate_sha256: str
    not_before: datetime
    not_after: datetime
    revoked_at: datetime | None
    reason: str | None
    ca: str
    test: bool


class IssuedCertificates:
    """What the authority issued to the people of each tenant."""

    def __init__(self, context: Context, authority: CertificateAuthority) -> None:
        self._context = context
        self._authority = authority

    def revoke(self, by: Principal, key_id: str, reason: Reason) -> CertificateView:
        """Revoke a certificate of the tenant; again gives the first revocation. Blocking.

        Raises:
            Refused: permission-missing; signing-key-unknown; authority-unavailable, certificate-request-refused,
                certificate-not-believed.

        """
        by.require(Permission.MANAGE_MEMBERS)
        with read(self._context.engine) as session:
            row = self._own(session, by.tenant, key_id)
        if row.revoked_at is None:
            try:
                found = self._authority.revoke(int(row.serial or "0", 16), reason)
            except AuthorityUnavailable as error:
                raise Refused("authority-unavailable", str(error)) from error
            except AuthorityRefused as error:
                raise Refused("certificate-request-refused", str(error)) from error
            except AuthorityMistaken as error:
                raise Refused("certificate-not-believed", str(error)) from error
            with write(self._context.engine) as session:
                row = self._own(session, by.tenant, key_id)
                keep_revocation(
                    self._context, session, row, certified_by(self._authority, row), found, reason
                )
        return self._view(row)

    def _own(self, session: Session, tenant: str, key_id: str) -> KeyRow:
        row = session.get(KeyRow, key_id)
        if row is None or row.tenant != tenant or row.serial is None:
            raise Refused("signing-key-unknown", "there is no such certificate")
        return row

    def list(
        self, session: Session, tenant: str, *, after: str = "", limit: int = 50
    ) -> list[CertificateView]:
        """List a tenant's certificates in the order of their keys' ids, from behind ``after``."""
        rows = session.exec(
            select(KeyRow)
            .where(KeyRow.tenant == tenant, col(KeyRow.serial).is_not(None), col(KeyRow.id) > after)
            .order_by(col(KeyRow.id))
            .limit(limit)
        )
        return [self._view(row) for row in rows]

    def _view(self, row: KeyRow) -> CertificateView:
        if row.not_before is None or row.not_after is None:
            raise Refused("signing-key-unknown", "there is no such certificate")
        ca = certified_by(self._authority, row)
        return CertificateView(
            row.id,
            row.serial or "",
            row.state,
            row.profile,
            row.algorithm,
            row.certificate_sha256 or "",
            row.not_before,
            row.not_after,
            row.revoked_at,
            row.reason,
            ca.name,
            ca.test,
        )
