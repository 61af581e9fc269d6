"""What follows a revocation, whoever revoked: the key is given out no more, and its cases are told since when."""

from typing import get_args

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlmodel import Session, select
from zheng_verifier.policy import TrustedCa

from signing.certificates import events
from signing.certificates.ports import CertificateAuthority, Reason, Revoked
from signing.certificates.tables import KeyRow, KeyUseRow
from signing.context import Context
from signing.errors import Refused


def certified_by(authority: CertificateAuthority, row: KeyRow) -> TrustedCa:
    """Say which authority certified a key: the present one, or one before it, by the root that it was certified below."""
    loaded = x509.load_pem_x509_certificates(row.above.encode()) if row.above else []
    root = loaded[-1].public_bytes(Encoding.DER) if loaded else b""
    return next((each for each in authority.former if root in each.roots), authority.trusted)


def keep_revocation(
    context: Context, session: Session, row: KeyRow, trusted: TrustedCa, found: Revoked, reason: str
) -> None:
    """Keep that a certificate was revoked, unless that is known. A reason that is no word of ours is not stated.

    certificate.revoked is a custody event: it may follow the end of a contract. A case that was erased is not told.
    """
    if row.revoked_at is not None:
        return
    row.revoked_at, row.reason = found.at, reason if reason in get_args(Reason) else "unspecified"
    session.add(row)
    for use in session.exec(select(KeyUseRow).where(KeyUseRow.key == row.id)).all():
        try:
            context.recorder.record(session, use.dossier, events.revoked(use, row, trusted, found))
        except Refused as refused:
            if refused.code != "erased":
                raise
