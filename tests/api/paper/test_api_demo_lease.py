"""The demonstration's papers: the lease where nothing converts DOCX, and a drawn signature that the service takes."""

import sys
from pathlib import Path

import pytest
from demo_case import run_demo

from api.demo.outcome import NO_CONVERTER
from api.demo.pen import handwriting
from signing.documents.samples.lease import PAGES, lease_controls, lease_pdf
from signing.intent.reading import PdfTextReader
from signing.seals.drawing.handwriting import PenPoint, draw_handwriting
from signing.seals.drawing.shapes import Color


def test_the_printed_lease_has_its_blanks_where_its_controls_are():
    """Left of each control stands what belongs there, on the same line: as in the DOCX, which has the same controls."""
    pdf = lease_pdf()
    lines = PdfTextReader().read(pdf).lines
    assert (lease_pdf(), max(line.place.page for line in lines)) == (pdf, PAGES)
    labels = (
        "Landlord",
        "Code",
        "Tenant",
        "Co-tenant",
        "Dwelling",
        "From",
        "To",
        "Rent",
        "Deposit",
        "Use",
        "Pets",
    )
    beside = []
    for control in lease_controls():
        top, bottom = control.place.y - 10_000, control.place.y + control.place.height + 10_000
        beside.append(
            "".join(
                line.text
                for line in lines
                if line.place.page == control.page
                and line.place.x + line.place.width <= control.place.x
                and top <= line.place.y <= bottom
            )
        )
    assert len(beside) == len(labels) + 3
    for label, found in zip((*labels, "Landlord", "Tenant", "Co-tenant"), beside, strict=True):
        assert label in found, (label, found)


def test_the_drawn_name_is_a_signature_that_can_be_drawn():
    """Three characters of some twenty strokes, in the order of time."""
    strokes = tuple(tuple(PenPoint(p.x, p.y, p.at_ms) for p in stroke) for stroke in handwriting())
    assert len(strokes) > 15
    assert draw_handwriting(strokes, Color.BLACK).marks


@pytest.mark.torture
def test_without_a_converter_the_demonstration_starts_from_a_pdf(tmp_path, monkeypatch):
    """It says so, uploads the lease as PDF, and ends as well."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    played = run_demo(tmp_path)
    assert played.exit_code == 0, played.logs
    assert "Overall: INCOMPLETE" in played.output
    assert NO_CONVERTER in played.output
    names = {path.name for path in played.documents}
    assert {"original.pdf", "signed.pdf"} <= names
    assert not {"original.docx", "converted.pdf"} & names
