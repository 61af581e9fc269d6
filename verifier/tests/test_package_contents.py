"""The two manifests of a package, and a package put together and opened again."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makers.packages import bundle, contents, edit, package, stamp
from makers.universe import CASE, ORIGIN
from zheng_verifier.errors import EvidenceError, MalformedError
from zheng_verifier.package import names
from zheng_verifier.package.archive import parse_archive
from zheng_verifier.package.asic import (
    MAX_MANIFEST,
    AsicManifest,
    ListedFile,
    format_asic_manifest,
    parse_asic_manifest,
)
from zheng_verifier.package.manifest import (
    PackageManifest,
    RoledFile,
    format_package_manifest,
    parse_package_manifest,
    role_of,
)
from zheng_verifier.package.package import (
    PackagedDocument,
    format_package,
    manifest_to_stamp,
    open_package,
    read_bundle,
)

DIGEST = hashlib.sha256(b"x").digest()
LIST = AsicManifest(
    (ListedFile("readme.en.txt", "text/plain", DIGEST), ListedFile("zheng/bundle.json", "a/b", DIGEST))
)
MANIFEST = PackageManifest(
    ORIGIN, CASE, "full", (RoledFile("readme.en.txt", "readme"), RoledFile(names.BUNDLE, "bundle"))
)
XML = format_asic_manifest(LIST)
JSON = format_package_manifest(MANIFEST)


def code_of(call, *arguments):
    with pytest.raises(EvidenceError) as caught:
        call(*arguments)
    return caught.value.code


def test_the_list_is_written_and_read():
    """Line by line in one form, of ETSI's schema."""
    assert parse_asic_manifest(XML) == LIST
    assert b'<asic:SigReference URI="META-INF/timestamp001.tst"' in XML
    assert b'Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"' in XML


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml + b" ",
        lambda xml: b"\xef\xbb\xbf" + xml,
        lambda xml: xml.replace(b"\n", b"\r\n"),
        lambda xml: xml.replace(b"asic:", b"a:"),
        lambda xml: xml.replace(b"<asic:Sig", b'<!DOCTYPE x [<!ENTITY a "b">]><asic:Sig'),
        lambda xml: xml.replace(b"<asic:Data", b"<!-- --><asic:Data", 1),
        lambda xml: xml.replace(b"text/plain", b"&a;"),
        lambda xml: xml.replace(b"text/plain", b"TEXT/plain"),
        lambda xml: xml.replace(b"xmlenc#sha256", b"xmlenc#sha512"),
        lambda xml: xml.replace(b"=</ds", b"</ds", 1),
        lambda xml: xml.replace(b"readme.en.txt", b"zheng/zzz.json"),
        lambda xml: xml.replace(b"readme.en.txt", b"zheng/bundle.json"),
        lambda xml: xml.replace(b"readme.en.txt", b"../readme.txt"),
        lambda xml: xml.replace(b"readme.en.txt", b"mimetype"),
        lambda xml: xml.replace(b"timestamp001", b"timestamp002"),
        lambda xml: xml.replace(b"text/plain", "文".encode()),
        lambda xml: b"\n".join(line for line in xml.split(b"\n") if b"DataObject" not in line),
        lambda xml: b"",
        lambda xml: xml[:-20],
        lambda xml: xml + bytes(MAX_MANIFEST),
    ],
)
def test_no_other_form_of_the_list_is_read(change):
    """Neither entities nor comments nor another order: it is the one form, or no list."""
    changed = change(XML)
    assert changed != XML
    assert code_of(parse_asic_manifest, changed) in (
        "FORMAT_FAILURE",
        "TOO_LARGE",
        "PARENT_NAME",
        "DUPLICATE_FILE",
    )


@given(st.integers(0, len(XML) - 1), st.binary(min_size=1, max_size=4))
def test_a_list_that_reads_is_the_one_that_was_written(place, text):
    """Any exchanged bytes: refused, or another list that writes to exactly these bytes."""
    changed = XML[:place] + text + XML[place + len(text) :]
    try:
        read = parse_asic_manifest(changed)
    except MalformedError:
        return
    assert format_asic_manifest(read) == changed


@pytest.mark.parametrize(
    "manifest",
    [
        AsicManifest(()),
        replace(LIST, timestamp="META-INF/other.tst"),
        AsicManifest((replace(LIST.files[0], sha256=b"short"),)),
        AsicManifest((replace(LIST.files[0], name=names.TIMESTAMP),)),
        AsicManifest(tuple(replace(LIST.files[0], name=f"documents/{n:016x}.bin") for n in range(2_001))),
    ],
)
def test_what_no_list_may_say_is_not_written(manifest):
    """The writer refuses what the reader would."""
    assert code_of(format_asic_manifest, manifest) in ("FORMAT_FAILURE", "TOO_MANY")


def test_the_manifest_is_written_and_read():
    """Whose package it is, and what each file is."""
    assert parse_package_manifest(JSON) == MANIFEST
    assert (
        parse_package_manifest(format_package_manifest(replace(MANIFEST, edition="redacted"))).edition
        == "redacted"
    )
    assert role_of("zheng/other.json") is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text.replace(b"package/v1", b"package/v2"), "UNKNOWN_VERSION"),
        (lambda text: text.replace(b'"full"', b'"half"'), "FORMAT_FAILURE"),
        (lambda text: text.replace(b'"role":"readme"', b'"role":"reader"'), "FORMAT_FAILURE"),
        (
            lambda text: text.replace(b'"files"', b'"more":1,"files"').replace(b"{", b"{", 1),
            "CANONICALIZATION_MISMATCH",
        ),
        (lambda text: text.replace(b'"zheng":', b'"z":1,"zheng":'), "UNKNOWN_FIELD"),
        (lambda text: text.replace(b"readme.en.txt", b"zheng/zzz.json"), "FORMAT_FAILURE"),
        (lambda text: text.replace(b"readme.en.txt", names.BUNDLE.encode()), "FORMAT_FAILURE"),
        (lambda text: text.replace(CASE.encode(), b"this case"), "FORMAT_FAILURE"),
    ],
)
def test_no_other_manifest_is_read(change, code):
    """Closed, canonical, in the fixed order."""
    assert code_of(parse_package_manifest, change(JSON)) == code


def test_a_package_holds_what_was_put_into_it():
    """Every optional part under its name, in the fixed order; documents under their digests, once each."""
    document = PackagedDocument("image/png", b"picture")
    other = PackagedDocument("application/x-unknown", b"something")
    parts = {
        "policy": b"{}",
        "statement": b"{}",
        "report": b"a.b.c",
        "report_zh": b"%PDF-1",
        "report_en": b"%PDF-2",
    }
    parts |= {"list_zh": b"%PDF-3", "list_en": b"%PDF-4", "certificate": b"%PDF-5"}
    made = contents(documents=(document, other, document), **parts)
    opened = open_package(format_package(made, b"token"))
    half = [hashlib.sha256(data).hexdigest()[:16] for data in (b"picture", b"something")]
    expected = sorted([f"documents/{half[0]}.png", f"documents/{half[1]}.bin"])
    assert list(opened.files) == [*names.ORDER[1:], *expected]
    assert {file.data for file in opened.documents} == {b"picture", b"something"}
    assert read_bundle(opened) == bundle()
    assert opened.files[names.ASIC_MANIFEST] == manifest_to_stamp(made)
    assert opened.departures == ()
    assert "完整版".encode() in opened.files[names.README_ZH]


def test_a_package_without_a_token_has_the_same_list():
    """So that the token can be asked for first and put in afterwards."""
    made = contents()
    assert edit(package(), token=None) == format_package(made, None)
    assert edit(format_package(made, None), token=stamp(manifest_to_stamp(made))) == package()


def test_a_package_is_the_same_each_time():
    """Given its contents and its token."""
    assert package() == package()


def test_what_is_no_package_is_not_opened():
    """Another ASiC-E container, and a package without its bundle."""
    assert code_of(open_package, edit(package(), manifest=None)) == "NOT_A_PACKAGE"
    assert code_of(read_bundle, open_package(edit(package(), bundle=None))) == "NO_BUNDLE"
    assert len(parse_archive(package())) == 9
