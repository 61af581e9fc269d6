"""Everything about identities in one object, as the application holds it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from signing.context import Context
from signing.database import read
from signing.identity.checks import Checks
from signing.identity.late import Late
from signing.identity.ports import IdentityProvider
from signing.identity.restating import Restated, restate
from signing.identity.reviews import Reviews
from signing.identity.settling import Settling
from signing.identity.verification import Verification, verification_of
from signing.people.service import People
from signing.principal import Permission, Principal

VALID_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Identities:
    """Checks, late answers, reviews, and what follows from them; ``provider`` is who compares."""

    checks: Checks
    late: Late
    reviews: Reviews
    provider: IdentityProvider
    _context: Context
    _people: People

    def restate(
        self, session: Session, dossier: str, *, tenant: str, account: str, party_ref: str
    ) -> Restated:
        """Tell in a contract's dossier what is verified of a party; nothing if nothing is.

        Raises:
            Refused: account-unknown, case-closed.
        """
        return restate(
            self._context,
            self._people.accounts,
            session,
            dossier=dossier,
            tenant=tenant,
            account=account,
            party=party_ref,
        )

    def verified(self, session: Session, tenant: str, account: str) -> Verification | None:
        """Give the verification of an account that counts now, within a transaction; None: not verified.

        Raises:
            Refused: account-unknown.
        """
        return verification_of(self._context, session, self._people.accounts.find(session, tenant, account))

    def standing(self, principal: Principal, account: str) -> Verification | None:
        """Give the verification of one's own account, or of one that one may read.

        Raises:
            Refused: permission-missing, account-unknown.
        """
        if principal.account != account:
            principal.require(Permission.READ_PEOPLE)
        with read(self._context.engine) as session:
            return self.verified(session, principal.tenant, account)

    def tick(self, now: datetime) -> int:
        """Go on with checks whose answer is late."""
        return self.late.tick(now)


def identities_of(
    context: Context, people: People, provider: IdentityProvider, *, valid_for: timedelta = VALID_FOR
) -> Identities:
    """Put the services together; a verification counts for ``valid_for``."""
    settling = Settling(context, valid_for=valid_for)
    return Identities(
        checks=Checks(context, people.accounts, people.agreements, settling, provider),
        late=Late(context, settling, provider),
        reviews=Reviews(context, people.accounts, settling),
        provider=provider,
        _context=context,
        _people=people,
    )
