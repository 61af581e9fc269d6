"""The operator's statement of himself: round trip, every refusal by name."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makers.mutations import altered
from zheng_verifier.errors import EvidenceError, MalformedError, UncheckableError
from zheng_verifier.statement import (
    COMPONENTS,
    Component,
    Filings,
    Interest,
    Operator,
    Statement,
    format_statement,
    parse_statement,
)

FULL = Statement(
    operator=Operator("示例存证有限公司", "91110000MA0000000X", "evidence@zheng.example"),
    components=tuple(
        Component(kind, f"TEST {kind}", "示例存证有限公司", related=kind != "tsa") for kind in COMPONENTS
    ),
    interests=(Interest("TEST platform", "pays for each deposit"),),
    filings=Filings("京网信备000", "三级 000", "密评 000"),
    paid_by="TEST platform",
    environment={"zheng": "0.2.0", "python": "3.11"},
    time_source="NTP, four servers",
    key_management="software keys on one machine",
    custody="one database, encrypted by case",
)
SMALL = Statement(Operator("Example Ltd."))
DATA = format_statement(FULL)
words = st.text("abc 证", min_size=1, max_size=9).filter(str.strip)


@pytest.mark.parametrize("statement", [FULL, SMALL, Statement(Operator("x"), interests=())])
def test_what_is_written_reads_back(statement):
    """parse ∘ format is the identity; no interests and nothing said of interests stay apart."""
    data = format_statement(statement)
    assert parse_statement(data) == statement
    assert format_statement(parse_statement(data)) == data


@given(
    words,
    st.lists(
        st.builds(Component, st.sampled_from(COMPONENTS), words, words, st.booleans()),
        unique=True,
        max_size=4,
    ),
    st.none() | st.lists(st.builds(Interest, words, words), unique=True, max_size=4).map(tuple),
    st.builds(Filings, st.none() | words, st.none() | words, st.none() | words),
    st.none() | words,
)
def test_made_up_statements_read_back(name, components, interests, filings, text):
    """Generated members, present and absent."""
    made = Statement(
        Operator(name, text, text), tuple(components), interests, filings, text, {"a": name}, text, text, text
    )
    assert parse_statement(format_statement(made)) == made


@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_another_statement(position, flip):
    """No change of a byte reads as the same statement."""
    changed = DATA[:position] + bytes([DATA[position] ^ flip]) + DATA[position + 1 :]
    try:
        read = parse_statement(changed)
    except EvidenceError:
        return
    assert read != FULL
    assert format_statement(read) == changed


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (["zheng"], "policy/v1", "FORMAT_FAILURE"),
        (["more"], 1, "UNKNOWN_FIELD"),
        (["operator"], None, "FIELD_MISSING"),
        (["operator", "name"], None, "FIELD_MISSING"),
        (["operator", "name"], " ", "FORMAT_FAILURE"),
        (["operator", "more"], 1, "UNKNOWN_FIELD"),
        (["components"], None, "FIELD_MISSING"),
        (["components"], [1], "FORMAT_FAILURE"),
        (["components"], [json.loads(DATA)["components"][0]] * 2, "FORMAT_FAILURE"),
        (["components"], [{}] * 65, "TOO_MANY"),
        (["components", 0, "component"], "database", "FORMAT_FAILURE"),
        (["components", 0, "related"], "yes", "WRONG_TYPE"),
        (["components", 0, "more"], 1, "UNKNOWN_FIELD"),
        (["interests", 0, "with"], "", "FORMAT_FAILURE"),
        (["interests", 0, "relation"], None, "FIELD_MISSING"),
        (["filings", "more"], 1, "UNKNOWN_FIELD"),
        (["filings", "mlps_no"], "", "FORMAT_FAILURE"),
        (["environment", "python"], 3, "WRONG_TYPE"),
        (["environment", "Python"], "3", "MEMBER_NAME"),
        (["paid_by"], "x" * 2_049, "STRING_TOO_LONG"),
    ],
)
def test_a_misshapen_statement_is_malformed(path, value, code):
    """Each refusal by its code; nothing of a statement is guessed."""
    with pytest.raises(MalformedError) as caught:
        parse_statement(altered(DATA, path, value))
    assert caught.value.code == code


def test_a_later_version_cannot_be_read():
    """It may be true: it is not malformed."""
    with pytest.raises(UncheckableError):
        parse_statement(altered(DATA, ["zheng"], "statement/v2"))


@pytest.mark.parametrize("data", [DATA + b" ", b"", b"[]", b" " * 70_000])
def test_only_canonical_objects_within_the_limit_are_read(data):
    """White space, nothing, another kind of value, too much."""
    with pytest.raises(MalformedError):
        parse_statement(data)


@pytest.mark.parametrize("member", ["filings", "environment"])
def test_an_empty_object_reads_as_nothing_said_and_is_refused(member):
    """What is absent has one spelling: an empty object would be a second."""
    with pytest.raises(MalformedError) as caught:
        parse_statement(altered(DATA, [member], {}))
    assert caught.value.code == "FORMAT_FAILURE"
