"""The four families of errors."""

import pickle

import pytest
from zheng_verifier.errors import (
    MAX_DETAIL,
    MAX_WHERE,
    EvidenceError,
    InsufficientError,
    MalformedError,
    UncheckableError,
    VerificationError,
)

FAMILIES = [MalformedError, VerificationError, InsufficientError, UncheckableError]


@pytest.mark.parametrize("family", FAMILIES)
def test_families_are_siblings(family):
    """No family is a kind of another: catching one never catches a second."""
    error = family("CODE", "detail", "/where")
    assert isinstance(error, EvidenceError)
    assert [family] == [other for other in FAMILIES if isinstance(error, other)]
    assert (error.code, error.detail, error.where) == ("CODE", "detail", "/where")
    assert str(error) == "CODE: detail (at /where)"


def test_where_is_optional():
    """An error without a place does not print an empty one."""
    assert str(MalformedError("CODE", "detail")) == "CODE: detail"


@pytest.mark.parametrize("family", FAMILIES)
def test_error_crosses_a_process_boundary(family):
    """A subprocess can hand an error to its parent, even one that quotes hostile text."""
    error = family("CODE", "a\nb" * 300, "/\u202e" * 1_000)
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is family
    assert (copy.code, copy.detail, copy.where, str(copy)) == (
        error.code,
        error.detail,
        error.where,
        str(error),
    )


@pytest.mark.parametrize(
    "char", ["\n", "\r", "\x1b", "\x00", "\x7f", "\x9b", "\u202e", "\u2066", "\u2028", "\ufeff"]
)
def test_quoted_control_characters_are_escaped(char):
    """Input cannot forge a line of a report or turn the direction of writing through an error message."""
    error = VerificationError("CODE", f"the log '{char}C07 PASSED'", f"/{char}")
    assert char not in str(error)
    assert f"\\u{ord(char):04x}" in error.detail
    assert f"\\u{ord(char):04x}" in error.where


def test_quoted_lone_surrogate_can_be_printed():
    """A surrogate from a hostile property name does not break the printing of its refusal."""
    assert "\\udead" in MalformedError("CODE", "x", "\udead").where
    str(MalformedError("CODE", "\udead", "\udead")).encode()


def test_messages_are_bounded():
    """A megabyte of input does not become a megabyte of message."""
    error = MalformedError("CODE", "x" * (1 << 20), "y" * (1 << 20))
    assert len(error.detail) == MAX_DETAIL + 1
    assert len(error.where) == MAX_WHERE + 1
    assert error.detail.endswith("x…")


def test_chinese_names_are_shown_as_they_are():
    """Rare characters of names, private use included, are not taken for control characters."""
    assert MalformedError("CODE", "𬭎㛃\ue000 张").detail == "𬭎㛃\ue000 张"
