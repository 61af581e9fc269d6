"""The events of the case as facts: what each says, with opened values in their places, for the checks that compare them.

What is sealed and not opened cannot be compared: neither a pass nor a failure may rest on it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from zheng_verifier import taxonomy
from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.checks.evidence import Item, events_of
from zheng_verifier.encoding import format_base64url, parse_time
from zheng_verifier.entry import Entry
from zheng_verifier.errors import MalformedError
from zheng_verifier.report.model import Text
from zheng_verifier.sealed import disclosure_digest, is_sealed, parse_disclosure, parse_sealed
from zheng_verifier.taxonomy.sequence import CaseEvent


class Match(Enum):
    """How two values compare: UNKNOWN where one is sealed, ABSENT where one is not there."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Fact:
    """An event of the case that is shown: its item, its entry, and its data with opened values in their places."""

    item: Item
    entry: Entry
    event: CaseEvent

    @property
    def subject(self) -> Text:
        """How findings name it."""
        return self.item.name

    @property
    def name(self) -> str:
        """The type without its version."""
        return self.event.name

    @property
    def seq(self) -> int:
        """Its number within the case."""
        return self.event.seq

    def value(self, field: str) -> "JsonValue | None":
        """Give a member of the data, opened if it could be, else sealed; None if absent."""
        return self.event.data.get(field)

    def text(self, field: str) -> str | None:
        """Give a member's text; None where it is absent, sealed or no text."""
        return self.event.text(field)

    def time(self, field: str) -> datetime | None:
        """Give a member's moment; None where it is absent or ill-formed, which C03 says."""
        try:
            return parse_time(self.text(field) or "")
        except MalformedError:
            return None

    @property
    def moment(self) -> datetime:
        """When it happened: as the platform claims, or else when the service received it."""
        return self.event.occurred_at or self.entry.received_at

    def objects(self, field: str) -> Iterator[JsonObject]:
        """Give the objects of a list."""
        value = self.value(field)
        return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())

    def texts(self, field: str) -> list[str]:
        """Give the texts of a list."""
        value = self.value(field)
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []

    @property
    def simulated(self) -> bool:
        """Tell whether the event says of itself that a simulator answered."""
        return self.value("simulated") is True


@dataclass(frozen=True, slots=True)
class Facts:
    """The case as far as it is shown.

    ``whole`` is the number up to which every entry is shown, from 1 on; ``heads`` are the hashes (base64url) of the
    leaves, which stand also where an entry is withheld.
    """

    all: tuple[Fact, ...]
    whole: int
    heads: Mapping[int, str]

    def named(self, *names: str) -> list[Fact]:
        """Give the events of these types, of any version, in order."""
        return [fact for fact in self.all if fact.name in names]

    def starting(self, prefix: str) -> list[Fact]:
        """Give the events whose type starts so, in order."""
        return [fact for fact in self.all if fact.name.startswith(prefix)]

    def before(self, fact: Fact) -> "Facts":
        """Give the part of the case before an event."""
        return replace(self, all=tuple(other for other in self.all if other.seq < fact.seq))

    def by_id(self, event_id: str | None) -> Fact | None:
        """Find an event by the submitter's id."""
        return next((fact for fact in self.all if fact.event.id == event_id), None)

    def complete_before(self, fact: Fact) -> bool:
        """Tell whether every event before this one is shown: only then can something be said to be missing."""
        return self.whole >= fact.seq - 1

    @property
    def kind(self) -> str | None:
        """Give the kind of case that its opening states; None without it."""
        return self.opening.text("kind") if self.opening is not None else None

    @property
    def opening(self) -> Fact | None:
        """Give the opening of the case, which is its first event; a later one opens nothing (C04 says so)."""
        return next((fact for fact in self.named("case.opened") if fact.seq == 1), None)

    @property
    def signers(self) -> list[str]:
        """Give the references of the parties that signed, each once."""
        return list(
            dict.fromkeys(p for f in self.named("party.signed") if (p := f.text("party")) is not None)
        )


def read_case(items: Sequence[Item]) -> Facts:
    """Read the events of known types; of others nothing is understood, and C03 says so."""
    facts = []
    shown: set[int] = set()
    heads: dict[int, str] = {}
    for item in events_of(items):
        if item.leaf is not None:
            heads[item.leaf.seq] = format_base64url(item.leaf_hash)
        if item.leaf is None or item.entry is None:
            continue
        shown.add(item.leaf.seq)
        claim = item.entry.claim
        if claim.type in taxonomy.EVENT_TYPES:
            opened = {
                disclosure_digest(text): parse_disclosure(text).value for text in item.source.disclosures
            }
            data = {name: _revealed(value, opened) for name, value in claim.data.items()}
            event = CaseEvent(item.leaf.seq, claim.id, claim.type, data, claim.occurred_at)
            facts.append(Fact(item, item.entry, event))
    whole = 0
    while whole + 1 in shown:
        whole += 1
    return Facts(tuple(sorted(facts, key=lambda fact: fact.seq)), whole, heads)


def _revealed(value: JsonValue, opened: Mapping[str, JsonValue]) -> JsonValue:
    if is_sealed(value):
        return opened.get(parse_sealed(value), value)
    if isinstance(value, dict):
        return {name: _revealed(child, opened) for name, child in value.items()}
    if isinstance(value, list):
        return [_revealed(child, opened) for child in value]
    return value


def compare(one: "JsonValue | None", other: "JsonValue | None") -> Match:
    """Compare two members of two events."""
    if one is None or other is None:
        return Match.ABSENT
    if is_sealed(one) or is_sealed(other):
        return Match.UNKNOWN
    return Match.SAME if one == other else Match.OTHER
