"""``META-INF/ASiCManifest.xml``: the only list of a package's files, with their digests (ETSI EN 319 162-1 §4.4, annex A.4).

The schema is ETSI's, so that other tools read it; the writing is ours alone. No XML parser touches it: the entries are
taken out by their form, all is written again and compared. A document type, an entity, a comment or another prefix is
simply not that form.
"""

import re
from dataclasses import dataclass

from zheng_verifier.encoding import format_base64, parse_base64
from zheng_verifier.errors import MalformedError
from zheng_verifier.package.directory import MAX_FILES
from zheng_verifier.package.names import ASIC_MANIFEST, TIMESTAMP, check_distinct, check_name, rank

MAX_MANIFEST = 1 << 20
"""Bytes: 2,000 files at half a kilobyte."""
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#"'
    ' xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\n'
    f'<asic:SigReference URI="{TIMESTAMP}" MimeType="application/vnd.etsi.timestamp-token"/>\n'
)
_REFERENCE = (
    '<asic:DataObjectReference URI="{name}" MimeType="{media_type}">'
    '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
    "<ds:DigestValue>{digest}</ds:DigestValue></asic:DataObjectReference>\n"
)
_TAIL = "</asic:ASiCManifest>\n"
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,63}/[a-z0-9][a-z0-9.+-]{0,95}", re.ASCII)
_ENTRY = re.compile(
    re.escape(_REFERENCE)
    .replace(re.escape("{name}"), '([^"]{0,128})')
    .replace(re.escape("{media_type}"), '([^"]{0,160})')
    .replace(re.escape("{digest}"), "([^<]{44})"),
    re.ASCII,
)
_UNLISTED = frozenset({"mimetype", ASIC_MANIFEST, TIMESTAMP})


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file of the list: name, media type, and SHA-256 of its bytes (32 bytes)."""

    name: str
    media_type: str
    sha256: bytes


@dataclass(frozen=True, slots=True)
class AsicManifest:
    """The list of all files but ``mimetype``, itself and the ``timestamp`` over it, in the fixed order."""

    files: tuple[ListedFile, ...]
    timestamp: str = TIMESTAMP


def _check(manifest: AsicManifest) -> None:
    """Hold a list against what one may say.

    Raises:
        MalformedError: FORMAT_FAILURE, TOO_MANY, or of a name by its own code.

    """
    names = [file.name for file in manifest.files]
    if manifest.timestamp != TIMESTAMP or not names:
        raise MalformedError(
            "FORMAT_FAILURE", "no file, or another time-stamp than the one there is", ASIC_MANIFEST
        )
    if len(names) > MAX_FILES:
        raise MalformedError("TOO_MANY", f"more than {MAX_FILES} files", ASIC_MANIFEST)
    for file in manifest.files:
        check_name(file.name)
        if file.name in _UNLISTED or not _MEDIA_TYPE.fullmatch(file.media_type) or len(file.sha256) != 32:
            raise MalformedError("FORMAT_FAILURE", "a file that no list names so", file.name)
    check_distinct(names)
    if names != sorted(names, key=rank):
        raise MalformedError("FORMAT_FAILURE", "the files are not in their order", ASIC_MANIFEST)


def format_asic_manifest(manifest: AsicManifest) -> bytes:
    """Write the list.

    Raises:
        MalformedError: what no list may say.

    """
    _check(manifest)
    lines = (
        _REFERENCE.format(name=file.name, media_type=file.media_type, digest=format_base64(file.sha256))
        for file in manifest.files
    )
    return (_HEAD + "".join(lines) + _TAIL).encode()


def parse_asic_manifest(data: bytes) -> AsicManifest:
    """Read the list, in exactly the form that ``format_asic_manifest`` writes.

    Raises:
        MalformedError: TOO_LARGE, FORMAT_FAILURE, TOO_MANY, or of a name by its own code.

    """
    if len(data) > MAX_MANIFEST:
        raise MalformedError("TOO_LARGE", f"{len(data)} bytes, the limit is {MAX_MANIFEST}", ASIC_MANIFEST)
    found = _ENTRY.findall(data.decode("ascii", "replace"))
    files = (
        ListedFile(name, media_type, parse_base64(digest, size=32, where=name))
        for name, media_type, digest in found
    )
    manifest = AsicManifest(tuple(files))
    # Whatever stands between, before or behind the entries that were found is seen here.
    if format_asic_manifest(manifest) != data:
        raise MalformedError("FORMAT_FAILURE", "not in the one form of a list of files", ASIC_MANIFEST)
    return manifest
