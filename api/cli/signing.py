"""`zheng signing …`: what has to be there before anybody can log in to the pipeline; the service may run or not."""

import os
import uuid
from typing import Annotated

import typer
from zheng_verifier.encoding import format_time

from api.cli.accounts import open_store
from api.cli.output import CommandError, Json, show
from api.cli.wrapping_keys import wrapping_keys
from api.settings import load_settings
from api.times import now

signing = typer.Typer(help="The signing pipeline.", no_args_is_help=True)
admins = typer.Typer(help="Super administrators of an organisation.", no_args_is_help=True)
signing.add_typer(admins, name="admin")
signing.add_typer(wrapping_keys, name="keys")


@admins.command("create")
def create_admin(
    tenant: Annotated[str, typer.Argument(help="the tenant's id, see `zheng tenant list`")],
    name: Annotated[str, typer.Option(help="the person's name")],
    login: Annotated[str, typer.Option(help="the name he logs in by")],
    as_json: Json = False,
) -> None:
    """Create a super administrator, and print the one-time link by which he sets password and second factor."""
    from api.signing.desk import open_desk
    from signing.database import write
    from signing.errors import Refused
    from signing.people.organisations import first_administrator
    from signing.principal import Seen, system

    settings = load_settings()
    with open_store() as store:
        if store.tenant(tenant) is None:
            raise CommandError(f"there is no tenant {tenant}: see `zheng tenant list`")
        with open_desk(settings, store=store, clock=now, random=os.urandom) as desk:
            principal = system(tenant, Seen(terminal="counter"))
            people = desk.people
            try:
                with write(desk.context.engine) as session:
                    account = first_administrator(
                        session, people.accounts, principal, request=str(uuid.uuid4()), name=name, login=login
                    )
                    invitation = people.setups.invite_within(session, principal, account.id)
            except Refused as error:
                expected = f"; expected {error.expected}" if error.expected else ""
                raise CommandError(f"{error}{expected}", code=2) from None
    show(
        {
            "account": account.id,
            "organisation": tenant,
            "login": login,
            "url": f"{settings.public_url}/setup#{invitation.token}",
            "expires_at": format_time(invitation.expires_at),
        },
        as_json=as_json,
    )
