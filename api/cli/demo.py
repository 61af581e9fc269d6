"""`zheng demo`: the main job on one machine, from nothing to a bundle verified by a separate program."""

import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.apikeys import SCOPES
from api.cli.accounts import open_store
from api.cli.output import CommandError, Json, show, steps
from api.cli.processes import running
from api.demo.outcome import verify_offline, write_outcome
from api.demo.platform import Platform
from api.demo.story import Story
from api.installation import initialise
from api.settings import Settings, load_settings
from api.times import now
from api.worker import request_anchor

_ANCHOR_SECONDS = 60.0


def demo(
    serve: Annotated[bool, typer.Option(help="go on serving afterwards")] = False,
    folder: Annotated[Path, typer.Option(help="where the evidence is written")] = Path("demo"),
    as_json: Json = False,
) -> None:
    """Play one real case through the public API, write its evidence, and verify it without network."""
    settings = load_settings()
    with steps("init") as step:
        initialise(settings, clock=now, random=os.urandom, progress=step)
    with running() as service:
        if not (folder / "bundle.json").is_file():
            with steps("demo") as step:
                _play(settings, service.url, folder, step)
        verification = verify_offline(folder)
        value = {"folder": str(folder), "command": verification.command, "exit_code": verification.exit_code}
        lines = [verification.text, f"$ {verification.command}", f"exit code {verification.exit_code}"]
        show(value | {"url": service.url}, as_json=as_json, lines=lines)
        if serve:
            show({"url": service.url}, as_json=as_json, lines=[f"serving at {service.url}; Ctrl-C ends it"])
            service.wait()


def _play(settings: Settings, url: str, folder: Path, step: Callable[[str], None]) -> None:
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
            policy=platform.policy_bytes,
            documents=played.documents,
        )


def _anchored(settings: Settings, client: httpx.Client, event: str, step: Callable[[str], None]) -> None:
    """Wait until an event is both time-stamped and anchored.

    Raises:
        CommandError: it took too long.
    """
    step("waiting for time-stamp and anchor")
    request_anchor(settings, now())
    deadline = time.monotonic() + _ANCHOR_SECONDS
    while time.monotonic() < deadline:
        proofs: list[dict[str, Any]] = _ok(client.get(f"/v1/events/{event}/proof")).json()["proofs"]
        if all(any(proof[kind] for proof in proofs) for kind in ("timestamps", "anchors")):
            return
        time.sleep(0.2)
    raise CommandError(f"nothing was anchored within {_ANCHOR_SECONDS:g} s: see `zheng status`")


def _ok(response: httpx.Response) -> httpx.Response:
    if not response.is_success:
        raise CommandError(f"{response.request.method} {response.request.url.path}: {response.text[:2000]}")
    return response
