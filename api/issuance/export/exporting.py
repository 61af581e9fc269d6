"""The stages of an export: attest, have that anchored, collect, verify and typeset, stamp, check, record, offer.

Each stage may be done twice, after a crash in it, and comes to the same: events have ids made from the job's, the log
gives the first receipt again, and what the log is told about is the file that lies on the disk already.
"""

import asyncio
import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from zheng_verifier.bundle import parse_bundle
from zheng_verifier.canonical import JsonObject
from zheng_verifier.checkpoint import parse_checkpoint_body
from zheng_verifier.encoding import format_base64url
from zheng_verifier.entry import parse_leaf
from zheng_verifier.merkle import leaf_hash
from zheng_verifier.note import parse_note
from zheng_verifier.package import names
from zheng_verifier.package.archive import ArchiveFile, format_archive
from zheng_verifier.package.package import format_package, open_package, read_bundle
from zheng_verifier.report.model import PolicySource
from zheng_verifier.timestamp import parse_response

from anchor.ports import AuthorityError
from anchor.timestamping import obtain_token
from api.issuance.attestation import attest, deposit_own
from api.issuance.export.drafting import contents_of, draft_package
from api.issuance.export.held_files import HeldFiles
from api.issuance.export.report_process import Cover
from api.issuance.export.reporting import make_report
from api.issuance.export.request import parse_request
from api.jobs.model import Job, JobFailure, JobKind, JobState, JobWaits, Progress, Result
from api.jobs.queue import Patience, Stage, Work
from api.operation.anchor_requests import request_anchor
from api.operation.authorities import open_authorities
from api.services import Services
from api.web.verification import Submission, verify_once
from ledger.errors import LedgerError, LedgerStoppedError, UnavailableError

STEPS = {
    JobKind.PACKAGE: ("attest", "anchor", "collect", "report", "typeset", "stamp", "check", "record"),
    JobKind.REPORT: ("attest", "anchor", "collect", "report", "typeset", "record"),
}
_STATES = {
    "attest": JobState.COLLECTING,
    "anchor": JobState.COLLECTING,
    "collect": JobState.COLLECTING,
    "report": JobState.VERIFYING,
    "typeset": JobState.RENDERING,
    "stamp": JobState.RENDERING,
    "check": JobState.RENDERING,
    "record": JobState.RENDERING,
}
_MEDIA_TYPES = {
    JobKind.PACKAGE: "application/vnd.etsi.asic-e+zip",
    JobKind.REPORT: "application/jose",
}
_GOOD = ("CONSISTENT", "INCOMPLETE")


def work_of(services: Services) -> Work:
    """Say what the queue does with a job."""
    settings = services.settings.jobs
    exports = Exports(services)
    return Work(
        exports.stages,
        services.jobs.trouble,
        exports.fail,
        Patience(settings.first_pause, settings.longest_pause, settings.waits, settings.breaks),
    )


def held_files(services: Services, kind: JobKind) -> HeldFiles:
    """Give the folder where finished files of a kind are kept."""
    paths = services.settings.paths
    folder = paths.packages if kind is JobKind.PACKAGE else paths.reports
    return HeldFiles(folder, paths.file_keys, random=services.random)


def drop_files(services: Services, job: Job) -> None:
    """Erase what was made for a job, and what was begun; a job that goes on finds its work lost."""
    files = held_files(services, job.kind)
    files.drop(_draft(job))
    files.drop(job.id)


class Exports:
    """Does the stages; everything it must remember lies in api.db or in held files."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def stages(self, job_id: str) -> Sequence[Stage]:
        """Give the stages of a job."""
        job = self._job(job_id)
        container = (Stage("stamp", self._stamp, exclusive=False), Stage("check", self._check))
        return (
            Stage("attest", self._attest),
            Stage("anchor", self._anchor, exclusive=False),
            Stage("collect", self._collect),
            Stage("report", self._report),
            *(container if job.kind is JobKind.PACKAGE else ()),
            Stage("record", self._record),
        )

    def fail(self, job_id: str, code: str) -> None:
        """End a job that cannot be done, and erase what was begun."""
        job = self._job(job_id)
        self._services.jobs.fail(job_id, code)
        drop_files(self._services, job)

    def _attest(self, job_id: str) -> None:
        """Say in the log which event was the last one when the evidence was put together."""
        job = self._begin(job_id, "attest")
        self._log(lambda: asyncio.run(attest(self._services, job.tenant, job.case, _event(job, "attested"))))

    def _anchor(self, job_id: str) -> None:
        """Wait for time-stamp and anchor of that entry, so that the package holds nothing that is merely signed."""
        job = self._job(job_id)
        services, limit = self._services, timedelta(seconds=self._services.settings.jobs.anchor_seconds)
        if not limit or services.clock() >= job.created_at + limit:
            return
        index = services.ledger.receipt(job.tenant, _event(job, "attested")).leaf_index
        checkpoints = [cover.checkpoint for cover in services.evidence.covers(index)]
        found = [each for each in checkpoints if each is not None]
        chains, authorities = services.settings.chains, services.settings.tsas
        if (not chains or any(each.anchors for each in found)) and (
            not authorities or any(each.tokens for each in found)
        ):
            return
        request_anchor(services.settings, services.clock())
        self._begin(job_id, "anchor")
        raise JobWaits("anchor-pending")

    def _collect(self, job_id: str) -> None:
        """Put the draft together."""
        job = self._begin(job_id, "collect")
        draft = draft_package(self._services, job.tenant, job.case, parse_request(job.request))
        held_files(self._services, job.kind).write(_draft(job), draft)

    def _report(self, job_id: str) -> None:
        """Verify the draft, have its report and pages made, and put them in."""
        job = self._begin(job_id, "report")
        services, files = self._services, held_files(self._services, job.kind)
        draft = self._held(job, _draft(job))
        reported = make_report(
            services, draft, self._cover(job), verified=lambda: self._advance(job, "typeset")
        )
        self._held(job, _draft(job))  # a case that was erased meanwhile took its draft along
        package = open_package(draft)
        if job.kind is JobKind.REPORT:
            pages = [ArchiveFile(name, data) for name, data in reported.pages.items()]
            files.write(job.id, format_archive([ArchiveFile(names.REPORT, reported.jws), *pages]))
            self._produced(job, reported.jws)
            return
        contents = replace(
            contents_of(package),
            report=reported.jws,
            report_zh=reported.pages[names.REPORT_ZH],
            report_en=reported.pages[names.REPORT_EN],
            list_zh=reported.pages[names.LIST_ZH],
            list_en=reported.pages[names.LIST_EN],
        )
        files.write(_draft(job), format_package(contents, None))

    def _stamp(self, job_id: str) -> None:
        """Have the list of files time-stamped, and write the package. Where no authority answers, the job waits."""
        job = self._begin(job_id, "stamp")
        package = open_package(self._held(job, _draft(job)))
        files = [ArchiveFile(name, data) for name, data in package.files.items()]
        token = self._token(package.files[names.ASIC_MANIFEST])
        if token is not None:
            files.append(ArchiveFile(names.TIMESTAMP, token))
        content = format_archive(files)
        held_files(self._services, job.kind).write(job.id, content)
        self._produced(job, content)

    def _token(self, message: bytes) -> bytes | None:
        services = self._services
        authorities = open_authorities(services.settings, clock=services.clock, random=services.random)
        for authority in authorities:
            try:
                nonce = int.from_bytes(services.random(8))
                accepted = obtain_token(authority.driver, authority.trusted, message, nonce)
            except AuthorityError:
                continue
            return parse_response(accepted.raw).granted().der
        if authorities:
            raise JobWaits("tsa-unavailable")
        return None

    def _check(self, job_id: str) -> None:
        """Let the very verifier that everybody has judge the finished package, in a process of its own."""
        job = self._begin(job_id, "check")
        content = self._held(job, job.id)
        policy = open_package(content).files[names.POLICY]
        submission = Submission(content, (), policy, PolicySource.PACKAGE)
        report = asyncio.run(verify_once(self._services.settings.limits, submission))
        checks = report.get("checks")
        container = [
            each.get("status")
            for each in (checks if isinstance(checks, list) else [])
            if isinstance(each, dict) and each.get("id") == "C01"
        ]
        # By a test authority or none the container is not PASSED; what is false about it is FAILED.
        if report.get("overall") not in _GOOD or container in ([], ["FAILED"]):
            raise JobFailure("check-failed")

    def _record(self, job_id: str) -> None:
        """Say in the log what was given out, then offer it."""
        job = self._begin(job_id, "record")
        self._held(job, job.id)
        data = self._exported(job)
        event = _event(job, "exported")
        self._log(
            lambda: asyncio.run(
                deposit_own(self._services, job.tenant, job.case, event, "evidence.exported/1", data)
            )
        )
        self._services.jobs.seal(job.id)
        held_files(self._services, job.kind).drop(_draft(job))

    def _exported(self, job: Job) -> JsonObject:
        request, result = parse_request(job.request), job.result
        if result is None:
            raise JobFailure("work-lost")
        bundle = parse_bundle(read_bundle(open_package(self._held(job, _draft(job)))))
        last, newest = bundle.events[-1].leaf, parse_note(bundle.proofs[-1].checkpoint)
        return {
            "package_sha256": result.sha256.hex(),
            "media_type": _MEDIA_TYPES[job.kind],
            "size": result.size,
            "seq": parse_leaf(last).seq,
            "leaf": format_base64url(leaf_hash(last)),
            "tree_size": parse_checkpoint_body(newest.text).size,
            "recipient_kind": request.recipient_kind,
            "purpose": request.purpose,
            "opened_values": result.opened,
        }

    def _job(self, job_id: str) -> Job:
        job = self._services.jobs.find(job_id)
        if job is None:
            raise JobFailure("work-lost")
        return job

    def _begin(self, job_id: str, step: str) -> Job:
        job = self._job(job_id)
        self._advance(job, step)
        return job

    def _advance(self, job: Job, step: str) -> None:
        steps = STEPS[job.kind]
        self._services.jobs.advance(job.id, _STATES[step], Progress(steps.index(step), len(steps), step))

    def _held(self, job: Job, name: str) -> bytes:
        content = held_files(self._services, job.kind).read(name)
        if content is None:
            raise JobFailure("work-lost")
        return content

    def _produced(self, job: Job, content: bytes) -> None:
        services = self._services
        bundle = parse_bundle(read_bundle(open_package(self._held(job, _draft(job)))))
        kept = timedelta(days=services.settings.jobs.keep_days)
        opened = sum(len(event.disclosures) for event in bundle.events)
        digest = hashlib.sha256(content).digest()
        services.jobs.produced(job.id, Result(digest, len(content), opened, services.clock() + kept))

    def _cover(self, job: Job) -> Cover:
        services, request = self._services, parse_request(job.request)
        owner = services.store.tenant(job.tenant)
        return Cover(
            number=job.id,
            version=job.version,
            created=services.clock(),
            edition=request.edition,
            applicant=None if owner is None else owner.name,
            purpose=request.purpose,
            verify_url=services.settings.public_url,
            issuer=services.settings.issuer.name or services.ledger.origin,
            lists=job.kind is JobKind.PACKAGE,
        )

    @staticmethod
    def _log(deposit: Callable[[], object]) -> None:
        """Deposit an event of our own; what keeps the log from signing just now is waited for."""
        try:
            deposit()
        except (UnavailableError, LedgerStoppedError) as error:
            raise JobWaits("signer-unavailable") from error
        except LedgerError as error:
            if error.code == "SIGNER_UNAVAILABLE":
                raise JobWaits("signer-unavailable") from error
            raise


def _event(job: Job, what: str) -> str:
    """Name an event of a job: the same each time the stage is done."""
    return str(uuid.uuid5(uuid.UUID(job.id), what))


def _draft(job: Job) -> str:
    return f"{job.id}.draft"
