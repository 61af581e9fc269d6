"""What contracts leave in the open of an erased contract: nothing personal. A hook of custody's erasure.

The keyed digest of the business number stays: the number names no second contract even then.
"""

from sqlmodel import Session, col, select, update

from signing.contracts.models import ApprovalRow, ContractRow, PartyRow, VoidRequestRow


def forget(session: Session, tenant: str, contract: str) -> None:
    """Empty the sealed columns of a contract and the digests by which addresses and documents could be tried out."""
    row = session.exec(
        select(ContractRow).where(ContractRow.id == contract, ContractRow.tenant == tenant)
    ).one_or_none()
    if row is None:
        return
    row.title, row.business_number = b"", None
    session.add(row)
    parties = update(PartyRow).where(col(PartyRow.contract) == contract)
    session.exec(parties.values(name=b"", target=b"", target_blind=b"", reason=None))
    approvals = update(ApprovalRow).where(col(ApprovalRow.contract) == contract)
    session.exec(approvals.values(reason=None, document_sha256=""))
    session.exec(update(VoidRequestRow).where(col(VoidRequestRow.contract) == contract).values(reason=b""))
