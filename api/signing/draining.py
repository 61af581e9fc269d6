"""The drain put together: which service the pipeline deposits with, and what its log is."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from zheng_client.client import log_of

from api.accounts.store import ApiStore
from api.operation.identity import log_identity
from api.signing.depositors import Depositors
from api.signing.notary_http import HttpNotary
from api.times import Clock
from signing.dossier.depositing import Depositor
from signing.dossier.drain import Drain, Patience
from signing.dossier.ports import Keeper, LogIdentity, Notary

if TYPE_CHECKING:
    from api.settings import Settings

_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104  # compared, not listened on


def open_notary(settings: "Settings", store: ApiStore, *, uuid: Callable[[], str]) -> HttpNotary:
    """Give the notary that the settings name: a foreign service, or this very one over loopback."""
    chosen = settings.signing.notary
    known: list[LogIdentity] = []

    def log() -> LogIdentity:
        if not known:
            if chosen.policy is not None:
                foreign = log_of(chosen.policy.read_bytes())
                known.append(LogIdentity(foreign.origin, foreign.key))
            else:
                own = log_identity(settings)
                known.append(LogIdentity(own.origin, own.key))
        return known[0]

    depositors = Depositors(settings.paths.signing_notary, None if chosen.url else store, uuid=uuid)
    return HttpNotary(chosen.url or own_url(settings), log, depositors, timeout=chosen.timeout)


def own_url(settings: "Settings") -> str:
    """Give the address under which this machine reaches its own service."""
    host = _LOOPBACK.get(settings.server.host, settings.server.host)
    return (
        f"http://[{host}]:{settings.server.port}" if ":" in host else f"http://{host}:{settings.server.port}"
    )


def make_drain(
    settings: "Settings", engine: Engine, notary: Notary, keeper: Keeper, *, clock: Clock
) -> Drain:
    """Make the drain, as patient as the settings say."""
    chosen = settings.signing.notary
    return Drain(
        engine,
        Depositor(engine, notary, keeper, clock=clock),
        clock=clock,
        patience=Patience(chosen.first_pause, chosen.longest_pause),
        threads=chosen.threads,
    )
