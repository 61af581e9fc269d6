"""A revision with room for a CMS value, and the value put into it: what signatures and document time-stamps share."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms
from pyhanko.sign.fields import FieldMDPSpec, SigFieldSpec
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import PdfSignedData

from signing.pades.examine import refusing
from signing.pades.writer import AppendingWriter


@dataclass(frozen=True, slots=True)
class Room:
    """A finished revision but for its CMS value; ``digest`` is the SHA-256 of ``byte_range``."""

    digest: bytes
    byte_range: tuple[int, int, int, int]
    _output: Any
    _steps: Generator[Any, Any, None]

    def fill(self, value: cms.ContentInfo) -> bytes:
        """Put the value into its place and give the file. Once."""
        self._steps.send(value)
        return bytes(self._output.getvalue())


def make_room(
    writer: AppendingWriter,
    field: str,
    value: PdfSignedData,
    *,
    new: bool = False,
    lock: FieldMDPSpec | None = None,
) -> Room:
    """Write the revision: the field, an existing one unless ``new``, with ``value`` in it and zeros for the CMS.

    ``lock`` names the form fields that nobody may change from then on without breaking the signature.

    Raises:
        Refused: what reading the file runs into.

    """
    with refusing():
        writer.ensure_output_version(version=(1, 7))  # type: ignore[no-untyped-call]  # pyHanko: partly untyped
        if writer.output_version < (2, 0):
            writer.register_extension(ESIC_EXTENSION_1)  # PAdES is declared so (EN 319 142-1 §5.1, annex B)
        embedder = PdfCMSEmbedder(SigFieldSpec(field) if new else None)
        steps = embedder.write_cms(field, writer, existing_fields_only=not new)
        next(steps)
        settled = None if lock is None else SigMDPSetup("sha256", field_lock=lock)
        steps.send(SigObjSetup(sig_placeholder=value, mdp_setup=settled))
        prepared, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    start, end = int(prepared.reserved_region_start), int(prepared.reserved_region_end)
    size = len(output.getbuffer())
    return Room(bytes(prepared.document_digest), (0, start, end, size - end), output, steps)
