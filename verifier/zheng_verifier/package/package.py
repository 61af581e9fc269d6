"""A whole package: put together from its contents, and opened again.

``manifest_to_stamp`` gives the bytes that a time-stamping authority is asked to stamp, ``format_package`` the file with
its answer in it; both from the same contents, so that the token fits. ``open_package`` says what is in the container
and judges nothing: that is check C01 (``checks/package.py``).
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from zheng_verifier.errors import MalformedError
from zheng_verifier.package import names
from zheng_verifier.package.archive import ArchiveFile, format_archive, read_archive
from zheng_verifier.package.asic import AsicManifest, ListedFile, format_asic_manifest
from zheng_verifier.package.manifest import (
    Edition,
    PackageManifest,
    RoledFile,
    format_package_manifest,
    role_of,
)
from zheng_verifier.package.readme import readme

_EXTENSIONS = {
    "application/pdf": "pdf",
    "application/json": "json",
    "application/xml": "xml",
    "text/plain": "txt",
    "image/png": "png",
    "image/jpeg": "jpg",
    "audio/mpeg": "mp3",
    "video/mp4": "mp4",
}
_MEDIA_TYPES = {
    names.README_ZH: "text/plain",
    names.README_EN: "text/plain",
    names.MANIFEST: "application/json",
    names.BUNDLE: "application/vnd.zheng.bundle+json",
    names.POLICY: "application/json",
    names.STATEMENT: "application/json",
    names.REPORT: "application/jose",
    names.REPORT_ZH: "application/pdf",
    names.REPORT_EN: "application/pdf",
    names.LIST_ZH: "application/pdf",
    names.LIST_EN: "application/pdf",
    names.CERTIFICATE: "application/pdf",
}
_DOCUMENT = re.compile(r"documents/[0-9a-f]{16}\.[a-z0-9]{1,8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PackagedDocument:
    """A document of the case as its claim names it: media type (``application/pdf``) and bytes."""

    media_type: str
    data: bytes

    @property
    def name(self) -> str:
        """Its name in a package: half of its SHA-256, and an extension for those who open it."""
        extension = _EXTENSIONS.get(self.media_type, "bin")
        return f"{names.DOCUMENTS}{hashlib.sha256(self.data).hexdigest()[:16]}.{extension}"


@dataclass(frozen=True, slots=True)
class PackageContents:
    """What goes into a package; of the fields that are None there is none.

    ``bundle`` is the canonical bundle of ``case`` in the log ``origin``; ``report`` a signed report (JWS, compact); the
    rest PDFs in Chinese (``_zh``) and English. The two readmes and both manifests are made of these.
    """

    origin: str
    case: str
    edition: Edition
    bundle: bytes
    documents: tuple[PackagedDocument, ...] = ()
    policy: bytes | None = None
    statement: bytes | None = None
    report: bytes | None = None
    report_zh: bytes | None = None
    report_en: bytes | None = None
    list_zh: bytes | None = None
    list_en: bytes | None = None
    certificate: bytes | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """An opened container: its files by name, and by code why it is not the canonical file that was issued."""

    files: Mapping[str, bytes] = field(repr=False)
    departures: tuple[str, ...] = ()

    @property
    def documents(self) -> tuple[ArchiveFile, ...]:
        """The files under ``documents/``."""
        return tuple(
            ArchiveFile(name, data) for name, data in self.files.items() if name.startswith(names.DOCUMENTS)
        )


def media_type_of(name: str) -> str | None:
    """Give the media type of a file by its name, None for documents, which have that of their claim."""
    return _MEDIA_TYPES.get(name)


def is_document_of(name: str, sha256: bytes) -> bool:
    """Tell whether this is a name of a document with this digest."""
    half = sha256.hex()[:16]
    return _DOCUMENT.fullmatch(name) is not None and name[len(names.DOCUMENTS) :].startswith(half)


def _listed(contents: PackageContents) -> list[tuple[ArchiveFile, str]]:
    """Give every file that the list names, with its media type, in the fixed order."""
    optional = {
        names.POLICY: contents.policy,
        names.STATEMENT: contents.statement,
        names.REPORT: contents.report,
        names.REPORT_ZH: contents.report_zh,
        names.REPORT_EN: contents.report_en,
        names.LIST_ZH: contents.list_zh,
        names.LIST_EN: contents.list_en,
        names.CERTIFICATE: contents.certificate,
    }
    fixed = {name: data for name, data in optional.items() if data is not None} | {
        names.BUNDLE: contents.bundle,
        names.README_ZH: readme("zh-CN", contents.origin, contents.case, contents.edition),
        names.README_EN: readme("en", contents.origin, contents.case, contents.edition),
    }
    documents = {document.name: document for document in contents.documents}
    roles = tuple(
        RoledFile(name, role)
        for name in sorted((*fixed, *documents), key=names.rank)
        if (role := role_of(name)) is not None
    )
    manifest = PackageManifest(contents.origin, contents.case, contents.edition, roles)
    fixed[names.MANIFEST] = format_package_manifest(manifest)
    files = [(ArchiveFile(name, data), _MEDIA_TYPES[name]) for name, data in fixed.items()]
    files += [(ArchiveFile(name, each.data), each.media_type) for name, each in documents.items()]
    return sorted(files, key=lambda file: names.rank(file[0].name))


def manifest_to_stamp(contents: PackageContents) -> bytes:
    """Give the exact bytes of ``META-INF/ASiCManifest.xml``: what a time-stamp of the package is made over.

    Raises:
        MalformedError: contents that no package may have.

    """
    listed = (
        ListedFile(file.name, media_type, hashlib.sha256(file.data).digest())
        for file, media_type in _listed(contents)
    )
    return format_asic_manifest(AsicManifest(tuple(listed)))


def format_package(contents: PackageContents, token: bytes | None) -> bytes:
    """Write a package; ``token`` is a TimeStampToken (DER, not the whole response) over ``manifest_to_stamp``.

    Raises:
        MalformedError: contents that no package may have, or more than one may hold.

    """
    files = [file for file, _ in _listed(contents)]
    files.append(ArchiveFile(names.ASIC_MANIFEST, manifest_to_stamp(contents)))
    if token is not None:
        files.append(ArchiveFile(names.TIMESTAMP, token))
    return format_archive(files)


def open_package(data: bytes) -> Package:
    """Open a container under limits; whether it is what its list says is for C01 to judge.

    Raises:
        MalformedError: not a container, not a package, or one that is refused; every code of ``read_archive``.

    """
    archive = read_archive(data, marks=(names.MANIFEST,))
    return Package({file.name: file.data for file in archive.files}, archive.departures)


def read_bundle(package: Package) -> bytes:
    """Give the bundle of a package.

    Raises:
        MalformedError: NO_BUNDLE.

    """
    bundle = package.files.get(names.BUNDLE)
    if bundle is None:
        raise MalformedError("NO_BUNDLE", "the package holds no bundle", names.BUNDLE)
    return bundle
