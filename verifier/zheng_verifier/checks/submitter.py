"""C05: who submitted each event, by his own signature over his own words.

A key counts if the policy pins it, or if the log's own case registered it at a lower index and did not revoke it
below the event's. Inside one log the order is total: the index is the clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass

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
from zheng_verifier.report.model import Finding


@dataclass(frozen=True, slots=True)
class _Key:
    """A submitter's key: good for ``from_index`` ≤ index < ``to_index``; ``origin`` says who vouches for it."""

    tenant: str
    kid: bytes
    spki: bytes
    from_index: int
    to_index: int | None
    origin: str


def check_submitters(
    items: list[Item], inclusions: Inclusions, pinned: tuple[TrustedSubmitter, ...]
) -> list[Finding]:
    """Check the submitter's signature of every event (C05)."""
    keys = [
        *(_Key(s.tenant, s.kid, s.spki, s.from_index, s.to_index, "pinned by your policy") for s in pinned),
        *_registered(items, inclusions),
    ]
    findings = []
    for item in events_of(items):
        if item.entry is None:
            findings.append(skipped(item.name, "its entry is not enclosed or not the leaf's (C03)"))
        elif item.entry.submitter.kind == "service":
            findings.append(not_applicable("SERVICE", item.name, "the service's own statement"))
        elif item.entry.submitter.kind == "api-key":
            findings.append(
                not_provided("NOT_SIGNED", item.name, "deposited with an API key, without a signature")
            )
        else:
            findings.append(_check_signature(item, item.entry, keys, inclusions.index.get(item.number)))
    return findings


def _registered(items: list[Item], inclusions: Inclusions) -> Iterator[_Key]:
    """Give the keys that the log's own case registered, as far as their leaves are in the tree."""
    revoked: dict[str, int] = {}
    for item in items:
        place = inclusions.index.get(item.number)
        if item.is_event or item.entry is None or place is None:
            continue
        if item.entry.claim.type in ("key.revoked/1", "key.compromised/1"):
            named = str(item.entry.claim.data.get("kid"))
            revoked[named] = min(place, revoked.get(named, place))
    for item in items:
        place = inclusions.index.get(item.number)
        if (
            item.is_event
            or item.entry is None
            or place is None
            or item.entry.claim.type != "key.registered/1"
        ):
            continue
        data = item.entry.claim.data
        try:
            spki = parse_base64(str(data.get("spki")), where="spki")
        except EvidenceError:
            continue  # C03 has refused the entry by its schema
        kid = key_fingerprint(spki)
        end = revoked.get(format_base64url(kid))
        yield _Key(str(data.get("tenant")), kid, spki, place + 1, end, "as registered by the operator")


def _check_signature(item: Item, entry: Entry, keys: list[_Key], place: int | None) -> Finding:
    jws = entry.submitter.jws or ""
    try:
        kid = parse_jws(jws).kid
        mine = [key for key in keys if key.kid == kid and key.tenant == entry.claim.tenant]
        if not mine:
            return indeterminate(
                "KEY_UNKNOWN", item.name, "neither pinned nor registered for this tenant", kid=kid
            )
        verify_jws(jws, format_claim(entry.claim), mine[0].spki)
    except EvidenceError as error:
        return finding_of(error, item.name)
    if place is None:
        return skipped(item.name, "its place in the log is not known (C06)")
    for key in mine:
        if key.from_index <= place and (key.to_index is None or place < key.to_index):
            return passed(item.name, key.origin, kid=kid)
    late = any(key.to_index is not None and place >= key.to_index for key in mine)
    code = "KEY_REVOKED_BEFORE" if late else "KEY_NOT_YET_REGISTERED"
    return indeterminate(
        code, item.name, "the signature holds, but the key was not in force at that place", kid=kid
    )
