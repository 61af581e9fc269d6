"""C03: every entry is the one its leaf commits to, keeps its schema, and its opened values match their digests."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from zheng_verifier import taxonomy
from zheng_verifier.bundle import Bundle, BundleEvent
from zheng_verifier.canonical import JsonValue, format_json
from zheng_verifier.checks.evidence import (
    Item,
    failed,
    finding_of,
    indeterminate,
    not_provided,
    passed,
)
from zheng_verifier.claim import parse_digests
from zheng_verifier.encoding import format_base64url
from zheng_verifier.entry import Entry, Leaf, entry_digest, parse_entry, parse_leaf
from zheng_verifier.errors import EvidenceError, MalformedError, VerificationError
from zheng_verifier.merkle import leaf_hash
from zheng_verifier.report.model import Finding, SealedField, say
from zheng_verifier.sealed import open_sealed, parse_disclosure


def read_items(bundle: Bundle, log_case: str | None) -> tuple[list[Item], list[Finding]]:
    """Read all leaves and entries (C03); ``log_case`` is the case of the log's own life, if the policy knows it."""
    items: list[Item] = []
    findings: list[Finding] = []
    for number, source in enumerate(bundle.items):
        is_event = number < len(bundle.events)
        item, found = _read_item(number, source, is_event=is_event)
        foreign = list(_check_place(item, item.leaf, bundle, log_case)) if item.leaf is not None else []
        # Words addressed to another case or log are shown to be so, and count for nothing further.
        items.append(replace(item, entry=None, sealed=()) if foreign else item)
        findings.extend([*found, *foreign])
    findings.extend(_check_copies(items))
    return _mark_erased(items), findings


def _read_item(number: int, source: BundleEvent, *, is_event: bool) -> tuple[Item, list[Finding]]:
    bare = Item(number, is_event, source, leaf_hash(source.leaf), None, None)
    try:
        leaf = parse_leaf(source.leaf)
    except EvidenceError as error:
        return bare, [finding_of(error, bare.name)]
    read = Item(number, is_event, source, bare.leaf_hash, leaf, None)
    if source.entry is None:
        return read, _withheld(read)
    try:
        entry = _open_entry(source.entry, leaf)
        sealed = _open_sealed(entry, source.disclosures)
    except EvidenceError as error:
        return read, [finding_of(error, read.name)]
    item = Item(number, is_event, source, bare.leaf_hash, leaf, entry, sealed)
    return item, [_check_schema(item, entry)]


def _withheld(item: Item) -> list[Finding]:
    findings = [not_provided("WITHHELD", item.name, say("entries.withheld"))]
    if item.source.disclosures:
        findings.append(failed("COMMITMENT_MISMATCH", item.name, say("entries.opened_alone")))
    return findings


def _open_entry(data: bytes, leaf: Leaf) -> Entry:
    if entry_digest(data) != leaf.entry:
        raise VerificationError("HASH_FAILURE", "the leaf commits to another entry")
    return parse_entry(data)


def _open_sealed(entry: Entry, disclosures: tuple[str, ...]) -> tuple[SealedField, ...]:
    """Match disclosures to sealed values: each opens exactly one, and none is left over."""
    sealed = entry.claim.sealed
    (opened,) = open_sealed([(sealed, disclosures)])
    fields = []
    for path, _ in sealed:
        if path not in opened:
            fields.append(SealedField(path, "WITHHELD" if entry.checked.sealed else "NEVER_HELD"))
            continue
        _check_opened(entry, path, opened[path].value)
        fields.append(SealedField(path, "OPENED", _text(opened[path].value)))
    return tuple(fields)


def _check_opened(entry: Entry, path: str, value: JsonValue) -> None:
    """Hold an opened value against the schema of its field, or a document's digests against theirs."""
    if path.startswith("/data/"):
        taxonomy.check_opened(entry.claim.type, path.removeprefix("/data"), value)
    elif isinstance(value, dict):
        parse_digests(value, path)
    else:
        raise MalformedError("WRONG_TYPE", "a document's digests are an object", path)


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else format_json([value])[1:-1].decode()


def _check_schema(item: Item, entry: Entry) -> Finding:
    try:
        taxonomy.check_data(entry.claim.type, entry.claim.data)
    except EvidenceError as error:
        return finding_of(error, item.name)
    return passed(
        item.name, type=entry.claim.type, entry=format_base64url(entry_digest(item.source.entry or b""))
    )


def _check_place(item: Item, leaf: Leaf, bundle: Bundle, log_case: str | None) -> Iterator[Finding]:
    """Leaf and claim must speak of the bundle's case and log; context, of the log's own case."""
    if item.is_event:
        if leaf.case != bundle.case:
            yield failed("WRONG_CASE", item.name, say("entries.leaf_of_another_case"), case=leaf.case)
    elif log_case is None:
        yield indeterminate("KEY_UNKNOWN", item.name, say("entries.log_unknown"))
    elif leaf.case != log_case:
        yield failed("WRONG_CASE", item.name, say("entries.context_of_another_case"), case=leaf.case)
    if item.entry is None:
        return
    claim = item.entry.claim
    if claim.case != leaf.case:
        yield failed("WRONG_CASE", item.name, say("entries.claim_to_another_case"), case=claim.case)
    if claim.log != bundle.origin:
        yield failed("WRONG_LOG", item.name, say("entries.claim_to_another_log"), log=claim.log)


def _check_copies(items: list[Item]) -> Iterator[Finding]:
    """A commitment, a salt or a claim's id that stands twice was copied from one place to the other."""
    entries = [(item, item.entry) for item in items if item.entry is not None]
    digests = Counter(digest for _, entry in entries for _, digest in entry.claim.sealed)
    salts = Counter(parse_disclosure(text).salt for item, _ in entries for text in item.source.disclosures)
    ids = Counter((entry.claim.tenant, entry.claim.id) for _, entry in entries)
    for item, entry in entries:
        if any(digests[digest] > 1 for _, digest in entry.claim.sealed):
            yield failed("COMMITMENT_MISMATCH", item.name, say("entries.sealed_twice"))
        if any(salts[parse_disclosure(text).salt] > 1 for text in item.source.disclosures):
            yield failed("COMMITMENT_MISMATCH", item.name, say("entries.salt_twice"))
        if ids[entry.claim.tenant, entry.claim.id] > 1:
            yield failed("DUPLICATE_ID", item.name, say("entries.id_twice"), id=entry.claim.id)
    tenants = {entry.claim.tenant for item, entry in entries if item.is_event}
    if len(tenants) > 1:
        yield failed("WRONG_TENANT", say("all_events"), say("entries.several_tenants"))


def _mark_erased(items: list[Item]) -> list[Item]:
    """Show as ERASED what a ``privacy.erased`` entry of the case names and nobody opens."""
    erased: set[tuple[str, str | None]] = set()
    for item in items:
        if item.entry is not None and item.entry.claim.type == "privacy.erased/1":
            erased.update(_erasures(item.entry))
    return [_with_erasures(item, item.entry, erased) if item.entry is not None else item for item in items]


def _erasures(entry: Entry) -> Iterator[tuple[str, str | None]]:
    """Give (event id, path in its claim); the path is None where the whole entry was erased."""
    listed = entry.claim.data.get("erased")
    for erasure in listed if isinstance(listed, list) else []:
        if isinstance(erasure, dict):
            fields = erasure.get("fields")
            for path in fields if isinstance(fields, list) else [None]:
                yield str(erasure.get("event")), path if isinstance(path, str) else None


def _with_erasures(item: Item, entry: Entry, erased: set[tuple[str, str | None]]) -> Item:
    sealed = tuple(
        SealedField(field.path, "ERASED")
        if field.state != "OPENED" and erased & {(entry.claim.id, field.path), (entry.claim.id, None)}
        else field
        for field in item.sealed
    )
    return replace(item, sealed=sealed)
