"""What seals leave in the open of what is erased: that there was a seal, that it was used, but not on what."""

from sqlmodel import Session, col, update

from signing.context import Context
from signing.custody.erasure import Hook
from signing.seals.models import SealGrantRow, SealRow, SealUseRequestRow
from signing.seals.states import SealState


def forgetting(context: Context) -> Hook:
    """Make a hook of custody's erasures."""

    def forget(session: Session, tenant: str, owner: str) -> None:
        """Forget an erased seal, which nobody uses any more, or what seals were asked for in an erased contract.

        Each request keeps its own id in place of the digest of its document, by which a guess could be confirmed.
        """
        requests = update(SealUseRequestRow).where(
            col(SealUseRequestRow.contract) == owner, col(SealUseRequestRow.tenant) == tenant
        )
        session.exec(requests.values(document_sha256=col(SealUseRequestRow.id)))
        row = session.get(SealRow, owner)
        if row is None or row.tenant != tenant:
            return
        row.details, row.state, row.updated_at = b"", SealState.DESTROYED, context.clock()
        session.add(row)
        grants = update(SealGrantRow).where(
            col(SealGrantRow.seal) == owner, col(SealGrantRow.revoked_at).is_(None)
        )
        session.exec(grants.values(revoked_at=context.clock()))
        session.flush()

    return forget
