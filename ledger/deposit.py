"""A deposit on its way in: everything that can be done before the log's lock is done here.

Parsing, canonical form, the entry's bytes and digest do not depend on the place in the log, so they are made in the
caller's thread; under the lock only 180 bytes of leaf are hashed.
"""

from dataclasses import dataclass
from datetime import datetime

from zheng_verifier.claim import Claim, parse_claim
from zheng_verifier.entry import Checked, Entry, Submitter, entry_digest, format_entry
from zheng_verifier.errors import EvidenceError
from zheng_verifier.jws import parse_jws
from zheng_verifier.sealed import disclosure_digest, parse_disclosure
from zheng_verifier.taxonomy import EventType, event_type

from ledger.errors import BadDepositError, TypeUnknownError, WrongTenantError
from ledger.keystore import CASE_SUBJECT

SUBMITTER_KINDS = ("signed", "api-key", "service")


@dataclass(frozen=True, slots=True)
class Deposit:
    """One event to deposit. The caller has verified the submitter's JWS and the data against the type's schema.

    ``claim``: its canonical bytes. ``documents_checked``: positions of the claim's documents whose bytes we hashed.
    ``sealed_seen``: whether every sealed value was opened to us and checked. ``disclosures``: those to keep.
    ``request_mac_input``: the request as the client sent it, by which a repetition is known; the claim if empty.
    ``subject``: whose values the disclosures are; if None the party that the data name, else the actor.
    """

    tenant: str
    claim: bytes
    submitter: Submitter
    documents_checked: tuple[int, ...] = ()
    sealed_seen: bool = False
    disclosures: tuple[str, ...] = ()
    request_mac_input: bytes = b""
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A deposit with its entry made: all but its place. ``opening``: it may begin a case."""

    claim: Claim
    kind: EventType
    entry: bytes
    digest: bytes
    content: bytes
    disclosures: tuple[str, ...]
    subject: str
    internal: bool
    opening: bool = False


def prepare(
    deposit: Deposit,
    *,
    origin: str,
    received_at: datetime,
    nonce: bytes,
    internal: bool,
    opening: bool = False,
) -> Prepared:
    """Make the entry of a deposit and check all that needs no database.

    Raises:
        BadDepositError: BAD_CLAIM, WRONG_LOG, DISCLOSURE_MISMATCH, BAD_SUBMITTER, BAD_CHECKED.
        WrongTenantError: the claim names another tenant than the one who sends it.
        TypeUnknownError: the taxonomy has no such type.

    """
    try:
        claim = parse_claim(deposit.claim)
        _check_submitter(deposit.submitter)
        entry = Entry(
            claim,
            deposit.submitter,
            received_at,
            Checked(deposit.documents_checked, deposit.sealed_seen),
            nonce,
        )
        written = format_entry(entry)
    except EvidenceError as error:
        raise BadDepositError(str(error)) from error
    if claim.log != origin:
        raise BadDepositError(f"the claim is addressed to another log than {origin}", code="WRONG_LOG")
    if claim.tenant != deposit.tenant:
        raise WrongTenantError("the claim names another tenant")
    _check_documents(deposit, claim)
    _check_disclosures(deposit, claim)
    return Prepared(
        claim,
        _event_type(claim.type),
        written,
        entry_digest(written),
        deposit.request_mac_input or deposit.claim,
        deposit.disclosures,
        _subject(claim) if deposit.subject is None else deposit.subject,
        internal,
        opening,
    )


def _subject(claim: Claim) -> str:
    party = claim.data.get("party")
    if isinstance(party, str):
        return party
    return claim.actor.ref if claim.actor else CASE_SUBJECT


def _event_type(name: str) -> EventType:
    try:
        return event_type(name)
    except EvidenceError as error:
        raise TypeUnknownError(f"there is no event type '{name}'") from error


def _check_submitter(submitter: Submitter) -> None:
    if submitter.kind not in SUBMITTER_KINDS or (submitter.kind == "signed") != (submitter.jws is not None):
        raise BadDepositError("a submitter is signed with its JWS, api-key or service", code="BAD_SUBMITTER")
    if submitter.jws is not None:
        parse_jws(submitter.jws)


def _check_documents(deposit: Deposit, claim: Claim) -> None:
    seen = deposit.documents_checked
    if list(seen) != sorted({number for number in seen if 0 <= number < len(claim.documents)}):
        raise BadDepositError(
            "checked documents are rising positions in the claim's documents", code="BAD_CHECKED"
        )


def _check_disclosures(deposit: Deposit, claim: Claim) -> None:
    """See that each disclosure opens one sealed value, once, and that all are there where all were seen."""
    try:
        digests = [disclosure_digest(text) for text in deposit.disclosures]
        for text in deposit.disclosures:
            parse_disclosure(text)
    except (EvidenceError, UnicodeEncodeError) as error:
        raise BadDepositError(f"not a disclosure: {error}", code="DISCLOSURE_MISMATCH") from error
    sealed = {digest for _, digest in claim.sealed}
    if len(set(digests)) != len(digests) or not sealed.issuperset(digests):
        raise BadDepositError(
            "a disclosure opens nothing in the claim, or is there twice", code="DISCLOSURE_MISMATCH"
        )
    if deposit.sealed_seen and sealed != set(digests):
        raise BadDepositError(
            "not every sealed value that was seen has its disclosure", code="DISCLOSURE_MISMATCH"
        )
