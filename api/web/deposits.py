"""From a request body to a deposit: two forms in, one canonical claim out, everything checked before the log.

Form (a), `claim`: the platform built and may have signed the claim; not a byte of it is changed here.
Form (b), plain members: the service fills log, tenant and case, and seals the personal values of `private`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from zheng_verifier.canonical import JsonObject, JsonValue, format_json
from zheng_verifier.claim import Claim, format_claim, parse_claim
from zheng_verifier.encoding import format_base64url, parse_hex
from zheng_verifier.entry import Submitter
from zheng_verifier.errors import EvidenceError
from zheng_verifier.jws import parse_jws, verify_jws
from zheng_verifier.sealed import SALT_SIZE, disclosure_digest, parse_disclosure
from zheng_verifier.taxonomy import EventType, check_data, check_opened, event_type, seal_private

from api.accounts.store import SeenDocument
from api.problems import ProblemError
from api.services import Services
from api.times import Random
from api.web.bodies import malformed, validate
from api.web.data_problems import data_problem
from api.web.schemas import PlainEvent, SignedEvent
from ledger.deposit import Deposit
from ledger.rules import ClockVerdict, judge_clock

# Gives the SubjectPublicKeyInfo of one of the tenant's registered keys by its `kid`, or None.
KeyLookup = Callable[[str], bytes | None]
# Gives what the service found when it hashed a document of this case itself, by SHA-256, or None.
SeenLookup = Callable[[bytes], SeenDocument | None]


@dataclass(frozen=True, slots=True)
class Context:
    """What a body is held against: the address of the request, our clock, and what is registered."""

    origin: str
    tenant: str
    case: str
    now: datetime
    clock_refused: timedelta
    random: Random
    key: KeyLookup
    seen: SeenLookup


def deposit_context(services: Services, tenant: str, case: str) -> Context:
    """Gather what the bodies of one request are held against."""

    @cache  # a batch is signed with one key
    def key(kid: str) -> bytes | None:
        found = services.store.submitter_key(tenant, kid)
        return None if found is None else found.spki

    return Context(
        origin=services.ledger.origin,
        tenant=tenant,
        case=case,
        now=services.clock(),
        clock_refused=timedelta(seconds=services.settings.limits.clock_refuse),
        random=services.random,
        key=key,
        seen=lambda sha256: services.store.seen_document(tenant, case, sha256),
    )


def read_deposit(value: JsonValue, context: Context) -> Deposit:
    """Make a deposit of a request body; nothing is written.

    Raises:
        ProblemError: whatever is wrong with it, named by field.
    """
    if isinstance(value, dict) and "claim" in value:
        return _signed(value, context)
    return _plain(value, context)


def _signed(value: JsonValue, context: Context) -> Deposit:
    body = validate(value, SignedEvent)
    data = format_json(body.claim)
    claim = _claim(data, "/claim")
    _check_address(claim, context)
    submitter = Submitter("api-key")
    if body.jws is not None:
        _check_jws(body.jws, data, context)
        submitter = Submitter("signed", body.jws)
    disclosures = tuple(body.disclosures or ())
    return _deposit(value, context, claim=claim, data=data, submitter=submitter, disclosures=disclosures)


def _plain(value: JsonValue, context: Context) -> Deposit:
    body = validate(value, PlainEvent)
    kind = _event_type(body.type, "/type")
    data: JsonObject = body.data
    disclosures: tuple[str, ...] = ()
    if body.private:
        try:
            data, disclosures = seal_private(kind.type, data, body.private, lambda: context.random(SALT_SIZE))
        except EvidenceError as error:
            raise data_problem(error, kind, {"data": body.data, "private": body.private}) from error
    documents: list[JsonValue] = list(body.documents or [])
    members: JsonObject = {
        "zheng": "claim/v1",
        "log": context.origin,
        "tenant": context.tenant,
        "case": context.case,
        "id": body.id,
        "type": body.type,
        "documents": documents,
        "data": data,
    }
    if body.occurred_at is not None:
        members["occurred_at"] = body.occurred_at
    if body.actor is not None:
        members["actor"] = body.actor
    if body.after is not None:
        members["after"] = list(body.after)
    if disclosures:
        members["_sd_alg"] = "sha-256"
    written = format_json(members)
    claim = _claim(written, "")
    return _deposit(
        value,
        context,
        claim=claim,
        data=written,
        submitter=Submitter("api-key"),
        disclosures=disclosures,
    )


def _deposit(
    value: JsonValue,
    context: Context,
    *,
    claim: Claim,
    data: bytes,
    submitter: Submitter,
    disclosures: tuple[str, ...],
) -> Deposit:
    """Check what both forms have in common, and put the deposit together."""
    prefix = "/claim" if isinstance(value, dict) and "claim" in value else ""
    kind = _event_type(claim.type, f"{prefix}/type")
    if kind.reserved:
        raise ProblemError(
            "type-reserved", f"Only the service deposits '{claim.type}'.", field=f"{prefix}/type"
        )
    _check_clock(claim, context, f"{prefix}/occurred_at")
    try:
        check_data(claim.type, claim.data)
    except EvidenceError as error:
        raise data_problem(error, kind, {"data": claim.data}, prefix) from error
    _check_disclosures(claim, disclosures)
    return Deposit(
        tenant=context.tenant,
        claim=data,
        submitter=submitter,
        documents_checked=_documents_seen(claim, context, f"{prefix}/documents"),
        sealed_seen=bool(disclosures) and len(disclosures) == len(claim.sealed),
        disclosures=disclosures,
        # The request as it came, and where it was sent: sealing draws new salts each time, so the claim will not do.
        request_mac_input=format_json([context.case, value]),
    )


def _claim(data: bytes, prefix: str) -> Claim:
    try:
        claim = parse_claim(data)
    except EvidenceError as error:
        raise malformed(error, prefix) from error
    if format_claim(claim) != data:
        raise ProblemError(
            "not-canonical", "The claim says something in more than one way.", field=prefix or None
        )
    return claim


def _check_address(claim: Claim, context: Context) -> None:
    """A claim is good for one log, one tenant and one case: those it was sent to."""
    for code, name, given, right in (
        ("claim-wrong-log", "log", claim.log, context.origin),
        ("claim-wrong-tenant", "tenant", claim.tenant, context.tenant),
        ("claim-wrong-case", "case", claim.case, context.case),
    ):
        if given != right:
            raise ProblemError(code, field=f"/claim/{name}", expected=right)


def _event_type(name: str, field: str) -> EventType:
    try:
        return event_type(name)
    except EvidenceError:
        raise ProblemError("type-unknown", f"There is no event type '{name[:96]}'.", field=field) from None


def _check_clock(claim: Claim, context: Context, field: str) -> None:
    verdict = judge_clock(claim.occurred_at, context.now, refused=context.clock_refused)
    if verdict is ClockVerdict.REFUSED:
        raise ProblemError(
            "clock-skew",
            f"Our clock says {context.now:%Y-%m-%dT%H:%M:%SZ}.",
            field=field,
            expected=f"within {context.clock_refused.total_seconds() / 3600:g} h of our clock; leave it out if not known",
        )


def _check_jws(jws: str, data: bytes, context: Context) -> None:
    try:
        kid = parse_jws(jws).kid
    except EvidenceError as error:
        raise ProblemError("jws-invalid", f"{error.detail}.", field="/jws") from error
    spki = context.key(format_base64url(kid))
    if spki is None:
        raise ProblemError(
            "jws-key-unknown", field="/jws", expected="a key registered by POST /v1/submitter-keys"
        )
    try:
        verify_jws(jws, data, spki)
    except EvidenceError as error:
        raise ProblemError("jws-invalid", f"{error.detail}.", field="/jws") from error


def _documents_seen(claim: Claim, context: Context, field: str) -> tuple[int, ...]:
    """Give the positions of the documents that we hashed; a digest that contradicts ours is refused."""
    seen: list[int] = []
    for position, document in enumerate(claim.documents):
        if document.digests is None:
            continue
        ours = context.seen(document.digests["sha256"])
        if ours is None:
            continue
        if document.size != ours.size or document.digests.get("sm3", ours.sm3) != ours.sm3:
            raise ProblemError(
                "field-value",
                "The bytes with this SHA-256 that were sent to us have another size or SM3.",
                field=f"{field}/{position}",
            )
        seen.append(position)
    return tuple(seen)


def _check_disclosures(claim: Claim, disclosures: tuple[str, ...]) -> None:
    """See that each disclosure opens a sealed value of the claim, once, with what its field may hold."""
    places = {digest: path for path, digest in claim.sealed}
    for position, text in enumerate(disclosures):
        field = f"/disclosures/{position}"
        try:
            value = parse_disclosure(text).value
            place = places.pop(disclosure_digest(text), None)
            if place is None:
                raise ProblemError("disclosure-mismatch", "It opens nothing in the claim.", field=field)
            if place.startswith("/data/"):
                check_opened(claim.type, place.removeprefix("/data"), value)
            else:
                _check_opened_digests(value, place)
        except EvidenceError as error:
            raise ProblemError("disclosure-mismatch", f"{error.detail}.", field=field) from error


def _check_opened_digests(value: JsonValue, place: str) -> None:
    """A document may be sealed as a whole: what opens is its map of digests."""
    digests = value if isinstance(value, dict) else {}
    for name in {"sha256", *digests}:
        digest = digests.get(name)
        parse_hex(digest if isinstance(digest, str) else "", size=32, where=f"{place}/{name}")
