"""A use of a seal: the right to it, valid within one transaction, and where the seal was put."""

from dataclasses import dataclass

from zheng_verifier.canonical import JsonObject

from signing.seals.grants import Subject


@dataclass(frozen=True, slots=True)
class SealUse:
    """A seal that may be used now, by this account, for this contract; valid within one transaction.

    ``page`` is the PDF for the signature's appearance, ``image_sha256`` (hex) the digest of the picture that was created
    as the seal. ``grant`` is the id of the grant relied on, None for the holder himself. ``created`` are the members of
    the seal.created event to restate.
    """

    seal: str
    account: str | None
    subject: Subject
    image_sha256: str
    page: bytes
    width_um: int
    height_um: int
    created: tuple[JsonObject, JsonObject]
    grant: str | None = None
    approve_uses: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a seal was put: page from 1, thousandths of a point from the page's left and bottom edge."""

    page: int
    x_mpt: int
    y_mpt: int
    width_mpt: int
    height_mpt: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was sealed: the document's reference in the case, its digests (SHA-256, hex) before and after, the place."""

    party: str
    document: str
    before_sha256: str
    after_sha256: str
    placement: Placement
    certificate_sha256: str = ""
