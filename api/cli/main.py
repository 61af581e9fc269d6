"""The entry point of `zheng`: all commands, and one place where errors become words."""

import sys

import httpx
import typer
from sqlalchemy.exc import SQLAlchemyError

from anchor.errors import AnchorError
from api.accounts.store import StoreError
from api.cli import accounts, certificates, clients, demo, exports, jobs, operate, signing, submissions
from api.cli.output import CommandError
from api.errors import IssuerKeyError, NotInitialisedError, WorkerRunningError
from api.settings import SettingsError
from ledger.errors import LedgerError, LedgerStoppedError

app = typer.Typer(
    name="zheng",
    help="Blockchain evidence for electronic contracts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(operate.init)
app.command()(operate.serve)
app.command()(operate.worker)
app.command()(operate.anchor)
app.command()(operate.adopt)
app.command()(operate.fsck)
app.command()(operate.status)
app.command()(demo.demo)
app.add_typer(accounts.tenants, name="tenant")
app.add_typer(accounts.keys, name="key")
app.add_typer(signing.signing, name="signing")
app.add_typer(certificates.certificates, name="certificate")
app.command()(clients.deposit)
app.command()(clients.proof)
app.command()(clients.bundle)
app.command()(exports.package)
app.command()(exports.report)
app.command()(submissions.submit)
app.add_typer(jobs.jobs, name="jobs")

_ADVICE = {
    "LOCKED": "another process works on this log: stop it, or ask it over HTTP",
    "NOT_INITIALISED": "run `zheng init` first",
    "BEHIND": "the database is older than what was signed: put the newer one back; never delete the signer's memory",
    "COPIED": "the signer's memory was copied or moved: only one may sign. If no other is left: `zheng adopt`",
}


def main() -> None:
    """Run a command; whatever goes wrong is said in one line, with what to do."""
    try:
        app()
    except CommandError as error:
        _end(str(error), error.code)
    except LedgerStoppedError as error:
        _end(f"the log does not start: {error}" + _advice(error.code), 1)
    except (IssuerKeyError, NotInitialisedError, SettingsError, StoreError, WorkerRunningError) as error:
        _end(str(error), 1)
    except (AnchorError, LedgerError) as error:
        _end(str(error), 1)
    except httpx.HTTPError as error:
        _end(f"the service cannot be reached: {error}: does `zheng serve` run there? (--url, ZHENG_URL)", 1)
    except SQLAlchemyError as error:
        _end(f"a database cannot be used: {error.__cause__ or error}", 1)
    except OSError as error:
        _end(str(error), 1)


def _advice(code: str) -> str:
    return f"\n  {_ADVICE[code]}" if code in _ADVICE else ""


def _end(text: str, code: int) -> None:
    print(f"zheng: {text}", file=sys.stderr)
    sys.exit(code)
