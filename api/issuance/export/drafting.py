"""From a case to the draft of its package: everything but what is made of it (report, pages, time-stamp).

The documents are those that the platform left with us for this case (`PUT …/documents?keep=true`), which the vault finds
by their digest: a file that no event of the case names can not be enclosed. A redacted edition opens and encloses what
the request names and nothing else, since a document says more than any sealed value.
"""

from collections.abc import Iterator

from zheng_verifier.bundle import Bundle, parse_bundle
from zheng_verifier.claim import DocumentRef
from zheng_verifier.entry import parse_entry
from zheng_verifier.errors import MalformedError
from zheng_verifier.package import names
from zheng_verifier.package.asic import parse_asic_manifest
from zheng_verifier.package.manifest import parse_package_manifest
from zheng_verifier.package.package import (
    Package,
    PackageContents,
    PackagedDocument,
    format_package,
    read_bundle,
)

from api.issuance.certificates import valid_certificate
from api.issuance.export.request import ExportRequest
from api.issuance.policy_export import read_policy
from api.issuance.statement import write_statement
from api.jobs.model import JobFailure
from api.problems import ProblemError
from api.services import Services


def draft_package(services: Services, tenant: str, case: str, request: ExportRequest) -> bytes:
    """Put the draft together: a package without report, pages and time-stamp.

    Raises:
        JobFailure: case-too-large, package-too-large, policy-missing.
    """
    policy = read_policy(services.settings.paths.policy)
    if policy is None:
        raise JobFailure("policy-missing")
    try:
        bundle = services.evidence.bundle(case, only=request.opened)
    except ProblemError as error:
        if error.code == "case-too-large":
            raise JobFailure("case-too-large") from error
        raise
    documents = tuple(_documents(services, parse_bundle(bundle), request))
    if sum(len(each.data) for each in documents) > services.settings.jobs.package_bytes:
        raise JobFailure("package-too-large")
    contents = PackageContents(
        origin=services.ledger.origin,
        case=case,
        edition=request.edition,
        bundle=bundle,
        documents=documents,
        policy=policy,
        statement=write_statement(services.settings, origin=services.ledger.origin),
        certificate=_certificate(services, tenant, case, request),
    )
    try:
        return format_package(contents, None)
    except MalformedError as error:
        raise JobFailure("package-too-large") from error


def named_documents(bundle: Bundle) -> dict[bytes, DocumentRef]:
    """Give the documents that the events of a bundle name, by SHA-256; those whose digests are sealed are not among them."""
    named: dict[bytes, DocumentRef] = {}
    for event in bundle.events:
        for document in () if event.entry is None else parse_entry(event.entry).claim.documents:
            if document.digests is not None:
                named.setdefault(document.digests["sha256"], document)
    return named


def contents_of(package: Package) -> PackageContents:
    """Give the contents of a draft again, without what is made of it later."""
    manifest = parse_package_manifest(package.files[names.MANIFEST])
    listed = parse_asic_manifest(package.files[names.ASIC_MANIFEST]).files
    media_types = {file.name: file.media_type for file in listed}
    return PackageContents(
        origin=manifest.origin,
        case=manifest.case,
        edition=manifest.edition,
        bundle=read_bundle(package),
        documents=tuple(PackagedDocument(media_types[each.name], each.data) for each in package.documents),
        policy=package.files.get(names.POLICY),
        statement=package.files.get(names.STATEMENT),
        certificate=package.files.get(names.CERTIFICATE),
    )


def _certificate(services: Services, tenant: str, case: str, request: ExportRequest) -> bytes | None:
    """Give the valid certificate of the case as issued. It prints masked names, so no redacted edition holds it."""
    issued = valid_certificate(services, tenant, case) if request.edition == "full" else None
    return None if issued is None else issued.pdf.read_bytes()


def _documents(services: Services, bundle: Bundle, request: ExportRequest) -> Iterator[PackagedDocument]:
    default = () if request.edition == "redacted" else None
    wanted = default if request.documents is None else request.documents
    for sha256, document in named_documents(bundle).items():
        if wanted is not None and sha256 not in wanted:
            continue
        data = services.ledger.vault.document(bundle.case, sha256)
        if data is not None:
            yield PackagedDocument(document.media_type, data)
