"""``verify_bundle`` and ``verify_package``: all checks over one bundle, in order, into one report.

    bundle, package or certificate ─► what is examined ─► judged under a policy (``judging.py``) ─► report

Nothing is believed of the bundle that the policy does not say or a check does not show. The function always
returns a report: evidence that is false, ill-formed or missing is a finding, not an exception.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zheng_verifier.bundle import parse_bundle
from zheng_verifier.checks.certificate import examine_certificate, judge_certificate
from zheng_verifier.checks.evidence import finding_of
from zheng_verifier.checks.judging import judge_bundle
from zheng_verifier.checks.package import examine_package, judge_container
from zheng_verifier.deposit_certificate.files import BUNDLE_FILE
from zheng_verifier.errors import EvidenceError, UncheckableError, escape
from zheng_verifier.examined import Document, Examined, examine_document
from zheng_verifier.package import names
from zheng_verifier.package.package import open_package, read_bundle
from zheng_verifier.policy import fingerprint, parse_policy
from zheng_verifier.report.model import (
    Finding,
    InputFile,
    Overall,
    PolicySource,
    PolicyUse,
    Report,
    say,
)
from zheng_verifier.version import VERSION

__all__ = [
    "Document",
    "PolicyInput",
    "judge",
    "policy_in_package",
    "refuse",
    "verify_bundle",
    "verify_certificate",
    "verify_package",
]


@dataclass(frozen=True, slots=True)
class PolicyInput:
    """The bytes of a trust policy, and who supplied them."""

    data: bytes
    source: PolicySource = PolicySource.USER


def verify_bundle(
    bundle: bytes,
    *,
    documents: Sequence[Document] = (),
    policy: PolicyInput,
    at: datetime | None,
    name: str = "bundle",
    statement: bytes | None = None,
) -> Report:
    """Verify a bundle and the documents at hand under a trust policy.

    ``statement`` is what the operator says of himself (``statement.py``), if the user has it: disclosed, never verified.
    ``name`` is what the report calls the bundle. ``at`` is the verifier's own time, aware: it decides whether the
    policy is in force, and algorithms where no trusted time-stamp does; None leaves that open, and the overall word
    then stays below CONSISTENT. Never raises for anything in its inputs.
    """
    examined = Examined(
        escape(name), bundle, tuple(examine_document(document) for document in documents), statement=statement
    )
    return judge(examined, policy=policy, at=at)


def verify_package(
    data: bytes,
    *,
    documents: Sequence[Document] = (),
    policy: PolicyInput,
    at: datetime | None,
    name: str = "package",
) -> Report:
    """Verify an evidence package: the bundle and the documents in it, further ``documents``, and the container (C01).

    Otherwise as ``verify_bundle``.
    """
    try:
        package = open_package(data)
        bundle = read_bundle(package)
    except EvidenceError as error:
        return refuse(error, data, policy=policy, at=at, name=name)
    enclosed = (Document(f"{name}/{file.name}", file.data) for file in package.documents)
    examined = Examined(
        escape(f"{name}/{names.BUNDLE}"),
        bundle,
        tuple(examine_document(document) for document in (*enclosed, *documents)),
        examine_package(data, package, name),
        package.files.get(names.STATEMENT),
    )
    return judge(examined, policy=policy, at=at)


def verify_certificate(
    pdf: bytes,
    *,
    documents: Sequence[Document] = (),
    policy: PolicyInput,
    at: datetime | None,
    name: str = "certificate.pdf",
) -> Report:
    """Verify a certificate of deposit by itself: the bundle in it, ``documents``, its record and its seal (C01).

    Otherwise as ``verify_bundle``.
    """
    from zheng_verifier.deposit_certificate.attached import read_certificate  # loads pyHanko

    try:
        attached = read_certificate(pdf)
    except EvidenceError as error:
        return refuse(error, pdf, policy=policy, at=at, name=name)
    examined = Examined(
        escape(f"{name}/{BUNDLE_FILE}"),
        attached.bundle,
        tuple(examine_document(document) for document in documents),
        examine_certificate(pdf, attached, name),
    )
    return judge(examined, policy=policy, at=at)


def policy_in_package(data: bytes) -> PolicyInput:
    """Take the policy out of a package, for a user who has no other: it caps the overall word at INCOMPLETE.

    Raises:
        MalformedError: no package can be opened.
        UncheckableError: NO_POLICY: there is none in it.

    """
    policy = open_package(data).files.get(names.POLICY)
    if policy is None:
        raise UncheckableError("NO_POLICY", "the package holds no trust policy", names.POLICY)
    return PolicyInput(policy, PolicySource.PACKAGE)


def refuse(
    error: EvidenceError, data: bytes, *, policy: PolicyInput, at: datetime | None, name: str
) -> Report:
    """Report that a file cannot be read at all, and why."""
    file = InputFile(escape(name), len(data), hashlib.sha256(data).hexdigest())
    use = PolicyUse(fingerprint(policy.data), policy.source)
    return _unreadable(use, (file,), at, finding_of(error, say("package.the_file")))


def _unreadable(
    use: PolicyUse,
    inputs: tuple[InputFile, ...],
    at: datetime | None,
    refusal: Finding,
    examined: Examined | None = None,
) -> Report:
    return Report(
        verifier=VERSION,
        verified_at=at,
        policy=use,
        inputs=inputs,
        origin=None,
        case=None,
        overall=Overall.UNREADABLE,
        axes=(),
        checks=(),
        events=(),
        notes=(),
        refusal=refusal,
        examined=examined,
    )


def judge(examined: Examined, *, policy: PolicyInput, at: datetime | None) -> Report:
    """Judge under a policy what was examined: the same report that ``verify_bundle`` gives on the files themselves."""
    container = () if examined.container is None else (examined.container,)
    inputs = (
        *(InputFile(each.name, each.size, each.sha256) for each in container),
        InputFile(examined.name, len(examined.bundle), hashlib.sha256(examined.bundle).hexdigest()),
        *(InputFile(document.name, document.size, document.sha256) for document in examined.documents),
    )
    use = PolicyUse(fingerprint(policy.data), policy.source)
    try:
        parsed_policy = parse_policy(policy.data)
        use = PolicyUse(use.fingerprint, policy.source, parsed_policy.issued_at, parsed_policy.expires)
        parsed = parse_bundle(examined.bundle)
    except EvidenceError as error:
        subject = say("the_policy" if use.issued_at is None else "the_bundle")
        return _unreadable(use, inputs, at, finding_of(error, subject), examined)
    report = judge_bundle(parsed, examined, parsed_policy, use, inputs, at)
    if examined.container is not None and examined.container.kind == "package":
        return judge_container(report, examined.container, parsed, parsed_policy)
    if examined.container is not None:
        return judge_certificate(report, examined.container, parsed, parsed_policy)
    return report
