"""The loader takes the keywords that are checked, and no others: a schema cannot promise what nobody holds."""

import copy
import json

import pytest
from zheng_verifier.taxonomy.catalogue import EVENT_TYPES, parse_schema, read_catalogue
from zheng_verifier.taxonomy.schema import SchemaError

SOURCE = json.loads(EVENT_TYPES["document.viewed/1"].schema_bytes)


def loaded(change):
    """Load a copy of a real schema after one change."""
    schema = copy.deepcopy(SOURCE)
    change(schema)
    return parse_schema(json.dumps(schema).encode())


def put(field, **keywords):
    return lambda schema: schema["properties"][field].update(keywords)


def drop(field, keyword):
    return lambda schema: schema["properties"][field].pop(keyword)


def head(**keywords):
    return lambda schema: schema.update(keywords)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(head(anyOf=[]), id="a keyword of the header that is not known"),
        pytest.param(head(additionalProperties=True), id="an open object"),
        pytest.param(head(required=["colour"]), id="required but not there"),
        pytest.param(head(required="party"), id="required is no list"),
        pytest.param(head(required=[1]), id="required is no list of names"),
        pytest.param(head(properties=[]), id="properties is no object"),
        pytest.param(head(**{"x-kinds": []}), id="no kind of case"),
        pytest.param(head(**{"x-kinds": "contract"}), id="kinds are no list"),
        pytest.param(head(**{"x-kinds": ["folder"]}), id="an unknown kind of case"),
        pytest.param(head(**{"x-custody": "yes"}), id="custody is no boolean"),
        pytest.param(put("party", const="x"), id="a keyword of a string that is not known"),
        pytest.param(put("party", pattern="[0-9]"), id="a pattern that is not anchored"),
        pytest.param(put("party", pattern="^[0-9]"), id="a pattern that is not anchored at the end"),
        pytest.param(drop("party", "pattern"), id="a string without bounds"),
        pytest.param(put("party", format="email"), id="a format that is not known"),
        pytest.param(put("dwell_ms", multipleOf=2), id="a keyword of an integer that is not known"),
        pytest.param(drop("dwell_ms", "maximum"), id="an integer without a bound"),
        pytest.param(put("dwell_ms", maximum=True), id="a bound that is no integer"),
        pytest.param(put("dwell_ms", type="number"), id="a type that is not known"),
        pytest.param(put("dwell_ms", type="array"), id="a list without items"),
        pytest.param(put("scrolled_to_end", const=True), id="a keyword of a boolean that is not known"),
        pytest.param(put("ip", **{"$ref": "#/$defs/other"}), id="another reference"),
        pytest.param(put("ip", **{"x-pii": "P0"}), id="a sealed value that is not personal"),
        pytest.param(put("document_sha256", oneOf=[{"type": "string"}]), id="another alternative"),
    ],
)
def test_a_schema_outside_the_subset_does_not_load(change):
    """Every departure from the subset stops the loader."""
    with pytest.raises(SchemaError):
        loaded(change)


def test_a_real_schema_loads():
    """The unchanged copy is taken: the tests above fail for their own reason."""
    assert loaded(lambda schema: None).sealed_paths == EVENT_TYPES["document.viewed/1"].sealed_paths


def test_a_file_holds_the_type_that_it_is_named_after():
    """A renamed schema file does not load, and the right name does."""
    data = EVENT_TYPES["document.viewed/1"].schema_bytes
    assert list(read_catalogue([("document.viewed.1.json", data)])) == ["document.viewed/1"]
    with pytest.raises(SchemaError, match=r"document\.viewed\.2\.json holds document\.viewed/1"):
        read_catalogue([("document.viewed.2.json", data)])
