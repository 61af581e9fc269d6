"""``zheng/manifest.json``: whose package this is, and what each of its files is.

It holds no digest and is no list of its own: ``META-INF/ASiCManifest.xml`` names every file, this one among them.
"""

from dataclasses import dataclass
from typing import Literal

from zheng_verifier.canonical import Fields, JsonValue, Limits, format_json, parse_canonical
from zheng_verifier.claim import parse_origin
from zheng_verifier.encoding import parse_uuid
from zheng_verifier.errors import MalformedError
from zheng_verifier.package import names
from zheng_verifier.package.directory import MAX_FILES

MANIFEST_LIMITS = Limits(max_bytes=1 << 19, max_depth=4, max_string=256)
Edition = Literal["full", "redacted"]
_EDITIONS: tuple[Edition, ...] = ("full", "redacted")
_ROLES = {
    names.README_ZH: "readme",
    names.README_EN: "readme",
    names.BUNDLE: "bundle",
    names.POLICY: "policy",
    names.STATEMENT: "statement",
    names.REPORT: "report",
    names.REPORT_ZH: "report-pdf",
    names.REPORT_EN: "report-pdf",
    names.LIST_ZH: "evidence-list",
    names.LIST_EN: "evidence-list",
    names.CERTIFICATE: "certificate",
}
ROLES = tuple(dict.fromkeys((*_ROLES.values(), "document")))


@dataclass(frozen=True, slots=True)
class RoledFile:
    """A file and its role: one of ``ROLES``."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class PackageManifest:
    """The log's origin, the case, whether personal values are opened (``full``) or not, and the role of each file."""

    origin: str
    case: str
    edition: Edition
    files: tuple[RoledFile, ...]


def role_of(name: str) -> str | None:
    """Give the role of a file by its name, None if a package has no such file."""
    if name.startswith(names.DOCUMENTS):
        return "document"
    return _ROLES.get(name)


def _read_file(value: JsonValue, where: str) -> RoledFile:
    fields = Fields(value, where)
    file = RoledFile(fields.text("name"), fields.text("role", choices=ROLES))
    fields.end()
    return file


def parse_package_manifest(data: bytes) -> PackageManifest:
    """Read the manifest.

    Raises:
        MalformedError: not canonical, a member unknown, missing or ill-formed.
        UncheckableError: another version.

    """
    fields = Fields(parse_canonical(data, MANIFEST_LIMITS))
    fields.version("package/v1")
    said = fields.text("edition", choices=_EDITIONS)
    manifest = PackageManifest(
        parse_origin(fields.text("origin"), "/origin"),
        parse_uuid(fields.text("case"), "/case"),
        "full" if said == "full" else "redacted",
        tuple(
            _read_file(value, f"/files/{number}")
            for number, value in enumerate(fields.array("files", max_items=MAX_FILES))
        ),
    )
    fields.end()
    listed = [file.name for file in manifest.files]
    if listed != sorted(set(listed), key=names.rank):
        raise MalformedError("FORMAT_FAILURE", "files are named in their fixed order, once each", "/files")
    return manifest


def format_package_manifest(manifest: PackageManifest) -> bytes:
    """Write the manifest in canonical form."""
    return format_json(
        {
            "zheng": "package/v1",
            "origin": manifest.origin,
            "case": manifest.case,
            "edition": manifest.edition,
            "files": [{"name": file.name, "role": file.role} for file in manifest.files],
        }
    )
