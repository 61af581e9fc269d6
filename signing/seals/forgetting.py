"""What seals leave in the open of an erased contract: that they were asked for and used there, but not on what."""

from sqlmodel import Session, col, update

from signing.seals.models import SealUseRequestRow


def forget(session: Session, tenant: str, contract: str) -> None:
    """Put each request's own id in place of the digest of its document, by which a guess could be confirmed."""
    requests = update(SealUseRequestRow).where(
        col(SealUseRequestRow.contract) == contract, col(SealUseRequestRow.tenant) == tenant
    )
    session.exec(requests.values(document_sha256=col(SealUseRequestRow.id)))
