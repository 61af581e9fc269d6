"""The order a contract's events ought to have: what is out of order is warned of, never refused.

The rules are those of signing-platforms §3.3 ("mandatory-sequence rules"). An event that comes too early, too late or
not at all is no forgery: the platform may have deposited late, or the flow may be another one. A judge should see it
all the same.

Events come in the order of their case, checked against their schemas. A sealed document digest is compared only if
the caller put the opened value in its place; what cannot be compared is not warned of.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from zheng_verifier.canonical import JsonObject
from zheng_verifier.errors import UncheckableError
from zheng_verifier.taxonomy.catalogue import EVENT_TYPES

SKEW = timedelta(minutes=5)
MAX_EVENTS = 2_000
_IDENTIFIED = ("identity.person_verified", "identity.organization_verified", "identity.bound")
_FINAL = (
    "contract.completed",
    "contract.withdrawn",
    "contract.voided",
    "contract.rejected",
    "contract.expired",
)
_FACTORS = {
    "otp_sms": "intent.otp_verified",
    "otp_email": "intent.otp_verified",
    "face": "intent.face_verified",
    "password": "intent.password_verified",
}


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """An event in its case: ``seq`` from 1, the submitter's ``id``, ``type`` with version, and what it says."""

    seq: int
    id: str
    type: str
    data: JsonObject
    occurred_at: datetime | None = None

    @property
    def name(self) -> str:
        """The type without its version."""
        return self.type.partition("/")[0]

    def text(self, field: str) -> str | None:
        """Give a field's text, or None where it is absent or sealed."""
        return _text(self.data, field)


@dataclass(frozen=True, slots=True)
class SequenceWarning:
    """Rule ``code`` is not kept by the event ``seq``; ``detail`` is one English sentence."""

    code: str
    seq: int
    detail: str


Earlier = Sequence[CaseEvent]


@dataclass(frozen=True, slots=True)
class SequenceRule:
    """One rule: what it asks for, and ``complaints``, which judges an event by those before it."""

    code: str
    statement_zh: str
    statement_en: str
    complaints: Callable[[CaseEvent, Earlier], Iterable[str]]


def _text(data: JsonObject, field: str) -> str | None:
    value = data.get(field)
    return value if isinstance(value, str) else None


def _objects(event: CaseEvent, field: str) -> Iterator[JsonObject]:
    value = event.data.get(field)
    for item in value if isinstance(value, list) else []:
        if isinstance(item, dict):
            yield item


def _named(events: Earlier, *names: str) -> Iterator[CaseEvent]:
    return (event for event in events if event.name in names)


def _differ(one: str | None, other: str | None) -> bool:
    """Tell whether two values are both known and not the same."""
    return one is not None and other is not None and one != other


def _person_before_organization(event: CaseEvent, earlier: Earlier) -> Iterator[str]:
    if event.name != "identity.organization_verified" or "agent_identity" in event.data:
        return
    wanted = event.text("agent_event")
    persons = [
        person
        for person in _named(earlier, "identity.person_verified", "identity.bound")
        if person.text("subject_kind") != "organization" and wanted in (None, person.id)
    ]
    if not persons:
        yield "an organisation was verified before the person who acts for it"


def _identity_before_certificate(event: CaseEvent, earlier: Earlier) -> Iterator[str]:
    if event.name == "certificate.issued" and not any(
        not _differ(event.text("party"), known.text("party")) for known in _named(earlier, *_IDENTIFIED)
    ):
        yield "a certificate was issued before its holder's identity was verified"


def _sent_after_finalized(event: CaseEvent, earlier: Earlier) -> Iterator[str]:
    if event.name != "contract.sent":
        return
    finalized = {found.text("document"): found for found in _named(earlier, "document.finalized")}
    for sent in _objects(event, "documents"):
        document = _text(sent, "document")
        if document not in finalized:
            yield f"document {document} was sent before it was finalised"
        elif _differ(_text(sent, "document_sha256"), finalized[document].text("document_sha256")):
            yield f"document {document} was sent with other bytes than were finalised"


def _view_before_sign(event: CaseEvent, earlier: Earlier) -> Iterator[str]:
    if event.name == "party.signed" and not any(
        view.text("party") == event.text("party") and view.text("document") == event.text("document")
        for view in _named(earlier, "document.viewed")
    ):
        yield "the party signed a document that was not shown to it before"


def _challenge_before_intent(event: CaseEvent, earlier: Earlier) -> Iterator[str]:
    if event.name != "intent.confirmed":
        return
    asked = [
        sent
        for sent in _named(earlier, "intent.challenge_sent")
        if sent.text("challenge_id") == event.text("challenge_id")
    ]
    if not asked:
        yield "an intent was confirmed without a challenge before it"
    for sent in asked:
        for field in ("party", "challenge", "document_sha256"):
            if _differ(sent.text(field), event.text(field)):
                yield f"the confirmed intent has another {field} than its challenge"
    methods = event.data.get("methods")
    for method in methods if isinstance(methods, list) else []:
        factor = _FACTORS.get(str(method))
        if factor is not None and not any(
            passed.text("challenge_id") == event.text("challenge_id") for passed in _named(earlier, factor)
        ):
            yield f"an intent was confirmed by {method} without {factor} before it"


def _intent_binds_signature(event: CaseEvent, earlier: Earlier) -> Iterator[str]:
    if event.name != "party.signed":
        return
    intents = [
        intent for intent in _named(earlier, "intent.confirmed") if intent.id == event.text("intent_event")
    ]
    if not intents:
        yield "the signature names no earlier confirmation of intent"
    for intent in intents:
        if _differ(intent.text("party"), event.text("party")):
            yield "the confirmed intent is another party's"
        if _differ(intent.text("document_sha256"), event.text("before_sha256")):
            yield "the confirmed intent is bound to another document digest than was signed"
        if _differ(intent.text("challenge"), event.text("challenge")):
            yield "the confirmed intent has another challenge than the signature"


def _revisions_unbroken(event: CaseEvent, earlier: Earlier) -> Iterator[str]:
    before = event.text("before_sha256")
    if event.name == "document.filled":
        # Before the document is final, whoever drafts it fills it in as often as he likes.
        if _differ(before, _present(event.text("document"), earlier)):
            yield "the document was filled in from other bytes than it had at that moment"
        return
    if event.name not in ("party.signed", "seal.used") or before is None:
        return
    known = {found.text("document_sha256") for found in _named(earlier, "document.finalized")}
    known |= {found.text("after_sha256") for found in _named(earlier, "party.signed", "seal.used")}
    filled = list(_named(earlier, "document.filled"))
    if None in known | {found.text("after_sha256") for found in filled} or before in known:
        return
    made = [found for found in filled if found.text("after_sha256") == before]
    if not made:
        yield "the bytes before the act are neither the finalised ones nor those after an earlier act"
    elif not any(
        found.text("party") == event.text("party")
        and found.text("document") == event.text("document")
        and not _differ(found.text("before_sha256"), _present(event.text("document"), earlier, before))
        for found in made
    ):
        yield "the bytes before the act were filled in by another party, or before a later act"


def _present(document: str | None, earlier: Earlier, signing: str | None = None) -> str | None:
    """Give the digest that a document last had by being finalised, signed or sealed; None: it is not known.

    The seal over the bytes ``signing`` is left out: it is used in the act by which they are signed.
    """
    for found in reversed(earlier):
        sealing = found.name == "seal.used" and found.text("before_sha256") == signing
        if found.text("document") != document or (sealing and signing is not None):
            continue
        if found.name == "document.finalized":
            return found.text("document_sha256")
        if found.name in ("party.signed", "seal.used"):
            return found.text("after_sha256")
    return None


def _completed_after_all_signed(event: CaseEvent, earlier: Earlier) -> Iterator[str]:
    if event.name != "contract.completed":
        return
    signed = {found.text("party") for found in _named(earlier, "party.signed")}
    # Read backwards, a chain of delegations ends at whoever signed.
    for delegated in reversed(list(_named(earlier, "party.delegated"))):
        if delegated.text("to_party") in signed:
            signed.add(delegated.text("from_party"))
    for party in chain.from_iterable(
        _objects(created, "parties") for created in _named(earlier, "contract.created")
    ):
        if party.get("required") is True and _text(party, "party") not in signed:
            yield f"the contract was completed without the signature of party {_text(party, 'party')}"


def _nothing_after_final_state(event: CaseEvent, earlier: Earlier) -> Iterator[str]:
    kind = EVENT_TYPES.get(event.type)
    if kind is None or kind.custody or event.name == "case.closed":
        return
    for final in _named(earlier, *_FINAL):
        yield f"{event.name} came after {final.name}"
        return


def _times_in_order(event: CaseEvent, earlier: Earlier) -> Iterator[str]:
    if event.occurred_at is None:
        return
    before = [found.occurred_at for found in earlier if found.occurred_at is not None]
    if before and event.occurred_at < max(before) - SKEW:
        yield "the event is said to have occurred before those that were deposited earlier"


SEQUENCE_RULES = (
    SequenceRule(
        "PERSON_BEFORE_ORGANIZATION",
        "先核验经办人，后核验单位",
        "The acting person is verified before the organisation.",
        _person_before_organization,
    ),
    SequenceRule(
        "IDENTITY_BEFORE_CERTIFICATE",
        "先核验身份，后签发证书",
        "A certificate is issued after its holder's identity was verified.",
        _identity_before_certificate,
    ),
    SequenceRule(
        "SENT_AFTER_FINALIZED",
        "先定稿，后发起，且字节一致",
        "What is sent was finalised before, with the same bytes.",
        _sent_after_finalized,
    ),
    SequenceRule(
        "VIEW_BEFORE_SIGN",
        "先查看，后签署",
        "A party signs what was shown to it before.",
        _view_before_sign,
    ),
    SequenceRule(
        "CHALLENGE_BEFORE_INTENT",
        "先发起并通过意愿核验，后确认意愿",
        "An intent is confirmed after its challenge was sent and answered, with the same party, challenge and digest.",
        _challenge_before_intent,
    ),
    SequenceRule(
        "INTENT_BINDS_SIGNATURE",
        "签署与意愿确认绑定同一文件摘要",
        "A signature names an earlier intent of the same party over the same document digest.",
        _intent_binds_signature,
    ),
    SequenceRule(
        "REVISIONS_UNBROKEN",
        "签署前的文件即定稿、前一次签署后的文件，或签署方本人在其上填写后的文件",
        "What is signed or sealed is the finalised document or the result of an earlier signing or sealing, "
        "as it was or as the signing party itself filled it in.",
        _revisions_unbroken,
    ),
    SequenceRule(
        "COMPLETED_AFTER_ALL_SIGNED",
        "必须签署方均已签署，合同方为完成",
        "A contract is complete only if every required party signed.",
        _completed_after_all_signed,
    ),
    SequenceRule(
        "NOTHING_AFTER_FINAL_STATE",
        "合同结束后只有保管类事件",
        "After a final state only custody events follow, and case.closed.",
        _nothing_after_final_state,
    ),
    SequenceRule(
        "TIMES_IN_ORDER",
        "发生时间不早于此前事件（容差五分钟）",
        "The times claimed do not go back by more than five minutes.",
        _times_in_order,
    ),
)


def sequence_warnings(events: Sequence[CaseEvent]) -> tuple[SequenceWarning, ...]:
    """Hold the events of one case, in its order, against every rule.

    Raises:
        UncheckableError: code TOO_MANY_EVENTS: more than 2,000; the work grows with the square of their number.

    """
    if len(events) > MAX_EVENTS:
        raise UncheckableError(
            "TOO_MANY_EVENTS", f"the order of more than {MAX_EVENTS} events is not looked at"
        )
    return tuple(
        SequenceWarning(rule.code, event.seq, complaint)
        for position, event in enumerate(events)
        for rule in SEQUENCE_RULES
        for complaint in rule.complaints(event, events[:position])
    )
