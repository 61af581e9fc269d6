"""Events held against their schemas: one example of each type, what is refused of it, and what the refusal says."""

import copy
import hashlib
import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, validators
from zheng_verifier.errors import MalformedError, UncheckableError
from zheng_verifier.sealed import disclosure_digest, parse_disclosure
from zheng_verifier.taxonomy import (
    EVENT_TYPES,
    SealedField,
    check_data,
    check_opened,
    event_type,
    schema_file_name,
    seal_private,
    sealed_paths,
)

EXAMPLES = Path(__file__).parent / "data" / "events"
LOADED = {name: json.loads((EXAMPLES / schema_file_name(name)).read_text("utf-8")) for name in EVENT_TYPES}
REFUSED = [(name, change) for name, example in LOADED.items() for change in example["refused"]]
each_type = pytest.mark.parametrize("name", list(EVENT_TYPES))


def _ecma_pattern(validator, pattern, value, schema):
    """JSON Schema's "$" ends the string (ECMA-262); the library hands the pattern to Python as it is."""
    if isinstance(value, str) and not re.match(pattern[:-1] + r"\Z", value, re.ASCII):
        yield validators.exceptions.ValidationError(f"does not match {pattern}")


Judge = validators.extend(Draft202012Validator, {"pattern": _ecma_pattern})
JUDGES = {name: Judge(dict(event.schema)) for name, event in EVENT_TYPES.items()}


def salts(name: str) -> Callable[[], bytes]:
    """Make the salts of the stored examples: 16 bytes each, the same in every run."""
    numbers = itertools.count()
    return lambda: hashlib.sha256(f"{name} salt {next(numbers)}".encode()).digest()[:16]


def changed(data: dict, change: dict) -> dict:
    """Apply one named mutation to the top level of a copy."""
    data = copy.deepcopy(data)
    for path, value in change.get("set", {}).items():
        data[path[1:]] = value
    if "remove" in change:
        del data[change["remove"][1:]]
    return data


def test_every_type_has_its_example_and_every_example_its_type():
    """No type goes without a stored example, and no example is left over."""
    assert {path.name for path in EXAMPLES.iterdir()} == {schema_file_name(name) for name in EVENT_TYPES}
    assert all(len(example["refused"]) >= 3 for example in LOADED.values())


@each_type
def test_the_example_seals_and_passes(name):
    """Private values are sealed as stored, the whole fits the schema, and each opened value fits its field."""
    example = LOADED[name]
    before = copy.deepcopy(example)
    data, disclosures = seal_private(name, example["data"], example["private"], salts(name))
    assert data == example["sealed"]
    assert example == before
    fields = check_data(name, data)
    assert {field.digest for field in fields} == {disclosure_digest(text) for text in disclosures}
    opened = {disclosure_digest(text): parse_disclosure(text).value for text in disclosures}
    for field in fields:
        check_opened(name, field.path, opened[field.digest])
        pattern = re.sub(r"/\d+(?=/|$)", "/*", field.path)
        assert pattern in sealed_paths(name)


@each_type
def test_the_example_holds_every_field(name):
    """The stored examples show all fields, so that every rule is walked."""
    shown = set()

    def walk(value, path):
        if isinstance(value, dict) and "_sd" not in value:
            for member, item in value.items():
                shown.add(f"{path}/{member}")
                walk(item, f"{path}/{member}")
        elif isinstance(value, list):
            for item in value:
                walk(item, f"{path}/*")

    walk(LOADED[name]["sealed"], "")
    assert {field.path for field in EVENT_TYPES[name].fields} - shown <= {"/erased/*/fields"}


@pytest.mark.parametrize(
    ("name", "change"), REFUSED, ids=[f"{name}: {change['name']}" for name, change in REFUSED]
)
def test_a_mutated_example_is_refused(name, change):
    """Each named mutation is refused with its code and place, and no value is repeated in the refusal."""
    data = changed(LOADED[name]["sealed"], change)
    with pytest.raises(MalformedError) as caught:
        check_data(name, data)
    assert (caught.value.code, caught.value.where) == (change["code"], change["where"])
    for value in change.get("set", {}).values():
        if isinstance(value, str):
            assert value not in caught.value.detail
    if change["code"] != "DUPLICATE_DIGEST":  # one digest twice: each is well-formed by itself
        assert not JUDGES[name].is_valid(data)


@each_type
def test_the_walk_accepts_what_the_library_accepts(name):
    """The example passes both; without its optional fields it passes both; without a required one neither."""
    data = LOADED[name]["sealed"]
    assert list(JUDGES[name].iter_errors(data)) == []
    for member in data:
        less = {other: value for other, value in data.items() if other != member}
        assert (
            _passes(name, less)
            == JUDGES[name].is_valid(less)
            == (member not in EVENT_TYPES[name].rule.required)
        )


def _passes(name: str, data: dict) -> bool:
    try:
        check_data(name, data)
    except MalformedError:
        return False
    return True


SCALARS = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.booleans(),
    st.sampled_from(
        [
            "", "x", "a" * 65, "0" * 64, "00000000-0000-4000-8000-000000000000", "2026-02-30T00:00:00.000Z", "zh-CN",
            "simulator", "1.2.3", "application/pdf", "person", "face", "A" * 43, "張 三", "13800138000", "a\n",
        ]
    ),
    st.builds(lambda tail: {"_sd": ["A" * 42 + tail]}, st.sampled_from("AEB")),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["party", "page", "x", "_sd"]), inner)
    ),
    max_leaves=6,
)


@settings(max_examples=600, deadline=None)
@given(choice=st.data())
def test_the_walk_and_the_library_agree_on_mutated_events(choice):
    """Whatever stands in whatever field, at the top or one level down, both judge it alike."""
    name = choice.draw(st.sampled_from(sorted(EVENT_TYPES)))
    data = copy.deepcopy(LOADED[name]["sealed"])
    inner = [data]
    for value in data.values():
        inner += [value] if isinstance(value, dict) else []
        inner += [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    place = choice.draw(st.sampled_from(inner))
    member = choice.draw(st.sampled_from([*place, "further"]))
    place[member] = choice.draw(VALUES)
    if place[member] == "2026-02-30T00:00:00.000Z":
        return  # the library does not know the calendar; its own test is below
    try:
        check_data(name, data)
        passes = True
    except MalformedError as error:
        passes = error.code == "DUPLICATE_DIGEST"
    assert passes == JUDGES[name].is_valid(data)


def test_a_day_that_does_not_exist_is_refused():
    """A time is a moment of the calendar, not only of the right shape."""
    data = LOADED["certificate.issued/1"]["sealed"] | {"not_before": "2026-02-30T00:00:00.000Z"}
    with pytest.raises(MalformedError, match="no such moment"):
        check_data("certificate.issued/1", data)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"reason": "no"}, "'reason' is personal data: send it as a sealed value {\"_sd\": [\"<digest>\"]} or under"),
        ({"reason_hash": "0" * 64}, "a hash of a personal value is found by trying all values; send 'reason' as a"),
        ({"phone_md5": "0" * 32}, "found by trying all values; party.rejected/1 has no 'phone'"),
        ({"comment": "no"}, "'comment': free text has no place in party.rejected/1; say why in the sealed field"),
        ({"phone": "13800138000"}, "'phone' is personal data and no field of party.rejected/1: its personal fields"),
        ({"partty": "x"}, "'partty' is no field of party.rejected/1: did you mean 'party'?"),
        ({"zzz": "x"}, "'zzz' is no field of party.rejected/1: its fields are party, document_sha256,"),
        ({"party": "Zhang San"}, "'party' must match ^[0-9a-f]{8}-"),
        ({"party": "Zhang San"}, "$; free text has no place here"),
        ({"party": {"_sd": ["A" * 43]}}, "'party' is not a personal field: send the value itself, not a sealed value"),
        ({"_sd": ["A" * 43]}, "is not a personal field"),
        ({"reason_code": "why"}, "'reason_code' must be one of content, identity,"),
        ({"private_key": "x"}, "'private_key' is never accepted, not even sealed: leave it out"),
        ({"party": {"cards": [{"cvv": "123"}]}}, "'cvv' is never accepted"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_send_instead(change, says):
    """The client is told the field, what is wrong with it, and what would be right."""
    with pytest.raises(MalformedError) as caught:
        check_data("party.rejected/1", LOADED["party.rejected/1"]["sealed"] | change)
    assert says in caught.value.detail


def test_a_missing_personal_field_is_asked_for_sealed():
    """The refusal of a missing P1 field says how it may be sent; that of a public one does not."""
    data = dict(LOADED["party.rejected/1"]["sealed"])
    del data["reason"]
    with pytest.raises(
        MalformedError, match=r"'reason' is required in party\.rejected/1: send it as a sealed value"
    ):
        check_data("party.rejected/1", data)
    with pytest.raises(MalformedError, match=r"'reason_code' is required in party\.rejected/1 "):
        check_data("party.rejected/1", {"party": data["party"], "document_sha256": data["document_sha256"]})


def test_a_type_without_personal_fields_says_so():
    """A telephone number sent to such a type is refused with the reason."""
    with pytest.raises(
        MalformedError, match=r"'phone' is personal data and no field of case\.closed/1: it has no"
    ):
        check_data("case.closed/1", {"phone": "13800138000"})
    with pytest.raises(MalformedError, match=r"free text has no place in case\.closed/1 "):
        check_data("case.closed/1", {"note": "x"})


def test_data_that_is_no_object_is_refused():
    """``data`` itself must be an object."""
    with pytest.raises(MalformedError, match="'data' must be an object"):
        check_data("case.closed/1", [])
    with pytest.raises(MalformedError, match="item 0 of 'parties' must be an object"):
        check_data("contract.created/1", LOADED["contract.created/1"]["sealed"] | {"parties": [1]})


def test_a_guessable_document_may_be_sealed():
    """The digest of a document stands open, or sealed where the document itself could be guessed."""
    data = LOADED["document.finalized/1"]["sealed"] | {"document_sha256": {"_sd": ["A" * 43]}}
    assert check_data("document.finalized/1", data) == (SealedField("/document_sha256", "A" * 43),)
    check_opened("document.finalized/1", "/document_sha256", "0" * 64)
    with pytest.raises(MalformedError):
        check_opened("document.finalized/1", "/document_sha256", "0" * 63)
    plain = {name: value for name, value in data.items() if name != "document_sha256"}
    sealed, disclosures = seal_private(
        "document.finalized/1", plain, {"document_sha256": "0" * 64}, salts("x")
    )
    assert len(disclosures) == 1
    check_data("document.finalized/1", sealed)


def test_types_are_known_unknown_or_no_types():
    """An unknown type could not be checked; a name that is no type name does not parse."""
    assert event_type("party.signed/1").label_zh == "签署"
    with pytest.raises(UncheckableError, match=r"SCHEMA_UNKNOWN.*of it, party\.signed/1 is known"):
        event_type("party.signed/2")
    with pytest.raises(UncheckableError, match=r"'party\.danced/1' is not known to this version ") as caught:
        check_data("party.danced/1", {})
    assert caught.value.code == "SCHEMA_UNKNOWN"
    for name in ("party.signed", "party.signed/0", "Party.signed/1", "party/1", "party.signed/1 "):
        with pytest.raises(MalformedError):
            event_type(name)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("party.rejected/1", "/party"),
        ("party.rejected/1", "/phone"),
        ("party.rejected/1", ""),
        ("party.rejected/1", "/reason/text"),
        ("contract.created/1", "/parties"),
        ("contract.created/1", "/parties/x/name"),
        ("contract.created/1", "/parties/0"),
    ],
)
def test_nothing_opens_where_no_sealed_value_may_stand(name, path):
    """A disclosure for a place without a personal field is refused, whatever it holds."""
    with pytest.raises(MalformedError, match="has no sealed value at"):
        check_opened(name, path, "x")


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("party.rejected/1", "/reason", "很" * 2000),
        ("party.rejected/1", "/reason", ""),
        ("contract.created/1", "/parties/12/name", "𬭎㛃"),
        ("contract.created/1", "/amount", {"amount": "12800.50", "currency": "CNY"}),
        ("document.viewed/1", "/geo", {"latitude_udeg": -39904200, "longitude_udeg": 116407400}),
    ],
)
def test_an_opened_value_that_fits_is_taken(name, path, value):
    """Opened values are free text within a bound, money as a decimal string, positions in micro-degrees."""
    check_opened(name, path, value)


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("party.rejected/1", "/reason", "很" * 2001),
        ("party.rejected/1", "/reason", 1),
        ("party.rejected/1", "/ip", "localhost "),
        ("contract.created/1", "/parties/12/name", ""),
        ("contract.created/1", "/amount", {"amount": "12800.50"}),
        ("contract.created/1", "/amount", {"amount": 12800, "currency": "CNY"}),
        ("contract.created/1", "/amount", {"amount": "012800", "currency": "CNY"}),
        ("document.viewed/1", "/geo", {"latitude_udeg": 90000001, "longitude_udeg": 0}),
        ("document.viewed/1", "/geo", {"latitude_udeg": True, "longitude_udeg": 0}),
        ("document.viewed/1", "/geo", {"latitude_udeg": 0, "longitude_udeg": 0, "place": "home"}),
    ],
)
def test_an_opened_value_that_does_not_fit_is_refused(name, path, value):
    """An opened value is held against the schema of its field like any other."""
    with pytest.raises(MalformedError, match="SCHEMA_VIOLATION"):
        check_opened(name, path, value)


@pytest.mark.parametrize(
    ("private", "code", "where", "says"),
    [
        ({"reason": 5}, "SCHEMA_VIOLATION", "/private/reason", "must be a string"),
        ({"party": "x"}, "SCHEMA_VIOLATION", "/private/party", "is not personal data: send it under `data`"),
        (
            {"document_sha256": "0" * 64},
            "SCHEMA_VIOLATION",
            "/private/document_sha256",
            "under `data` and under",
        ),
        ({"colour": "red"}, "SCHEMA_VIOLATION", "/private/colour", "is no field of party.rejected/1"),
        ({"password": "hunter2"}, "P3_REFUSED", "/private/password", "never accepted"),
    ],
)
def test_private_values_are_refused_before_they_are_sealed(private, code, where, says):
    """What would not open as valid is not sealed; what is public or secret has no place under ``private``."""
    example = LOADED["party.rejected/1"]
    with pytest.raises(MalformedError) as caught:
        seal_private("party.rejected/1", example["data"], private, salts("x"))
    assert (caught.value.code, caught.value.where) == (code, where)
    assert says in caught.value.detail


@pytest.mark.parametrize(
    ("private", "where"),
    [
        ({"parties": [{"name": "甲"}, {"name": "乙"}]}, "/private/parties"),
        ({"parties": {"name": "甲"}}, "/private/parties"),
        ({"parties": ["甲"]}, "/private/parties/0"),
    ],
)
def test_private_lists_stand_beside_public_ones(private, where):
    """A list under ``private`` has an item for each under ``data``, of the same kind."""
    example = LOADED["contract.created/1"]
    with pytest.raises(MalformedError) as caught:
        seal_private("contract.created/1", example["data"], private, salts("x"))
    assert caught.value.where == where


def test_a_private_object_may_stand_alone():
    """A public object that is missing is not made up: its required members are still asked for."""
    sealed, disclosures = seal_private("seal.used/1", {}, {"placement": {}, "image": "0" * 64}, salts("x"))
    assert set(sealed) == {"placement", "image"}
    assert len(disclosures) == 1
    with pytest.raises(MalformedError, match="'page' is required"):
        check_data("seal.used/1", LOADED["seal.used/1"]["sealed"] | sealed)
