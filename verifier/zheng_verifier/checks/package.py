"""C01: the container is as it was issued, and every file in it is the one its list names.

What this shows is packaging, never evidence: each item in the bundle proves itself, with or without a container. So a
time-stamp over the list that is absent, or by an authority that the policy does not trust, lowers no axis; what is
*false* about the container (a file that is not listed, another digest, a token over other bytes) fails A1.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace

from zheng_verifier.bundle import Bundle
from zheng_verifier.checks.evidence import (
    conclude,
    detail_of,
    failed,
    finding_of,
    indeterminate,
    not_applicable,
    not_provided,
    passed,
    skipped,
)
from zheng_verifier.checks.timestamps import ask_authorities, describe_token
from zheng_verifier.checks.verdict import judge_axes
from zheng_verifier.encoding import format_hex
from zheng_verifier.errors import EvidenceError, MalformedError, UncheckableError, escape
from zheng_verifier.examined import ExaminedContainer, ExaminedFile
from zheng_verifier.package import names
from zheng_verifier.package.asic import AsicManifest, parse_asic_manifest
from zheng_verifier.package.manifest import PackageManifest, parse_package_manifest, role_of
from zheng_verifier.package.package import Package, is_document_of, media_type_of
from zheng_verifier.policy import TrustPolicy
from zheng_verifier.report.comparison import compare_reports, describe_comparison
from zheng_verifier.report.model import (
    CheckId,
    Comparison,
    ContainerView,
    Finding,
    InputFile,
    Overall,
    Report,
    Status,
    say,
)
from zheng_verifier.report.signed import verify_signed_report
from zheng_verifier.timestamp import TrustedTsa, parse_response

_OTHER_LIST = re.compile(r"META-INF/[^/]*manifest[^/]*|[^/]+/manifest\.json", re.ASCII | re.IGNORECASE)
_UNLISTED = frozenset({names.ASIC_MANIFEST, names.TIMESTAMP})
_OUR_LISTS = frozenset({names.ASIC_MANIFEST, names.MANIFEST})
_READ = frozenset({names.ASIC_MANIFEST, names.TIMESTAMP, names.MANIFEST, names.REPORT})


def examine_package(data: bytes, package: Package, name: str) -> ExaminedContainer:
    """Take down what C01 needs of a package, so that it can be judged again without it."""
    files = tuple(
        ExaminedFile(each, len(content), _sha256(content), content if each in _READ else None)
        for each, content in package.files.items()
    )
    return ExaminedContainer("package", escape(name), len(data), _sha256(data), files, package.departures)


def _sha256(data: bytes) -> str:
    return format_hex(hashlib.sha256(data).digest())


def _content(container: ExaminedContainer, name: str) -> bytes | None:
    file = container.file(name)
    return None if file is None else file.data


def judge_container(
    report: Report, container: ExaminedContainer, bundle: Bundle, policy: TrustPolicy
) -> Report:
    """Put C01 into a report on the bundle of a package, and judge axes and overall word again.

    A container that is not the file that was issued caps the word at INCOMPLETE.
    """
    findings = check_container(container, bundle, policy.tsas, report.policy.fingerprint)
    judged = _rejudge(report, findings, capped=bool(container.departures))
    view = _view(container)
    enclosed = _content(container, names.REPORT)
    if enclosed is None:
        return replace(judged, container=view)
    finding, comparison = _compare_report(judged, enclosed, policy)
    judged = _rejudge(report, [*findings, finding], capped=bool(container.departures))
    return replace(judged, container=replace(view, enclosed=comparison))


def _rejudge(report: Report, findings: list[Finding], *, capped: bool) -> Report:
    result = conclude(CheckId.C01, findings)
    checks = tuple(result if check.id is CheckId.C01 else check for check in report.checks)
    axes, overall = judge_axes(checks), report.overall
    if any(axis.status is Status.FAILED for axis in axes[:4]):
        overall = Overall.INCONSISTENT
    elif capped and overall is Overall.CONSISTENT:
        overall = Overall.INCOMPLETE
    return replace(report, checks=checks, axes=axes, overall=overall)


def _compare_report(own: Report, enclosed: bytes, policy: TrustPolicy) -> tuple[Finding, Comparison | None]:
    """Hold the enclosed report against our own; it is never repeated, and whose it is only the policy can tell."""
    subject = say("package.report")
    keys = [key for issuer in policy.issuers for key in issuer.report_keys]
    try:
        comparison = compare_reports(own, verify_signed_report(enclosed.decode("ascii", "replace"), keys))
    except UncheckableError as error:
        return not_applicable(error.code, subject, detail_of(error)), None
    except EvidenceError as error:
        return finding_of(error, subject), None
    return not_applicable("", subject, describe_comparison(comparison)), comparison


def _view(container: ExaminedContainer) -> ContainerView:
    files = tuple(InputFile(file.name, file.size, file.sha256) for file in container.files)
    try:
        manifest = parse_package_manifest(_content(container, names.MANIFEST) or b"")
    except EvidenceError:
        return ContainerView(container.kind, files, container.departures)
    return ContainerView(container.kind, files, container.departures, edition=manifest.edition)


def check_container(
    container: ExaminedContainer, bundle: Bundle | None, tsas: tuple[TrustedTsa, ...], used_policy: str
) -> list[Finding]:
    """Judge a container (C01) around ``bundle``, which is None if it did not parse.

    ``used_policy`` is the fingerprint (SHA-256 in hexadecimal) of the policy that the verification goes by.
    """
    findings = [_form(container)]
    listing, found = _read_list(container)
    findings += found
    manifest, found = _read_roles(container, listing)
    findings += found
    findings += _identity(manifest, bundle)
    findings.append(_timestamp(container, tsas))
    findings += _enclosed(container, used_policy)
    return findings


def _form(container: ExaminedContainer) -> Finding:
    subject = say("package.container")
    if container.departures:
        reasons = ", ".join(container.departures)
        return indeterminate("NOT_CANONICAL", subject, say("package.departures", reasons=reasons))
    return passed(subject, say("package.canonical", count=len(container.files)))


def _read_list(container: ExaminedContainer) -> tuple[AsicManifest | None, list[Finding]]:
    """Hold the files against the one list there is."""
    subject = say("package.list")
    findings = [
        failed("TWO_MANIFESTS", say("package.file", name=name), say("package.two_manifests"))
        for name in (file.name for file in container.files)
        if name not in _OUR_LISTS and _OTHER_LIST.fullmatch(name)
    ]
    content = _content(container, names.ASIC_MANIFEST)
    if content is None:
        return None, [*findings, failed("NO_FILE_LIST", subject, say("package.no_list"))]
    try:
        listing = parse_asic_manifest(content)
    except MalformedError as error:
        return None, [*findings, finding_of(error, subject)]
    findings += _compare(container, listing)
    return listing, findings or [passed(subject, say("package.listed", count=len(listing.files)))]


def _compare(container: ExaminedContainer, listing: AsicManifest) -> Iterator[Finding]:
    listed = {file.name: format_hex(file.sha256) for file in listing.files}
    for file in container.files:
        subject = say("package.file", name=file.name)
        if file.name not in listed and file.name not in _UNLISTED:
            yield failed("UNLISTED", subject, say("package.unlisted"), sha256=file.sha256)
        elif listed.get(file.name, file.sha256) != file.sha256:
            observed = {"listed": listed[file.name], "sha256": file.sha256}
            yield failed("HASH_FAILURE", subject, say("package.digest"), **observed)
    present = {file.name for file in container.files}
    for name in listed:
        if name not in present:
            yield failed("MISSING_FILE", say("package.file", name=name), say("package.missing"))


def _read_roles(
    container: ExaminedContainer, listing: AsicManifest | None
) -> tuple[PackageManifest | None, list[Finding]]:
    """Hold the roles that the manifest gives against the names, and the names against the list."""
    subject = say("package.manifest")
    content = _content(container, names.MANIFEST)
    if content is None:  # `open_package` demands one; a diagnostic report may come from anywhere
        return None, [failed("NO_MANIFEST", subject, say("package.no_manifest"))]
    try:
        manifest = parse_package_manifest(content)
    except EvidenceError as error:
        return None, [finding_of(error, subject)]
    findings = [
        failed("ROLE_MISMATCH", say("package.file", name=file.name), say("package.role", role=file.role))
        for file in manifest.files
        if role_of(file.name) != file.role
    ]
    if container.file(names.BUNDLE) is None:
        findings.append(failed("NO_BUNDLE", subject, say("package.no_bundle")))
    if listing is not None:
        findings += _name_files(manifest, listing)
    return manifest, findings or [
        passed(subject, say("package.roles", edition=say(f"package.{manifest.edition}")))
    ]


def _name_files(manifest: PackageManifest, listing: AsicManifest) -> Iterator[Finding]:
    roled = {file.name for file in manifest.files} | {names.MANIFEST}
    for file in listing.files:
        subject = say("package.file", name=file.name)
        expected = media_type_of(file.name)
        if file.name not in roled:
            yield failed("ROLE_MISMATCH", subject, say("package.no_role"))
        elif expected is None and not is_document_of(file.name, file.sha256):
            yield failed("ROLE_MISMATCH", subject, say("package.document_name"))
        elif expected not in (None, file.media_type):
            yield failed("ROLE_MISMATCH", subject, say("package.media_type", media_type=file.media_type))
    for name in sorted(roled - {file.name for file in listing.files}):
        yield failed("ROLE_MISMATCH", say("package.file", name=name), say("package.unlisted"))


def _identity(manifest: PackageManifest | None, bundle: Bundle | None) -> Iterator[Finding]:
    """Hold what the package says it is about against the bundle in it."""
    subject = say("package.identity")
    if manifest is None or bundle is None:
        yield skipped(subject, say("package.not_comparable"))
        return
    if manifest.origin != bundle.origin:
        yield failed("WRONG_LOG", subject, say("package.other", said=manifest.origin, found=bundle.origin))
    if manifest.case != bundle.case:
        yield failed("WRONG_CASE", subject, say("package.other", said=manifest.case, found=bundle.case))
    if (manifest.origin, manifest.case) == (bundle.origin, bundle.case):
        yield passed(subject, say("package.same", origin=manifest.origin, case=manifest.case))


def _timestamp(container: ExaminedContainer, tsas: tuple[TrustedTsa, ...]) -> Finding:
    """Judge the token over the list; it tells when the package was put together, and nothing about its evidence."""
    subject = say("package.timestamp")
    token, listing = _content(container, names.TIMESTAMP), _content(container, names.ASIC_MANIFEST)
    if token is None:
        return not_provided("NO_TIMESTAMP", subject, say("package.no_timestamp"))
    if listing is None:
        return skipped(subject, say("package.no_list"))
    try:
        if parse_response(token).status is not None:
            raise MalformedError("FORMAT_FAILURE", "a response stands where a token belongs", names.TIMESTAMP)
        tsa, result = ask_authorities(token, listing, tsas, ())
    except EvidenceError as error:
        return finding_of(error, subject)
    return describe_token(subject, tsa, result)


def _enclosed(container: ExaminedContainer, used_policy: str) -> Iterator[Finding]:
    """Name what lies in the package and is not believed: the issuer's policy."""
    policy = container.file(names.POLICY)
    if policy is not None:
        same = "same" if policy.sha256 == used_policy else "other"
        yield not_applicable("", say("package.policy"), say(f"package.policy_{same}"))
