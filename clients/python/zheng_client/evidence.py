"""Cases, events, documents and keys: what a signing platform deposits, and the receipts it gets."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from zheng_verifier.canonical import JsonObject, JsonValue, format_json
from zheng_verifier.claim import Actor, Claim, DocumentRef, write_claim
from zheng_verifier.encoding import format_base64, format_base64url, format_time
from zheng_verifier.errors import EvidenceError
from zheng_verifier.jws import KEY_TYPE
from zheng_verifier.receipt import check_receipt, read_receipt
from zheng_verifier.sealed import SALT_SIZE
from zheng_verifier.taxonomy import seal_private

from zheng_client.answers import Answer
from zheng_client.errors import UnprovenError
from zheng_client.http import Http
from zheng_client.keys import SubmitterKey
from zheng_client.model import (
    Case,
    Deposited,
    EventView,
    LogIdentity,
    SeenDocument,
    read_case,
    read_event,
    read_seen,
)

_BYTES = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Means:
    """What a depositor needs beside the connection: his tenant and key, a clock, chance, and fresh UUIDs."""

    tenant: str
    key: SubmitterKey | None
    clock: Callable[[], datetime]
    random: Callable[[int], bytes]
    uuid: Callable[[], str]


@dataclass(frozen=True, slots=True)
class SealedClaim:
    """A claim with the disclosures of its sealed values, as far as the service may see them."""

    claim: Claim
    disclosures: tuple[str, ...] = ()


class Evidence:
    """Deposits. Every receipt is held against the log's key before it is given back."""

    def __init__(self, http: Http, means: Means, log: Callable[[], LogIdentity]) -> None:
        self._http = http
        self._means = means
        self._log = log

    def register_key(self, *, id: str | None = None) -> Deposited:  # noqa: A002  # the API's own word
        """Register the signing key with a proof of possession; claims signed by it are good from then on.

        Raises:
            ValueError: this client has no key.

        """
        key, log = self._key(), self._log()
        statement: JsonObject = {"zheng": "key/v1", "log": log.origin, "tenant": self._means.tenant}
        event_id = id or self._means.uuid()
        body: JsonObject = {
            "id": event_id,
            "key": format_base64(key.spki),
            "statement": statement,
            "jws": key.sign(format_json(statement), KEY_TYPE),
        }
        return self._accept(self._http.post("/v1/submitter-keys", body).object("receipt"), event_id)

    def open_case(
        self,
        kind: str,
        *,
        required: Sequence[str] = (),
        close_by: datetime | None = None,
        external_ref: str | None = None,
        id: str | None = None,  # noqa: A002
    ) -> Deposited:
        """Open a case of ``kind`` contract or subject; the receipt's leaf names it."""
        event_id = id or self._means.uuid()
        body: JsonObject = {"id": event_id, "kind": kind, "required": list(required)}
        if close_by is not None:
            body["close_by"] = format_time(close_by)
        if external_ref is not None:
            body["external_ref"] = external_ref
        return self._accept(self._http.post("/v1/cases", body), event_id)

    def erase_case(self, case: str, basis: str, *, id: str | None = None) -> Deposited:  # noqa: A002
        """Have the keys of everything the service keeps of a case destroyed; the receipt is of `privacy.erased`."""
        event_id = id or self._means.uuid()
        body: JsonObject = {"id": event_id, "basis": basis}
        return self._accept(self._http.post(f"/v1/cases/{case}/erasures", body), event_id)

    def case(self, case: str) -> Case:
        """Look at a case."""
        return read_case(self._http.get(f"/v1/cases/{case}"))

    def cases(self) -> Iterator[Case]:
        """List one's cases in the order they were opened."""
        return (read_case(each) for each in self._http.pages("/v1/cases"))

    def events(self, case: str) -> Iterator[EventView]:
        """List the events of a case by their place in it."""
        return (read_event(each) for each in self._http.pages(f"/v1/cases/{case}/events"))

    def claim(
        self,
        case: str,
        type: str,  # noqa: A002
        data: JsonObject,
        *,
        private: JsonObject | None = None,
        actor: Actor | None = None,
        documents: Sequence[DocumentRef] = (),
        occurred_at: datetime | None = None,
        id: str | None = None,  # noqa: A002
    ) -> SealedClaim:
        """Make a claim, its personal values (``private``, in the shape of ``data``) sealed with fresh salts.

        Raises:
            MalformedError, UncheckableError: the data does not fit the type.

        """
        disclosures: tuple[str, ...] = ()
        if private:
            data, disclosures = seal_private(type, data, private, lambda: self._means.random(SALT_SIZE))
        claim = Claim(
            log=self._log().origin,
            tenant=self._means.tenant,
            case=case,
            id=id or self._means.uuid(),
            type=type,
            data=data,
            occurred_at=occurred_at or self._means.clock(),
            actor=actor,
            documents=tuple(documents),
        )
        return SealedClaim(claim, disclosures)

    def deposit(
        self,
        case: str,
        type: str,  # noqa: A002
        data: JsonObject,
        *,
        private: JsonObject | None = None,
        actor: Actor | None = None,
        documents: Sequence[DocumentRef] = (),
        occurred_at: datetime | None = None,
        id: str | None = None,  # noqa: A002
    ) -> Deposited:
        """Seal, sign and deposit one event. To be able to repeat it, make the claim once and use `deposit_claim`."""
        claim = self.claim(
            case,
            type,
            data,
            private=private,
            actor=actor,
            documents=documents,
            occurred_at=occurred_at,
            id=id,
        )
        return self.deposit_claim(claim)

    def deposit_claim(self, sealed: SealedClaim) -> Deposited:
        """Sign and deposit a claim; the same again gives the first receipt."""
        answer = self._http.post(f"/v1/cases/{sealed.claim.case}/events", self._signed(sealed))
        return self._accept(answer, sealed.claim.id, sealed.claim)

    def deposit_claims(self, case: str, claims: Sequence[SealedClaim]) -> tuple[Deposited, ...]:
        """Deposit up to 1,000 claims of one case in their order, all or none."""
        events: list[JsonValue] = [self._signed(each) for each in claims]
        receipts = self._http.post(f"/v1/cases/{case}/events:batch", {"events": events}).objects("receipts")
        if len(receipts) != len(claims):
            raise UnprovenError("there are not as many receipts as claims")
        return tuple(
            self._accept(receipt, each.claim.id, each.claim)
            for receipt, each in zip(receipts, claims, strict=True)
        )

    def close_case(self, case: str, outcome: str, *, id: str | None = None) -> Deposited:  # noqa: A002
        """Close a case as it stands now: completed, withdrawn, voided, rejected, expired or ended."""
        now = self.case(case)
        data: JsonObject = {"count": now.events, "head": format_base64url(now.head), "outcome": outcome}
        return self.deposit(case, "case.closed/1", data, id=id)

    def event(self, event_id: str, *, claim: Claim | None = None) -> Deposited:
        """Get the receipt of one's event again, under the newest checkpoint; ``claim``: it must be of this one."""
        return self._accept(self._http.get(f"/v1/events/{event_id}"), event_id, claim)

    def proof(self, event_id: str, *, level: str | None = None) -> JsonObject:
        """Get the proofs of an event, the strongest last; ``level`` timestamped or anchored refuses weaker ones."""
        params = {} if level is None else {"level": level}
        return self._http.get(f"/v1/events/{event_id}/proof", params=params).value

    def leave_document(self, case: str, content: bytes, *, keep: bool = True) -> SeenDocument:
        """Have the service hash a document itself, and keep it, encrypted, for packages.

        Raises:
            UnprovenError: it hashed something else.

        """
        response = self._http.send(
            "PUT",
            f"/v1/cases/{case}/documents",
            content=content,
            headers={"Content-Type": _BYTES},
            params={"keep": "true" if keep else "false"},
        )
        seen = read_seen(Answer(response.json()))
        if (seen.size, seen.sha256) != (len(content), hashlib.sha256(content).digest()):
            raise UnprovenError("the service hashed other bytes than were sent")
        return seen

    def _key(self) -> SubmitterKey:
        if self._means.key is None:
            raise ValueError("this client was made without a key: claims would not be signed")
        return self._means.key

    def _signed(self, sealed: SealedClaim) -> JsonObject:
        body: JsonObject = {
            "claim": write_claim(sealed.claim),
            "jws": self._key().sign_claim(sealed.claim),
        }
        if sealed.disclosures:
            body["disclosures"] = list(sealed.disclosures)
        return body

    def _accept(self, answer: Answer, event_id: str, claim: Claim | None = None) -> Deposited:
        """Hold a receipt against the log's key and against what was sent.

        Raises:
            UnprovenError: it does not hold.

        """
        log = self._log()
        try:
            receipt = read_receipt(answer.value)
            checked = check_receipt(receipt, origin=log.origin, key=log.key, event_id=event_id, claim=claim)
        except EvidenceError as error:
            raise UnprovenError(f"a receipt does not hold: {error}") from error
        return Deposited(receipt, checked, answer.text("level"), answer.texts("disclosures"))
