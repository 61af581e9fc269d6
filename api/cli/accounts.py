"""`zheng tenant …` and `zheng key …`: who may ask. They work on api.db, whether the service runs or not."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from zheng_verifier.encoding import format_time

from api.accounts.apikeys import SCOPES
from api.accounts.store import ApiKey, ApiStore
from api.cli.output import CommandError, Json, show
from api.errors import NotInitialisedError
from api.settings import load_settings
from api.times import now

tenants = typer.Typer(help="Signing platforms.", no_args_is_help=True)
keys = typer.Typer(help="API keys of signing platforms.", no_args_is_help=True)


@contextmanager
def open_store() -> Iterator[ApiStore]:
    """Open api.db of the installation.

    Raises:
        NotInitialisedError: there is none.
    """
    settings = load_settings()
    if not settings.paths.api_db.is_file():
        raise NotInitialisedError(f"no installation in {settings.home}: run `zheng init` first")
    store = ApiStore.open(settings.paths.api_db, clock=now, random=os.urandom)
    try:
        yield store
    finally:
        store.close()


@tenants.command("create")
def create_tenant(
    name: Annotated[str, typer.Argument(help="as certificates print it")], as_json: Json = False
) -> None:
    """Add a signing platform."""
    if not name.strip() or len(name) > 200:
        raise CommandError("a tenant's name has 1 to 200 characters", code=2)
    with open_store() as store:
        tenant = store.create_tenant(str(uuid.uuid4()), name.strip())
    show({"tenant": tenant.id, "name": tenant.name}, as_json=as_json)


@tenants.command("list")
def list_tenants(as_json: Json = False) -> None:
    """List signing platforms."""
    with open_store() as store:
        found = store.tenants()
    values = [
        {"tenant": each.id, "name": each.name, "created_at": format_time(each.created_at)} for each in found
    ]
    show({"tenants": values}, as_json=as_json, lines=[f"{each.id}  {each.name}" for each in found])


@keys.command("create")
def create_key(
    tenant: Annotated[str, typer.Argument(help="the tenant's id")],
    scope: Annotated[list[str] | None, typer.Option(help=f"one of {', '.join(SCOPES)}; default: all")] = None,
    label: Annotated[str, typer.Option(help="to recognise it in lists")] = "",
    days: Annotated[int | None, typer.Option(min=1, help="days until it expires; default: never")] = None,
    to_file: Annotated[
        Path | None, typer.Option("--to-file", help="write the key there (0600), not here")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make an API key. It is shown this once; what is kept of it cannot be turned back into it."""
    scopes = frozenset(scope or SCOPES)
    if unknown := sorted(scopes - set(SCOPES)):
        raise CommandError(f"no such scope: {', '.join(unknown)}; known are {', '.join(SCOPES)}", code=2)
    with open_store() as store:
        lifetime = None if days is None else timedelta(days=days)
        new, record = store.create_key(tenant, label=label[:100], scopes=scopes, lifetime=lifetime)
    value = _describe(record)
    if to_file is None:
        value["key"] = new.text
    else:
        descriptor = os.open(to_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(new.text + "\n")
        value["key_file"] = str(to_file)
    show(value, as_json=as_json)


@keys.command("list")
def list_keys(
    tenant: Annotated[str | None, typer.Option(help="of one tenant only")] = None, as_json: Json = False
) -> None:
    """List API keys, without their secrets."""
    with open_store() as store:
        values = [_describe(each) for each in store.keys(tenant)]
    lines = [
        f"{each['key_id']}  {each['tenant']}  {each['state']:8}  {each['label']}  {' '.join(each['scopes'])}"
        for each in values
    ]
    show({"keys": values}, as_json=as_json, lines=lines)


@keys.command("revoke")
def revoke_key(
    key_id: Annotated[str, typer.Argument(help="from `zheng key list`")], as_json: Json = False
) -> None:
    """Revoke an API key. A running service stops taking it within a second."""
    with open_store() as store:
        show(_describe(store.revoke_key(key_id)), as_json=as_json)


def _describe(key: ApiKey) -> dict[str, Any]:
    value: dict[str, Any] = {
        "key_id": key.key_id,
        "tenant": key.tenant_id,
        "label": key.label,
        "scopes": sorted(key.scopes),
        "state": _state(key),
        "created_at": format_time(key.created_at),
    }
    moments: dict[str, datetime | None] = {
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "last_used": key.last_used,
    }
    return value | {name: format_time(moment) for name, moment in moments.items() if moment is not None}


def _state(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= now() else "active"
