"""Verifying on the portal without scripts: results, what hostile files get, downloads, and what is left behind."""

import re
import tempfile
from datetime import timedelta
from html import unescape

import pytest
from portal_visits import CONTENT, HTML, NAME, conformance, overall
from zheng_verifier.policy import parse_policy
from zheng_verifier.report.catalogue import catalogue
from zheng_verifier.report.model import PolicySource
from zheng_verifier.report.signed import verify_signed_report

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
PASSED = re.compile(r'class="tag passed"')


def submit(visits, evidence, **options):
    """Submit a file; gives the address of the result."""
    answer = visits.world.request(
        "POST", "/verify", headers={"Accept": HTML}, files=[("evidence", evidence)], **options
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@LANGUAGES
def test_a_bundle_is_verified_and_shown(visits, told, language):
    """The policy is line 1, the word is INCOMPLETE here, each axis and event is told, the drawings are there."""
    page = visits.verify(("bundle.json", told.bundle), language, documents=[("lease.pdf", CONTENT)])
    assert overall(page) == "INCOMPLETE"
    assert page.index('class="policy-line"') < page.index("<h1>")
    assert [f"A{number}" in page for number in range(1, 10)] == [True] * 9
    assert "POLICY" not in re.sub(r"<code>.*?</code>", "", page)
    for name in ("time-line-1", "proof-path"):
        tag = {"zh": "zh-CN", "en": "en"}[language]
        (path,) = re.findall(rf'src="(/results/[^"]+/{name}\.{tag}\.svg)"', page)
        drawing = visits.world.get(path)
        assert drawing.headers["content-type"] == "image/svg+xml"
        assert drawing.text.startswith("<svg ")


@LANGUAGES
def test_a_certificate_alone_is_verified(visits, told, language):
    """The PDF carries its own proof."""
    page = visits.verify(("certificate.pdf", told.pdf), language)
    assert overall(page) == "INCOMPLETE"
    assert told.valid in page


def test_a_policy_of_ones_own_is_line_one(visits):
    """Under the user's own policy a sound package is not called false, and the page says whose policy that was."""
    evidence, policy, _ = conformance("package-honest")
    page = unescape(visits.verify(evidence, "en", policy=policy))
    assert overall(page) in ("CONSISTENT", "INCOMPLETE")
    assert catalogue("en").sources[PolicySource.USER] in page
    assert catalogue("en").sources[PolicySource.PACKAGE] not in page


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("package-file-changed", "INCONSISTENT"),
        ("package-two-lists", None),
        ("package-two-files-of-one-name", None),
        ("package-path-out-of-the-folder", None),
        ("package-pdf-and-zip-at-once", None),
        ("package-encrypted", None),
        ("package-empty", None),
        ("package-no-bundle", None),
        ("not-a-bundle", None),
    ],
)
def test_hostile_evidence_gets_a_page_and_no_green_word(visits, name, expected):
    """As the conformance case expects, in the language asked for; nothing of it is called consistent."""
    evidence, policy, _ = conformance(name)
    answer = visits.world.request(
        "POST",
        "/verify?lang=zh",
        headers={"Accept": HTML},
        files=[("evidence", evidence), ("policy", policy)],
    )
    if answer.status_code == 303:
        answer = visits.world.get(answer.headers["location"], headers={"Accept": HTML})
    page = visits.look(answer, "zh", answer.status_code)
    assert answer.status_code < 500
    assert overall(page) in ({expected} if expected else {None, "INCONSISTENT", "UNREADABLE"})
    if overall(page) in (None, "UNREADABLE"):
        assert not PASSED.search(page)


@pytest.mark.parametrize(
    "evidence",
    [
        pytest.param(b"%PDF-1.7\n", id="pdf of nothing"),
        pytest.param(
            b"%PDF-1.7\n1 0 obj<</Encrypt 2 0 R>>\ntrailer<</Root 1 0 R/Encrypt 3 0 R>>", id="encrypted"
        ),
        pytest.param(b"%PDF-1.7\n" + b"[" * 50_000, id="deep pdf"),
        pytest.param(b"PK\x03\x04" + bytes(1000), id="zip of nothing"),
        pytest.param(b"{" * 10_000, id="deep json"),
        pytest.param(b"\x00\xff" * 100, id="noise"),
        pytest.param(b"<script>alert(1)</script>", id="markup"),
    ],
)
def test_what_is_no_evidence_is_unreadable(visits, evidence):
    """Malformed, encrypted, deep, noise: unreadable, with a reason in the language asked for."""
    page = visits.verify(("x", evidence), "zh")
    assert overall(page) == "UNREADABLE"
    assert not PASSED.search(page)
    assert "<script>" not in page


def test_another_services_evidence_is_not_passed_under_our_policy(visits):
    """The policy of this platform does not know another's log: nothing is called consistent."""
    evidence, _, _ = conformance("package-honest")
    page = visits.verify(evidence, "en")
    assert overall(page) == "INCOMPLETE"
    assert "INCOMPLETE" in page


@LANGUAGES
def test_no_file_is_said_to_be_none(visits, language):
    """A form without a file, with an empty name, with a field instead of a file."""
    for options in (
        {"files": [("document", ("a.pdf", b"x"))]},
        {"data": {"evidence": "text"}},
        {"content": b""},
    ):
        page = visits.post("/verify", language, 400, **options)
        assert ("请选择文件" if language == "zh" else "choose one first") in page


@LANGUAGES
def test_a_form_that_is_none_is_refused_with_a_page(visits, language):
    """A multipart body without its boundary, and a file far over the limit."""
    broken = {"Accept": HTML, "Content-Type": "multipart/form-data; boundary=x"}
    answer = visits.world.request(
        "POST", f"/verify?lang={language}", headers=broken, content=b"--y\r\nnothing"
    )
    visits.look(answer, language, 400)
    page = visits.post("/verify", language, 413, files=[("evidence", ("big.asice", bytes(700_000)))])
    assert ("上限" if language == "zh" else "larger than") in page


def test_names_of_files_are_never_markup(visits):
    """A file's own name is a stranger's text: markup, direction marks and length stay out of the command."""
    for name in ('"><img src=x onerror=alert(1)>.json', "a\u202egnp.json", "n" * 300 + ".json", "-rf"):
        page = visits.verify((name, b"{}"), "en")
        assert "<img src=x" not in page
        assert "\u202e" not in page
        command = re.search(r"<pre><code>(.*?)</code></pre>", page)[1]
        assert re.fullmatch(r"zheng-verify [\w.-]+ --policy policy\.json", command)


def test_values_of_evidence_are_never_markup(visits, told):
    """Words that a submitter sealed and opened again are shown as text."""
    page = visits.verify(("bundle.json", told.bundle), "zh")
    assert NAME in page  # the bundle opens it; who holds the bundle may read it
    evil = told.bundle.replace("房屋租赁合同".encode(), b"<script>x</script>")
    page = visits.verify(("bundle.json", evil), "zh")
    assert "<script>x" not in page


def test_every_form_may_be_taken_home(visits, told):
    """Each download has its type and is an attachment; the signed one verifies under the platform's own key."""
    location = submit(visits, ("bundle.json", told.bundle))
    page = visits.get(location, "en")
    links = re.findall(r'href="(/results/[^"]+)" download', page)
    kinds = {"json": "application/json", "html": "text/html", "txt": "text/plain", "jws": "application/jose"}
    assert len(links) == 6
    for link in links:
        answer = visits.world.get(link, headers={"Accept": HTML})
        name = link.rpartition("/")[2]
        assert answer.headers["content-type"].partition(";")[0] == kinds[name.rpartition(".")[2]]
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    policy = parse_policy(visits.world.get("/v1/policy").content)
    jws = visits.world.get(f"{location}/report.jws").text
    report = verify_signed_report(jws, policy.issuers[0].report_keys)
    assert report["overall"] == "INCOMPLETE"
    visits.get(f"{location}/report.pdf", "zh", 404)


def test_a_result_is_gone_after_an_hour_and_cannot_be_guessed(visits, told):
    """Kept for an hour by the service's clock, under a name of 144 random bits."""
    location = submit(visits, ("bundle.json", told.bundle))
    key = location.rpartition("/")[2]
    assert re.fullmatch(r"[A-Za-z0-9_-]{24}", key)
    visits.get(location, "zh")
    visits.get(f"/results/{key[:-1]}", "zh", 404)
    clock = visits.world.clock
    clock.offset += timedelta(minutes=61)
    try:
        for path in (location, f"{location}/report.jws", f"{location}/proof-path.en.svg"):
            page = visits.get(path, "zh", 404)
            assert "只保留一小时" in page
    finally:
        clock.offset -= timedelta(minutes=61)


def test_nothing_stays_on_disk_or_in_the_log(visits, told, capfd, tmp_path, monkeypatch):
    """After a verification there is no new file anywhere we write, and no line names a person or a file."""
    home = visits.world.settings.home
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # other tests verify at the same time

    def files():
        ours = {path for path in home.rglob("*") if path.is_file() and "-wal" not in path.name}
        return {path for path in ours if path.parent.name != "logs"} | set(tmp_path.iterdir())

    before = files()
    visits.verify(("personal-name.json", told.bundle), "zh", documents=[("zhang-xiaosan.pdf", CONTENT)])
    assert files() - before == set()
    logged = "".join(capfd.readouterr())
    for word in (NAME, "personal-name", "zhang-xiaosan", told.valid, told.digests["sha256"]):
        assert word not in logged
