"""`zheng certificate …`: the register of certificates. It works on api.db, whether the service runs or not."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from zheng_verifier.encoding import format_time

from api.cli.accounts import open_store
from api.cli.output import CommandError, Json, show
from api.issuance.certificate.number import NumberError, format_number, parse_number
from api.issuance.register import REASONS, CertificateRegister, Standing
from api.times import now

certificates = typer.Typer(help="Certificates of deposit that were issued.", no_args_is_help=True)
_Number = Annotated[str, typer.Argument(help="the certificate's number, as printed")]


@contextmanager
def _register() -> Iterator[CertificateRegister]:
    with open_store() as store:
        yield CertificateRegister(store.engine, clock=now, random=os.urandom)


@certificates.command("show")
def show_certificate(number: _Number, as_json: Json = False) -> None:
    """Say how a certificate stands."""
    written = _written(number)
    with _register() as register:
        show(_described(written, _standing(register, written)), as_json=as_json)


@certificates.command("revoke")
def revoke_certificate(
    number: _Number,
    reason: Annotated[str, typer.Option(help=f"one of {', '.join(REASONS)}")],
    as_json: Json = False,
) -> None:
    """Revoke a certificate from now on. The running service records it in the log; else the next one that starts."""
    if reason not in REASONS:
        raise CommandError(f"no such reason: {reason}; known are {', '.join(REASONS)}", code=2)
    written = _written(number)
    with _register() as register:
        _standing(register, written)
        register.revoke(written, reason)
        show(_described(written, _standing(register, written)), as_json=as_json)


def _written(number: str) -> str:
    try:
        return format_number(parse_number(number))
    except NumberError as error:
        raise CommandError(f"{error}", code=2) from None


def _standing(register: CertificateRegister, number: str) -> Standing:
    try:
        return register.standing(number)
    except LookupError:
        raise CommandError(f"there is no certificate {number}") from None


def _described(number: str, standing: Standing) -> dict[str, Any]:
    value = {"number": number, "status": standing.status.value, "since": format_time(standing.since)}
    value |= {} if standing.reason is None else {"reason": standing.reason}
    return value | ({} if standing.successor is None else {"successor": standing.successor})
