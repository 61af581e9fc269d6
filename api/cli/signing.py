"""`zheng signing …`: what has to be there before anybody can log in to the pipeline; the service may run or not."""

import json
import os
import signal
import sys
import threading
import uuid
from pathlib import Path
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


@signing.command("ca-simulator")
def ca_simulator(
    folder: Annotated[Path, typer.Option(help="where its keys and register lie; made if missing")],
    secret: Annotated[Path, typer.Option(help="file with the shared secret, at least 32 bytes")],
    port: Annotated[int, typer.Option(help="of 127.0.0.1")] = 8600,
    as_json: Json = False,
) -> None:
    """Run a simulator of a certification authority over HTTP, to try the adapter with. It believes everybody."""
    from api.signing.ca_simulator import CaSimulator, serving
    from signing.certificates.testca import LocalTestCa

    url = f"http://127.0.0.1:{port}"
    shared = secret.read_bytes().strip()
    if len(shared) < 32:
        raise CommandError("the shared secret has at least 32 bytes", code=2)
    ca = LocalTestCa(folder, base_url=url, clock=now, random=os.urandom)
    told = {
        "ZHENG_SIGNING__CA__AUTHORITY": "http",
        "ZHENG_SIGNING__CA__NAME": "ca.simulator",
        "ZHENG_SIGNING__CA__URL": url,
        "ZHENG_SIGNING__CA__SECRET": str(secret.absolute()),
        "ZHENG_SIGNING__CA__ROOTS": str((folder / "keys" / "root.pem").absolute()),
        "ZHENG_SIGNING__CA__OCSP": f"{url}/ocsp",
        "ZHENG_SIGNING__CA__CRLS": json.dumps([f"{url}/issuing.crl", f"{url}/root.crl"]),
        "ZHENG_SIGNING__CA__ONE_TIME_POLICY": ca.policy_oid("one_time"),
        "ZHENG_SIGNING__CA__LONG_TERM_POLICY": ca.policy_oid("long_term"),
        "ZHENG_SIGNING__CA__TEST": "true",
    }
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    try:
        with serving(CaSimulator(ca, shared, clock=now), port):
            lines = ["simulator of a certification authority, for tests only; it is used with:"]
            show(told, as_json=as_json, lines=[*lines, *(f"{name}={text}" for name, text in told.items())])
            sys.stdout.flush()
            stop.wait()
    finally:
        ca.close()
