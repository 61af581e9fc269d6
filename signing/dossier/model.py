"""Events as callers give them, statements as they are deposited, and how a dossier stands."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from zheng_verifier.canonical import Fields, JsonObject, Limits, format_json, parse_canonical
from zheng_verifier.claim import Actor, After, Claim, DocumentRef, read_claim, write_claim

# A claim within one more object, and disclosures of the longest values a claim may seal (base64url, with salt).
_LIMITS = Limits(max_bytes=8 << 20, max_depth=8, max_string=16_384)
MAX_DISCLOSURES = 256
# Stands for the log in a statement at rest: which log it goes to is known when it is deposited.
NO_LOG = "none"


@dataclass(frozen=True, slots=True)
class Event:
    """A step of the pipeline as a type of the taxonomy.

    ``data`` holds what is public, ``private`` the personal values in the shape of ``data`` (sealed with fresh salts when
    recorded); ``occurred_at`` None means now; ``after`` bounds its time from below by evidence (docs/spec/entry.md).
    """

    type: str
    data: JsonObject
    private: JsonObject = field(default_factory=dict)
    actor: Actor | None = None
    documents: tuple[DocumentRef, ...] = ()
    occurred_at: datetime | None = None
    after: tuple[After, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """What a case is opened with; ``id`` is that of its first event, ``reference`` the pipeline's own name of it."""

    id: str
    kind: str
    reference: str
    close_by: datetime | None
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """An event with its personal values sealed, and the disclosures that open them.

    ``claim`` has ``NO_LOG`` for its log and the dossier for its case until it is addressed.
    """

    claim: Claim
    disclosures: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The event's id: depositing it again is the same deposit."""
        return self.claim.id

    def addressed(self, *, log: str, case: str) -> "Statement":
        """Give the statement as it is signed: for one log and one case."""
        return replace(self, claim=replace(self.claim, log=log, case=case))


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a dossier got: ``seq`` and ``head`` (32-byte leaf hash) are of its last checked receipt.

    ``case`` None: not opened yet. ``waiting`` rows are not deposited, the oldest since ``oldest``; ``trouble`` says in one
    English sentence why the last try failed, None if it did not.
    """

    case: str | None
    seq: int
    head: bytes | None
    waiting: int
    oldest: datetime | None
    trouble: str | None


def format_statement(statement: Statement) -> bytes:
    """Write a statement for its row: canonical JSON, before encryption."""
    return format_json({"claim": write_claim(statement.claim), "disclosures": list(statement.disclosures)})


def parse_statement(data: bytes) -> Statement:
    """Read what ``format_statement`` wrote.

    Raises:
        MalformedError: it is something else.

    """
    fields = Fields(parse_canonical(data, _LIMITS))
    claim = read_claim(fields.object("claim"), fields.path("claim"))
    disclosures = tuple(str(each) for each in fields.array("disclosures", max_items=MAX_DISCLOSURES))
    fields.end()
    return Statement(claim, disclosures)
