"""The examples on the pages of the core formats are vectors: nobody can copy a wrong one."""

import json
import re
from pathlib import Path

import pytest
from zheng_verifier.canonical import (
    BUNDLE_LIMITS,
    CLAIM_LIMITS,
    ENTRY_LIMITS,
    LEAF_LIMITS,
    POLICY_LIMITS,
    format_json,
    parse_json,
)
from zheng_verifier.claim import parse_claim
from zheng_verifier.sealed import disclosure_digest, format_disclosure, parse_disclosure

ROOT = Path(__file__).resolve().parent.parent.parent
SPEC = ROOT / "docs" / "spec"
VECTORS = ROOT / "tests" / "vectors"
PAGES = ["json", "entry", "checkpoint", "proofs"]
BLOCK = r"<!-- {} -->\n```(?:json)?\n(.*?)```"
EXAMPLE = re.compile(BLOCK.format(r"vector: ([a-z-]+) / ([^\n]+?)"), re.DOTALL)


def page(name):
    return (SPEC / f"{name}.md").read_text("utf-8")


def vector(file, name):
    (case,) = [
        c for c in json.loads((VECTORS / f"{file}.json").read_text("utf-8"))["cases"] if c["name"] == name
    ]
    return case


def block(name, marker):
    (text,) = re.findall(BLOCK.format(re.escape(marker)), page(name), re.DOTALL)
    return text


EXAMPLES = [
    pytest.param(file, name, text, id=f"{p}.md: {file} / {name}")
    for p in PAGES
    for file, name, text in EXAMPLE.findall(page(p))
]


@pytest.mark.parametrize(("file", "name", "text"), EXAMPLES)
def test_an_example_is_a_good_vector(file, name, text):
    """Byte for byte; JSON may be laid out, and then gives the vector's bytes when it is written."""
    case = vector(file, name)
    assert case["expect"] == "ok"
    if text.startswith("{\n"):
        text = format_json(parse_json(text.encode(), BUNDLE_LIMITS)).decode()
    assert case["input"] in (text, text.removesuffix("\n"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_begins_with_an_example(name):
    """And has the parts of a C2SP page: conventions, what is not authenticated, its vectors."""
    text = page(name)
    assert EXAMPLE.search(text)
    assert text.index("```") < text.index("## Conventions")
    assert "## What is not authenticated" in text
    assert "## Limits" in text
    assert re.search(r"^To verify|^## Verification|^## Reading", text, re.MULTILINE)
    for file in re.findall(r"`([a-z-]+)\.json`", text[text.rindex("Vectors:") :]):
        assert (VECTORS / f"{file}.json").is_file()


def test_the_disclosure_opens_the_sealed_value():
    """Sealed value, disclosure and its content on the page belong together, and to the claim above them."""
    data = parse_claim(vector("claim", "signed with a sealed value")["input"].encode()).data
    sealed = block("entry", "fragment: claim / signed with a sealed value / data.ip")
    assert json.loads(sealed) == data["ip"]
    ((encoded, content),) = re.findall(
        r"<!-- disclosure: opened -->\n```\n(.*?)\n```\n```json\n(.*?)\n```", page("entry"), re.DOTALL
    )
    assert data["ip"] == {"_sd": [disclosure_digest(encoded)]}
    disclosure = parse_disclosure(encoded)
    assert format_disclosure(disclosure) == encoded
    assert json.loads(content)[2] == disclosure.value


def test_the_signature_on_the_page_is_the_vectors():
    """Over the claim on the same page."""
    case = vector("jws", "Ed25519")
    assert block("entry", "jws: Ed25519").strip() == case["jws"]
    assert case["input"] == vector("claim", "signed with a sealed value")["input"]


def test_the_stamped_digest_on_the_page_is_the_vectors():
    """SHA-256 of the example note itself, which has one line only."""
    fact = block("checkpoint", "fact: checkpoint / eleven leaves / note_digest").strip()
    assert fact == vector("checkpoint", "eleven leaves")["note_digest"]


def test_the_limits_on_the_page_are_those_of_the_code():
    """The table of json.md, row by row."""
    rows = re.findall(
        r"^\| ([a-z ]+) \| ([0-9,]+)( MiB)? \| ([0-9]+) \| ([0-9,]+) \|$", page("json"), re.MULTILINE
    )
    table = {
        name: (int(size.replace(",", "")) << (20 if unit else 0), int(depth), int(string.replace(",", "")))
        for name, size, unit, depth, string in rows
    }
    for name, limits in (
        ("claim", CLAIM_LIMITS),
        ("entry", ENTRY_LIMITS),
        ("leaf", LEAF_LIMITS),
        ("trust policy", POLICY_LIMITS),
        ("bundle", BUNDLE_LIMITS),
    ):
        assert table[name] == (limits.max_bytes, limits.max_depth, limits.max_string)


def test_links_between_pages_lead_somewhere():
    """Relative links of these pages and of the divergences name files of the tree."""
    for path in [*(SPEC / f"{name}.md" for name in PAGES), ROOT / "docs" / "divergences.md"]:
        for target in re.findall(r"\]\(([a-z_/.-]+)\)", path.read_text("utf-8")):
            assert (path.parent / target).is_file(), f"{path.name} links to {target}"
