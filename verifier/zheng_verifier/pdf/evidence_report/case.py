"""The evidence read for the report: each event beside what the verification said of it.

Only what the verification accepted is shown as an event's content: an entry that is not the one of its leaf has no
words here either.
"""

from dataclasses import dataclass
from functools import cached_property

from zheng_verifier.bundle import Bundle, BundleEvent, parse_bundle
from zheng_verifier.canonical import JsonValue
from zheng_verifier.claim import Claim
from zheng_verifier.encoding import format_base64url
from zheng_verifier.entry import Entry, Leaf, parse_entry, parse_leaf
from zheng_verifier.report.model import EventView, Report


@dataclass(frozen=True, slots=True)
class Event:
    """An event: its source in the bundle, what the verification made of it, and its parsed parts if accepted."""

    view: EventView
    source: BundleEvent
    leaf: Leaf | None
    entry: Entry | None

    @property
    def claim(self) -> Claim | None:
        """The submitter's words, None if not enclosed or not accepted."""
        return None if self.entry is None else self.entry.claim

    @property
    def kind(self) -> str:
        """The dotted name of the type without its version, empty if unknown."""
        return (self.view.type or "").partition("/")[0]

    @property
    def previous(self) -> str:
        """The leaf hash of the case's event before this one, base64url; empty for the first."""
        return "" if self.leaf is None or self.leaf.prev is None else format_base64url(self.leaf.prev)


@dataclass(frozen=True)
class Case:
    """A bundle and its events, and names for its parties in order of appearance."""

    bundle: Bundle
    events: tuple[Event, ...]

    def of(self, *prefixes: str) -> tuple[Event, ...]:
        """Give the events whose type begins so."""
        return tuple(event for event in self.events if event.kind.startswith(prefixes))

    @cached_property
    def parties(self) -> dict[str, str]:
        """Short names P1, P2 … by the parties' references."""
        found: dict[str, str] = {}
        for event in self.events:
            for reference in _references(event.claim):
                found.setdefault(reference, f"P{len(found) + 1}")
        return found

    @cached_property
    def roles(self) -> dict[str, str]:
        """What each party does in the contract, by reference, as deposited; whoever took a part over has its role."""
        found: dict[str, str] = {}
        for event in self.events:
            data = {} if event.claim is None else event.claim.data
            listed = data.get("parties") if event.kind == "contract.created" else None
            for item in listed if isinstance(listed, list) else []:
                found.setdefault(_member(item, "party"), _member(item, "role"))
            if event.kind == "party.delegated":
                found.setdefault(_member(data, "to_party"), found.get(_member(data, "from_party"), ""))
        return found


def _references(claim: Claim | None) -> list[str]:
    if claim is None:
        return []
    party, parties = claim.data.get("party"), claim.data.get("parties")
    listed = [_member(item, "party") for item in parties] if isinstance(parties, list) else []
    actor = (
        claim.actor.ref if claim.actor is not None and claim.actor.kind in ("person", "organization") else ""
    )
    named = party if isinstance(party, str) else ""
    return [reference for reference in (*listed, named, actor) if reference]


def _member(value: JsonValue, name: str) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def read_case(bundle: bytes, report: Report) -> Case:
    """Read the evidence that ``report`` is about.

    Raises:
        MalformedError: not a bundle.
        ValueError: the report is about another bundle.

    """
    parsed = parse_bundle(bundle)
    events = tuple(_event(source, view) for source, view in zip(parsed.events, report.events, strict=True))
    if (parsed.origin, parsed.case) != (report.origin, report.case):
        raise ValueError("the report is about another case")
    return Case(parsed, events)


def _event(source: BundleEvent, view: EventView) -> Event:
    leaf = parse_leaf(source.leaf) if view.seq else None
    entry = parse_entry(source.entry) if view.type is not None and source.entry is not None else None
    return Event(view, source, leaf, entry)
