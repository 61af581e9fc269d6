"""An open log: what may be done with it while it runs."""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

from zheng_verifier.canonical import JsonObject, format_json
from zheng_verifier.claim import Claim, format_claim, parse_claim
from zheng_verifier.encoding import format_time
from zheng_verifier.entry import NONCE_SIZE, Submitter
from zheng_verifier.note import VerifierKey, format_vkey

from ledger.database import SQLITE_VERSION, open_reader, open_writer, sqlite_warning
from ledger.deposit import Deposit, prepare
from ledger.errors import (
    BadDepositError,
    LedgerError,
    LedgerStoppedError,
)
from ledger.folder import FolderLock
from ledger.ingest import Answer, Ingest
from ledger.keystore import CASE_SUBJECT, KeyStore, Owner
from ledger.ports import Clock, OutsideMemory, Random, Signer
from ledger.receipts import Receipt
from ledger.rows import DocumentRecord
from ledger.rules import CASE_OPENED, LOG_CREATED, OPENED_KINDS
from ledger.sequencer import Sequencer
from ledger.settings import LedgerSettings
from ledger.signing import HeadSigner
from ledger.startup import (
    OutsideState,
    check_against,
    check_instance,
    check_key,
    check_outside,
    check_right_edge,
    newest_head,
    read_instance,
)
from ledger.vault import Vault, document_lookup, document_place, seal, write_blob
from ledger.views import TenantReader

API_KEY = Submitter("api-key")
SERVICE = Submitter("service")


@dataclass(frozen=True, slots=True)
class LedgerStatus:
    """How the log stands. ``size`` counts what is stored, ``signed_size`` what is signed for."""

    origin: str
    vkey: str
    size: int
    signed_size: int
    waiting: int
    sqlite_version: str
    outside: tuple[OutsideState, ...]
    stopped: str | None
    warnings: tuple[str, ...]


def new_uuid(random: Random) -> str:
    """Make a random UUID (RFC 9562 §5.4)."""
    return str(uuid.UUID(bytes=random(16), version=4))


class Ledger(TenantReader):
    """An open log. Made by ``open_ledger`` or ``create_ledger``; closed by ``close`` or at the end of a ``with``.

    ``reader`` gives what is public, ``vault`` what is not; ``case``, ``cases``, ``events`` and ``receipt`` are those
    of ``TenantReader``.
    """

    def __init__(
        self,
        settings: LedgerSettings,
        clock: Clock,
        random: Random,
        signer: Signer,
        outside: Sequence[OutsideMemory],
        lock: FolderLock,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._random = random
        self._signer = signer
        self._lock = lock
        self._keys = KeyStore(settings.vault_keys, random)
        self._writer = open_writer(settings.database)
        self._engine = open_reader(settings.database)
        try:
            self._start(outside)
        except BaseException:
            self._dispose()
            raise

    def _start(self, outside: Sequence[OutsideMemory]) -> None:
        with self._engine.connect() as connection:
            self._instance = check_instance(read_instance(connection), self._signer, self._settings)
            head = check_right_edge(connection)
            last = self._signer.last()
            if last is not None:
                check_against(connection, head, last, "signer")
        vault = Vault(self._engine, self._keys, self._settings.blobs)
        if head.size:
            check_key(vault, self._instance, self._signer.vkey)
        minimum = self._settings.min_outside_memories
        self._outside = check_outside(self._engine, head, self._signer, outside, minimum)
        super().__init__(self._engine, vault, HeadSigner(self._signer, self._engine))
        self._sequencer = Sequencer(self._writer, self._keys, self._random)
        unstored = [self._heads.sign(head, {})] if head.size else []
        self._ingest = Ingest(
            self._sequencer,
            self._heads,
            queue_limit=self._settings.queue_limit,
            group_limit=self._settings.group_limit,
            notes=unstored,
        )
        if not head.size:
            self._create_log()

    def _create_log(self) -> None:
        data: JsonObject = {
            "origin": self.origin,
            "vkey": format_vkey(self._signer.vkey),
            "hash": "sha256",
            "log_case": self.log_case,
        }
        claim = self._claim(self.operator, self.log_case, new_uuid(self._random), f"{LOG_CREATED}/1", data)
        self._open(claim, SERVICE, b"").result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Answer everybody who waits, then give database, signer and locks free."""
        self._ingest.close()
        self._engine.dispose()
        self._sequencer.close()
        self._dispose()
        self._signer.close()
        self._lock.release()

    def _dispose(self) -> None:
        # The writer goes last: the last connection to a database in WAL mode leaves one whole file behind.
        self._engine.dispose()
        self._writer.dispose()
        self._keys.close()

    # Who we are

    @property
    def origin(self) -> str:
        """The log's name in its checkpoints."""
        return self._instance.origin

    @property
    def operator(self) -> str:
        """The tenant that owns the log's own case."""
        return self._instance.operator

    @property
    def log_case(self) -> str:
        """The case of the log's own life; its first event is leaf 0."""
        return self._instance.log_case

    @property
    def vkey(self) -> VerifierKey:
        """The public half of the log's key."""
        return self._signer.vkey

    def status(self) -> LedgerStatus:
        """Tell how the log stands."""
        warnings = [warning for warning in (sqlite_warning(),) if warning]
        if not any(state.elsewhere and state.size is not None for state in self._outside):
            warnings.append("nothing outside this machine remembers what was signed")
        stopped = self._ingest.stopped
        return LedgerStatus(
            origin=self.origin,
            vkey=format_vkey(self.vkey),
            size=self.reader.unsigned_size(),
            signed_size=self.reader.size(),
            waiting=self._ingest.waiting,
            sqlite_version=SQLITE_VERSION,
            outside=self._outside,
            stopped=None if stopped is None else str(stopped),
            warnings=tuple(warnings),
        )

    def check_outside(self, memories: Sequence[OutsideMemory]) -> tuple[OutsideState, ...]:
        """Ask outside memories again, while running.

        Raises:
            LedgerStoppedError: BEHIND or FORKED: the log has stopped; a forked one is poisoned.

        """
        with self._engine.connect() as connection:
            head = newest_head(connection)
        try:
            self._outside = check_outside(self._engine, head, self._signer, memories, 0)
        except LedgerStoppedError as error:
            self._ingest.stop(error)
            raise
        return self._outside

    def poison(self, reason: str) -> None:
        """Stop the log for ever: somebody holds another history of it, signed by our key."""
        self._signer.poison(reason)
        self._ingest.stop(LedgerStoppedError("POISONED", reason))

    # Depositing

    def deposit(self, batch: Sequence[Deposit], *, internal: bool = False) -> Answer:
        """Deposit events, all or none, and answer with a receipt each, in order.

        A repeated deposit (same tenant and id, same content) gets its earlier place under a current checkpoint.
        ``internal`` callers may use reserved types. See ``Deposit`` for what the caller has checked.

        Raises:
            RefusedError: a rule is broken; ``index`` names the place in the batch. Rules that need the database are
                told by the future instead.
            OverloadedError: too much is waiting.
            LedgerStoppedError: the log has stopped.

        """
        received_at = self._clock()
        prepared = []
        for position, item in enumerate(batch):
            try:
                prepared.append(
                    prepare(
                        item,
                        origin=self.origin,
                        received_at=received_at,
                        nonce=self._random(NONCE_SIZE),
                        internal=internal,
                    )
                )
            except LedgerError as error:
                error.index = position
                raise
        return self._ingest.submit(prepared)

    def open_case(
        self,
        tenant: str,
        event_id: str,
        kind: str,
        data: JsonObject,
        *,
        submitter: Submitter = API_KEY,
        occurred_at: datetime | None = None,
    ) -> Future[Receipt]:
        """Open a case with an id made here; the receipt names it. ``data`` is that of ``case.opened``.

        The same ``event_id`` with the same kind and data gives the case it opened before.

        Raises:
            RefusedError: as ``deposit``.

        """
        opened: JsonObject = {"required": [], **data, "kind": kind}
        if kind not in OPENED_KINDS:
            raise BadDepositError(f"a case is of kind {' or '.join(OPENED_KINDS)}")
        claim = self._claim(tenant, new_uuid(self._random), event_id, f"{CASE_OPENED}/1", opened, occurred_at)
        content = format_json({"opened": opened} | ({"at": format_time(occurred_at)} if occurred_at else {}))
        return _only(self._open(claim, submitter, content))

    def _claim(
        self,
        tenant: str,
        case: str,
        event_id: str,
        name: str,
        data: JsonObject,
        occurred_at: datetime | None = None,
    ) -> bytes:
        return format_claim(Claim(self.origin, tenant, case, event_id, name, data, occurred_at))

    def _open(self, claim: bytes, submitter: Submitter, content: bytes) -> Answer:
        prepared = prepare(
            Deposit(parse_claim(claim).tenant, claim, submitter, request_mac_input=content),
            origin=self.origin,
            received_at=self._clock(),
            nonce=self._random(NONCE_SIZE),
            internal=True,
            opening=True,
        )
        return self._ingest.submit([prepared])

    def store_document(
        self, tenant: str, case: str, content: bytes, *, subject: str = CASE_SUBJECT
    ) -> Future[bytes]:
        """Keep an original of a case, encrypted under the key of ``subject``; the future gives its SHA-256.

        Raises:
            UnknownCaseError, WrongTenantError, OverloadedError, LedgerStoppedError.

        """
        self.case(tenant, case)
        owner = Owner(case, subject)
        key = self._keys.ensure([owner])[owner]
        blob, sha256 = self._random(16).hex(), hashlib.sha256(content).digest()
        write_blob(self._settings.blobs, blob, seal(key, document_place(case, blob), content, self._random))
        record = DocumentRecord(blob, case, key.key_id, document_lookup(key, sha256), len(content))
        return _then(self._ingest.submit([], [record]), lambda _: sha256)

    def erase(self, tenant: str, case: str, subject: str = CASE_SUBJECT) -> int:
        """Destroy the keys of a person in a case, or of the case's own entries, and tell how many there were.

        Every proof goes on. Deposit ``privacy.erased`` first, so that a crash in between repeats the erasure and
        does not hide it.

        Raises:
            UnknownCaseError, WrongTenantError.
            BadDepositError: the log's own case is not erased.

        """
        self.case(tenant, case)
        if case == self.log_case:
            raise BadDepositError("the log's own case is public and is not erased")
        return self._keys.erase(Owner(case, subject))

    def erase_case(self, tenant: str, case: str) -> int:
        """Destroy every key of a case: entries, opened values, documents; tell how many there were.

        Deposit ``privacy.erased`` afterwards: such statements lie under a key of their own and stay readable for good.

        Raises:
            UnknownCaseError, WrongTenantError.
            BadDepositError: the log's own case is not erased.

        """
        self.case(tenant, case)
        if case == self.log_case:
            raise BadDepositError("the log's own case is public and is not erased")
        return self._keys.erase_case(case)


_A = TypeVar("_A")
_B = TypeVar("_B")


def _then(future: Future[_A], change: Callable[[_A], _B]) -> Future[_B]:
    """Give a future of the changed result; an error passes through, and so does giving up."""
    changed: Future[_B] = Future()

    def pass_on(done: Future[_A]) -> None:
        if not changed.set_running_or_notify_cancel():
            return
        if error := done.exception():
            changed.set_exception(error)
        else:
            changed.set_result(change(done.result()))

    future.add_done_callback(pass_on)
    return changed


def _only(answer: Answer) -> Future[Receipt]:
    return _then(answer, lambda receipts: receipts[0])
