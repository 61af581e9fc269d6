"""Plays the demonstration against a running service, as its clients would, and writes what it leaves."""

import uuid
from collections.abc import Callable
from pathlib import Path

from zheng_client import Client
from zheng_client.answers import Answer
from zheng_client.issuance import JobUnfinishedError
from zheng_verifier.entry import parse_entry

from api.accounts.apikeys import SCOPES
from api.cli.accounts import open_store
from api.cli.output import CommandError
from api.demo.outcome import FULL, REDACTED, write_outcome
from api.demo.papers import collect_papers
from api.demo.story import Story
from api.demo.waiting import until
from api.operation.anchor_requests import request_anchor
from api.settings import Settings
from api.times import now

Progress = Callable[[str], None]


def play(settings: Settings, url: str, folder: Path, step: Progress) -> None:
    """Make a tenant and a key, play the case as a platform, wait for its anchors, write what it leaves behind."""
    with open_store() as store:
        tenant = store.create_tenant(str(uuid.uuid4()), "Demonstration platform (示范平台)")
        new, _ = store.create_key(tenant.id, label="demo", scopes=frozenset(SCOPES), lifetime=None)

    def connect(token: str) -> Client:
        return Client(url, token, tenant=tenant.id)

    with connect(new.text) as platform:
        played = Story(platform, connect, step).play()
        case, issuance = played.case, platform.issuance
        papers = collect_papers(platform, played.contract, case)
        _anchored(settings, platform, case, step)
        # The export's own entry is anchored too, so that the bundle holds nothing that is merely signed.
        issuance.export_bundle(case)
        _anchored(settings, platform, case, step)
        bundle = issuance.bundle(case)
        step("certificate of deposit")
        number = issuance.issue_certificate(case, evidence_name="房屋租赁合同 / Residential lease")
        write_outcome(
            folder,
            bundle=bundle,
            certificate=issuance.certificate_pdf(number),
            policy=platform.public.policy(),
            documents=papers,
            packages=_packages(platform, case, step),
        )


def _packages(platform: Client, case: str, step: Progress) -> dict[str, bytes]:
    """Have both editions of the evidence package made, at once; the redacted one opens nothing.

    Raises:
        CommandError: one failed, or took too long.
    """
    step("evidence packages")
    issuance = platform.issuance
    ordered = {
        FULL: issuance.order_package(case),
        REDACTED: issuance.order_package(
            case, edition="redacted", recipient_kind="court", purpose="litigation"
        ),
    }
    try:
        return {name: issuance.package(issuance.finished(job.id).id) for name, job in ordered.items()}
    except JobUnfinishedError as error:
        raise CommandError(f"{error}: see `zheng jobs list`") from error


def _anchored(settings: Settings, platform: Client, case: str, step: Progress) -> None:
    """Wait until the newest event of a case is both time-stamped and anchored.

    Raises:
        CommandError: it took too long.
    """
    step("waiting for time-stamp and anchor")
    *_, newest = platform.evidence.events(case)
    event = parse_entry(newest.entry or b"").claim.id

    def proven() -> bool | None:
        # Asked again and again: a worker that had just read the head before this event would answer with that one.
        request_anchor(settings, now())
        proofs = Answer(platform.evidence.proof(event)).objects("proofs")
        return all(any(proof.objects(kind) for proof in proofs) for kind in ("timestamps", "anchors")) or None

    until(proven, "time-stamp and anchor")
