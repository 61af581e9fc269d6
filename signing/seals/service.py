"""The seals of the pipeline: their life, grants and uses, and what the act of signing asks of them."""

from datetime import datetime

from sqlmodel import Session

from signing.context import Context
from signing.people.accounts import Accounts
from signing.principal import Principal
from signing.seals.grants import Grants, Subject
from signing.seals.life import Life
from signing.seals.uses import Sealed, SealUse, Uses


class Seals:
    """One attribute for each side of the matter."""

    def __init__(self, context: Context, accounts: Accounts) -> None:
        self.life = Life(context, accounts)
        self.grants = Grants(context, accounts, self.life)
        self.uses = Uses(context, accounts, self.life, self.grants)

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
