"""One door: a bundle, a package or a certificate of deposit, told apart by their content and never by their name."""

from collections.abc import Sequence
from datetime import datetime

from zheng_verifier.checks import (
    Document,
    PolicyInput,
    refuse,
    verify_bundle,
    verify_certificate,
    verify_package,
)
from zheng_verifier.errors import EvidenceError, MalformedError
from zheng_verifier.examined import PDF_MARK, PDF_WITHIN
from zheng_verifier.package.directory import ends_as_zip
from zheng_verifier.report.model import Report

ZIP = b"PK"


def verify_any(
    data: bytes,
    *,
    documents: Sequence[Document] = (),
    policy: PolicyInput,
    at: datetime | None,
    name: str = "evidence",
    statement: bytes | None = None,
) -> Report:
    """Verify whatever evidence file this is; always a report, never an exception for what is in the file.

    ``statement`` is what the operator says of himself; it goes with a bundle, for a package brings its own.
    """
    try:
        kind = tell_kind(data)
    except EvidenceError as error:
        return refuse(error, data, policy=policy, at=at, name=name)
    if kind == "package":
        return verify_package(data, documents=documents, policy=policy, at=at, name=name)
    if kind == "certificate":
        return verify_certificate(data, documents=documents, policy=policy, at=at, name=name)
    return verify_bundle(data, documents=documents, policy=policy, at=at, name=name, statement=statement)


def tell_kind(data: bytes) -> str:
    """Tell by content what a file is: ``bundle``, ``package`` or ``certificate``.

    Raises:
        MalformedError: EMPTY, POLYGLOT (a PDF and a ZIP at once), UNKNOWN_FILE.

    """
    if not data:
        raise MalformedError("EMPTY", "the file is empty")
    if data.startswith(b"{"):  # nothing but canonical JSON is read of it, whatever stands in its texts
        return "bundle"
    if data.startswith(ZIP):  # whose one form leaves no room for a PDF around it
        return "package"
    if PDF_MARK in data[:PDF_WITHIN]:
        if ends_as_zip(data):
            raise MalformedError("POLYGLOT", "a PDF and a ZIP in one file")
        return "certificate"
    raise MalformedError("UNKNOWN_FILE", "neither a bundle nor a package nor a certificate")
