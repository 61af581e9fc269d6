"""Everything about people in one object, as the application holds it."""

from dataclasses import dataclass

from signing.context import Context
from signing.people.accounts import Accounts
from signing.people.administration import Administration
from signing.people.agreements import Agreements
from signing.people.business_types import BusinessTypes
from signing.people.logins import Logins
from signing.people.organisations import Organisations
from signing.people.secrets import PasswordCost
from signing.people.sessions import Sessions
from signing.people.setup import Setups


@dataclass(frozen=True, slots=True)
class People:
    """The services about people of one installation."""

    accounts: Accounts
    administration: Administration
    organisations: Organisations
    business_types: BusinessTypes
    agreements: Agreements
    sessions: Sessions
    setups: Setups
    logins: Logins


def people_of(
    context: Context,
    *,
    issuer: str = "Zheng",
    cost: PasswordCost = PasswordCost(),  # noqa: B008  # frozen
) -> People:
    """Put the services together; ``issuer`` is shown by authenticator apps, ``cost`` is that of new passwords."""
    accounts, sessions, agreements = Accounts(context), Sessions(context), Agreements(context)
    return People(
        accounts=accounts,
        administration=Administration(context, accounts),
        organisations=Organisations(context, accounts),
        business_types=BusinessTypes(context),
        agreements=agreements,
        sessions=sessions,
        setups=Setups(context, accounts, sessions, agreements, cost=cost, issuer=issuer),
        logins=Logins(context, accounts, sessions, cost),
    )
