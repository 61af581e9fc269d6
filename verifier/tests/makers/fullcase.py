"""A whole contract case for the tests: identity, certificate, seal, display, challenge, intent, signature, closing.

Each step has a name; a test changes one by name. All values agree with one another, and every sealed value is opened.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from makers.universe import (
    CASE,
    CONTRACT_FILE,
    DOCUMENT,
    LOG_CASE,
    OURS,
    PARTY,
    SIGNED_FILE,
    Deposit,
    Mark,
    Story,
    attesting,
    closing,
    document,
    uuid,
)
from zheng_verifier.checks.case import Facts, read_case
from zheng_verifier.checks.entries import read_items
from zheng_verifier.encoding import format_base64url, parse_base64url
from zheng_verifier.examined import Document
from zheng_verifier.report.model import Finding, Status
from zheng_verifier.report.sentences import word
from zheng_verifier.report.texts import LANGUAGES
from zheng_verifier.timestamp.algorithms import digest

SEALED_FILE = CONTRACT_FILE + b" with a TEST seal"
FILES = (
    Document("contract.pdf", CONTRACT_FILE),
    Document("sealed.pdf", SEALED_FILE),
    Document("signed.pdf", SIGNED_FILE),
)
SEAL = uuid("seal")
NONCE = b"\x07" * 16
KEY, CHALLENGE, APPROVER = uuid("key"), uuid("challenge id"), uuid("approver")
NAME, PHONE, ACCOUNT = "测试人 𬭎㛃", "13800000000", "account-1"
PRINT = {"page": 1, "x_mpt": 1000, "y_mpt": 1000, "width_mpt": 1000, "height_mpt": 1000}


def sha(data: bytes) -> str:
    return digest("sha256", data).hex()


def challenge_of(story: Story) -> str:
    """SHA-256 over document digest, head of the case and nonce, as docs/spec/verification.md says."""
    parts = digest("sha256", SEALED_FILE) + parse_base64url(_head(story)) + NONCE
    return format_base64url(hashlib.sha256(parts).digest())


def _head(story: Story) -> str:
    return format_base64url(story.heads[CASE][1])


class FullCase:
    """The steps by name, in order; the challenge is kept from the step that makes it."""

    def __init__(self) -> None:
        self.bound = ""
        self.names: list[str] = []
        self.steps: list[Deposit | Mark] = [OURS.register("ed25519")]
        self._business()
        self._seal()
        self._sign()
        self._add("closed", "case.closed/1", closing, 24)
        self._add("attested", "evidence.attested/1", attesting, 25, kind="service")
        self.steps.append(Mark(30))

    def id_of(self, name: str) -> str:
        """The submitter's id of a step: the maker names events by their place in the log."""
        return uuid(f"event {self.names.index(name) + 1}")

    def _add(self, name: str, kind_of_event: str, data: Any, minute: float, **more: Any) -> None:
        more = {"claimed": minute, "opened": "all"} | more
        if more.get("kind") == "service":
            more["claimed"] = None
        self.names.append(name)
        self.steps.append(Deposit(kind_of_event, data, minute, **more))

    def _business(self) -> None:
        required = ["identity.person_verified", "intent.confirmed", "party.signed"]
        self._add("opened", "case.opened/1", {"kind": "contract", "required": required}, 1, kind="service")
        self._add(
            "account",
            "account.registered/1",
            {"subject_kind": "person", "channel": "pc"},
            2,
            private={"account": ACCOUNT, "name": NAME, "phone": PHONE},
        )
        started = {"party": PARTY, "subject_kind": "person", "level": "high", "methods": ["telecom3"]}
        self._add("started", "identity.started/1", started, 3, private={"account": ACCOUNT})
        self._add(
            "identity",
            "identity.person_verified/1",
            {
                "party": PARTY,
                "method": "telecom3",
                "provider": "provider1",
                "simulated": False,
                "result": "match",
                "level": "high",
                "fields_verified": ["name", "id_number", "phone"],
                "id_type": "id_card",
            },
            4,
            private={
                "provider_txn": "txn-1",
                "name": NAME,
                "id_number": "11010519491231002X",
                "phone": PHONE,
            },
        )
        self._add(
            "certificate",
            "certificate.issued/1",
            {
                "party": PARTY,
                "key": KEY,
                "ca": "ca1",
                "simulated": False,
                "profile": "one_time",
                "key_algorithm": "ecdsa_p256",
                "not_before": "2026-05-04T02:00:00.000Z",
                "not_after": "2026-05-05T03:00:00.000Z",
                "key_usage": ["digital_signature"],
            },
            5,
            private={
                "certificate": "e5" * 32,
                "serial_number": "01",
                "subject": f"CN={NAME}",
                "issuer": "CN=TEST CA",
            },
        )
        party = {"party": PARTY, "kind": "person", "role": "signatory", "order": 1, "required": True}
        self._add(
            "created",
            "contract.created/1",
            {"scene": "house_renting", "parties": [party], "signing_order": "parallel"},
            6,
            private={"title": "房屋租赁合同", "parties": [{"name": NAME}]},
        )
        finalized = {
            "document": DOCUMENT,
            "document_sha256": sha(CONTRACT_FILE),
            "size": len(CONTRACT_FILE),
            "pages": 1,
            "media_type": "application/pdf",
            "case_marked": True,
        }
        original = (document("original", CONTRACT_FILE),)
        self._add("finalized", "document.finalized/1", finalized, 7, documents=original, checked=(0,))

    def _seal(self) -> None:
        seal = {"seal": SEAL, "image": "ab" * 32}
        created = {
            "method": "template",
            "shape": "circle",
            "seal_type": "contract",
            "width_um": 40_000,
            "height_um": 40_000,
        }
        self._add("seal", "seal.created/1", created, 8, private=seal)
        grant = {
            "scope": "single_contract",
            "valid_from": "2026-05-04T03:00:00.000Z",
            "valid_to": "2026-05-05T03:00:00.000Z",
        }
        self._add("granted", "seal.granted/1", grant, 9, private={"seal": SEAL, "grantee": NAME})
        approved = {"document_sha256": sha(CONTRACT_FILE), "approver": APPROVER}
        self._add("approved", "seal.use_approved/1", approved, 10, private={"seal": SEAL})
        used = {
            "party": PARTY,
            "document": DOCUMENT,
            "before_sha256": sha(CONTRACT_FILE),
            "after_sha256": sha(SEALED_FILE),
            "placement": PRINT,
            "approval_event": self.id_of("approved"),
        }
        self._add(
            "used",
            "seal.used/1",
            used,
            11,
            private=seal,
            documents=(document("sealed", SEALED_FILE),),
        )

    def _sign(self) -> None:
        viewed = {
            "party": PARTY,
            "document": DOCUMENT,
            "document_sha256": sha(SEALED_FILE),
            "pages_total": 1,
            "pages_viewed": 1,
            "dwell_ms": 42_000,
            "scrolled_to_end": True,
            "terminal": "pc",
        }
        self._add("viewed", "document.viewed/1", viewed, 12)
        common = {"challenge_id": CHALLENGE, "party": PARTY, "document_sha256": sha(SEALED_FILE)}
        self._add(
            "challenge", "intent.challenge_sent/1", self._challenge(common), 13, private={"target": PHONE}
        )
        factor = {"channel": "sms", "attempts": 1, "provider": "provider1", "simulated": False}
        self._add("factor", "intent.otp_verified/1", self._bound(common | factor), 14)
        confirmed = {
            "document": DOCUMENT,
            "methods": ["otp_sms"],
            "statement_sha256": "cd" * 32,
            "locale": "zh-CN",
            "action": "checkbox",
            "terminal": "pc",
        }
        self._add("confirmed", "intent.confirmed/1", self._bound(common | confirmed), 15)
        signed = {
            "party": PARTY,
            "document": DOCUMENT,
            "before_sha256": sha(SEALED_FILE),
            "after_sha256": sha(SIGNED_FILE),
            "field": "Signature1",
            "byte_range": [0, 10, 20, 5],
            "signature_sha256": "b7" * 32,
            "signature_algorithm": "ecdsa_sha256",
            "level": "pades_b_b",
            "key": KEY,
            "intent_event": self.id_of("confirmed"),
            "seal_event": self.id_of("used"),
            "signing_time": "2026-05-04T03:16:00.000Z",
            "signing_time_source": "signer_clock",
        }
        self._add(
            "signed",
            "party.signed/1",
            self._bound(signed),
            16,
            private={"certificate": "e5" * 32},
            documents=(document("signed", SIGNED_FILE),),
        )
        final = {"document": DOCUMENT, "document_sha256": sha(SIGNED_FILE)}
        completed = {"documents": [final], "signed_parties": [PARTY]}
        self._add("completed", "contract.completed/1", completed, 20)

    def _challenge(self, common: dict[str, Any]) -> Callable[[Story], dict[str, Any]]:
        def make(story: Story) -> dict[str, Any]:
            self.bound = challenge_of(story)
            return common | {
                "method": "otp_sms",
                "challenge": self.bound,
                "challenge_nonce": format_base64url(NONCE),
                "case_head": _head(story),
                "expires_at": "2026-05-04T03:20:00.000Z",
                "provider": "provider1",
                "simulated": False,
            }

        return make

    def _bound(self, data: dict[str, Any]) -> Callable[[Story], dict[str, Any]]:
        return lambda _: data | {"challenge": self.bound}

    def place(self, name: str) -> int:
        """The position of a step."""
        return self.names.index(name) + 1


def full_steps(**changes: dict[str, Any] | None) -> list[Deposit | Mark]:
    """The case with steps changed by name: members of their data replaced (None: left out), or, with ``_``, of the step.

    ``full_steps(signed={"field": "Other"})``, ``full_steps(identity={"_private": {...}})``; None drops a step's listing.
    """
    case = FullCase()
    for name, change in changes.items():
        place = case.place(name)
        step = case.steps[place]
        assert isinstance(step, Deposit)
        if change is None:
            case.steps[place] = step.but(enclosed=False, opened=())
            continue
        members = {key: value for key, value in change.items() if not key.startswith("_")}
        fields = {key.removeprefix("_"): value for key, value in change.items() if key.startswith("_")}
        if "private" in fields:
            merged = {**step.private, **fields["private"]}
            fields["private"] = {key: value for key, value in merged.items() if value is not None}
        if members:
            fields["data"] = _replaced(step.data, members)
        case.steps[place] = step.but(**fields)
    return case.steps


SECOND_PHONE = "13900000000"


def second_person(**private: Any) -> dict[str, Any]:
    """Change the step ``started`` into the check of another person for the same party, with another phone."""
    own = {"name": "测试人 李四", "id_number": "110105194912310038", "phone": SECOND_PHONE}
    return {
        "_type": "identity.person_verified/1",
        "subject_kind": None,
        "methods": None,
        "method": "telecom3",
        "provider": "provider1",
        "simulated": False,
        "result": "match",
        "level": "high",
        "fields_verified": ["name", "id_number", "phone"],
        "id_type": "id_card",
        "_private": {"account": None, "provider_txn": "txn-2"} | own | private,
    }


def acknowledged_terms(**changes: Any) -> dict[str, Any]:
    """Change the step ``started`` into the party's acknowledgement of a term of the bytes that it confirms."""
    return {
        "_type": "terms.acknowledged/1",
        "subject_kind": None,
        "level": None,
        "methods": None,
        "document": DOCUMENT,
        "document_sha256": sha(SEALED_FILE),
        "terms": [{"kind": "automatic_renewal", "source": "keyword", "placement": PRINT}],
        "statement_sha256": "cd" * 32,
        "locale": "zh-CN",
        "action": "click",
        "terminal": "pc",
        "_private": {"account": None},
    } | changes


FILLED_SHA256 = "c1" * 32


def filled_in(**changes: Any) -> dict[str, dict[str, Any]]:
    """Change the step ``granted`` into the party's filling in of the finalised document, and seal what came of it."""
    filled = {
        "_type": "document.filled/1",
        "scope": None,
        "valid_from": None,
        "valid_to": None,
        "party": PARTY,
        "document": DOCUMENT,
        "before_sha256": sha(CONTRACT_FILE),
        "after_sha256": FILLED_SHA256,
        "field_count": 1,
        "_private": {"seal": None, "grantee": None, "form": [{"field": "rent", "value": "12800.50"}]},
    }
    sealed = {
        "approved": {"document_sha256": FILLED_SHA256},
        "used": {"before_sha256": FILLED_SHA256},
    }
    return {"granted": filled | changes} | sealed


def signed_again(**changes: Any) -> list[Deposit | Mark]:
    """The case with a second signature after the first: what is not changed of it is the same, the confirmation too."""
    steps = full_steps()
    first = steps[FullCase().place("signed")]
    assert isinstance(first, Deposit)
    members = {"field": "Signature2", "signature_sha256": "b8" * 32} | changes
    return followed("signed", first.but(data=_replaced(first.data, members), minute=17, claimed=17), steps)


def reopened(*required: str, **changes: Any) -> list[Deposit | Mark]:
    """The case with a second opening after the signature, by which it is of another kind and requires other events."""
    again = Deposit("case.opened/1", {"kind": "subject", "required": list(required)}, 17, "service")
    return followed("signed", again, full_steps(**changes))


def followed(name: str, step: Deposit, steps: list[Deposit | Mark]) -> list[Deposit | Mark]:
    """Put a step behind the one named; ids of what comes later change, which nothing there refers to."""
    place = FullCase().place(name) + 1
    return [*steps[:place], step, *steps[place:]]


def _replaced(data: Any, members: dict[str, Any]) -> Callable[[Story], dict[str, Any]]:
    def make(story: Story) -> dict[str, Any]:
        made = data(story) if callable(data) else data
        merged = made | {key: value(story) if callable(value) else value for key, value in members.items()}
        return {key: value for key, value in merged.items() if value is not None}

    return make


def facts_of(steps: Sequence[Deposit | Mark]) -> Facts:
    """Read the case as C03 does; without checkpoints, which these checks do not ask for."""
    bundle = OURS.story([step for step in steps if not isinstance(step, Mark)]).bundle()
    items, _ = read_items(bundle, LOG_CASE)
    return read_case(items)


def found(findings: Sequence[Finding]) -> set[tuple[str, str]]:
    """Give (status, code) of what did not pass, and put every sentence into both languages."""
    for finding in findings:
        for language in LANGUAGES:
            assert word(finding.subject, language)
            word(finding.detail, language)
    return {(f.status.value, f.code) for f in findings if f.status is not Status.PASSED}
