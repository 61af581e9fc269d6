"""Codes, bindings, terms and texts, as values."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
import typst
from zheng_verifier.encoding import format_base64url

from signing.act.views import masked
from signing.intent import codes
from signing.intent.binding import Binding
from signing.intent.codes import Outcome, Trial, judge, new_code, wait, well_formed
from signing.intent.reading import PdfTextReader
from signing.intent.statements import Locale, intent_statement, terms_notice
from signing.intent.terms import LABELS, Line, Place, TermKind, find_terms

DIGESTS = {"1fefbf7ec3a2", "3c4776b8eb8c", "624bc86c1c65", "a666624dfedf"}
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_codes_are_six_digits_and_none_is_likelier():
    """Numbers beyond the last whole million are drawn again."""
    given = iter([b"\xff\xff\xff", (15_999_999).to_bytes(3), (7).to_bytes(3)])
    draw = lambda size: next(given)  # noqa: E731
    assert [new_code(draw), new_code(draw)] == ["999999", "000007"]
    assert [well_formed(each) for each in ("000007", "00007", "１２３４５６", "12345a")] == [
        True,
        False,
        False,
        False,
    ]
    assert codes.same(b"a", b"a")


@pytest.mark.parametrize(
    ("trial", "right", "expected"),
    [
        (Trial(False, 0, NOW), True, Outcome.CLOSED),
        (Trial(True, 0, NOW - timedelta(seconds=1)), True, Outcome.EXPIRED),
        (Trial(True, 5, NOW), True, Outcome.SPENT),
        (Trial(True, 4, NOW), True, Outcome.RIGHT),
        (Trial(True, 4, NOW), False, Outcome.SPENT),
        (Trial(True, 3, NOW), False, Outcome.WRONG),
    ],
)
def test_an_answer_is_judged_by_the_challenge_first(trial, right, expected):
    """Closed, late or spent, it is not even compared."""
    assert judge(trial, NOW, right=lambda: right) is expected


def test_another_code_has_to_be_waited_for():
    """A minute after each; an hour after eight."""
    assert wait([], NOW) == timedelta(0)
    assert wait([NOW - timedelta(hours=2)], NOW) == timedelta(0)
    assert wait([NOW - timedelta(seconds=20)], NOW) == timedelta(seconds=40)
    assert wait([NOW - timedelta(minutes=m) for m in range(2, 10)], NOW) == timedelta(minutes=51)


def test_a_challenge_is_the_digest_of_bytes_head_and_nonce():
    """As the verifier computes it again; parts of another size are a mistake."""
    made = Binding("ab" * 32, b"\x01" * 32, b"\x02" * 16).challenge
    wanted = hashlib.sha256(b"\xab" * 32 + b"\x01" * 32 + b"\x02" * 16).digest()
    assert made == format_base64url(wanted)
    with pytest.raises(ValueError, match="32 bytes"):
        Binding("ab" * 32, b"", b"\x02" * 16)


def test_terms_are_found_in_both_languages_and_over_the_end_of_a_line():
    """A broken word points at both lines; spaces within Chinese and the case of letters do not matter."""
    texts = (
        "逾期应支付违",
        "约金。期满后自动 续期。",
        "Exclusive",
        "JURISDICTION of X; no such thing",
        "违约金",
    )
    lines = [Line(text, Place(1, 10, 100 * n, 50, 20)) for n, text in enumerate(texts)]
    found = [(term.kind, term.place.y, term.place.height) for term in find_terms(lines)]
    assert found == [
        (TermKind.AUTOMATIC_RENEWAL, 100, 20),
        (TermKind.LIQUIDATED_DAMAGES, 0, 120),
        (TermKind.LIQUIDATED_DAMAGES, 400, 20),
        (TermKind.DISPUTE_RESOLUTION, 200, 120),
    ]
    assert find_terms([]) == ()
    assert set(LABELS) == set(TermKind)


def test_the_text_of_a_pdf_is_found_where_it_stands(tmp_path):
    """Chinese and Latin text of a typeset page, and of a turned one; a file that is none counts as unread."""
    source = tmp_path / "page.typ"
    source.write_text(
        "#set page(width: 300pt, height: 200pt, margin: 30pt)\n"
        '#set text(font: "Noto Sans SC", size: 10pt)\n合同期满后自动续期一年。\n\nNo security deposit.\n'
    )
    pdf = typst.compile(
        str(source), font_paths=["verifier/zheng_verifier/pdf/fonts"], ignore_system_fonts=True
    )
    reading = PdfTextReader().read(pdf)
    assert (reading.heights, reading.unread) == ((200_000,), 0)
    kinds = {term.kind: term.place for term in find_terms(reading.lines)}
    assert set(kinds) == {TermKind.AUTOMATIC_RENEWAL, TermKind.DEPOSIT}
    place = kinds[TermKind.AUTOMATIC_RENEWAL]
    assert 29_000 < place.x < 31_000
    assert 25_000 < place.y < 45_000
    assert kinds[TermKind.DEPOSIT].y > place.y
    assert PdfTextReader().read(b"no PDF").unread == 1


def test_statements_are_complete_in_both_languages_and_never_change():
    """Each text has its digest, which stands in evidence: another wording is another text."""
    digests = {text(locale).sha256[:12] for text in (intent_statement, terms_notice) for locale in Locale}
    assert len(digests) == 4
    assert digests == DIGESTS


def test_an_address_is_shown_masked():
    """Enough to know it by, too little to learn it."""
    assert [masked(each) for each in ("13900000001", "zhang@example.org", "12345", "")] == [
        *("139****0001", "z***@example.org", "****", ""),
    ]
