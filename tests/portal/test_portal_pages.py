"""The pages without scripts: whole in both languages, escaped, of one origin; looking things up."""

import hashlib
import re

import pytest
from portal_visits import CONTENT, HTML, NAME

SM3 = "2b1f1ad1b5f3d3f0" * 4
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


@LANGUAGES
@pytest.mark.parametrize("path", ["/", "/log", "/platform", "/offline"])
def test_each_page_is_whole_in_its_language(visits, told, path, language):
    """Each page that a menu leads to: one heading, the menu, the other language, what these pages are not."""
    page = visits.get(path, language)
    assert page.count("<h1>") == 1
    assert page.count("aria-current") == 1
    other = {"zh": "en", "en": "zh"}[language]
    assert f'href="{path}?lang={other}"' in page
    assert ("不属于公证书" if language == "zh" else "neither notarial acts") in page


def test_the_language_is_the_browsers_unless_the_address_says(world):
    """Accept-Language chooses; links then carry no language, so that an address works for everybody."""
    for header, tag in (("zh-TW,en;q=0.5", "zh-CN"), ("de,en", "en"), ("", "en")):
        answer = world.get("/", headers={"Accept-Language": header})
        assert answer.headers["content-language"] == tag
        assert 'href="/log"' in answer.text
    assert world.get("/?lang=fr", headers={"Accept-Language": "zh"}).headers["content-language"] == "zh-CN"


def test_pages_use_files_of_their_own_origin_alone(world):
    """Style, script and mark come from here, may be cached, and nothing else is there."""
    for name, kind in (
        ("portal.css", "text/css"),
        ("portal.js", "text/javascript"),
        ("mark.svg", "image/svg+xml"),
    ):
        answer = world.get(f"/assets/{name}")
        assert answer.headers["content-type"].startswith(kind)
        assert "max-age" in answer.headers["cache-control"]
        assert b"http://" not in answer.content.replace(b"http://www.w3.org/", b"")
    for name in ("..%2fREADME.md", "zheng-verifier.html", "none"):
        assert world.get(f"/assets/{name}").status_code == 404


def test_the_offline_page_gives_the_verifier_and_its_digest(visits, world):
    """The digest on the page is that of the file it gives, which is meant to be saved."""
    file = world.get("/zheng-verifier.html")
    assert file.headers["content-disposition"].startswith("attachment")
    assert hashlib.sha256(file.content).hexdigest() in visits.get("/offline", "zh")


@LANGUAGES
def test_a_digest_is_found_in_either_algorithm(visits, told, language):
    """As tools print it, with a name behind it, in capitals, with colons: it says when, and never whose."""
    sha256, sm3 = told.digests["sha256"], told.digests["sm3"]
    colons = ":".join(re.findall("..", sha256.upper()))
    for typed, algorithm in (
        (sha256, "sha256"),
        (f"{sha256}  contract.pdf", "sha256"),
        (colons, "sha256"),
        (f"0x{sm3}", "sm3"),
    ):
        page = visits.post("/find", language, data={"digest": typed, "algorithm": algorithm})
        assert "<tbody>" in page, typed
        for private in (told.case, "示范平台", NAME, "HT-"):
            assert private not in page


@LANGUAGES
def test_a_digest_that_is_not_found_is_not_called_false(visits, language):
    """Not found is no accusation."""
    page = visits.post("/find", language, data={"digest": SM3, "algorithm": "sm3"})
    assert ("不表示文件系伪造" if language == "zh" else "does not mean that the file is forged") in page
    assert "<table" not in page


@LANGUAGES
@pytest.mark.parametrize(
    "digest", ["", "abc", "z" * 64, "a" * 63, "a" * 128, "<script>", "\u202e" + "a" * 64]
)
def test_what_is_no_digest_is_said_to_be_none(visits, language, digest):
    """Too short, too long, not hexadecimal, markup: a page that says what was expected."""
    page = visits.post("/find", language, 400, data={"digest": digest, "algorithm": "sha256"})
    assert "64" in page
    assert "<script>" not in page


@LANGUAGES
def test_a_number_is_found_however_it_is_typed(visits, told, language):
    """Small letters, blanks, no dashes: the same certificate."""
    for typed in (told.valid, told.valid.replace("-", "").lower(), f" {told.valid.replace('-', ' ')} "):
        page = visits.post("/lookup", language, data={"number": typed})
        assert told.valid in page


@LANGUAGES
@pytest.mark.parametrize(
    "number", ["", "nonsense", "0000-0000-0000-0000-0", "JE82-K3SZ-P32V-2R29-5", "<b>", "../log"]
)
def test_an_unknown_number_is_said_to_be_unknown(visits, language, number):
    """Mistyped and well-formed but unknown numbers get the same answer, so that none can be told from it."""
    page = visits.post("/lookup", language, 404, data={"number": number})
    assert ("没有这份证书" if language == "zh" else "There is no such certificate") in page
    assert "<b>" not in page


@LANGUAGES
@pytest.mark.parametrize("standing", ["valid", "superseded", "revoked"])
def test_a_certificate_shows_how_it_stands(visits, told, standing, language):
    """Its status with the moment and the reason; one that was superseded leads to the newer one."""
    page = visits.get(f"/p/{getattr(told, standing)}", language)
    assert f'class="status {standing}"' in page
    assert 'name="robots" content="noindex, nofollow"' in page
    successor = f'href="/p/{told.valid}?lang={language}"'
    assert (successor in page) is (standing == "superseded")


def test_a_certificate_page_masks_persons_and_escapes_words(visits, told):
    """No unmasked person, no markup of anybody's words; test chain and test authority are called so."""
    page = visits.get(f"/p/{told.valid}", "zh")
    assert "张*三" in page or "张*" in page
    assert NAME not in page
    assert "&lt;b&gt;&amp;" in page
    assert "&lt;i&gt;" in page
    assert "<i>" not in page
    assert "单机测试链" in page
    assert "测试时间戳" in page


def test_refusals_are_pages_for_browsers_and_documents_for_programs(world, visits):
    """Unknown address, wrong method, too much, too often: who asks for HTML gets a page in his language."""
    large = b"x" * 30_000
    visits.get("/nothing-here", "zh", 404)
    visits.get("/assets/none", "en", 404)
    visits.look(world.request("DELETE", "/log?lang=zh", headers={"Accept": HTML}), "zh", 405)
    visits.look(world.request("POST", "/find?lang=zh", headers={"Accept": HTML}, content=large), "zh", 413)
    for method, path, options in (
        ("GET", "/nothing-here", {}),
        ("GET", "/v1/nothing", {"headers": {"Accept": HTML}}),
        ("POST", "/find", {"content": large}),
    ):
        answer = world.request(method, path, **options)
        assert answer.headers["content-type"] == "application/problem+json"


def test_too_many_requests_get_a_page(world, visits):
    """One address asks too often: the page says so and when to come back; others go on."""
    address = "192.0.2.9"
    client = world.make_client(address)

    def asked(headers):
        while not world.services.limiter.take(address):  # all that asked before, however slow this machine is
            pass
        return world.get("/p/none?lang=zh", client=client, headers=headers)

    def refused(**headers):
        answers = (asked(headers) for _ in range(100))
        return next(answer for answer in answers if answer.status_code == 429)

    visits.look(refused(Accept=HTML), "zh", 429)
    answer = refused()
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    visits.get("/")
    world.run(client.aclose())


def test_a_failure_of_ours_is_a_page_without_its_reason(world, visits, monkeypatch):
    """What breaks inside is logged under the request's id, and told to nobody."""

    def broken(*_):
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(type(world.services.documents), "find", broken)
    data = {"digest": hashlib.sha256(CONTENT).hexdigest(), "algorithm": "sha256"}
    page = visits.post("/find", "zh", 500, data=data)
    assert "secret" not in page
