"""Conformance cases: files for any verifier of bundles, each named by what was done to honest evidence.

A case is a folder of `bundle.json`, `policy.json`, documents, and `expected.json`: options, the overall word, and the
status and code of every axis and check. Run this file to write them anew.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "conformance"
sys.path.insert(0, str(FOLDER.parent))

from makers.universe import (  # noqa: E402  (the path above leads there)
    DOCUMENTS,
    ORIGIN,
    OURS,
    SIGNED_FILE,
    Document,
    Universe,
    changed,
    closing,
    edit_event,
    edit_proof,
    minute,
    standard,
    uuid,
)
from zheng_verifier.bundle import format_bundle  # noqa: E402
from zheng_verifier.encoding import format_time  # noqa: E402
from zheng_verifier.policy import CompromisedKey, Quorum, format_policy  # noqa: E402
from zheng_verifier.report.model import Report  # noqa: E402

FORGER = Universe("forger", origin=ORIGIN)
AT = format_time(minute(60 * 24 * 28))


@dataclass(frozen=True)
class Case:
    bundle: bytes
    policy: bytes
    documents: tuple[Document, ...] = DOCUMENTS
    options: Mapping[str, str] = field(default_factory=lambda: {"at": AT})


def _edited(edit: Any = lambda bundle: bundle, *, steps: Any = None, policy: Any = None, **more: Any) -> Case:
    story = standard() if steps is None else OURS.story(steps)
    trusted = OURS.policy(story, **(policy or {}))
    return Case(format_bundle(edit(story.bundle())), format_policy(trusted), **more)


def cases() -> dict[str, Case]:
    story = standard()
    log = OURS.policy(story).logs[0]
    stolen = (CompromisedKey(OURS.vkey, minute(25), minute(20)),)
    theirs = FORGER.story()
    test_only = changed(14, tsas=("test",), chains=("dev",))
    test_only[8] = test_only[8].but(tsas=("test",), chains=("dev",))
    test_only[9] = test_only[9].but(after=lambda _: ())
    return {
        "honest": _edited(),
        "honest-under-test-authority-and-development-chain": _edited(steps=test_only),
        "policy-from-the-package": _edited(options={"at": AT, "policy-source": "package"}),
        "policy-expired": _edited(options={"at": "2031-01-01T00:00:00.000Z"}),
        "redacted": _edited(
            lambda b: replace(b, events=tuple(replace(event, disclosures=()) for event in b.events))
        ),
        "entry-withheld": _edited(edit_event(3, entry=None, disclosures=())),
        "entry-of-another-event": _edited(
            lambda b: edit_event(1, entry=b.events[0].entry, disclosures=())(b)
        ),
        "event-missing": _edited(steps=changed(6, listed=False)),
        "closing-count-wrong": _edited(steps=changed(10, data=lambda s: closing(s) | {"count": 3})),
        "claim-changed-under-its-signature": _edited(
            steps=changed(9, tamper=lambda claim: replace(claim, id=uuid("another id")))
        ),
        "document-changed": _edited(documents=(DOCUMENTS[0], Document("signed.pdf", SIGNED_FILE + b" "))),
        "token-of-another-checkpoint": _edited(edit_proof(1, tokens=(story.marks[0][1].tokens[0],))),
        "anchor-of-another-checkpoint": _edited(edit_proof(1, anchors=(story.marks[0][1].anchors[0],))),
        "received-after-its-token": _edited(steps=changed(5, minute=17)),
        "log-key-stolen": _edited(policy={"logs": (replace(log, compromised=stolen),)}),
        "quorum-of-two-not-met": _edited(policy={"quorum": Quorum(2, 1, 0)}),
        "forged-universe-under-our-origin": Case(
            format_bundle(theirs.bundle()), format_policy(OURS.policy(story))
        ),
        "forged-universe-with-its-own-policy": Case(
            format_bundle(theirs.bundle()),
            format_policy(FORGER.policy(theirs)),
            options={"at": AT, "policy-source": "package"},
        ),
        "not-a-bundle": Case(b"{}", format_policy(OURS.policy(story))),
    }


def expected(report: Report, case: Case) -> dict[str, Any]:
    """What a verifier must find."""
    return {
        "options": dict(case.options),
        "overall": report.overall.value,
        "axes": {axis.id.value: axis.status.value for axis in report.axes},
        "checks": {
            check.id.value: check.status.value + (f" {check.code}" if check.code else "")
            for check in report.checks
        },
    }


def build() -> dict[str, bytes]:
    """Make every file in memory, by its path within the folder."""
    from zheng_verifier.checks import PolicyInput, verify_bundle
    from zheng_verifier.encoding import parse_time
    from zheng_verifier.report.model import PolicySource

    files = {}
    for name, case in cases().items():
        source = PolicySource(case.options.get("policy-source", "user"))
        report = verify_bundle(
            case.bundle,
            documents=case.documents,
            policy=PolicyInput(case.policy, source),
            at=parse_time(case.options["at"]),
        )
        files[f"{name}/bundle.json"] = case.bundle
        files[f"{name}/policy.json"] = case.policy
        text = json.dumps(expected(report, case), indent=1)
        files[f"{name}/expected.json"] = text.encode() + b"\n"
        files |= {f"{name}/{document.name}": document.data for document in case.documents}
    return files


if __name__ == "__main__":
    for path, data in build().items():
        (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / path).write_bytes(data)
