"""What the client gives back: values that were read, and receipts that were checked."""

from dataclasses import dataclass
from datetime import datetime

from zheng_verifier.encoding import parse_base64url, parse_hex
from zheng_verifier.errors import EvidenceError
from zheng_verifier.note import VerifierKey
from zheng_verifier.receipt import CheckedReceipt, Receipt

from zheng_client.answers import Answer
from zheng_client.errors import UnprovenError


@dataclass(frozen=True, slots=True)
class LogIdentity:
    """The log that receipts are held against: its origin and the key it signs checkpoints with."""

    origin: str
    key: VerifierKey


@dataclass(frozen=True, slots=True)
class Deposited:
    """A deposit whose receipt holds. Keep ``receipt``: it outlives the service's database.

    ``level`` is signed, timestamped or anchored; ``disclosures`` open values that the service sealed.
    """

    receipt: Receipt
    checked: CheckedReceipt
    level: str
    disclosures: tuple[str, ...]

    @property
    def case(self) -> str:
        """The case it stands in."""
        return self.checked.leaf.case

    @property
    def seq(self) -> int:
        """Its place in the case, from 1."""
        return self.checked.leaf.seq

    @property
    def event_id(self) -> str:
        """The depositor's own id of the event."""
        return self.checked.entry.claim.id

    @property
    def leaf_hash(self) -> bytes:
        """The leaf hash (32 bytes): what later claims, challenges and a close may name."""
        return self.checked.leaf_hash

    @property
    def leaf_index(self) -> int:
        """Its place in the log, from 0."""
        return self.checked.leaf_index


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the service says it stands: ``events`` so far, ``head`` the leaf hash of the newest (32 bytes)."""

    case: str
    kind: str
    events: int
    head: bytes
    closed: bool
    external_ref: str | None


@dataclass(frozen=True, slots=True)
class SeenDocument:
    """What the service found when it hashed a document; ``kept``: it keeps the bytes, for packages."""

    size: int
    sha256: bytes
    sm3: bytes
    kept: bool


@dataclass(frozen=True, slots=True)
class Job:
    """A package or report in the making; it ends sealed or failed. ``trouble`` says what stands in the way."""

    id: str
    kind: str
    state: str
    step: str
    created_at: datetime
    url: str | None
    sha256: str | None
    trouble: str | None

    @property
    def finished(self) -> bool:
        """Tell whether nothing more will come of it."""
        return self.state in ("sealed", "failed")


@dataclass(frozen=True, slots=True)
class EventView:
    """An event of a list: leaf and entry as they were hashed; ``entry`` None: erased."""

    seq: int
    leaf_index: int
    leaf: bytes
    entry: bytes | None


def read_case(answer: Answer) -> Case:
    """Read a case."""
    try:
        head = parse_base64url(answer.text("head"), size=32, where="head")
    except EvidenceError as error:
        raise UnprovenError("the head of a case is not a leaf hash") from error
    return Case(
        case=answer.text("case"),
        kind=answer.text("kind"),
        events=answer.integer("events"),
        head=head,
        closed=answer.boolean("closed"),
        external_ref=answer.optional_text("external_ref"),
    )


def read_seen(answer: Answer) -> SeenDocument:
    """Read what the service found in a document."""
    digests = answer.object("digests")
    try:
        sha256 = parse_hex(digests.text("sha256"), size=32, where="sha256")
        sm3 = parse_hex(digests.text("sm3"), size=32, where="sm3")
    except EvidenceError as error:
        raise UnprovenError("the digests of a document are no digests") from error
    return SeenDocument(answer.integer("size"), sha256, sm3, answer.boolean("kept"))


def read_job(answer: Answer) -> Job:
    """Read a job."""
    result, trouble = answer.optional_object("result"), answer.optional_object("trouble")
    return Job(
        id=answer.text("id"),
        kind=answer.text("kind"),
        state=answer.text("state"),
        step=answer.object("progress").text("step"),
        created_at=answer.time("created_at"),
        url=None if result is None else result.text("url"),
        sha256=None if result is None else result.text("sha256"),
        trouble=None if trouble is None else trouble.text("en"),
    )


def read_event(answer: Answer) -> EventView:
    """Read an event of a list."""
    entry = answer.optional_text("entry")
    return EventView(
        answer.integer("seq"),
        answer.integer("leaf_index"),
        answer.text("leaf").encode(),
        None if entry is None else entry.encode(),
    )
