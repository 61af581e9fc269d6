"""Every schema file, walked: the conventions of docs/spec/taxonomy.md as executable checks."""

import hashlib
import json
import re
from collections.abc import Iterator
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator
from zheng_verifier.taxonomy import EVENT_TYPES, EventType, schema_file_name
from zheng_verifier.taxonomy.refusals import P3_NAMES

# Every public digest, with what it is a digest of: nothing here can be guessed from a short list of values, or it
# is published anyway. A new name needs the same thought.
PUBLIC_DIGESTS = {
    "document_sha256", "before_sha256", "after_sha256", "package_sha256", "certificate_sha256",  # files
    "text_sha256", "statement_sha256", "template_sha256",  # texts published to everyone
    "signature_sha256", "token_sha256", "note_sha256", "response_sha256", "status_sha256",  # high entropy
    "root_sha256", "sha256", "genesis_hash", "block_hash", "transaction_hash", "code_hash", "hash",  # public
}  # fmt: skip
REFERENCE_ADDITIONS = {"case", "log", "key", "schema", "anchor", "tsa"}
TYPES = list(EVENT_TYPES.values())
each_type = pytest.mark.parametrize("event", TYPES, ids=[event.type for event in TYPES])


def nodes(node: object, path: str = "") -> Iterator[tuple[str, dict]]:
    """Give every schema node below (and with) this one, those of opened values included."""
    assert isinstance(node, dict)
    yield path, node
    for name, child in node.get("properties", {}).items():
        yield from nodes(child, f"{path}/{name}")
    for keyword in ("items", "x-sealed"):
        if keyword in node:
            yield from nodes(node[keyword], f"{path}/{keyword}")
    for position, child in enumerate(node.get("oneOf", [])):
        yield from nodes(child, f"{path}/oneOf{position}")


def properties(event: EventType) -> Iterator[tuple[str, str, dict, bool]]:
    """Give (path, name, schema, within an opened value?) of every property."""
    for path, node in nodes(dict(event.schema)):
        for name, child in node.get("properties", {}).items():
            yield f"{path}/{name}", name, child, "/x-sealed" in path


def test_the_types_of_the_contract_case_and_log_lives_are_all_there():
    """There are more than forty types, each file holds the type it is named after, versions begin with 1."""
    stored = {file.name for file in files("zheng_verifier.taxonomy").joinpath("schemas").iterdir()}
    assert stored == {schema_file_name(name) for name in EVENT_TYPES}
    assert len(EVENT_TYPES) > 40
    needed = """account.registered agreement.accepted consent.recorded identity.started identity.person_verified
        identity.organization_verified identity.failed certificate.key_generated certificate.requested
        certificate.issued certificate.revoked certificate.destroyed seal.created seal.approved seal.granted
        seal.use_approved seal.used contract.created document.uploaded document.converted document.filled
        document.finalized document.attached approval.approved contract.sent notification.sent notification.delivered
        notification.opened document.viewed document.read_confirmed document.downloaded intent.challenge_sent
        intent.otp_verified intent.face_verified intent.password_verified intent.failed intent.confirmed party.signed
        party.rejected party.delegated signature.timestamped contract.completed contract.withdrawn contract.voided
        contract.rejected contract.expired contract.delivered document.archived privacy.erased evidence.attested
        evidence.certificate_issued evidence.exported case.opened case.closed log.created log.clock log.frozen
        key.registered key.rotated key.revoked key.compromised schema.published anchor.registered tsa.registered
        tsa.retired"""
    assert {f"{name}/1" for name in needed.split()} <= set(EVENT_TYPES)


@each_type
def test_a_schema_is_a_valid_json_schema_of_2020_12(event):
    """Other tools can read the files: they follow the meta-schema, and their bytes hash to what is stated."""
    Draft202012Validator.check_schema(dict(event.schema))
    assert event.schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert event.schema["$id"] == "urn:zheng:event:" + event.type.replace("/", ":")
    assert event.schema_sha256 == hashlib.sha256(event.schema_bytes).hexdigest()
    assert json.loads(event.schema_bytes) == event.schema


@each_type
def test_every_object_is_closed_and_every_list_bounded(event):
    """No object at any level takes a member that the schema does not name; no list is without bounds."""
    for path, node in nodes(dict(event.schema)):
        if node.get("type") == "object":
            assert node["additionalProperties"] is False, path
            assert isinstance(node["required"], list), path
        if node.get("type") == "array":
            assert 0 <= node["minItems"] <= node["maxItems"] <= 256, path
        if node.get("type") == "integer":
            assert -(2**53) < node["minimum"] <= node["maximum"] < 2**53, path
        assert node.get("type") not in ("number", "null"), path


@each_type
def test_type_and_fields_are_labelled_in_both_languages_and_described(event):
    """Each field has a Chinese and an English label and one English sentence."""
    assert event.label_zh
    assert event.label_en
    assert event.description.endswith(".")
    for path, _, node, _ in properties(event):
        assert re.search("[\u4e00-\u9fff]", node["x-label-zh"]), path
        assert node["x-label-en"].isprintable(), path
        assert node["description"].replace("§", "").isascii(), path
        assert re.fullmatch(r"[A-Z].*\.", node["description"], re.DOTALL), path


@each_type
def test_there_is_no_free_text_outside_sealed_values(event):
    """A public string is one of a list or of a bounded pattern; free text stands only where it can be erased."""
    for path, node in nodes(dict(event.schema)):
        if node.get("type") != "string":
            continue
        if "/x-sealed" in path:
            assert {"enum", "pattern", "maxLength"} & set(node), path
            continue
        assert "enum" in node or "pattern" in node, path
        pattern = node.get("pattern", "")
        assert "|" not in re.sub(r"\(\?:[^()]*(?:\([^()]*\)[^()]*)*\)", "", pattern), (
            f"{path}: open alternative"
        )
        if re.search(r"(?<!\\)[*+](?![\]-])", re.sub(r"\[[^]]*\]", "", pattern).replace(r"\+", "")):
            assert "maxLength" in node, f"{path}: no bound on the length"


@each_type
def test_personal_fields_are_sealed_and_no_field_is_a_hash_of_one(event):
    """A P1 field is a sealed value with a schema for what is in it; public digests are of things named in a list."""
    for path, name, node, opened in properties(event):
        assert name not in P3_NAMES, path
        if opened:
            assert "x-pii" not in node, path
            continue
        assert node["x-pii"] in ("P0", "P1"), path
        is_digest = re.search("(^|_)(sha256|hash|digest|sm3)$", name) is not None
        if node["x-pii"] == "P1":
            assert node["$ref"] == "#/$defs/sealed", path
            assert not is_digest, path
        elif is_digest:
            assert name in PUBLIC_DIGESTS, path
        if "oneOf" in node:
            assert name in {"document_sha256", "before_sha256", "after_sha256"}, path


def test_the_sealed_value_is_defined_alike_everywhere():
    """Each file carries the definition itself, and it is one and the same."""
    definitions = {json.dumps(event.schema["$defs"]) for event in TYPES if "$defs" in event.schema}
    assert len(definitions) == 1
    sealed = json.loads(definitions.pop())["sealed"]
    assert sealed["properties"]["_sd"]["maxItems"] == 1
    assert sealed["additionalProperties"] is False


@each_type
def test_only_custody_types_may_follow_the_close_of_a_case(event):
    """What makes the contract is business; what keeps, shows or ends it later is custody."""
    if event.type.partition(".")[0] in ("identity", "intent", "party", "approval", "seal", "case"):
        assert not event.custody
    if event.type.partition(".")[0] in ("evidence", "privacy"):
        assert event.custody
        assert event.reserved


@each_type
def test_a_field_is_listed_for_reports(event):
    """The field list names every public property once, with its label, and knows which may be sealed."""
    listed = {field.path: field for field in event.fields}
    walked = {path.replace("/items", "/*"): node for path, _, node, opened in properties(event) if not opened}
    assert set(listed) == set(walked)
    for path, node in walked.items():
        assert (listed[path].pii, listed[path].label_zh) == (node["x-pii"], node["x-label-zh"])
    assert list(event.sealed_paths) == [path for path in listed if "x-sealed" in walked[path]]
