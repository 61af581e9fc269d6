"""What a PDF says about its signatures, whatever anyone trusts: docs/spec/pdf-signatures.md §2.

Nothing here is a verdict. A diagnostic report carries these facts, so that they can be judged again under another
policy without the file (``checks/pdf_signatures.py`` and ``checks/signer_certificates.py`` judge).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain


class Coverage(StrEnum):
    """Which bytes a ByteRange covers (ISO 32000-2 §12.8.1), its own /Contents aside."""

    ENTIRE_FILE = "ENTIRE_FILE"
    ENTIRE_REVISION = "ENTIRE_REVISION"
    PARTIAL = "PARTIAL"  # from the start without a hole, but not to the end of its own revision
    UNCLEAR = "UNCLEAR"  # anything else: bytes the signature says nothing about lie between


class Change(StrEnum):
    """The gravest change between two revisions; what none of the first four allows is OTHER."""

    NONE = "NONE"
    LTA_UPDATES = "LTA_UPDATES"
    FORM_FILLING = "FORM_FILLING"
    ANNOTATIONS = "ANNOTATIONS"
    OTHER = "OTHER"


class Family(StrEnum):
    """Which family of errors a problem is of (``errors.py``)."""

    MALFORMED = "malformed"
    FALSE = "false"
    INSUFFICIENT = "insufficient"
    UNCHECKABLE = "uncheckable"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something could not be read or checked: family, stable code, and a sentence in English."""

    family: Family
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """The first ``length`` bytes of the file, which end a revision or what a signature covers; digests of 32 bytes.

    ``change``: what was changed between this revision and the first signature after it; None where that was not
    looked into (a signature covers this prefix, so its own ``change`` tells) or could not be. ``filled`` names the form
    fields that were filled in between.
    """

    length: int
    sha256: bytes
    sm3: bytes
    change: Change | None = None
    filled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignatureFact:
    """One filled signature field.

    ``level``: PKCS7, B-B, B-T, B-LT or B-LTA as far as its parts are there and their digests agree, RFC3161 for
    a document time-stamp. ``end``: the bytes from the start of the file that belong to what it signs.
    ``digest_ok``, ``signature_ok``: the arithmetic; None if it was not done, ``problem`` then says why.
    ``claimed_at``: the signer's own word. ``signer`` and ``timestamps`` are DER; ``stamped`` is the signature value,
    which a signature time-stamp is about; ``digests`` are those of the covered bytes, which a document time-stamp
    is about, by algorithm. ``change``: what was changed after it; None if not judged. ``doc_mdp``: 1–3, what the
    signer permitted (ISO 32000-2 table 257), ``doc_mdp_ok`` whether that was kept.
    """

    field: str
    sub_filter: str
    level: str
    byte_range: tuple[int, ...]
    coverage: Coverage
    end: int
    contents_sha256: bytes
    claimed_at: datetime | None
    digest_algorithm: str
    signature_algorithm: str
    digest_ok: bool | None
    signature_ok: bool | None
    problem: Problem | None
    signer: bytes | None
    stamped: bytes
    timestamps: tuple[bytes, ...]
    digests: Mapping[str, bytes]
    change: Change | None
    change_detail: str
    changed_fields: tuple[str, ...]
    doc_mdp: int | None
    doc_mdp_ok: bool | None
    visible: bool

    @property
    def is_timestamp(self) -> bool:
        """Tell a document time-stamp from a signature."""
        return self.level == LEVEL_TIMESTAMP

    @property
    def holds(self) -> bool:
        """Tell whether the covered bytes are the signed ones, and signed with the signer's key."""
        return self.problem is None and self.digest_ok is True and self.signature_ok is True


LEVEL_PKCS7, LEVEL_TIMESTAMP = "PKCS7", "RFC3161"
LEVELS = (LEVEL_PKCS7, "B-B", "B-T", "B-LT", "B-LTA", LEVEL_TIMESTAMP)


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """All facts about one file; with a ``problem`` the file could not be read and the rest is empty.

    ``prefixes`` are sorted by length. ``removed``: fields whose signature an earlier revision has and the last has
    not. ``certificates``, ``crls``, ``ocsps``: DER, out of the signatures and the document security store, believed
    only as far as their own signatures go. ``left_out``: how many of those were too large or too many to keep.
    """

    size: int
    sha256: bytes
    problem: Problem | None
    prefixes: tuple[Prefix, ...] = ()
    signatures: tuple[SignatureFact, ...] = ()
    removed: tuple[str, ...] = ()
    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    left_out: int = 0

    def prefix(self, sha256: bytes) -> Prefix | None:
        """Find the prefix of this digest."""
        return next((prefix for prefix in self.prefixes if prefix.sha256 == sha256), None)

    def digests(self) -> frozenset[bytes]:
        """Give the SHA-256 of the file and of all its prefixes."""
        return frozenset(chain([self.sha256], (prefix.sha256 for prefix in self.prefixes)))
