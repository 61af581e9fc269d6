"""Putting a finished document into keeping: its time is set, and the event document.archived says so.

Before the document leaves the process of signing this is the last event about it (S1-13, S2-14, S3-18).
"""

from datetime import datetime

from sqlmodel import Session
from zheng_verifier.encoding import format_time

from signing.context import Context
from signing.custody.retention import Retention
from signing.dossier.model import Event


def archive(
    context: Context,
    retention: Retention,
    session: Session,
    *,
    tenant: str,
    owner: str,
    dossier: str,
    document: str,
    sha256: str,
    business_type: str,
    ended: datetime,
) -> datetime:
    """Keep an owner's finished document as its business type asks, record document.archived, give the time.

    ``document`` is its reference in the case, ``sha256`` that of the bytes as kept (hex).

    Raises:
        Refused: custody-unknown.

    """
    until = retention.keep(session, tenant, owner, retention.until(session, tenant, business_type, ended))
    context.recorder.record(
        session,
        dossier,
        Event(
            "document.archived/1",
            {
                "document": document,
                "document_sha256": sha256,
                "store": "local",
                "encryption": "aes_256_gcm",
                "retain_until": format_time(until),
            },
        ),
    )
    return until
