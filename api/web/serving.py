"""The serving process: opens the services, listens, and does quietly what need not be done in a request."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, suppress

import structlog
import uvicorn
from anyio import to_thread
from fastapi import FastAPI

from api.database import migrate, sqlite_url
from api.errors import PortInUseError
from api.issuance.certificates import log_changes
from api.issuance.export.job_service import erase_old_files, start_jobs
from api.issuance.policy_export import write_policy
from api.operation.announcements import announce
from api.operation.authorities import open_authorities
from api.operation.identity import log_identity
from api.services import Services, migrate_ledger, open_services
from api.settings import Settings
from api.signing.background import running
from api.web.app import create_app
from ledger.errors import LedgerError

LOG = structlog.get_logger("api.web.serving")
_FOLLOW_SECONDS = 0.5
_REFRESH_SECONDS = 30.0
_REGISTER_SECONDS = 5.0
_ERASE_SECONDS = 600.0
_KEEP_ALIVE = 65
"""Seconds a connection stays open with nothing on it: longer than clients keep theirs, httpx five and most proxies sixty.
Whoever closes first must not be the server: a request on its way would have no answer."""


def run_service(settings: Settings, *, listening: Callable[[str], None]) -> None:
    """Serve until a signal comes. ``listening`` is told the address once connections are taken.

    Raises:
        NotInitialisedError: there is nothing to serve.
        LedgerStoppedError: the log may not be opened; nothing was signed.
        PortInUseError: somebody else listens there.
    """
    log_identity(settings)
    migrate_ledger(settings)
    migrate(sqlite_url(settings.paths.api_db), "api")
    settings.paths.create()  # an installation made before the pipeline has no folders for it
    migrate(sqlite_url(settings.paths.signing_db), "signing")
    listener = listen(settings)
    host, port = listener.getsockname()[:2]
    # The port that was taken: the pipeline asks this very service, also where a free one was asked for.
    settings = settings.model_copy(update={"server": settings.server.model_copy(update={"port": port})})
    # Threads of the pipeline ask this very service: they are stopped after it, and before what they use is closed.
    with open_services(settings) as services, ExitStack() as stack:
        refresh(services)
        start_jobs(services)
        stack.enter_context(running(services.signing))
        app = create_app(settings, services)
        app.router.lifespan_context = background(services)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=10,
            timeout_keep_alive=_KEEP_ALIVE,
            lifespan="on",
        )
        for number in (signal.SIGINT, signal.SIGTERM):
            # uvicorn raises the signal again when it has shut down; the services are still to be closed then. One that
            # comes before uvicorn listens to signals must not be lost either.
            signal.signal(number, lambda _number, _frame: sys.exit(0))
        # What is there now stays: it is not to be looked through each time that what came and went is collected.
        gc.collect()
        gc.freeze()
        listening(f"http://{host}:{port}")
        uvicorn.Server(config).run(sockets=[listener])


def listen(settings: Settings) -> socket.socket:
    """Take the address that the settings name.

    Raises:
        PortInUseError: somebody else listens there.
    """
    address = (settings.server.host, settings.server.port)
    try:
        return socket.create_server(address, backlog=2048)
    except OSError as error:
        raise PortInUseError(
            f"cannot listen on {address[0]}:{address[1]}: {error.strerror}; choose another with --port"
        ) from error


def refresh(services: Services) -> None:
    """Announce what came to be since the last time (a contract that is now final), and publish it in the policy."""
    settings = services.settings
    authorities = [
        each.trusted for each in open_authorities(settings, clock=services.clock, random=services.random)
    ]
    announce(services.ledger, settings, authorities=authorities, deployments=services.anchors.deployments())
    write_policy(
        settings,
        ledger=services.ledger,
        store=services.store,
        anchors=services.anchors,
        now=services.clock(),
    )


def background(services: Services) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Make the application's lifespan: the document index follows the log, announcements are kept up."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(each(services)) for each in (_follow, _refresh, _erase, _log_changes)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task

    return lifespan


async def _follow(services: Services) -> None:
    while True:
        try:
            read = await to_thread.run_sync(services.documents.follow)
        except Exception:  # the index is derived: a failure is recorded and tried again, deposits go on
            LOG.exception("the document index could not follow the log")
            read = 0
        if not read:
            await asyncio.sleep(_FOLLOW_SECONDS)


async def _log_changes(services: Services) -> None:
    """Deposit what the register of certificates has and the log has not: after a crash, or a command of the operator."""
    while True:
        try:
            await to_thread.run_sync(log_changes, services)
        except LedgerError:
            LOG.exception("changes of certificates have to wait")
        await asyncio.sleep(_REGISTER_SECONDS)


async def _refresh(services: Services) -> None:
    known = await to_thread.run_sync(services.anchors.deployments)
    while True:
        await asyncio.sleep(_REFRESH_SECONDS)
        deployments = await to_thread.run_sync(services.anchors.deployments)
        if deployments == known:
            continue
        try:
            await to_thread.run_sync(refresh, services)
            known = deployments
        except LedgerError:
            LOG.exception("announcements have to wait")


async def _erase(services: Services) -> None:
    while True:
        try:
            await to_thread.run_sync(erase_old_files, services)
        except Exception:  # a disk that fails now is tried again; nothing else waits for it
            LOG.exception("old files could not be erased")
        await asyncio.sleep(_ERASE_SECONDS)
