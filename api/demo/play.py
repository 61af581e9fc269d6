"""Plays the demonstration's case against a running service, as its platform would, and writes what it leaves."""

import os
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from zheng_verifier.policy import TrustedCa, format_policy, parse_policy

from api.accounts.apikeys import SCOPES
from api.cli.accounts import open_store
from api.cli.output import CommandError
from api.demo.outcome import FULL, REDACTED, write_outcome
from api.demo.platform import Platform
from api.demo.story import Story
from api.operation.anchor_requests import request_anchor
from api.settings import Settings
from api.times import now

_ANCHOR_SECONDS = 60.0
_PACKAGE_SECONDS = 120.0


def play(settings: Settings, url: str, folder: Path, step: Callable[[str], None]) -> None:
    """Make a tenant and a key, play the case as a platform, wait for its anchors, write what it leaves behind."""
    with open_store() as store:
        tenant = store.create_tenant(str(uuid.uuid4()), "Demonstration platform (示范平台)")
        new, _ = store.create_key(tenant.id, label="demo", scopes=frozenset(SCOPES), lifetime=None)
    headers = {"Authorization": f"Bearer {new.text}", "User-Agent": "zheng-demo"}
    with httpx.Client(base_url=url, headers=headers, timeout=60.0) as client:
        platform = Platform(
            client=client,
            tenant=tenant.id,
            key=Ed25519PrivateKey.generate(),
            clock=now,
            random=os.urandom,
            uuid=lambda: str(uuid.uuid4()),
        )
        platform.register_key()
        played = Story(platform, step).play()
        _anchored(settings, client, played.last.event_id, step)
        # The export's own entry is anchored too, so that the bundle holds nothing that is merely signed.
        attestation = str(uuid.uuid4())
        _ok(client.post(f"/v1/cases/{played.case}/bundle", json={"id": attestation}))
        _anchored(settings, client, attestation, step)
        bundle = _ok(client.get(f"/v1/cases/{played.case}/bundle")).content
        step("certificate of deposit")
        _, certificate = platform.issue_certificate(played.case, "房屋租赁合同 / Residential lease")
        write_outcome(
            folder,
            bundle=bundle,
            certificate=certificate,
            policy=_policy(platform.policy_bytes, played.authority),
            documents=played.documents,
            packages=_packages(client, played.case, step),
        )


def _policy(published: bytes, authority: TrustedCa) -> bytes:
    """Write the policy for the reader of this demonstration.

    The service speaks for log, chain and time-stamps. For the signers' certificates the platform does, whose test
    authority made them: the service cannot vouch for it and does not publish it.
    """
    policy = parse_policy(published)
    return format_policy(replace(policy, cas=(*policy.cas, authority)))


def _packages(client: httpx.Client, case: str, step: Callable[[str], None]) -> dict[str, bytes]:
    """Have both editions of the evidence package made, at once; the redacted one opens nothing."""
    step("evidence packages")
    orders = {
        FULL: {"edition": "full"},
        REDACTED: {"edition": "redacted", "recipient_kind": "court", "purpose": "litigation"},
    }
    accepted = {
        name: _ok(client.post(f"/v1/cases/{case}/packages", json={"id": str(uuid.uuid4())} | body))
        for name, body in orders.items()
    }
    return {name: _finished(client, answer.headers["location"]) for name, answer in accepted.items()}


def _finished(client: httpx.Client, location: str) -> bytes:
    """Wait for a job and fetch its package.

    Raises:
        CommandError: it failed, or took too long.
    """
    deadline = time.monotonic() + _PACKAGE_SECONDS
    while time.monotonic() < deadline:
        job: dict[str, Any] = _ok(client.get(location)).json()
        if job["state"] == "sealed":
            return _ok(client.get(job["result"]["url"])).content
        if job["state"] == "failed":
            raise CommandError(f"the package failed: {job['trouble']['en']}")
        time.sleep(0.2)
    raise CommandError(f"no package within {_PACKAGE_SECONDS:g} s: see `zheng jobs list`")


def _anchored(settings: Settings, client: httpx.Client, event: str, step: Callable[[str], None]) -> None:
    """Wait until an event is both time-stamped and anchored.

    Raises:
        CommandError: it took too long.
    """
    step("waiting for time-stamp and anchor")
    deadline = time.monotonic() + _ANCHOR_SECONDS
    while time.monotonic() < deadline:
        # Asked again and again: a worker that had just read the head before this event would answer with that one.
        request_anchor(settings, now())
        proofs: list[dict[str, Any]] = _ok(client.get(f"/v1/events/{event}/proof")).json()["proofs"]
        if all(any(proof[kind] for proof in proofs) for kind in ("timestamps", "anchors")):
            return
        time.sleep(0.2)
    raise CommandError(f"nothing was anchored within {_ANCHOR_SECONDS:g} s: see `zheng status`")


def _ok(response: httpx.Response) -> httpx.Response:
    if not response.is_success:
        raise CommandError(f"{response.request.method} {response.request.url.path}: {response.text[:2000]}")
    return response
