"""C01: what is said of a package that is whole, changed, packed again, half there, or of something else altogether."""

import io
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makers.packages import (
    MIME,
    SHORT,
    STAMPED_AT,
    Entry,
    bundle,
    container,
    contents,
    documents,
    edit,
    judge,
    package,
    policy,
    relist,
    signed_report,
    small,
    small_contents,
    small_policy,
    stamp,
)
from makers.universe import (
    AT,
    DOCUMENTS,
    OURS,
    Document,
    codes,
    outcome,
    standard,
    uuid,
    verify,
)
from zheng_verifier.bundle import format_bundle, parse_bundle
from zheng_verifier.canonical import format_json
from zheng_verifier.checks import PolicyInput, policy_in_package, verify_bundle
from zheng_verifier.checks.any import tell_kind, verify_any
from zheng_verifier.checks.package import check_container, judge_container
from zheng_verifier.encoding import format_time
from zheng_verifier.errors import EvidenceError
from zheng_verifier.examined import ExaminedContainer
from zheng_verifier.package import names
from zheng_verifier.package.archive import parse_archive
from zheng_verifier.package.asic import AsicManifest, format_asic_manifest, parse_asic_manifest
from zheng_verifier.package.manifest import RoledFile, format_package_manifest, parse_package_manifest
from zheng_verifier.package.package import PackagedDocument, format_package, manifest_to_stamp
from zheng_verifier.policy import format_policy, parse_policy
from zheng_verifier.report.as_text import report_text
from zheng_verifier.report.catalogue import LANGUAGES
from zheng_verifier.report.detailed import report_detailed
from zheng_verifier.report.model import CheckId, Overall, PolicySource, Status

A1 = ("FAILED", "")


def test_a_whole_package_passes():
    """The container, its list, its roles, its case, and the token over the list; bundle and documents as by themselves."""
    report = judge(package())
    assert outcome(report, "C01") == ("PASSED", "")
    alone = verify(bundle(), policy())
    assert [check.status for check in report.checks[1:]] == [check.status for check in alone.checks[1:]]
    assert report.axes == alone.axes
    assert report.overall is alone.overall
    assert report.container is not None
    assert (report.container.kind, report.container.edition) == ("package", "full")
    assert [file.name for file in report.container.files] == [file.name for file in parse_archive(package())]
    assert report.inputs[0].name == "package"
    token = report.check(CheckId.C01).findings[4]
    assert token.observed["gen_time"] == format_time(STAMPED_AT)


def test_a_bundle_by_itself_has_no_container():
    """C01 does not apply, and nothing hangs on it."""
    report = verify(bundle(), policy())
    assert outcome(report, "C01") == ("NOT_APPLICABLE", "")
    assert outcome(report, "A1") == ("PASSED", "")


def test_without_a_time_stamp_nothing_is_lost_but_the_time_of_packing():
    """NOT_PROVIDED, and no axis is lower for it."""
    report = judge(edit(package(), token=None))
    assert outcome(report, "C01") == ("NOT_PROVIDED", "NO_TIMESTAMP")
    assert report.axes == judge(package()).axes


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (lambda listing: stamp(listing, name="test"), ("INDETERMINATE", "TEST_TSA")),
        (lambda listing: stamp(listing, name="nobody"), ("INDETERMINATE", "UNTRUSTED_TSA")),
        (lambda listing: stamp(listing + b" "), ("FAILED", "HASH_FAILURE")),
        (lambda listing: OURS.token("tsa", listing, STAMPED_AT), ("FAILED", "FORMAT_FAILURE")),
        (lambda listing: b"no token", ("FAILED", "FORMAT_FAILURE")),
    ],
)
def test_the_token_is_judged_by_the_policy(token, expected):
    """What is not trusted leaves the axes as they are; what is false fails A1."""
    listing = manifest_to_stamp(contents())
    report = judge(edit(package(), token=token(listing)))
    assert outcome(report, "C01") == expected
    failed = expected[0] == "FAILED"
    assert outcome(report, "A1") == ("FAILED" if failed else "PASSED", "")
    assert report.overall is (Overall.INCONSISTENT if failed else Overall.INCOMPLETE)


def listed(change):
    """Change the list of files, and stamp it anew: what somebody can do who has a key of the authority."""
    listing = format_asic_manifest(change(parse_asic_manifest(manifest_to_stamp(contents()))))
    return edit(package(), listing=listing, token=stamp(listing))


def without(name):
    return lambda listing: AsicManifest(tuple(file for file in listing.files if file.name != name))


def typed(name, media_type):
    return lambda listing: AsicManifest(
        tuple(replace(file, media_type=media_type) if file.name == name else file for file in listing.files)
    )


def roled(change, **more):
    """Change what the manifest says, with a list that names it rightly."""
    manifest = replace(parse_package_manifest(files()[names.MANIFEST]), **more)
    manifest = replace(manifest, files=tuple(change(list(manifest.files))))
    return relisted({names.MANIFEST: format_package_manifest(manifest)})


def files():
    return {file.name: file.data for file in parse_archive(package())}


def relisted(changes):
    """Exchange files and make the list anew, over all of them."""
    return relist(files() | changes, {})


def misnamed(name):
    """A document under a name of another digest, in list and manifest alike."""
    manifest = parse_package_manifest(files()[names.MANIFEST])
    listed = sorted((*manifest.files, RoledFile(name, "document")), key=lambda file: names.rank(file.name))
    said = format_package_manifest(replace(manifest, files=tuple(listed)))
    return relisted({name: DOCUMENTS[0].data, names.MANIFEST: said})


OTHER_CASE_BUNDLE = format_bundle(replace(standard().bundle(), case=uuid("another")))
FALSE = {
    "a file not listed": (lambda: edit(package(), **{"zheng/more.json": b"{}"}), {"UNLISTED"}),
    "a file not there": (lambda: edit(package(), readme=None), {"MISSING_FILE"}),
    "a file of other bytes": (lambda: edit(package(), readme=b"changed"), {"HASH_FAILURE"}),
    "another bundle": (lambda: edit(package(), bundle=OTHER_CASE_BUNDLE), {"HASH_FAILURE", "WRONG_CASE"}),
    "no list": (lambda: edit(package(), listing=None), {"NO_FILE_LIST", "DEPENDENCY"}),
    "a broken list": (lambda: edit(package(), listing=b"<xml/>"), {"FORMAT_FAILURE", "HASH_FAILURE"}),
    "two lists": (
        lambda: edit(package(), **{"META-INF/ASiCManifest001.xml": b"<xml/>"}),
        {"TWO_MANIFESTS", "UNLISTED"},
    ),
    "two manifests": (
        lambda: edit(package(), **{"other/manifest.json": b"{}"}),
        {"TWO_MANIFESTS", "UNLISTED"},
    ),
    "a manifest that is none": (
        lambda: relisted({names.MANIFEST: b"{}"}),
        {"FIELD_MISSING", "DEPENDENCY"},
    ),
    "a file without a role": (lambda: roled(lambda files: files[1:]), {"ROLE_MISMATCH"}),
    "a file with another role": (
        lambda: roled(lambda files: [replace(files[0], role="bundle"), *files[1:]]),
        {"ROLE_MISMATCH"},
    ),
    "a role without a file": (
        lambda: roled(lambda files: [*files, RoledFile("documents/ff.pdf", "document")]),
        {"ROLE_MISMATCH"},
    ),
    "a document under another name": (lambda: misnamed("documents/0123456789abcdef.pdf"), {"ROLE_MISMATCH"}),
    "another media type": (lambda: listed(typed(names.BUNDLE, "text/plain")), {"ROLE_MISMATCH"}),
    "a list that leaves one out": (lambda: listed(without(names.BUNDLE)), {"UNLISTED", "ROLE_MISMATCH"}),
    "another case": (lambda: roled(list, case=uuid("another")), {"WRONG_CASE"}),
    "another log": (lambda: roled(list, origin="another.example/log"), {"WRONG_LOG"}),
    "a report that does not parse": (
        lambda: package(contents(report=b"no report")),
        {"FORMAT_FAILURE"},
    ),
}


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_about_the_container_fails_a1(name):
    """By its own code; the contents are verified and reported all the same."""
    make, expected = FALSE[name]
    report = judge(make())
    assert outcome(report, "C01")[0] == "FAILED"
    assert codes(report, "C01") - {"NO_TIMESTAMP"} == expected
    assert outcome(report, "A1") == A1
    assert report.overall is Overall.INCONSISTENT
    assert len(report.checks) == 23
    for language in LANGUAGES:
        assert "C01" in report_text(report, language)


def test_a_container_packed_again_is_read_and_capped():
    """Contents pass as before; C01 is INDETERMINATE(NOT_CANONICAL), and the word is INCOMPLETE at most."""
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.etsi.asic-e+zip", zipfile.ZIP_STORED)
        for name, data in files().items():
            archive.writestr(name, data)
    report = judge(again.getvalue())
    assert outcome(report, "C01") == ("INDETERMINATE", "NOT_CANONICAL")
    assert outcome(report, "A1") == ("PASSED", "")
    assert report.overall is Overall.INCOMPLETE
    assert report.container is not None
    assert report.container.departures == ("DEFLATED",)


def test_the_cap_holds_where_all_else_would_be_consistent():
    """Shown on the rule itself: a report that was CONSISTENT, in a container that is not canonical."""
    report = judge(package())
    signed = tuple(
        replace(check, status=Status.PASSED) if check.id in (CheckId.C13, CheckId.C14) else check
        for check in report.checks
    )
    good = replace(report, checks=signed, overall=Overall.CONSISTENT)
    assert report.examined is not None
    assert report.examined.container is not None
    whole: ExaminedContainer = report.examined.container
    for departures, word in (((), Overall.CONSISTENT), (("DEFLATED",), Overall.INCOMPLETE)):
        judged = judge_container(
            good, replace(whole, departures=departures), parse_bundle(bundle()), parse_policy(policy())
        )
        assert judged.overall is word


def test_facts_without_a_manifest_are_judged_too():
    """A diagnostic report may come from anywhere."""
    empty = ExaminedContainer("package", "x", 1, "00" * 32, ())
    findings = check_container(empty, standard().bundle(), (), "")
    assert {f.code for f in findings} == {"", "NO_FILE_LIST", "NO_MANIFEST", "DEPENDENCY", "NO_TIMESTAMP"}


def test_the_policy_in_the_package_is_not_believed():
    """It is named, compared and left alone; whoever has no other may choose it, and the word is capped."""
    report = judge(package(policy=format_policy(OURS.policy(standard(), submitters=(OURS.pin("ed25519"),)))))
    assert outcome(report, "C01") == ("PASSED", "")
    details = [finding.detail.key for finding in report.check(CheckId.C01).findings]
    assert "package.policy_other" in details
    assert "package.policy_same" in [f.detail.key for f in judge(package()).check(CheckId.C01).findings]
    chosen = policy_in_package(package())
    assert chosen == PolicyInput(policy(), PolicySource.PACKAGE)
    capped = judge(package(), chosen.data, source=chosen.source)
    assert "POLICY_FROM_PACKAGE" in capped.notes
    with pytest.raises(EvidenceError, match="NO_POLICY"):
        policy_in_package(format_package(contents(policy=None), None))


@pytest.mark.parametrize(
    ("word", "key"), [("INCOMPLETE", "comparison.agrees"), ("CONSISTENT", "comparison.overall")]
)
def test_the_enclosed_report_is_compared_and_never_repeated(word, key):
    """By a service that the policy knows: agrees or differs, and C01 does not hang on it."""
    found = small_report()
    found["overall"] = word
    report = judge(with_report(signed_report(format_json(found))), small_policy())
    assert outcome(report, "C01") == ("PASSED", "")
    assert report.overall is Overall.INCOMPLETE
    assert report.container is not None
    assert report.container.enclosed is not None
    assert report.container.enclosed.agrees is (word == "INCOMPLETE")
    assert report.check(CheckId.C01).findings[-1].detail.key == key


def test_a_report_by_an_unknown_key_is_not_compared_and_a_false_signature_fails():
    """Whose it is only the policy can tell; what is false is false."""
    unknown = judge(with_report(signed_report(format_json(small_report()))), policy_without_issuers())
    assert outcome(unknown, "C01") == ("PASSED", "")
    assert unknown.check(CheckId.C01).findings[-1].code == "KEY_UNKNOWN"
    assert unknown.container is not None
    assert unknown.container.enclosed is None
    genuine = signed_report(format_json(small_report()))
    broken = judge(with_report(genuine[:-4] + b"AAAA"), small_policy())
    assert outcome(broken, "C01") == ("FAILED", "SIG_CRYPTO_FAILURE")
    assert outcome(broken, "A1") == A1


def small_report():
    """The detailed report that a service made of the small package before it enclosed it."""
    return report_detailed(judge(format_package(small_contents(), None), small_policy()))


def with_report(report):
    return package(replace(small_contents(), report=report))


def policy_without_issuers():
    return format_policy(replace(parse_policy(small_policy()), issuers=()))


def test_facts_without_a_bundle_are_judged_too():
    """The list may name none."""
    container = judge(package()).examined.container
    bare = replace(container, files=tuple(file for file in container.files if file.name != names.BUNDLE))
    assert {"NO_BUNDLE", "MISSING_FILE"} <= {finding.code for finding in check_container(bare, None, (), "")}


def test_documents_of_the_package_and_of_the_user_are_compared():
    """Both with what was deposited; a package may hold none."""
    bare = package(documents=())
    assert outcome(judge(bare), "C02") == ("NOT_PROVIDED", "NO_DOCUMENT")
    assert outcome(judge(bare, documents=DOCUMENTS), "C02") == ("PASSED", "")
    foreign = package(documents=(*documents(), PackagedDocument("application/pdf", b"%PDF-1.7 foreign")))
    assert outcome(judge(foreign), "C02") == ("FAILED", "HASH_FAILURE")
    assert outcome(judge(package(), documents=[Document("x.pdf", b"x")]), "C02") == ("FAILED", "HASH_FAILURE")


def test_a_bundle_that_does_not_parse_makes_the_package_unreadable():
    """There is nothing to verify then."""
    report = judge(package(contents(bundle=b"{}")))
    assert report.overall is Overall.UNREADABLE
    assert judge(package(), b"{}").overall is Overall.UNREADABLE


DOCX = container([Entry("[Content_Types].xml", b"<Types/>"), Entry("word/document.xml", b"<w/>")])
FOREIGN = container([MIME, Entry("Vertrag Müller.pdf", b"%PDF-"), Entry("META-INF/signatures.xml", b"<x/>")])
STRANGE = {
    "empty": (b"", "EMPTY"),
    "text": (b"hello", "UNKNOWN_FILE"),
    "word file": (DOCX, "NOT_ASIC"),
    "somebody's container": (FOREIGN, "NOT_A_PACKAGE"),
    "cut off": (package()[:-7], "TRUNCATED"),
    "encrypted": (container([MIME, Entry("zheng/manifest.json", b"x", flags=1)]), "ENCRYPTED"),
    "PDF before ZIP": (b"%PDF-1.7\n" + package(), "POLYGLOT"),
    "ZIP before PDF": (b"PK\3\4%PDF-1.7", "TRUNCATED"),
    "ZIP and more": (package() + b"%PDF-1.7", "TRAILING_BYTES"),
    "two files of a name": (
        container([MIME, Entry("zheng/manifest.json"), Entry("zheng/manifest.json")]),
        "DUPLICATE_FILE",
    ),
    "broken JSON": (b"{", "FORMAT_FAILURE"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_is_no_evidence_is_called_so_in_both_languages(name):
    """UNREADABLE, with the reason in words; never an exception, never a good word."""
    data, code = STRANGE[name]
    report = verify_any(data, policy=PolicyInput(policy()), at=AT, name="\x1b[31m.zip")
    assert report.overall is Overall.UNREADABLE
    assert report.refusal is not None
    assert report.refusal.code == code
    for language in LANGUAGES:
        text = report_text(report, language)
        assert code in text
        assert "\x1b" not in text


def test_one_door_leads_to_the_right_room():
    """By content alone."""
    chosen = PolicyInput(policy())
    assert verify_any(package(), policy=chosen, at=AT, name="package") == judge(package())
    assert verify_any(bundle(), policy=chosen, at=AT, name="b") == verify_bundle(
        bundle(), policy=chosen, at=AT, name="b"
    )
    assert tell_kind(b"%PDF-1.7") == tell_kind(b"\n%PDF-1.7") == "certificate"


def test_a_package_says_which_edition_it_is():
    """As its manifest says; a manifest that does not parse says nothing."""
    assert judge(package(contents(edition="redacted"))).container.edition == "redacted"
    assert judge(relisted({names.MANIFEST: b"{}"})).container.edition is None


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["listing", "token", "manifest", "report", "policy", "bundle"]),
    st.one_of(st.binary(max_size=400), st.integers(0, 10_000)),
    st.binary(min_size=1, max_size=6),
)
def test_no_contents_of_a_file_raise_anything(part, start, text):
    """Any bytes in place of any file that is read, or of some of its bytes: a report in both languages."""
    before = {file.name: file.data for file in parse_archive(small())}[SHORT[part]]
    if isinstance(start, int):
        place = start % len(before)
        start = before[:place] + text + before[place + len(text) :]
    report = verify_any(edit(small(), **{part: start}), policy=PolicyInput(small_policy()), at=AT)
    assert report.overall in (Overall.UNREADABLE, Overall.INCONSISTENT, Overall.INCOMPLETE)
    for language in LANGUAGES:
        assert report_text(report, language)
