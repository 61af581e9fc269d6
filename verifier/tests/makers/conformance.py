"""Conformance cases: files for any verifier, each named by what was done to honest evidence.

A case is a folder of `bundle.json` or `package.asice`, `policy.json`, documents, and `expected.json`: options, the
overall word, the status and code of every axis and check, and the code of a refusal. Run this file to write them anew.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "conformance"
sys.path.insert(0, str(FOLDER.parent))

from makers import packages  # noqa: E402  (the path above leads there)
from makers.fullcase import (  # noqa: E402
    CONTRACT_FILE,
    FILES,
    SEALED_FILE,
    SECOND_PHONE,
    acknowledged_terms,
    filled_in,
    full_steps,
    reopened,
    second_person,
    sha,
    signed_again,
)
from makers.universe import (  # noqa: E402
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
from zheng_verifier.package import names  # noqa: E402
from zheng_verifier.package.archive import parse_archive  # noqa: E402
from zheng_verifier.policy import CompromisedKey, Quorum, WitnessRule, format_policy  # noqa: E402
from zheng_verifier.report.model import Report  # noqa: E402
from zheng_verifier.statement import (  # noqa: E402
    Component,
    Operator,
    Statement,
    format_statement,
)

FORGER = Universe("forger", origin=ORIGIN)
AT = format_time(minute(60 * 24 * 28))


@dataclass(frozen=True)
class Case:
    evidence: bytes
    policy: bytes
    documents: tuple[Document, ...] = DOCUMENTS
    options: Mapping[str, str] = field(default_factory=lambda: {"at": AT})
    file: str = "bundle.json"
    statement: bytes | None = None


def _edited(edit: Any = lambda bundle: bundle, *, steps: Any = None, policy: Any = None, **more: Any) -> Case:
    story = standard() if steps is None else OURS.story(steps)
    trusted = OURS.policy(story, **(policy or {}))
    return Case(format_bundle(edit(story.bundle())), format_policy(trusted), **more)


def _packaged(evidence: bytes, policy: bytes | None = None, **more: Any) -> Case:
    trusted = packages.policy() if policy is None else policy
    return Case(evidence, trusted, (), file="package.asice", **more)


def _packed_again() -> bytes:
    files = parse_archive(packages.package())
    entries = [
        packages.Entry(file.name, file.data, method=8, packed=packages.deflate_plain(file.data))
        for file in files
    ]
    return packages.container([packages.MIME, *entries])


def package_cases() -> dict[str, Case]:
    """Packages whole, changed, packed again, and things that are none."""
    whole, edit = packages.package(), packages.edit
    files = {file.name: file.data for file in parse_archive(whole)}
    other_case = format_bundle(replace(standard().bundle(), case=uuid("another case")))
    events = tuple(replace(event, disclosures=()) for event in standard().bundle().events)
    closed = format_bundle(replace(standard().bundle(), events=events))
    foreign = packages.container([packages.MIME, packages.Entry("contract.pdf", b"%PDF-1.7")])
    manifest = files[names.MANIFEST].replace(ORIGIN.encode(), b"another.example/log")
    documents = (packages.PackagedDocument("application/pdf", SIGNED_FILE + b" "), *packages.documents()[:1])
    cases = {
        "honest": _packaged(whole),
        "redacted": _packaged(packages.package(edition="redacted", bundle=closed, documents=())),
        "without-a-time-stamp": _packaged(edit(whole, token=None)),
        "with-a-test-time-stamp": _packaged(
            edit(whole, token=packages.stamp(files[names.ASIC_MANIFEST], name="test"))
        ),
        "time-stamp-over-another-list": _packaged(edit(whole, token=packages.stamp(b"another list"))),
        "policy-from-the-package": _packaged(whole, options={"at": AT, "policy-source": "package"}),
        "packed-again": _packaged(_packed_again()),
        "file-changed": _packaged(edit(whole, readme=b"changed")),
        "file-not-listed": _packaged(edit(whole, **{"zheng/more.json": b"{}"})),
        "file-missing": _packaged(edit(whole, readme=None)),
        "two-lists": _packaged(edit(whole, **{"META-INF/ASiCManifest2.xml": b"<xml/>"})),
        "no-list": _packaged(edit(whole, listing=None)),
        "bundle-of-another-case": _packaged(packages.relist(files | {names.BUNDLE: other_case}, {})),
        "manifest-of-another-log": _packaged(packages.relist(files | {names.MANIFEST: manifest}, {})),
        "document-changed-and-listed": _packaged(packages.package(documents=documents)),
        "two-files-of-one-name": _packaged(
            packages.container([packages.MIME, *2 * [packages.Entry(names.MANIFEST, b"{}")]])
        ),
        "link": _packaged(
            packages.container(
                [packages.MIME, packages.Entry(names.MANIFEST, b"x", attributes=0o120777 << 16)]
            )
        ),
        "path-out-of-the-folder": _packaged(
            packages.container(
                [packages.MIME, packages.Entry(names.MANIFEST, b"{}"), packages.Entry("../a.txt")]
            )
        ),
        "encrypted": _packaged(
            packages.container([packages.MIME, packages.Entry(names.MANIFEST, b"x", flags=1)])
        ),
        "cut-off": _packaged(whole[:-100]),
        "pdf-and-zip-at-once": _packaged(b"%PDF-1.7\n" + whole),
        "zip-and-more": _packaged(whole + b"%PDF-1.7"),
        "container-of-somebody-else": _packaged(foreign),
        "no-bundle": _packaged(edit(whole, bundle=None)),
        "empty": _packaged(b""),
    }
    return {f"package-{name}": case for name, case in cases.items()}


def witness_cases() -> dict[str, Case]:
    """The policy asks for two of two witnesses: both are there, one is, one line is false."""
    rule = WitnessRule(2, (OURS.witness("w1")[0], OURS.witness("w2")[0]))
    policy = {"logs": (replace(OURS.policy(standard()).logs[0], witnesses=rule),)}
    both = changed(14, cosigned=(("w1", 29), ("w2", 28)))
    stranger = OURS.cosign("w1", "another checkpoint\n", minute(29))
    false = edit_proof(1, checkpoint=lambda note: note + f"{stranger.line}\n".encode())
    return {
        "witness-threshold-met": _edited(steps=both, policy=policy),
        "witness-threshold-not-met": _edited(steps=changed(14, cosigned=(("w1", 29),)), policy=policy),
        "cosignature-of-another-checkpoint": _edited(false, policy=policy),
    }


def statement_cases() -> dict[str, Case]:
    """The operator's word: without a relation, with one, and ill-formed."""
    plain = Statement(Operator("TEST operator"), interests=())
    related = Component("log", "TEST log", "TEST operator", related=True)
    return {
        "statement": _edited(statement=format_statement(plain)),
        "statement-with-interest": _edited(statement=format_statement(replace(plain, components=(related,)))),
        "statement-malformed": _edited(statement=b"{}"),
    }


def whole_cases() -> dict[str, Case]:
    """A case with identity, seal, challenge and intent: honest, and with one thing changed."""
    other = uuid("another party")
    changes: dict[str, dict[str, Any]] = {
        "honest": {},
        "identity-simulated": {"identity": {"simulated": True}},
        "name-mismatch": {"created": {"_private": {"parties": [{"name": "TEST other"}]}}},
        "phone-link-broken": {"challenge": {"_private": {"target": "13900000000"}}},
        "certificate-of-another-party": {"certificate": {"party": other}},
        "values-sealed": {"identity": {"_opened": ()}, "approved": {"_opened": ()}},
        "intent-not-bound": {"signed": {"before_sha256": sha(CONTRACT_FILE)}},
        "challenge-not-recomputed": {"challenge": {"challenge": "A" * 43}},
        "another-document-displayed": {"viewed": {"document_sha256": sha(CONTRACT_FILE)}},
        "not-displayed": {"viewed": {"party": other}},
        "terms-acknowledged": {"started": acknowledged_terms()},
        "seal-of-another-image": {"used": {"_private": {"image": "cd" * 32}}},
        "seal-out-of-grant": {"granted": {"valid_to": "2026-05-04T03:05:00.000Z"}},
        "two-persons-of-one-party": {
            "started": second_person(),
            "challenge": {"_private": {"target": SECOND_PHONE}},
        },
        "certificate-under-another-name": {"certificate": {"_private": {"subject": "CN=测试人 李四,C=CN"}}},
        "certificate-under-a-masked-name": {"certificate": {"_private": {"subject": "CN=测*"}}},
        "filled-in-by-its-party": filled_in(),
        "filled-in-by-another-party": filled_in(party=other),
        "filled-in-from-other-bytes": filled_in(before_sha256=sha(SEALED_FILE)),
        "required-event-missing": {"opened": {"required": ["document.archived"]}},
    }
    played = {name: full_steps(**change) for name, change in changes.items()} | {
        "two-signatures-by-one-confirmation": signed_again(),
        "opened-again": reopened("contract.created"),
        "opened-again-for-one-not-shown": reopened("contract.created", opened=None),
    }
    late = {"issued_at": minute(60 * 24)}
    return {
        f"whole-case-{name}": _edited(steps=steps, policy=late, documents=FILES)
        for name, steps in played.items()
    }


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
        "one-document-of-two": _edited(documents=DOCUMENTS[:1]),
        **witness_cases(),
        **statement_cases(),
        **whole_cases(),
        **package_cases(),
    }


def expected(report: Report, case: Case) -> dict[str, Any]:
    """What a verifier must find."""
    found: dict[str, Any] = {
        "options": dict(case.options),
        "overall": report.overall.value,
        "axes": {axis.id.value: axis.status.value for axis in report.axes},
        "checks": {
            check.id.value: check.status.value + (f" {check.code}" if check.code else "")
            for check in report.checks
        },
    }
    return found if report.refusal is None else found | {"refusal": report.refusal.code}


def build() -> dict[str, bytes]:
    """Make every file in memory, by its path within the folder."""
    from zheng_verifier.checks import PolicyInput
    from zheng_verifier.checks.any import verify_any
    from zheng_verifier.encoding import parse_time
    from zheng_verifier.report.model import PolicySource

    files = {}
    for name, case in cases().items():
        source = PolicySource(case.options.get("policy-source", "user"))
        report = verify_any(
            case.evidence,
            documents=case.documents,
            policy=PolicyInput(case.policy, source),
            at=parse_time(case.options["at"]),
            statement=case.statement,
        )
        if case.statement is not None:
            files[f"{name}/statement.json"] = case.statement
        files[f"{name}/{case.file}"] = case.evidence
        files[f"{name}/policy.json"] = case.policy
        text = json.dumps(expected(report, case), indent=1)
        files[f"{name}/expected.json"] = text.encode() + b"\n"
        files |= {f"{name}/{document.name}": document.data for document in case.documents}
    return files


if __name__ == "__main__":
    for path, data in build().items():
        (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / path).write_bytes(data)
