"""Strict text encodings: one spelling for each value."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zheng_verifier.encoding import (
    format_base64,
    format_base64url,
    format_hex,
    format_time,
    parse_base64,
    parse_base64url,
    parse_decimal,
    parse_hex,
    parse_time,
    parse_uuid,
)
from zheng_verifier.errors import MalformedError

MILLISECONDS = st.datetimes(timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)


def refused(parse, text, **options):
    """Read ``text`` and give the error; anything else than MalformedError fails the test."""
    with pytest.raises(MalformedError) as caught:
        parse(text, where="/there", **options)
    assert (caught.value.code, caught.value.where) == ("FORMAT_FAILURE", "/there")
    return caught.value


@given(st.binary(max_size=80))
def test_base64_forms_round_trip(data):
    """What is written is read back, in all three encodings."""
    assert data == parse_base64(format_base64(data))
    assert data == parse_base64url(format_base64url(data))
    assert data == parse_hex(format_hex(data))


@given(st.text(max_size=12))
def test_any_text_has_at_most_one_reading(text):
    """A text that is read at all is exactly what would be written for its value."""
    for parse, write in (
        (parse_base64, format_base64),
        (parse_base64url, format_base64url),
        (parse_hex, format_hex),
    ):
        try:
            value = parse(text)
        except MalformedError:
            continue
        assert write(value) == text


@pytest.mark.parametrize(
    "text",
    [
        "AA==",  # padding
        "AB",  # unused bits set
        "A",  # no such length
        "AAA=",
        "+/+/",  # the other alphabet
        "AA AA",
        "AAAA\n",
        "AA-\u00e9",
        "\udead",
        "====",
    ],
)
def test_base64url_refuses_other_spellings(text):
    """Padding, unused bits, blanks and foreign characters are refused."""
    refused(parse_base64url, text)


@pytest.mark.parametrize(
    "text", ["AA", "AB==", "A===", "AAA", "-_-_", "AA AA===", "AAAA\n", "\u00e9AAA", "AA==AA==", "="]
)
def test_base64_refuses_other_spellings(text):
    """Missing padding, unused bits, blanks and the other alphabet are refused."""
    refused(parse_base64, text)


@pytest.mark.parametrize("text", ["0", "0A", "0g", " 00", "0 0 ", "0x00", "\uff10\uff10", "00\n"])
def test_hex_refuses_other_spellings(text):
    """Upper case, odd lengths, blanks, prefixes and wide digits are refused."""
    refused(parse_hex, text)


def test_fixed_sizes_are_demanded():
    """A fixed size refuses one byte more and one byte less."""
    for size in (1, 3):
        refused(parse_base64, format_base64(bytes(2)), size=size)
        refused(parse_base64url, format_base64url(bytes(2)), size=size)
        refused(parse_hex, "0000", size=size)
    assert parse_hex("0000", size=2) == bytes(2)


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_decimal_round_trips(value):
    """Every number up to the maximum is read."""
    assert value == parse_decimal(str(value), maximum=2**63 - 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "+1",
        "01",
        "00",
        "1 ",
        "1\n",
        "1_0",
        "1e3",
        "0x1",
        "\u0661",
        "\u00b2",
        "9223372036854775808",
        "9" * 10_000,
    ],
)
def test_decimal_refuses_other_spellings(text):
    """Signs, leading zeros, blanks, foreign digits and numbers beyond the maximum are refused."""
    refused(parse_decimal, text, maximum=2**63 - 1)


def test_uuid_is_lower_case_text():
    """One spelling of a UUID is read."""
    text = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
    assert parse_uuid(text) == text
    for other in (
        text.upper(),
        text.replace("-", ""),
        f"{{{text}}}",
        text + "\n",
        text[:-1],
        f"urn:uuid:{text}",
    ):
        refused(parse_uuid, other)


@given(MILLISECONDS)
def test_time_round_trips(moment):
    """Every millisecond of the years 1 to 9999 has one text of 24 characters."""
    text = format_time(moment)
    assert len(text) == 24
    assert moment == parse_time(text)


def test_time_of_an_early_year_keeps_four_digits():
    """The platform's strftime does not decide how many digits a year has."""
    assert format_time(datetime(7, 1, 2, tzinfo=UTC)) == "0007-01-02T00:00:00.000Z"


def test_time_is_cut_not_rounded():
    """Microseconds beyond the millisecond are dropped: a time is never moved forward."""
    assert format_time(datetime(2026, 1, 1, 23, 59, 59, 999_999, tzinfo=UTC)) == "2026-01-01T23:59:59.999Z"


def test_time_of_another_zone_is_written_in_utc():
    """A moment in Beijing's zone is written as the same moment in UTC."""
    beijing = timezone(timedelta(hours=8))
    assert format_time(datetime(2026, 1, 1, 8, tzinfo=beijing)) == "2026-01-01T00:00:00.000Z"


def test_naive_time_is_not_written():
    """A moment without a zone is a mistake of the caller."""
    with pytest.raises(ValueError, match="time zone"):
        format_time(datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None))


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.00Z",
        "2026-01-01T00:00:00.0000Z",
        "2026-01-01T00:00:00.000",
        "2026-01-01T00:00:00.000+00:00",
        "2026-01-01t00:00:00.000z",
        "2026-01-01 00:00:00.000Z",
        "2026-01-01T00:00:00.000Z\n",
        "2026-02-29T00:00:00.000Z",
        "2026-13-01T00:00:00.000Z",
        "2026-01-01T24:00:00.000Z",
        "2026-01-01T23:60:00.000Z",
        "2026-06-30T23:59:60.000Z",
        "2026-06-30T23:59:61.000Z",
        "0000-01-01T00:00:00.000Z",
        "\uff12026-01-01T00:00:00.000Z",
    ],
)
def test_time_refuses_other_spellings_and_moments(text):
    """Other layouts, other zones, leap seconds, hour 24 and days that never were are refused."""
    refused(parse_time, text)
