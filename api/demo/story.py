"""The demonstration case: a lease between two people, from their accounts to the completed contract.

Every person, number and address is invented; telephone and identity numbers are of forms that are never given out.
Identity checks and text messages are simulated, and every event that rests on one says so.
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from cryptography.hazmat.primitives.hashes import SHA256
from zheng_client import Deposited
from zheng_verifier.canonical import JsonObject
from zheng_verifier.claim import Actor, DocumentRef
from zheng_verifier.encoding import format_base64url, format_hex, format_time
from zheng_verifier.policy import TrustedCa
from zheng_verifier.timestamp.algorithms import digest

from api.demo.documents import CONTRACT_TITLE, finalize_contract, render_contract, render_draft
from api.demo.platform import Platform, challenge, fresh_reference
from api.demo.signing import ContractSigner, make_signers, sign_contract, trusted_authority

REQUIRED = ("document.finalized", "intent.confirmed", "party.signed", "contract.completed")
_PDF = "application/pdf"
_USER_AGENT = "ZhengDemo/0.1 (simulated browser)"
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person: how he is called, and references that are random for this case."""

    party: str
    key: str
    name: str
    phone: str
    id_number: str
    address: str
    signer: ContractSigner

    @property
    def actor(self) -> Actor:
        """The person as the actor of an event."""
        return Actor("person", self.party)


@dataclass(frozen=True, slots=True)
class Played:
    """A case that was played: its id, the last event, the documents by file name.

    ``authority`` is the platform's certification authority, which issued the signers' certificates.
    """

    case: str
    last: Deposited
    documents: dict[str, bytes]
    authority: TrustedCa


class Story:
    """Plays the case step by step against the public API; each step waits for its checked receipt."""

    def __init__(self, platform: Platform, progress: Progress) -> None:
        self._platform = platform
        self._progress = progress
        self._document = platform.uuid()
        landlord, tenant = make_signers(platform.clock)
        self._people = (
            self._person(landlord, "+8619900000001", "110101199001010000", "203.0.113.7"),
            self._person(tenant, "+8619900000002", "310101199202020000", "198.51.100.23"),
        )
        self._case = ""
        self._last: Deposited | None = None

    def _person(self, signer: ContractSigner, phone: str, id_number: str, address: str) -> Person:
        platform = self._platform
        return Person(platform.uuid(), platform.uuid(), signer.name, phone, id_number, address, signer)

    def play(self) -> Played:
        """Play the whole case; gives the case and its documents."""
        opened = self._platform.open_case(
            close_by=format_time(self._platform.clock() + timedelta(days=60)),
            required=REQUIRED,
            reference="DEMO-LEASE-1",
        )
        self._case, self._last = self._platform.case_of(opened), opened
        self._progress(f"case {self._case} opened")
        for person in self._people:
            self._identify(person)
        documents = self._prepare()
        signed = documents["finalized.pdf"]
        for number, person in enumerate(self._people, start=1):
            signed = self._sign(person, signed)
            documents[f"signed-by-{number}.pdf"] = signed
        documents["signed.pdf"] = documents.pop(f"signed-by-{len(self._people)}.pdf")
        self._complete(signed)
        return Played(self._case, self._head, documents, trusted_authority(self._people[0].signer))

    @property
    def _head(self) -> Deposited:
        if self._last is None:
            raise RuntimeError("no event was deposited yet")
        return self._last

    def _deposit(
        self,
        event_type: str,
        data: JsonObject,
        *,
        private: JsonObject | None = None,
        actor: Actor | None = None,
        documents: tuple[DocumentRef, ...] = (),
    ) -> Deposited:
        self._last = self._platform.deposit(
            self._case, event_type, data, private=private, actor=actor, documents=documents
        )
        self._progress(f"{self._last.seq:>3}  {event_type}")
        return self._last

    def _seen_from(self, person: Person) -> JsonObject:
        return {"ip": person.address, "user_agent": _USER_AGENT}

    def _identify(self, person: Person) -> None:
        """Account, agreement, simulated identity check and a test certificate."""
        platform, actor, seen = self._platform, person.actor, self._seen_from(person)
        account: JsonObject = {
            "account": f"demo-{person.party[:8]}",
            "name": person.name,
            "phone": person.phone,
        }
        data: JsonObject = {"subject_kind": "person", "channel": "pc"}
        self._deposit("account.registered/1", data, private=account | seen, actor=actor)
        terms = format_hex(hashlib.sha256(b"Zheng demo: agreement on electronic signing, version 1").digest())
        self._deposit(
            "agreement.accepted/1",
            {
                "party": person.party,
                "agreement": "service_terms",
                "version": "1",
                "text_sha256": terms,
                "locale": "zh-CN",
                "action": "checkbox",
            },
            private=seen,
            actor=actor,
        )
        self._deposit(
            "identity.person_verified/1",
            {
                "party": person.party,
                "method": "id2",
                "provider": "simulator",
                "simulated": True,
                "result": "match",
                "level": "low",
                "fields_verified": ["name", "id_number"],
                "id_type": "id_card",
            },
            private={
                "provider_txn": fresh_reference(platform.random),
                "name": person.name,
                "id_number": person.id_number,
                "phone": person.phone,
            },
            actor=actor,
        )
        self._certify(person)

    def _certify(self, person: Person) -> None:
        certificate = person.signer.certificate
        self._deposit(
            "certificate.issued/1",
            {
                "party": person.party,
                "key": person.key,
                "ca": "zheng-demo-test-ca",
                "simulated": True,
                "profile": "long_term",
                "key_algorithm": "ecdsa_p256",
                "not_before": format_time(certificate.not_valid_before_utc),
                "not_after": format_time(certificate.not_valid_after_utc),
                "key_usage": ["digital_signature", "content_commitment"],
            },
            private={
                "certificate": certificate.fingerprint(SHA256()).hex(),
                "serial_number": f"{certificate.serial_number:x}",
                "subject": certificate.subject.rfc4514_string(),
                "issuer": certificate.issuer.rfc4514_string(),
            },
            actor=person.actor,
        )

    def _reference(self, role: str, content: bytes) -> DocumentRef:
        digests = {"sha256": digest("sha256", content), "sm3": digest("sm3", content)}
        return DocumentRef(role, len(content), _PDF, digests)

    def _prepare(self) -> dict[str, bytes]:
        """Upload, create, finalize and send the contract."""
        platform, case = self._platform, self._case
        original, shown = render_draft(), render_contract(case)
        finalized = finalize_contract(shown)
        for content in (original, shown, finalized):
            platform.leave_document(case, content)
        title: JsonObject = {"title": CONTRACT_TITLE}
        self._deposit(
            "document.uploaded/1",
            self._about(original) | {"terminal": "pc"},
            private=title,
            documents=(self._reference("original", original),),
        )
        self._deposit("contract.created/1", self._contract(), private=title | self._names())
        self._deposit(
            "document.finalized/1",
            self._about(finalized) | {"case_marked": True},
            documents=(self._reference("shown", shown), self._reference("finalized", finalized)),
        )
        self._deposit(
            "contract.sent/1",
            {
                "documents": [{"document": self._document, "document_sha256": _hex(finalized)}],
                "recipients": [person.party for person in self._people],
                "deadline": format_time(platform.clock() + timedelta(days=30)),
                "terminal": "pc",
            },
        )
        return {"original.pdf": original, "shown.pdf": shown, "finalized.pdf": finalized}

    def _about(self, content: bytes) -> JsonObject:
        return {
            "document": self._document,
            "document_sha256": _hex(content),
            "size": len(content),
            "media_type": _PDF,
            "pages": _pages(content),
        }

    def _contract(self) -> JsonObject:
        return {
            "scene": "house_renting",
            "signing_order": "sequential",
            "deadline": format_time(self._platform.clock() + timedelta(days=30)),
            "parties": [
                {
                    "party": person.party,
                    "kind": "person",
                    "role": "signatory",
                    "order": order,
                    "required": True,
                }
                for order, person in enumerate(self._people, start=1)
            ],
        }

    def _names(self) -> JsonObject:
        return {"parties": [{"name": person.name} for person in self._people]}

    def _sign(self, person: Person, before: bytes) -> bytes:
        """Notify, show the file as it stands, have it confirmed, and add the signature."""
        self._notify(person)
        self._show(person, before)
        confirmed, bound = self._confirm(person, before)
        reason = f"case {self._case} head {format_base64url(self._head.leaf_hash)}"
        after = sign_contract(before, [person.signer], self._platform.clock, reason=reason)
        byte_range, signature = _last_signature(after)
        self._platform.leave_document(self._case, after)
        self._deposit(
            "party.signed/1",
            {
                "party": person.party,
                "document": self._document,
                "before_sha256": _hex(before),
                "after_sha256": _hex(after),
                "field": person.signer.field,
                "byte_range": [*byte_range],
                "signature_sha256": _hex(signature),
                "signature_algorithm": "ecdsa_sha256",
                "level": "pades_b_b",
                "key": person.key,
                "intent_event": confirmed.event_id,
                "challenge": bound,
                "signing_time": format_time(self._platform.clock()),
                "signing_time_source": "platform_clock",
            },
            private=self._seen_from(person)
            | {"certificate": person.signer.certificate.fingerprint(SHA256()).hex()},
            actor=person.actor,
            documents=(self._reference("signed", after),),
        )
        return after

    def _notify(self, person: Person) -> None:
        notification = self._platform.uuid()
        self._deposit(
            "notification.sent/1",
            {
                "notification": notification,
                "party": person.party,
                "channel": "sms",
                "purpose": "sign_request",
                "provider": "simulator",
                "simulated": True,
                "template_sha256": _hex("请签署 Please sign".encode()),
            },
            private={"target": person.phone, "provider_txn": fresh_reference(self._platform.random)},
        )

    def _show(self, person: Person, shown: bytes) -> None:
        self._deposit(
            "document.viewed/1",
            {
                "party": person.party,
                "document": self._document,
                "document_sha256": _hex(shown),
                "pages_total": _pages(shown),
                "pages_viewed": _pages(shown),
                "dwell_ms": 61_000,
                "scrolled_to_end": True,
                "terminal": "pc",
            },
            private=self._seen_from(person),
            actor=person.actor,
        )

    def _confirm(self, person: Person, shown: bytes) -> tuple[Deposited, str]:
        platform = self._platform
        nonce, head = platform.random(16), self._head.leaf_hash
        bound = format_base64url(challenge(hashlib.sha256(shown).digest(), head, nonce))
        challenge_id = platform.uuid()
        common: JsonObject = {
            "challenge_id": challenge_id,
            "party": person.party,
            "document_sha256": _hex(shown),
            "challenge": bound,
        }
        self._deposit(
            "intent.challenge_sent/1",
            common
            | {
                "method": "otp_sms",
                "challenge_nonce": format_base64url(nonce),
                "case_head": format_base64url(head),
                "expires_at": format_time(platform.clock() + timedelta(minutes=5)),
                "provider": "simulator",
                "simulated": True,
            },
            private={"target": person.phone},
        )
        otp: JsonObject = {"channel": "sms", "attempts": 1, "provider": "simulator", "simulated": True}
        seen = self._seen_from(person)
        self._deposit("intent.otp_verified/1", common | otp, private=seen, actor=person.actor)
        statement = format_hex(
            hashlib.sha256("本人已阅读并同意签署 I have read this and agree to sign".encode()).digest()
        )
        confirmed = self._deposit(
            "intent.confirmed/1",
            common
            | {
                "document": self._document,
                "methods": ["otp_sms"],
                "statement_sha256": statement,
                "locale": "zh-CN",
                "action": "checkbox",
                "terminal": "pc",
            },
            private=seen,
            actor=person.actor,
        )
        return confirmed, bound

    def _complete(self, signed: bytes) -> None:
        self._deposit(
            "contract.completed/1",
            {
                "documents": [{"document": self._document, "document_sha256": _hex(signed)}],
                "signed_parties": [person.party for person in self._people],
            },
            documents=(self._reference("signed", signed),),
        )
        for person in self._people:
            self._deposit(
                "contract.delivered/1",
                {
                    "party": person.party,
                    "document": self._document,
                    "document_sha256": _hex(signed),
                    "channel": "sms",
                },
                private={"target": person.phone},
            )
        last = self._head
        closing: JsonObject = {
            "count": last.seq,
            "head": format_base64url(last.leaf_hash),
            "outcome": "completed",
        }
        self._deposit("case.closed/1", closing)


def _hex(content: bytes) -> str:
    return format_hex(hashlib.sha256(content).digest())


def _pages(content: bytes) -> int:
    from pikepdf import Pdf

    with Pdf.open(io.BytesIO(content)) as pdf:
        return len(pdf.pages)


def _last_signature(signed: bytes) -> tuple[list[int], bytes]:
    """Give the byte range and the CMS of the newest signature of a PDF."""
    from asn1crypto.parser import peek
    from pyhanko.pdf_utils.reader import PdfFileReader

    newest = PdfFileReader(io.BytesIO(signed)).embedded_signatures[-1]
    padded = bytes(newest.pkcs7_content)  # the space kept for it is longer: zeros follow
    return [int(place) for place in newest.byte_range], padded[: peek(padded)]
