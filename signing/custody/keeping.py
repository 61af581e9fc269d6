"""What is decided about kept things: how long, whether they are held, and their end."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from signing.context import Context
from signing.contracts.models import ContractRow
from signing.custody.erasure import Erasures, Hook
from signing.custody.owners import owner_row
from signing.custody.retention import Retention
from signing.custody.rows import OwnerRow
from signing.custody.service import Custody
from signing.custody.upkeep import sweep
from signing.database import read
from signing.dossier.models import DossierRow, OutboxRow
from signing.errors import Refused


@dataclass(frozen=True, slots=True)
class Keeping:
    """Retention and erasure of one pipeline."""

    context: Context
    custody: Custody
    retention: Retention
    erasures: Erasures

    def require_erased(self, tenant: str, case: str) -> None:
        """Let a case be erased at the evidence service: not one of the pipeline before the pipeline decided so.

        Whoever may only deposit must not get round holds and retention.

        Raises:
            Refused: case-in-pipeline.

        """
        kept = (
            select(OwnerRow.owner)
            .join(DossierRow, col(DossierRow.reference) == col(OwnerRow.owner))
            .where(
                DossierRow.tenant == tenant,
                DossierRow.case == case,
                OwnerRow.tenant == tenant,
                col(OwnerRow.erased_at).is_(None),
            )
        )
        with read(self.context.engine) as session:
            if session.exec(kept).first() is not None:
                raise Refused("case-in-pipeline", "Holds and retention are looked at there.")

    def upkeep(self) -> None:
        """Finish what was decided to be erased, and remove what crashes left; again at any time."""
        self.erasures.finish(self.context.engine)
        sweep(self.context.engine, self.custody, now=self.context.clock())


def keeping_of(context: Context, custody: Custody) -> Keeping:
    """Put it together; nothing is erased that is still on its way."""
    erasures = Erasures(context, custody)
    erasures.on_erase(refuse_unfinished)
    return Keeping(context, custody, Retention(context, custody.keys), erasures)


def forget_cases(context: Context) -> Hook:
    """Have the evidence service forget what it keeps of an owner's cases too: a hook, the last one."""

    def forget(session: Session, tenant: str, owner: str) -> None:
        basis = owner_row(session, owner, tenant).basis or "request"
        cases = select(DossierRow.id).where(DossierRow.tenant == tenant, DossierRow.reference == owner)
        for dossier in session.exec(cases).all():
            context.recorder.erase(session, dossier, basis)

    return forget


def refuse_unfinished(session: Session, tenant: str, owner: str) -> None:
    """Refuse to erase what evidence still has to be deposited about, and contracts that are being signed: a hook.

    Raises:
        Refused: deposits-waiting, contract-running.

    """
    waiting = (
        select(OutboxRow.position)
        .join(DossierRow, col(DossierRow.id) == col(OutboxRow.dossier))
        .where(
            DossierRow.tenant == tenant,
            (col(DossierRow.id) == owner) | (col(DossierRow.reference) == owner),
            col(OutboxRow.done_at).is_(None),
        )
    )
    if session.exec(waiting).first() is not None:
        raise Refused("deposits-waiting", "Evidence of this is still to be deposited; ask again later.")
    contract = session.get(ContractRow, owner)
    if contract is not None and contract.state in ("pending_approval", "signing"):
        raise Refused(
            "contract-running", "The contract is being signed.", expected="its end, or a withdrawal"
        )
