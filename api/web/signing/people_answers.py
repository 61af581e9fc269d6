"""What the routes of members and contacts have in common: one kind of account under two names."""

from anyio import to_thread
from starlette.responses import Response
from zheng_verifier.encoding import format_time

from api.services import Services
from api.web.responses import json_response, page_response
from api.web.signing.people_schemas import write_account
from signing.errors import Refused
from signing.people.accounts import Account, NewAccount
from signing.principal import Principal


async def created(services: Services, principal: Principal, new: NewAccount) -> Response:
    """Create an account; 201 if it is new, 200 if it was there."""
    account, fresh = await to_thread.run_sync(services.signing.people.accounts.create, principal, new)
    return json_response(write_account(account), status=201 if fresh else 200)


async def found(services: Services, principal: Principal, account: str, *, internal: bool) -> Account:
    """Give an account if it is of this kind.

    Raises:
        Refused: permission-missing, account-unknown.
    """
    given = await to_thread.run_sync(services.signing.people.accounts.get, principal, account)
    if given.internal != internal or (internal and given.kind != "person"):
        raise Refused("account-unknown", "There is no such account.")
    return given


async def page(
    services: Services, principal: Principal, *, internal: bool, after: int, limit: int
) -> Response:
    """Answer with a page of accounts."""
    accounts = await to_thread.run_sync(
        lambda: services.signing.people.accounts.listed(
            principal, internal=internal, after=after, limit=limit + 1
        )
    )
    return page_response([write_account(each) for each in accounts], [a.position for a in accounts], limit)


async def link(services: Services, principal: Principal, account: str) -> Response:
    """Make a one-time link for an account, and answer with it."""
    invitation = await to_thread.run_sync(services.signing.people.setups.invite, principal, account)
    return json_response(
        {
            "account": invitation.account,
            "token": invitation.token,
            "url": f"{services.settings.public_url}/setup#{invitation.token}",
            "expires_at": format_time(invitation.expires_at),
        },
        status=201,
    )
