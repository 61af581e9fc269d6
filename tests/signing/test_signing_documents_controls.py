"""Controls and values, pure: what may be placed where, and what may be entered."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zheng_verifier.pdf.fonts import coverage

from signing.documents.controls import (
    FOOTER,
    MAX_CONTROLS,
    Control,
    ControlKind,
    Rule,
    check_controls,
    format_controls,
    overlap,
    parse_controls,
    without_place,
)
from signing.documents.forms import check_own_values, check_values
from signing.documents.kinds import Kind, declared_otherwise, kind_of, named_otherwise
from signing.documents.pages import Page, format_pages, parse_pages
from signing.errors import Refused
from signing.pades.geometry import PageBox, Rectangle, to_user_space

A4 = (595_276, 841_890)
PLACE = Rectangle(100_000, 100_000, 120_000, 40_000)
TEXT = Control("words", ControlKind.TEXT, 0, 1, PLACE)
SIGN = Control("sign", ControlKind.SIGNATURE, 1, 1, PLACE)


def refused(code, field, operation, *arguments, **named):
    with pytest.raises(Refused) as caught:
        operation(*arguments, **named)
    assert (code, field) == (caught.value.code, caught.value.field)


places = st.builds(
    Rectangle,
    st.integers(-5_000, 600_000),
    st.integers(-5_000, 850_000),
    st.integers(1, 600_000),
    st.integers(1, 850_000),
)


@given(places)
def test_place_is_accepted_if_and_only_if_it_lies_on_the_page_above_the_footer(place):
    """The rule for places, against its own definition by corners."""
    inside = (
        place.x >= 0
        and place.y >= 0
        and place.x + place.width <= A4[0]
        and place.y + place.height <= A4[1] - FOOTER
        and place.width >= 20_000
        and place.height >= 10_000
    )
    if inside:
        check_controls([replace(SIGN, place=place)], [A4])
    else:
        refused("control-outside", "/controls/0", check_controls, [replace(SIGN, place=place)], [A4])


@given(places, places)
def test_overlap_is_symmetric_and_is_having_a_point_in_common(one, other):
    """Two places overlap exactly if some open square lies in both; which one is asked first is no matter."""
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    assert overlap(one, other) == overlap(other, one) == (width > 0 and height > 0)


@given(places, st.sampled_from([0, 90, 180, 270]), st.tuples(*[st.integers(0, 200)] * 2))
@settings(max_examples=60)
def test_place_as_seen_keeps_its_size_and_distance_to_the_edges_on_turned_and_cropped_pages(
    place, rotation, corner
):
    """From a place as seen to the page's own coordinates: area, and distance from the edge that is seen on top."""
    left, bottom = corner
    box = PageBox(left, bottom, left + 700, bottom + 900, rotation)
    x0, y0, x1, y1 = to_user_space(place, box)
    assert abs((x1 - x0) * (y1 - y0) - place.width * place.height / 1e6) < 1
    top = {0: box.top - y1, 90: x0 - box.left, 180: y0 - box.bottom, 270: box.right - x1}[rotation]
    edge = {0: x0 - box.left, 90: y0 - box.bottom, 180: box.right - x1, 270: box.top - y1}[rotation]
    assert abs(top - place.y / 1000) < 0.01
    assert abs(edge - place.x / 1000) < 0.01
    size = Page((left * 1000, bottom * 1000, (left + 700) * 1000, (bottom + 900) * 1000), rotation).size
    assert size == (round(box.width * 1000), round(box.height * 1000))


@pytest.mark.parametrize(
    ("controls", "code", "field"),
    [
        ([replace(TEXT, name="1st")], "control-invalid", "/controls/0/name"),
        ([TEXT, replace(TEXT, page=2)], "control-invalid", "/controls/1/name"),
        ([replace(TEXT, party=51)], "control-invalid", "/controls/0/party"),
        ([replace(SIGN, party=0)], "control-invalid", "/controls/0/party"),
        ([SIGN, replace(SIGN, name="again", page=2)], "control-invalid", "/controls/1/party"),
        ([replace(TEXT, kind=ControlKind.PARTY_NAME)], "control-invalid", "/controls/0/party"),
        ([replace(TEXT, kind=ControlKind.CHOICE)], "control-invalid", "/controls/0/rule/options"),
        ([replace(TEXT, rule=Rule(size=3_000))], "control-invalid", "/controls/0/rule/size"),
        ([replace(TEXT, rule=Rule(decimals=7))], "control-invalid", "/controls/0/rule"),
        ([replace(TEXT, rule=Rule(align="top"))], "control-invalid", "/controls/0/rule"),
        ([replace(TEXT, page=3)], "control-outside", "/controls/0/page"),
        ([replace(SIGN, place=Rectangle(0, 0, 9, 9))], "control-outside", "/controls/0"),
        ([TEXT, replace(TEXT, name="more")], "control-overlap", "/controls/1"),
        ([SIGN, replace(SIGN, name="other", party=2)], "control-overlap", "/controls/1"),
        ([TEXT] * (MAX_CONTROLS + 1), "control-invalid", "/controls"),
    ],
)
def test_controls_that_cannot_be_are_refused_with_their_place(controls, code, field):
    """Each rule names the control that breaks it."""
    refused(code, field, check_controls, controls, [A4, A4])


def test_seal_may_stand_on_words_and_signers_without_place_are_named():
    """A seal covers text as on paper; who signs and has no place is told, who has one and does not sign is refused."""
    check_controls([TEXT, SIGN], [A4])
    assert without_place([TEXT, SIGN], [1, 3]) == (3,)
    refused("control-invalid", "/controls", without_place, [SIGN], [2])


def test_controls_and_pages_are_read_back_as_they_were_written():
    """What is kept in columns loses nothing."""
    controls = (TEXT, replace(SIGN, rule=Rule(options=("甲", "乙"), grouped=True)))
    assert parse_controls(format_controls(controls)) == controls
    pages = (Page((0, 0, 10, 20)), Page((1, 2, 3, 4), 270))
    assert parse_pages(format_pages(pages)) == pages


def one(kind, value, **rule):
    control = replace(TEXT, kind=kind, party=1, rule=Rule(**rule))
    return check_values([control], {"words": value}, coverage())[0].text


@pytest.mark.parametrize(
    ("kind", "value", "rule", "text"),
    [
        ("text", "甲方 A\n第二行", {}, "甲方 A\n第二行"),
        ("number", "1234567.50", {"grouped": True, "maximum": "9999999"}, "1,234,567.50"),
        ("number", "-3", {}, "-3"),
        ("date", "2027-02-03", {"style": "chinese", "minimum": "2027-01-01"}, "2027年2月3日"),
        ("date", "2028-02-29", {}, "2028-02-29"),
        ("choice", "乙", {"options": ("甲", "乙")}, "乙"),
        ("checkbox", "true", {}, "true"),
        ("party_name", "王𬭎", {}, "王𬭎"),
        ("party_id", "91000000TEST000000", {}, "91000000TEST000000"),
    ],
)
def test_value_within_its_rule_is_printed_as_the_rule_says(kind, value, rule, text):
    """Each kind of control, once."""
    assert one(ControlKind(kind), value, **rule) == text


@pytest.mark.parametrize(
    ("kind", "value", "rule"),
    [
        ("text", "x" * 11, {"max_length": 10}),
        ("text", "\u202egnol", {}),
        ("text", "\U0001f600", {}),
        ("number", "01", {}),
        ("number", "1.234", {}),
        ("number", "1e3", {}),
        ("number", "٣", {}),
        ("number", "11", {"maximum": "10"}),
        ("number", "-1", {"minimum": "0"}),
        ("date", "2027-02-29", {}),
        ("date", "20270203", {}),
        ("date", "2026-12-31", {"minimum": "2027-01-01"}),
        ("date", "2027-12-31", {"maximum": "2027-01-01"}),
        ("choice", "丙", {"options": ("甲",)}),
        ("checkbox", "yes", {}),
        ("party_id", "<b>", {}),
    ],
)
def test_value_outside_its_rule_is_refused(kind, value, rule):
    """Formats, bounds, and characters that could not be printed as themselves."""
    refused("value-invalid", "/values/words", one, ControlKind(kind), value, **rule)


def test_missing_unknown_and_default_values():
    """A required value is missing only when all is asked for; defaults stand in; a name nobody placed is refused."""
    controls = [TEXT, replace(TEXT, name="usual", rule=Rule(default="如常")), SIGN]
    refused("value-missing", "/values/words", check_values, controls, {}, coverage())
    entries = check_values(controls, {}, coverage(), complete=False)
    assert [(each.control.name, each.value) for each in entries] == [("usual", "如常")]
    refused("value-unknown", "/values/sign", check_values, controls, {"sign": "x"}, coverage())
    optional = [replace(TEXT, required=False)]
    assert check_values(optional, {"words": ""}, coverage()) == ()


def test_a_party_enters_all_that_is_required_of_it_and_nothing_else():
    """Its own fields, without what stands in for others; the first that is missing is named."""
    own = [TEXT, replace(TEXT, name="more", required=False)]
    refused("value-missing", "/values/words", check_own_values, own, {"more": "x"}, coverage())
    refused("value-unknown", "/values/sign", check_own_values, own, {"sign": "x"}, coverage())
    entries = check_own_values(own, {"words": "甲"}, coverage())
    assert [(each.control.name, each.value) for each in entries] == [("words", "甲")]


def test_kind_is_told_by_content_and_held_against_name_and_declared_type():
    """A name or type that says something else contradicts; none says nothing."""
    assert [
        kind_of(start) for start in (b"%PDF-1.7", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"MZ")
    ] == [
        Kind.PDF,
        Kind.DOCX,
        Kind.DOC,
        None,
    ]
    assert named_otherwise("contract.pdf.docx", Kind.PDF)
    assert not named_otherwise("合同.PDF", Kind.PDF)
    assert not named_otherwise("no extension 1.2", Kind.DOC)
    assert declared_otherwise("application/pdf; charset=x", Kind.DOC)
    assert not declared_otherwise("application/octet-stream", Kind.DOC)
