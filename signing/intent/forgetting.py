"""What intent leaves of an erased contract: that somebody was asked and answered, but not what about."""

from sqlmodel import Session, col, delete, select, update

from signing.intent.models import BindingRow, ChallengeRow, ReadingRow, ShownRow, TermRow


def forget(session: Session, tenant: str, contract: str) -> None:
    """Remove what was read and shown, and the digests and numbers by which a guessed document could be confirmed."""
    for table in (TermRow, ReadingRow, ShownRow):
        session.exec(delete(table).where(col(table.contract) == contract, col(table.tenant) == tenant))
    asked = select(ChallengeRow.id).where(ChallengeRow.contract == contract, ChallengeRow.tenant == tenant)
    bindings = update(BindingRow).where(col(BindingRow.challenge).in_(asked))
    session.exec(bindings.values(document_sha256="", head=b"", nonce=b""))
    session.exec(
        update(ChallengeRow)
        .where(col(ChallengeRow.contract) == contract, col(ChallengeRow.tenant) == tenant)
        .values(target=b"", code=None, provider_txn=None)
    )
