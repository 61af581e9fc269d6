"""Takes the newest checkpoint now and then, has it timestamped by each authority and anchored on each chain.

Each authority and each chain has its own clock, its own back-off and, in `run`, its own thread: one that is dead
costs the others nothing. All that has to survive is in the store; a worker that starts anew carries on.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from zheng_verifier.checkpoint import SignedCheckpoint
from zheng_verifier.errors import EvidenceError
from zheng_verifier.timestamp import TrustedTsa

from anchor.commitment import LogIdentity
from anchor.errors import ForkedLog
from anchor.ethereum import EthereumAnchor
from anchor.ports import AuthorityError, ChainError, HeadSource, TimestampAuthority
from anchor.proofs import ProofError
from anchor.store import AnchorStore, StoredToken, Taken
from anchor.timestamping import obtain_token

NONCE_SIZE = 8
FIRST_RETRY = 1.0
LONGEST_RETRY = 60.0


@dataclass(frozen=True, slots=True)
class Cadence:
    """When to take the newest checkpoint: ``interval`` seconds after the last, or as soon as ``count`` leaves came."""

    interval: float = 60.0
    count: int = 10_000
    poll: float = 1.0

    def due(self, last: Taken | None, size: int, now: datetime) -> bool:
        """Tell whether a head of ``size`` should be taken now."""
        if last is None:
            return size > 0
        if size <= last.size:
            return False
        return size - last.size >= self.count or (now - last.at).total_seconds() >= self.interval


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority to ask, and what our published policy says of it: the judge of its answers."""

    driver: TimestampAuthority
    trusted: TrustedTsa


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """What one round did for one service: ``trouble`` is None when nothing stood in the way."""

    name: str
    trouble: str | None


@dataclass(frozen=True, slots=True)
class WorkerReport:
    """What one round did for all services."""

    services: tuple[ServiceReport, ...]

    @property
    def trouble(self) -> tuple[str, ...]:
        """What stood in the way, by service."""
        return tuple(f"{s.name}: {s.trouble}" for s in self.services if s.trouble is not None)


class Worker:
    """The loop over all authorities and chains. One per `anchor.db`."""

    def __init__(
        self,
        *,
        heads: HeadSource,
        log: LogIdentity,
        authorities: Sequence[Authority],
        chains: Sequence[EthereumAnchor],
        store: AnchorStore,
        clock: Callable[[], datetime],
        random: Callable[[int], bytes],
        cadence: Cadence,
        on_fork: Callable[[ForkedLog], None],
    ) -> None:
        """``on_fork`` is told when an outside memory contradicts our log: it must stop the log and call a person."""
        self._heads = heads
        self._log = log
        self._store = store
        self._clock = clock
        self._random = random
        self._cadence = cadence
        self._on_fork = on_fork
        self._jobs: dict[str, Callable[[bool], str | None]] = {}
        for authority in authorities:
            self._jobs[f"tsa:{authority.driver.name}"] = self._authority_job(authority)
        for chain in chains:
            self._jobs[f"chain:{chain.name}"] = self._chain_job(chain)

    @property
    def service_names(self) -> tuple[str, ...]:
        """All services, as `AnchorStore.services` names them."""
        return tuple(self._jobs)

    def run_once(self, *, force: bool = False) -> WorkerReport:
        """Do one round for each service in turn; with ``force`` now, whatever cadence and back-off say."""
        return WorkerReport(tuple(self._round(name, force=force) for name in self._jobs))

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set, each service in a thread of its own.

        Raises:
            Exception: the first thing that went wrong in a way nobody expected; the other services are stopped.
        """
        failures: list[BaseException] = []
        failed = threading.Event()

        def loop(name: str) -> None:
            try:
                while not (stop.is_set() or failed.is_set()):
                    self._round(name, force=False)
                    stop.wait(self._cadence.poll)
            except BaseException as error:  # noqa: BLE001 - handed to the caller below
                failures.append(error)
                failed.set()

        threads = [threading.Thread(target=loop, args=(name,), name=name) for name in self._jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    # --- one round

    def _round(self, name: str, *, force: bool) -> ServiceReport:
        state = next((s for s in self._store.services() if s.name == name), None)
        now = self._clock()
        if state is not None and state.retry_at > now.timestamp() and not force:
            return ServiceReport(name, state.last_error)
        try:
            trouble = self._jobs[name](force)
        except (AuthorityError, ChainError, ProofError, EvidenceError) as error:
            trouble = f"{type(error).__name__}: {error}"
        except ForkedLog as fork:
            self._on_fork(fork)
            trouble = f"the log is forked: {fork}"
        if trouble is None:
            if state is None or state.failures:
                self._store.service_ok(name, self._clock())
        else:
            failures = 0 if state is None else state.failures
            retry = min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(failures, 16))
            self._store.service_failed(name, trouble, now, now.timestamp() + retry)
        return ServiceReport(name, trouble)

    def _authority_job(self, authority: Authority) -> Callable[[bool], str | None]:
        name = authority.driver.name

        def job(force: bool) -> str | None:
            signed = self._due(self._store.last_token(name), force=force)
            if signed is not None:
                nonce = int.from_bytes(self._random(NONCE_SIZE)) | 1  # never 0, which some authorities drop
                token = obtain_token(authority.driver, authority.trusted, signed.stamped, nonce)
                self._store.add_token(
                    signed.checkpoint.size, StoredToken(name, token.raw, token.nonce), self._clock()
                )
                self._store.service_ok(f"tsa:{name}", self._clock())
            return None

        return job

    def _chain_job(self, chain: EthereumAnchor) -> Callable[[bool], str | None]:
        def job(force: bool) -> str | None:
            signed = self._due(self._store.last_taken(chain.name), force=force)
            if signed is not None:
                chain.take(signed)
            return chain.advance()

        return job

    def _due(self, last: Taken | None, *, force: bool) -> SignedCheckpoint | None:
        """Take the newest checkpoint into the store, if its time has come."""
        note = self._heads.latest()
        if note is None:
            return None
        signed = self._log.open(note)
        size = signed.checkpoint.size
        now = self._clock()
        forced = force and size > (0 if last is None else last.size)
        if not forced and not self._cadence.due(last, size, now):
            return None
        self._store.add_checkpoint(signed.note, signed.checkpoint.head, signed.note_digest, now)
        return signed
