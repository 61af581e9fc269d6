"""The stages of a submission: give it, or ask what became of it; then say in the log what was answered.

Before anything leaves, "unknown" is durable: after a crash or a lost answer the institution is asked first, and given
the same again, under the same business id, only if it says that it never had it. The answer's bytes are left with the
case, where packages enclose them, and named by the event.
"""

import asyncio
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from zheng_verifier.canonical import JsonObject, JsonValue, format_json
from zheng_verifier.claim import Claim, DocumentRef, format_claim
from zheng_verifier.encoding import format_hex, format_time
from zheng_verifier.sealed import SALT_SIZE
from zheng_verifier.taxonomy import check_data, seal_private
from zheng_verifier.timestamp.algorithms import digest

from api.accounts.store import SeenDocument
from api.institutions.model import Submitted
from api.institutions.ports import Acknowledgement, Content, Institution, Submission
from api.jobs.model import JobFailure, JobKind, JobWaits
from api.jobs.queue import Stage
from api.problems import ProblemError
from api.services import Services
from api.web.jobs import find_job, finished_file
from ledger.deposit import Deposit
from ledger.errors import LedgerError, LedgerStoppedError, UnavailableError
from ledger.service import SERVICE

EVENT = "evidence.forwarded/1"
_WAITS = {"unsent": "institution-unavailable", "unknown": "answer-lost", "pending": "institution-deciding"}
# What the queue says when it lets go, in our words.
_ENDED = dict.fromkeys(_WAITS.values(), "institution-silent") | {"signer-unavailable": "internal"}


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Does the stages; all it must remember lies in api.db."""

    services: Services

    def knows(self, submission: str) -> bool:
        """Tell whether a job of the queue is a submission."""
        return self.services.submissions.find(submission) is not None

    def stages(self) -> Sequence[Stage]:
        """Give the stages of a submission."""
        return (
            Stage("forward", self._forward, exclusive=False),
            Stage("record", self._record, exclusive=False),
        )

    def trouble(self, submission: str, code: str) -> None:
        """Say what stands in the way for now."""
        self.services.submissions.trouble(submission, code)

    def fail(self, submission: str, code: str) -> None:
        """Let go of a submission until it is asked for again. How it stands stays: an unknown one is not refused."""
        if not self._found(submission).finished:
            self.services.submissions.trouble(submission, _ENDED.get(code, code))

    def _forward(self, submission: str) -> None:
        """Give it once, and ask for the answer until there is one."""
        submitted = self._found(submission)
        if submitted.state.final:
            return
        institution = self.services.institutions.get(submitted.wanted.institution)
        # A simulator in the place of an institution, or the other way round, is another one.
        if institution is None or institution.simulated != submitted.wanted.simulated:
            raise JobFailure("institution-gone")
        acknowledged = self._ask(institution, submitted)
        store = self.services.submissions
        match acknowledged.outcome:
            case "accepted" | "refused":
                store.answered(submission, acknowledged)
                return
            case "pending":
                store.deciding(submission)
            # A question that did not leave says nothing about a submission that left before.
            case "unsent" if not submitted.left:
                store.stayed(submission)
        raise JobWaits(_WAITS.get(acknowledged.outcome, "answer-lost"))

    def _ask(self, institution: Institution, submitted: Submitted) -> Acknowledgement:
        if submitted.left:
            acknowledged = institution.query(submitted.id)
            if acknowledged.outcome != "not_found":
                return acknowledged
        what = self._submission(submitted)
        self.services.submissions.leaving(submitted.id)
        return institution.submit(what)

    def _submission(self, submitted: Submitted) -> Submission:
        wanted = submitted.wanted
        body = wanted.checkpoint or b""
        if wanted.content is Content.PACKAGE:
            body = self._package(submitted)
        return Submission(
            business_id=submitted.id,
            name=f"zheng {wanted.content.value} {submitted.case}",
            description=f"{self.services.ledger.origin}: evidence of case {submitted.case}",
            media_type=wanted.media_type,
            size=wanted.size,
            sha256=wanted.sha256,
            sm3=wanted.sm3,
            body=body,
        )

    def _package(self, submitted: Submitted) -> bytes:
        """Give the package as it is now: one that was erased since it was asked for does not leave."""
        try:
            job = find_job(self.services, submitted.tenant, submitted.wanted.package or "")
            return finished_file(self.services, job, JobKind.PACKAGE)
        except ProblemError as error:
            raise JobFailure("package-gone") from error

    def _record(self, submission: str) -> None:
        """Say in the log what was accepted; a refusal is told by the submission alone."""
        submitted = self._found(submission)
        acknowledged = submitted.acknowledged
        if submitted.finished or acknowledged is None:
            return
        try:
            self._keep(submitted, acknowledged.raw)
            asyncio.run(self._deposit(submitted, acknowledged))
        except (UnavailableError, LedgerStoppedError) as error:
            raise JobWaits("signer-unavailable") from error
        except LedgerError as error:
            if error.code == "SIGNER_UNAVAILABLE":
                raise JobWaits("signer-unavailable") from error
            raise
        self.services.submissions.recorded(submission)

    def _keep(self, submitted: Submitted, raw: bytes) -> None:
        """Leave the answer's bytes with the case, where packages find them."""
        services, case = self.services, submitted.case
        sha256 = hashlib.sha256(raw).digest()
        if services.ledger.vault.document(case, sha256) is None:
            services.ledger.store_document(submitted.tenant, case, raw).result()
        seen = SeenDocument(len(raw), sha256, digest("sm3", raw))
        services.store.add_seen_document(submitted.tenant, case, seen)

    async def _deposit(self, submitted: Submitted, acknowledged: Acknowledgement) -> None:
        services = self.services
        event = str(uuid.uuid5(uuid.UUID(submitted.id), "forwarded"))
        data, disclosures = seal_private(
            EVENT,
            forwarded(submitted, acknowledged),
            _private(acknowledged),
            lambda: services.random(SALT_SIZE),
        )
        check_data(EVENT, data)
        claim = Claim(
            services.ledger.origin,
            submitted.tenant,
            submitted.case,
            event,
            EVENT,
            data,
            services.clock(),
            documents=(_answer_document(acknowledged),),
        )
        deposit = Deposit(
            submitted.tenant,
            format_claim(claim),
            SERVICE,
            documents_checked=(0,),
            sealed_seen=True,
            disclosures=disclosures,
            # Salts are drawn anew each time; what was answered stays the same.
            request_mac_input=format_json([EVENT, submitted.case, event]),
        )
        await asyncio.wrap_future(services.ledger.deposit([deposit], internal=True))

    def _found(self, submission: str) -> Submitted:
        found = self.services.submissions.find(submission)
        if found is None:
            raise JobFailure("internal")
        return found


def forwarded(submitted: Submitted, acknowledged: Acknowledgement) -> JsonObject:
    """Write the public part of the event: who took what, as he states it, and whether he exists."""
    wanted = submitted.wanted
    if acknowledged.accepted_at is None:
        raise ValueError("an acceptance has a time")
    return {
        "submission": submitted.id,
        "institution": wanted.institution,
        "institution_kind": wanted.kind.value,
        "simulated": wanted.simulated,
        "content": wanted.content.value,
        "sha256": format_hex(wanted.sha256),
        "size": wanted.size,
        "accepted_at": format_time(acknowledged.accepted_at),
        "response_sha256": hashlib.sha256(acknowledged.raw).hexdigest(),
    }


def _private(acknowledged: Acknowledgement) -> JsonObject:
    private: dict[str, JsonValue] = {"receipt": acknowledged.receipt}
    if acknowledged.transaction:
        private["transaction"] = acknowledged.transaction
    return private


def _answer_document(acknowledged: Acknowledgement) -> DocumentRef:
    raw = acknowledged.raw
    digests = {"sha256": hashlib.sha256(raw).digest(), "sm3": digest("sm3", raw)}
    return DocumentRef("institution_answer", len(raw), acknowledged.media_type, digests)
