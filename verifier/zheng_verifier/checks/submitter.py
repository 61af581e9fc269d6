"""C05: who submitted each event, by his own signature over his own words.

A key counts if the policy pins it, or if the log's own case registered it at a lower index; and if no leaf of that
case that is shown revoked it below the event's. Inside one log the order is total: the index is the clock.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from zheng_verifier import taxonomy
from zheng_verifier.checks.evidence import (
    Inclusions,
    Item,
    events_of,
    finding_of,
    indeterminate,
    not_applicable,
    not_provided,
    passed,
    skipped,
)
from zheng_verifier.claim import format_claim
from zheng_verifier.encoding import format_base64url, parse_base64
from zheng_verifier.entry import Entry
from zheng_verifier.errors import EvidenceError
from zheng_verifier.jws import key_fingerprint, parse_jws, verify_jws
from zheng_verifier.policy import TrustedSubmitter
from zheng_verifier.report.model import Finding, Text, say


@dataclass(frozen=True, slots=True)
class _Key:
    """A submitter's key: good for ``from_index`` ≤ index < ``to_index``; ``origin`` says who vouches for it."""

    tenant: str
    kid: bytes
    spki: bytes
    from_index: int
    to_index: int | None
    origin: Text


def check_submitters(
    items: list[Item], inclusions: Inclusions, pinned: tuple[TrustedSubmitter, ...]
) -> list[Finding]:
    """Check the submitter's signature of every event (C05)."""
    context = [
        (place, item.entry)
        for item in items
        if not item.is_event and item.entry is not None
        if (place := inclusions.index.get(item.number)) is not None
    ]
    keys = [
        *(_Key(s.tenant, s.kid, s.spki, s.from_index, s.to_index, say("submitter.pinned")) for s in pinned),
        *_registered(context),
    ]
    keys = [_ended(key, _revocations(context)) for key in keys]
    findings = []
    for item in events_of(items):
        if item.entry is None:
            findings.append(skipped(item.name, say("no_entry")))
        elif item.entry.submitter.jws is None:
            findings.append(_unsigned(item, item.entry))
        else:
            place = inclusions.index.get(item.number)
            findings.append(_check_signature(item, item.entry, item.entry.submitter.jws, keys, place))
    return findings


def _unsigned(item: Item, entry: Entry) -> Finding:
    """Only what the service says of itself needs no submitter's signature; not a platform's event in its name."""
    known = taxonomy.EVENT_TYPES.get(entry.claim.type)
    if entry.submitter.kind == "service" and known is not None and known.reserved:
        return not_applicable("SERVICE", item.name, say("submitter.service"))
    how = "submitter.by_api_key" if entry.submitter.kind == "api-key" else "submitter.by_service"
    return not_provided("NOT_SIGNED", item.name, say(how))


def _registered(context: Sequence[tuple[int, Entry]]) -> Iterator[_Key]:
    """Give the keys that the log's own case registered, as far as their leaves are in the tree."""
    for place, entry in context:
        data = entry.claim.data
        if entry.claim.type != "key.registered/1":
            continue
        try:
            spki = parse_base64(str(data.get("spki")), where="spki")
        except EvidenceError:
            continue  # C03 has refused the entry by its schema
        kid = key_fingerprint(spki)
        if data.get("kid") == format_base64url(kid):
            yield _Key(str(data.get("tenant")), kid, spki, place + 1, None, say("submitter.registered"))


def _revocations(context: Sequence[tuple[int, Entry]]) -> list[tuple[int, str, str]]:
    """Give (index, tenant or nothing, kid) of each revocation; a compromise without a tenant is everyone's."""
    return [
        (place, str(entry.claim.data.get("tenant", "")), str(entry.claim.data.get("kid")))
        for place, entry in context
        if entry.claim.type in ("key.revoked/1", "key.compromised/1")
    ]


def _ended(key: _Key, revocations: Sequence[tuple[int, str, str]]) -> _Key:
    """End a key at its first revocation after it came into force: also one that the policy pins without end."""
    ends = [
        place
        for place, tenant, kid in revocations
        if kid == format_base64url(key.kid) and tenant in ("", key.tenant) and place >= key.from_index
    ]
    return replace(
        key, to_index=min([*ends, *([] if key.to_index is None else [key.to_index])], default=None)
    )


def _check_signature(item: Item, entry: Entry, jws: str, keys: list[_Key], place: int | None) -> Finding:
    try:
        kid = parse_jws(jws).kid
        mine = [key for key in keys if key.kid == kid and key.tenant == entry.claim.tenant]
        if not mine:
            return indeterminate("KEY_UNKNOWN", item.name, say("submitter.key_unknown"), kid=kid)
        verify_jws(jws, format_claim(entry.claim), mine[0].spki)
    except EvidenceError as error:
        return finding_of(error, item.name)
    if place is None:
        return skipped(item.name, say("submitter.no_place"))
    for key in mine:
        if key.from_index <= place and (key.to_index is None or place < key.to_index):
            return passed(item.name, key.origin, kid=kid)
    late = any(key.to_index is not None and place >= key.to_index for key in mine)
    code = "KEY_REVOKED_BEFORE" if late else "KEY_NOT_YET_REGISTERED"
    return indeterminate(code, item.name, say("submitter.key_not_in_force"), kid=kid)
