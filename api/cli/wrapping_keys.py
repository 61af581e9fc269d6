"""`zheng signing keys …`: the keys that lock the pipeline's data keys; the service may run or not."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from api.cli.output import CommandError, Json, show, steps
from api.settings import load_settings
from api.times import now
from signing.custody.errors import CustodyDamagedError
from signing.custody.keystore import KEYS_DB, KeyStore
from signing.custody.kms import FileKms
from signing.custody.opening import open_custody

wrapping_keys = typer.Typer(
    help="Key-encryption keys, which lock every data key of the signing pipeline.", no_args_is_help=True
)


@wrapping_keys.command("list")
def list_keys(as_json: Json = False) -> None:
    """List the keys, which one is in use, and how many data keys each locks."""
    with _opened() as (kms, keys):
        wrappings, in_use = keys.wrappings(), kms.key_id
        kept = kms.key_ids()
    names = sorted({*kept, *wrappings})
    rows = [
        {
            "id": name,
            "in_use": name == in_use,
            "kept": name in kept,
            "data_keys": wrappings.get(name, 0),
        }
        for name in names
    ]
    lines = [
        f"{row['id']}  {row['data_keys']:>9} data keys"
        + ("  in use" if row["in_use"] else "" if row["data_keys"] else "  locks nothing any more")
        + ("" if row["kept"] else "  MISSING: its file is not here")
        for row in rows
    ]
    show({"in_use": in_use, "keys": rows}, as_json=as_json, lines=lines)


@wrapping_keys.command("rotate")
def rotate(as_json: Json = False) -> None:
    """Make a new key the one in use. What the older ones lock stays so until `zheng signing keys rewrap`."""
    with _opened() as (kms, keys):
        made = kms.rotate()
        old = sum(count for name, count in keys.wrappings().items() if name != made)
    lines = [
        f"in use: {made}",
        f"{old} data keys are locked by older ones: zheng signing keys rewrap",
        f"copy {made}.kek to the safe, beside the older ones",
    ]
    show({"in_use": made, "data_keys_under_old_wrapping": old}, as_json=as_json, lines=lines)


@wrapping_keys.command("rewrap")
def rewrap(as_json: Json = False) -> None:
    """Lock every data key by the key in use. Cut off, it goes on where it was when it is called again."""
    with _opened() as (kms, keys), steps("rewrap") as step:
        in_use = kms.key_id
        old = sum(count for name, count in keys.wrappings().items() if name != in_use)
        step(f"0 of {old}")
        try:
            done = keys.rewrap(lambda number: step(f"{number} of {old}"))
        except CustodyDamagedError as error:
            raise CommandError(
                f"{error}: what was not locked anew stays as it was; see `zheng fsck`"
            ) from error
        wrappings = keys.wrappings()
    left = sum(count for name, count in wrappings.items() if name != in_use)
    lines = [f"{done} data keys are locked by {in_use} now"]
    if left:
        lines.append(f"{left} are not: call it again")
    show(
        {"in_use": in_use, "rewrapped": done, "data_keys_under_old_wrapping": left},
        as_json=as_json,
        lines=lines,
    )


@contextmanager
def _opened() -> Iterator[tuple[FileKms, KeyStore]]:
    paths = load_settings().paths
    if not (paths.signing_keys / KEYS_DB).is_file():
        raise CommandError("there are no keys of the signing pipeline here: run `zheng init` first")
    try:
        kms = FileKms(paths.signing_keys, os.urandom)
        custody = open_custody(paths.signing_keys, paths.signing_blobs, clock=now, random=os.urandom)
    except CustodyDamagedError as error:
        raise CommandError(str(error)) from error
    try:
        yield kms, custody.keys
    finally:
        custody.keys.close()
