"""Drawings of seals: the same bytes for the same input, within their bounds, and refused where they would mislead."""

import io
import json
import math
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from zheng_verifier.timestamp.algorithms import digest

from signing.errors import Refused
from signing.seals.drawing.company import SIZES_UM, Outline, SealDesign, draw
from signing.seals.drawing.handwriting import PenPoint, draw_handwriting
from signing.seals.drawing.numbers import Arc, cosine_sine
from signing.seals.drawing.output import pdf, svg
from signing.seals.drawing.personal import NameSeal, draw_name_seal, draw_typed
from signing.seals.drawing.shapes import Close, Color, Curve, Stroke
from signing.seals.making import ByHand, ByTemplate, Typed, Upload, make
from signing.seals.pictures import LARGEST_SIDE, MOST_BYTES, read_picture
from signing.seals.typefaces import Font, typeface

GOLDEN = json.loads((Path(__file__).parent / "seal_digests.json").read_text())
SONG = typeface(Font.SONG)
COMPANY = "北京市海淀区青禾文化传播有限公司"
ROUND = SealDesign(Outline.CIRCLE, 40_000, 40_000, COMPANY, ("合同专用章",), "1101080123456", star=True)
OVAL = replace(ROUND, outline=Outline.ELLIPSE, width_um=45_000, height_um=30_000, star=False)
HAND = tuple(
    tuple(
        PenPoint(300 * k + 7 * n, 200 + (n * n * (k + 3)) % 171, 600 * k + 9 * n, 20 * n) for n in range(45)
    )
    for k in range(3)
)

MAKINGS = {
    "round-star": ByTemplate(ROUND),
    "round-plain-hei": ByTemplate(replace(ROUND, star=False, lines=("合同专用章", "（1）")), Font.HEI),
    "round-58-long-blue": ByTemplate(
        replace(
            ROUND,
            width_um=58_000,
            height_um=58_000,
            upper_text=COMPANY + "上海自由贸易试验区分公司",
            color=Color.BLUE,
        )
    ),
    "ellipse": ByTemplate(OVAL),
    "name-square": ByTemplate(NameSeal("王𬭎㛃")),
    "name-rectangle-bare": ByTemplate(NameSeal("欧阳修文", 28_000, 12_000, frame=False)),
    "typed": Typed("张伟 Zhang Wei"),
    "hand-pressure": ByHand(HAND),
    "hand-speed": ByHand(tuple(tuple(replace(p, pressure=0) for p in stroke) for stroke in HAND)),
}


def code(action, *arguments, **named):
    with pytest.raises(Refused) as refused:
        action(*arguments, **named)
    return refused.value.code


@pytest.mark.parametrize("name", MAKINGS)
def test_each_kind_of_seal_has_its_digest(name):
    """The digests of picture and page are those that were recorded when it was first drawn."""
    made = make(MAKINGS[name])
    assert GOLDEN[name] == {"svg": made.sha256, "pdf": digest("sha256", made.page).hex()}


@pytest.mark.parametrize("name", MAKINGS)
def test_a_page_is_a_pdf_of_the_seals_size_without_fonts(name):
    """One page, its box the seal's size to a thousandth of a point, no font and no picture in it."""
    made = make(MAKINGS[name])
    with pikepdf.open(io.BytesIO(made.page)) as document:
        (page,) = document.pages
        box = [float(value) for value in page.mediabox]
        assert box == pytest.approx([0, 0, made.width_um * 72 / 25400, made.height_um * 72 / 25400], abs=1e-3)
        assert dict(page.resources) == {}
        operators = {str(operator) for _, operator in pikepdf.parse_content_stream(page)}
    assert operators <= {"cm", "rg", "RG", "J", "j", "m", "l", "c", "h", "f", "w", "S"}


def ink(mark):
    """Every point of a path, control points too: a curve lies within their hull."""
    for step in mark.path:
        if isinstance(step, Curve):
            yield from (step.one, step.two, step.to)
        elif not isinstance(step, Close):
            yield step.to


NAMES = st.text(st.sampled_from("青禾文化传播有限公司上海贸易（）ABCxyz·𬭎㛃国"), min_size=1, max_size=50)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([(outline, size) for outline in Outline for size in SIZES_UM[outline]]),
    NAMES,
    st.lists(st.text(st.sampled_from("合同专用章财务电子0123"), min_size=1, max_size=20), max_size=2),
    st.text(st.sampled_from("0123456789X"), max_size=20),
    st.booleans(),
)
def test_no_text_leaves_the_rim(form, name, lines, number, star):
    """Whatever is written on a seal of any size is within its rim, or refused as too long."""
    outline, (width, height) = form
    design = SealDesign(
        outline, width, height, name, tuple(lines), number, star and outline is Outline.CIRCLE
    )
    try:
        drawing = draw(design, SONG)
    except Refused as refused:
        if refused.code != "seal-text-too-long":
            raise
        return
    (mark,) = drawing.marks
    a, b = width / 2 - 800, height / 2 - 800
    # The first two paths are the rim itself.
    rim = [n for n, step in enumerate(mark.path) if isinstance(step, Close)][1]
    inner = replace(mark, path=mark.path[rim + 1 :])
    assert all((x / a) ** 2 + (y / b) ** 2 <= 1 for x, y in ink(inner))


@given(st.floats(-1080, 1080))
def test_our_sine_is_the_sine(degrees):
    """To the last digits that matter for a micrometre, at every angle."""
    cosine, sine = cosine_sine(degrees)
    assert cosine == pytest.approx(math.cos(math.radians(degrees)), abs=1e-12)
    assert sine == pytest.approx(math.sin(math.radians(degrees)), abs=1e-12)


def test_characters_along_an_ellipse_are_equally_far_apart():
    """By the way along the curve, not by angle: twenty steps differ by less than three percent, as straight lines."""
    spots = Arc(20_000, 12_000, 180, 0).spots([n / 20 for n in range(21)])
    ways = [math.dist((p.x, p.y), (q.x, q.y)) for p, q in pairwise(spots)]
    assert max(ways) / min(ways) < 1.03
    assert Arc(1, 1, 180, 0).length == pytest.approx(math.pi, rel=1e-4)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"width_um": 41_000}, "seal-design-invalid"),
        ({"lines": ("一", "二", "三")}, "seal-design-invalid"),
        ({"upper_text": ""}, "seal-text-invalid"),
        ({"upper_text": "青禾 "}, "seal-text-invalid"),
        ({"upper_text": "青" * 51}, "seal-text-invalid"),
        ({"upper_text": "青" * 50}, "seal-text-too-long"),
        ({"lines": ("合同专用章" * 4,)}, "seal-text-too-long"),
        ({"lower_text": "W" * 12, "width_um": 38_000, "height_um": 38_000}, None),
        ({"lower_text": "章" * 20, "width_um": 38_000, "height_um": 38_000}, "seal-text-too-long"),
        ({"upper_text": "青禾\u202e公司"}, "seal-text-invalid"),
        ({"upper_text": "青禾\u200b公司"}, "seal-text-invalid"),
        ({"upper_text": "青禾\n公司"}, "seal-text-invalid"),
        ({"upper_text": "e\u0301"}, "seal-text-invalid"),
        ({"upper_text": "𠮷野家"}, "seal-glyph-missing"),
    ],
)
def test_a_seal_that_would_mislead_is_refused(changes, expected):
    """Unknown sizes, nothing to read, too much to read, characters that are not seen or that the font lacks."""
    if expected is None:
        assert draw(replace(ROUND, **changes), SONG)
    else:
        assert code(draw, replace(ROUND, **changes), SONG) == expected


def test_an_ellipse_has_no_star():
    """A star in an ellipse is refused, not left out."""
    assert code(draw, replace(OVAL, star=True), SONG) == "seal-design-invalid"


def test_name_seals_are_read_in_columns_from_the_right():
    """Three characters stand as one and two; a rectangle is read along its longer side; sizes are bounded."""
    assert draw_name_seal(NameSeal("王𬭎㛃"), SONG) != draw_name_seal(NameSeal("𬭎㛃王"), SONG)
    for text, width, height in (
        ("王", 20_000, 20_000),
        ("王伟", 10_000, 24_000),
        ("之印" * 8, 22_000, 22_000),
    ):
        assert draw_name_seal(NameSeal(text, width, height), SONG).width_um == width
    assert code(draw_name_seal, NameSeal("王", 9_000, 9_000), SONG) == "seal-design-invalid"
    assert code(draw_name_seal, NameSeal("王" * 16, 20_000, 10_000), SONG) == "seal-text-too-long"
    assert draw_typed("王伟", Color.BLACK, SONG).height_um == 9_000


@pytest.mark.parametrize(
    "strokes",
    [
        (),
        ((),),
        ((PenPoint(0, 0, 0),),) * 65,
        (tuple(PenPoint(n, n, n) for n in range(5001)),),
        ((PenPoint(0, 0, 0), PenPoint(100_001, 0, 1)),),
        ((PenPoint(0, 0, 0), PenPoint(50, 0, 1, 1001)),),
        ((PenPoint(0, 0, 5), PenPoint(50, 0, 4)),),
        ((PenPoint(0, 0, 0), PenPoint(50, 0, 600_001)),),
        ((PenPoint(0, 0, 0), PenPoint(5, 5, 1)),),
    ],
)
def test_strokes_are_bounded(strokes):
    """Too many, too far, backwards in time, or too small to be a signature."""
    assert code(draw_handwriting, strokes, Color.BLACK) == "signature-drawing-invalid"


def test_a_signature_stays_within_its_field_and_shows_its_dots():
    """No point leaves 60 × 24 mm; a dot is a dot; the line is never thinner or thicker than it may be."""
    dot = (PenPoint(500, 100, 3_000, 400), PenPoint(500, 101, 3_001, 400))
    drawing = draw_handwriting((*HAND, dot), Color.BLUE)
    assert all(isinstance(mark, Stroke) and 280 <= mark.width_um <= 1_000 for mark in drawing.marks)
    points = [point for mark in drawing.marks for point in ink(mark)]
    assert max(abs(x) for x, _ in points) <= 30_000
    assert max(abs(y) for _, y in points) <= 12_000
    assert len(drawing.marks[-1].path) == 2


def test_svg_and_pdf_show_the_same_points():
    """Both are written from the same whole micrometres; one counts from the top, the other from the bottom."""
    drawing = draw_name_seal(NameSeal("王"), SONG)
    shown = re.findall(rb"[ML](\d+) (\d+)", svg(drawing))
    printed = re.findall(rb"(\d+) (\d+) [ml]", pdf(drawing))
    assert len(shown) == len(printed) > 20
    for (x, y), (px, py) in zip(shown, printed, strict=True):
        assert int(x) == int(px)
        assert abs(20_000 - int(y) - int(py)) <= 1


def png(size=(300, 200), mode="RGB", color=(255, 255, 255), **options):
    image = Image.new(mode, size, color)
    if mode == "RGB":
        image.paste((220, 20, 30), (50, 50, 150, 150))
    out = io.BytesIO()
    image.save(out, options.pop("format", "PNG"), **options)
    return out.getvalue()


def test_an_uploaded_picture_keeps_its_pixels_and_nothing_else():
    """Metadata is gone, white paper is see-through, ink is not; the page has the size that was asked for."""
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "某人")
    for content in (png(pnginfo=told), png(format="JPEG", quality=95, comment=b"secret")):
        picture = read_picture(content, width_um=40_000, transparent=True)
        assert (picture.width_um, picture.height_um) == (40_000, 26_666)
        with Image.open(io.BytesIO(picture.png)) as image:
            assert image.info == {}
            assert (image.getpixel((5, 5))[3], image.getpixel((100, 100))[3]) == (0, 255)
        with pikepdf.open(io.BytesIO(picture.pdf)) as document:
            assert float(document.pages[0].mediabox[2]) == pytest.approx(113.386)
    opaque = read_picture(png(), width_um=40_000, transparent=False)
    with Image.open(io.BytesIO(opaque.png)) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255, 255)
    made = make(Upload(png(), 40_000, "rectangle", "合同专用章"))
    assert (made.method, made.media_type) == ("upload", "image/png")


def animated():
    out = io.BytesIO()
    first, second = Image.new("RGB", (100, 100)), Image.new("RGB", (100, 100), (9, 9, 9))
    first.save(out, "PNG", save_all=True, append_images=[second])
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        png()[:200],
        png(size=(59, 300)),
        png(size=(LARGEST_SIDE + 1, 60), mode="1", color=1),
        png(size=(2_400, 2_400), mode="1", color=1),
        # 10 gigapixels said by the header alone: refused before a pixel is decoded.
        png(size=(60, 60)).replace((60).to_bytes(4) * 2, (100_000).to_bytes(4) * 2),
        png(format="GIF"),
        animated(),
        bytes(MOST_BYTES + 1),
    ],
    ids=["empty", "pdf", "svg", "cut", "small", "wide", "large", "bomb", "gif", "animated", "bytes"],
)
def test_a_hostile_picture_is_refused(content):
    """Other formats, damage, bombs and animations, each before it costs much."""
    assert code(read_picture, content, width_um=40_000, transparent=True) == "seal-picture-invalid"
