"""The seals of the pipeline: their life, grants and uses, and what the act of signing asks of them."""

from datetime import datetime

from sqlmodel import Session

from signing.context import Context
from signing.people.accounts import Accounts
from signing.principal import Principal
from signing.seals.approvals import Approvals
from signing.seals.creating import Creating
from signing.seals.grants import Grants, Subject
from signing.seals.life import Life
from signing.seals.shelf import Shelf
from signing.seals.use import Sealed, SealUse
from signing.seals.uses import Uses


class Seals:
    """One attribute for each side of the matter."""

    def __init__(self, context: Context, accounts: Accounts) -> None:
        self.shelf = Shelf(context)
        self.creating = Creating(context, accounts, self.shelf)
        self.life = Life(context, self.shelf)
        self.grants = Grants(context, accounts, self.shelf, self.life)
        self.approvals = Approvals(context, self.shelf, self.grants)
        self.uses = Uses(context, accounts, self.shelf, self.grants, self.approvals)

    def usable(
        self,
        session: Session,
        principal: Principal,
        seal: str,
        subject: Subject,
        *,
        at: datetime | None = None,
    ) -> SealUse:
        """As ``Uses.usable``."""
        return self.uses.usable(session, principal, seal, subject, at=at)

    def record_use(self, session: Session, principal: Principal, use: SealUse, sealed: Sealed) -> str:
        """As ``Uses.record``."""
        return self.uses.record(session, principal, use, sealed)
