"""Drawings: well-formed SVG whose words and marks are those of the report, in both languages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from makers.universe import OURS, edit_proof, run, standard, verify
from zheng_verifier.report.drawings import (
    ROWS_PER_DRAWING,
    ProofPath,
    proof_path_svg,
    read_proof_path,
    time_line_svg,
)
from zheng_verifier.report.drawings.delay import delay_words
from zheng_verifier.report.drawings.words import WORDS
from zheng_verifier.report.five_times import TOKEN, bound_from
from zheng_verifier.report.model import CheckId, Status, TimeBound, say
from zheng_verifier.report.texts import LANGUAGES

SVG = "{http://www.w3.org/2000/svg}"


def words_of(svg):
    """The texts of a drawing, parsed as XML."""
    root = ET.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def test_both_languages_have_the_same_words():
    """Key by key."""
    assert WORDS["zh-CN"].keys() == WORDS["en"].keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_time_line_names_every_event_and_its_delay(language):
    """A row for each, in order."""
    events = run().events
    texts = words_of(time_line_svg(events, language))
    assert [text for text in texts if text in {str(event.seq) for event in events}] == list("1234567")
    assert texts.count({"zh-CN": "9 分钟", "en": "9 min"}[language]) == 1


def test_events_without_times_or_type_are_rows_all_the_same():
    """Nothing known but the number; an unknown type under its own name; a long label is cut."""
    event = run().events[0]
    bare = replace(
        event,
        type=None,
        received_at=None,
        claimed_at=None,
        not_before=None,
        not_after=None,
        anchored=None,
        upper=(),
    )
    texts = words_of(time_line_svg([bare], "en"))
    assert "entry not shown" in texts
    assert "–" in texts
    future = replace(event, type="future.thing/1")
    assert "future.thing/1" in words_of(time_line_svg([future], "zh-CN"))
    long = replace(event, type="identity.organization_verified/1"), replace(event, type="log.frozen/1")
    assert any(
        text.endswith("…")
        for text in words_of(
            time_line_svg([replace(event, type="evidence.certificate_issued/1"), *long], "en")
        )
    )
    assert words_of(time_line_svg([], "en"))


def test_moments_at_the_ends_of_the_calendar_are_drawn():
    """No zone is applied where the next day does not exist."""
    event = run().events[0]
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    texts = words_of(time_line_svg([replace(event, claimed_at=first, received_at=last)], "zh-CN"))
    assert "9999-12-31" in texts


def test_values_cannot_become_markup():
    """A hostile type name is text, and what shows nothing is spelled out."""
    event = replace(run().events[0], type='</text><script>"&\u202e')
    svg = time_line_svg([event], "en")
    assert "<script>" not in svg
    assert "\\u202e" in "".join(words_of(svg))


def test_untrusted_sources_have_a_hollow_mark():
    """In black and white it differs by shape, not by colour."""
    event = run().events[0]
    bound = TimeBound(event.not_after.moment, say("times.tsa", name="x"), trusted=False)
    witness = TimeBound(event.not_after.moment, say("times.witness", name="w"), trusted=True)
    one = replace(event, not_after=bound, upper=(bound,), anchored=None)
    two = replace(one, upper=(bound, witness))
    assert 'fill="#ffffff"' in time_line_svg([one], "en").split("</text>")[-4]
    assert time_line_svg([one], "en") != time_line_svg([two], "en")
    trusted = replace(bound, trusted=True)
    assert bound_from(replace(event, upper=(bound, trusted)), TOKEN) is trusted
    assert bound_from(replace(event, upper=(bound,)), TOKEN) is bound
    assert bound_from(replace(event, upper=()), TOKEN) is None


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_661, "1 h 1 min"),
        (90_000, "1 d 1 h"),
        (86_400, "1 d"),
        (-5, "-5 s"),
        (-0.4, "0 s"),
        (61, "1 min 1 s"),
    ],
)
def test_delays_are_told_in_two_units(seconds, said):
    """The largest two; a zero second one is left out."""
    assert delay_words(timedelta(seconds=seconds), "en") == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_proof_path_shows_checks_and_abbreviated_hashes(language):
    """Every arrow with the number and mark of its check."""
    report = run()
    path = read_proof_path(standard().bundle(), report, 3)
    texts = words_of(proof_path_svg(path, language))
    for check in ("C03 ●", "C06 ●", "C07 ●", "C09 ● C10 ●", "C11 ●"):
        assert any(check in text for text in texts)
    assert f"{report.events[3].leaf_hash[:10]}…{report.events[3].leaf_hash[-6:]}" in texts


def test_missing_parts_of_a_path_are_drawn_as_missing():
    """A withheld entry, no time-stamp, no chain record, a check not done."""
    path = ProofPath(1, None, "l" * 43, 0, 0, 1, "r" * 43, "n" * 64, (), {CheckId.C06: Status.FAILED})
    texts = words_of(proof_path_svg(path, "en"))
    assert texts.count("not provided") == 3
    assert any("C06 ×" in text for text in texts)
    assert any("C03 –" in text for text in texts)


def test_without_a_checkpoint_there_is_no_path():
    """None covers the event, or it does not parse."""
    bundle = replace(standard().bundle(), proofs=(), consistency=())
    report = verify(bundle, OURS.policy(standard()))
    assert read_proof_path(bundle, report, 0) is None
    broken = edit_proof(0, checkpoint=b"no note\n")(standard().bundle())
    assert read_proof_path(broken, verify(broken, OURS.policy(standard())), 0) is None


def test_a_withheld_entry_still_has_a_path():
    """Its leaf is public."""
    bundle = standard().bundle()
    events = (replace(bundle.events[0], entry=None), *bundle.events[1:])
    bundle = replace(bundle, events=events)
    path = read_proof_path(bundle, verify(bundle, OURS.policy(standard())), 0)
    assert path.entry is None


def test_a_drawing_has_room_for_its_rows():
    """What others cut their events by."""
    svg = time_line_svg(run().events * 3, "en")
    assert 'height="' in svg
    assert len(run().events) * 3 <= ROWS_PER_DRAWING
