"""The documents of the demonstration case: a bilingual lease in the four states a contract goes through.

original    as the platform uploads it, before there is a case
shown       as the signers see it: the same text, the case id in its footer and metadata
finalized   shown + empty signature fields, appended, so that the shown bytes are an exact prefix
signed      finalized + one appended revision a signature, so that the finalized bytes are an exact prefix

All but the signed one are the same bytes for the same case, on any machine.
"""

import hashlib
import io
from datetime import UTC, datetime
from importlib.resources import files

PARTIES = (("landlord", "李小㛃", "Li Xiaojie"), ("tenant", "王𬭎", "Wang Hong"))
"""Field, name and romanised name of the two signers: invented, with characters that only large fonts know."""

CONTRACT_TITLE = "房屋租赁合同（演示） Residential lease (demonstration)"
_WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)
_POINTS = 72 / 25.4
# Left, bottom, right, top of the two boxes on the last page, in millimetres: where lease.typ draws them.
_BOXES = {"landlord": (25, 24, 100, 52), "tenant": (110, 24, 185, 52)}


def _render(case: str) -> bytes:
    from zheng_verifier.pdf.render import render_pdf

    source = files("api.demo").joinpath("lease.typ").read_text("utf-8")
    return render_pdf(source, inputs={"case": case}, created=_WRITTEN, standard="1.7")


def render_draft() -> bytes:
    """Give the lease as the platform uploads it."""
    return _render("")


def render_contract(case: str) -> bytes:
    """Give the lease as shown to its signers; ``case`` stands in the footer, Info and XMP (``zheng:case:<case>``)."""
    return _render(case)


def finalize_contract(shown: bytes) -> bytes:
    """Append the empty signature fields of both parties; nobody may change the text from here on."""
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field

    from api.demo.appending import AppendingWriter

    writer = AppendingWriter(io.BytesIO(shown), identifier=hashlib.sha256(shown).digest()[:16])
    for field, _, _ in PARTIES:
        left, bottom, right, top = (round(edge * _POINTS) for edge in _BOXES[field])
        append_signature_field(writer, SigFieldSpec(field, on_page=-1, box=(left, bottom, right, top)))
    output = io.BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]  # pyHanko: partly untyped
    return output.getvalue()
