"""The desk without scripts: who is let in, which forms are taken, what another organisation sees; and its words."""

import base64
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from api_world import new_id
from desk_visits import Organisation, lease
from portal_visits import FORBIDDEN, HTML

from api.issuance.export.request import PURPOSES, RECIPIENTS
from api.jobs.model import JobState
from api.web.portal.desk.words_en import WORDS as ENGLISH
from api.web.portal.desk.words_zh import WORDS as CHINESE
from api.web.signing.callers import cookie_name
from signing.assurance import DEMANDABLE
from signing.contracts.demands import FACTORS
from signing.contracts.draft import SCENES
from signing.contracts.order import PartyRole, PartyState
from signing.contracts.states import ContractState, Step
from signing.custody.erasure import Basis as ErasureBasis
from signing.delivery.composing import Purpose
from signing.documents.controls import ControlKind
from signing.identity.reviews import REASONS
from signing.people.agreements import AGREEMENTS
from signing.people.business_types import SCENES as TYPE_SCENES
from signing.people.profile import ID_TYPES
from signing.seals.creating import SEAL_TYPES
from signing.seals.grants import KINDS, REVOKE_REASONS, SCOPES
from signing.seals.life import DESTROY_REASONS, DISABLE_REASONS
from signing.seals.states import SealState

ROOT = Path(__file__).resolve().parents[2]
PLACE = re.compile(r"\{(\w+)\}")
CHINESE_CHARACTER = re.compile(r"[㐀-鿿]")
NAMED = {
    "scene": SCENES,
    "role": tuple(PartyRole),
    "party": tuple(PartyState),
    "state": tuple(ContractState),
    "step": tuple(Step),
    "purpose": Purpose.__args__,
    "control": tuple(ControlKind),
    "review": REASONS,
    "agreement": AGREEMENTS,
    "type_scene": TYPE_SCENES,
    "id_type": ID_TYPES,
    "grant_kind": KINDS,
    "scope": SCOPES,
    "reason": (*REVOKE_REASONS, *DESTROY_REASONS, *DISABLE_REASONS),
    "seal_type": SEAL_TYPES,
    "seal": tuple(SealState),
    "job": tuple(JobState),
    "recipient": RECIPIENTS,
    "for_purpose": PURPOSES,
    "erasure": ErasureBasis.__args__,
    "level": DEMANDABLE,
    "factor": FACTORS,
}


def soon(days):
    """Give a day ahead as a form sends it."""
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


class Browser:
    """A member's browser without scripts, already logged in."""

    def __init__(self, organisation, account, *, agreed=True):
        self.world = organisation.world
        token = organisation.session(account, agreed=agreed)
        self.cookie = f"{cookie_name(self.world.settings, 'session')}={token}"

    def get(self, path, status=200):
        mark = "&" if "?" in path else "?"
        answer = self.world.get(f"{path}{mark}lang=en", headers={"Accept": HTML, "Cookie": self.cookie})
        assert answer.status_code == status, answer.text[:3000]
        return answer

    def post(self, path, *, csrf=None, headers=None, **options):
        token = self.token() if csrf is None else csrf
        options["data"] = {"csrf": token} | options.get("data", {})
        named = {"Accept": HTML, "Cookie": self.cookie} | (headers or {})
        return self.world.request("POST", f"{path}?lang=en", headers=named, **options)

    def accept(self):
        """Accept the agreements by the form of their page; gives where it leads."""
        page = self.get("/desk/agreements").text
        shown = dict(re.findall(r'name="(sha256_[a-z_]+)" value="([0-9a-f]{64})"', page))
        names = [name.removeprefix("sha256_") for name in shown]
        return self.post("/desk/agreements/accept", data=shown | {"agreed": names}).headers["location"]

    def token(self):
        return re.search(r'name="csrf" value="([0-9a-f]+)"', self.get("/desk/agreements").text).group(1)

    def place(self, contract):
        """Place a signature for each of two parties by the API that the placing page uses."""
        (document,) = set(re.findall(rf"{contract}/documents/([0-9a-f-]{{36}})", self.get(contract).text))
        controls = [
            {
                "name": f"signature{party}",
                "kind": "signature",
                "party": party,
                "page": 1,
                "place": {"x": 72_000, "y": 200_000 * party, "width": 120_000, "height": 48_000},
            }
            for party in (1, 2)
        ]
        headers = {"Cookie": self.cookie, "X-Zheng-Request": "1"}
        url = f"/v1/signing/documents/{document}/controls"
        saved = self.world.request("PUT", url, headers=headers, json={"controls": controls})
        assert saved.status_code == 200, saved.text

    def draft(self, **more):
        """Draft a contract of a file by the form of the page; gives its address."""
        form = self.get("/desk/contracts/new").text
        drawn = re.search(r'name="id" value="([0-9a-f-]{36})"', form).group(1)
        party = {"who": "", "kind": "person", "role": "signatory", "group": "1"}
        fields = {f"party_{name}": [value, value] for name, value in party.items()}
        fields |= {"party_name": ["张三", "李四"], "party_target": ["13900000001", "li@example.org"]}
        fields |= {
            "id": drawn,
            "title": "房屋租赁合同 <b>&",
            "order": "sequential",
            "scene": "leasing",
        } | more
        made = self.post(
            "/desk/contracts/by-file", data=fields, files={"file": ("a.pdf", lease(), "application/pdf")}
        )
        assert made.status_code == 303, made.text[:3000]
        return made.headers["location"].partition("/documents/")[0]


@pytest.fixture(scope="module")
def organisation(world):
    return Organisation(world)


@pytest.fixture(scope="module")
def chief(organisation):
    browser = Browser(organisation, organisation.member("王经理", "wang", "super_admin"))
    return browser


@pytest.fixture(scope="module")
def clerk(organisation):
    browser = Browser(organisation, organisation.member("周文员", "zhou"))
    return browser


@pytest.fixture(scope="module")
def contract(chief):
    return chief.draft()


def test_strangers_are_led_to_the_login(world):
    """No page of the desk says anything to whoever has no session, or one that is over."""
    for path in (
        "/desk",
        "/desk/contracts",
        "/desk/contracts/new",
        "/desk/seals",
        "/desk/people",
        "/desk/reviews",
    ):
        for cookie in ("", f"{cookie_name(world.settings, 'session')}=zs_none"):
            answer = world.get(f"{path}?lang=en", headers={"Accept": HTML, "Cookie": cookie})
            assert (answer.status_code, answer.headers["location"]) == (303, "/desk/login?lang=en"), path


def test_agreements_come_first(organisation):
    """S3-3: whoever has not accepted what holds now is led to the texts; what he ticks is recorded by its digest."""
    newcomer = Browser(organisation, organisation.member("新人", "newcomer"), agreed=False)
    for path in ("/desk", "/desk/contracts", "/desk/contracts/new", "/desk/seals", "/desk/settings"):
        assert newcomer.get(path, status=303).headers["location"] == "/desk/agreements?lang=en", path
    refused = newcomer.post("/desk/contracts/by-file", data={"title": "租赁合同"})
    assert refused.headers["location"] == "/desk/agreements?lang=en"
    assert newcomer.accept() == "/desk?lang=en"
    newcomer.get("/desk")


def test_pages_are_kept_by_no_cache_and_run_nothing_inline(chief, contract):
    """Strict rules for scripts, no cache, no style or script in the page, and every value escaped."""
    for path in ("/desk", "/desk/contracts", "/desk/contracts/new", contract, "/desk/settings"):
        answer = chief.get(path)
        assert answer.headers["cache-control"] == "no-store"
        rules = answer.headers["content-security-policy"]
        assert "default-src 'none'" in rules
        assert "unsafe-inline" not in rules
        assert not re.search(r"<script(?! src=)|<style|\son[a-z]+=|\sstyle=", answer.text)
    assert "房屋租赁合同 &lt;b&gt;&amp;" in chief.get(contract).text


def test_forms_of_others_are_not_taken(chief, contract):
    """Without the token of this session, or sent by another site, a form changes nothing and the page says so."""
    for options in ({"csrf": ""}, {"csrf": "0" * 43}, {"headers": {"Sec-Fetch-Site": "cross-site"}}):
        answer = chief.post(f"{contract}/withdraw", **options)
        assert answer.status_code == 303
        assert "refused=request-header-missing" in answer.headers["location"]
    assert "draft" in chief.get(contract).text
    page = chief.get(f"{contract}?refused=request-header-missing&field=/x").text
    assert 'role="alert"' in page
    assert 'role="alert"' not in chief.get(f"{contract}?refused=<b>nothing").text


def test_another_member_and_another_organisation_do_not_see_it(world, chief, clerk, contract):
    """A contract one has no part in is unknown: to a member who may not see all, and to every other tenant (S4-35…42)."""
    clerk.get(contract, status=404)
    other = Organisation(world, "别家公司")
    stranger = Browser(other, other.member("外人", "outsider", "super_admin"))
    stranger.get(contract, status=404)
    assert "房屋租赁合同" not in stranger.get("/desk/contracts").text
    assert "contract-unknown" in stranger.post(f"{contract}/withdraw").headers["location"]
    assert "房屋租赁合同" in chief.get("/desk/contracts").text


def test_menus_show_what_one_may_do_and_services_decide(chief, clerk):
    """A member sees no form for what he may not do, and the form itself is refused."""
    assert 'action="/desk/people/member' in chief.get("/desk/people").text
    assert 'action="/desk/people/member' not in clerk.get("/desk/people").text
    body = {"id": "0b9e4a52-0e2f-4d7e-8a0b-6f5d2c1e9f33", "name": "新人"}
    answer = clerk.post("/desk/people/member", data=body)
    assert "refused=permission-missing" in answer.headers["location"]
    assert "/desk/reviews" not in clerk.get("/desk").text
    clerk.get("/desk/reviews", status=403)


def test_a_form_that_is_refused_keeps_what_was_filled_in(chief):
    """A contract without a file is refused with its field, and what was typed stands there; a button adds rows."""
    fields = {
        "id": "1b9e4a52-0e2f-4d7e-8a0b-6f5d2c1e9f33",
        "title": "无文件",
        "order": "mixed",
        "scene": "other",
    }
    row = {"who": "", "name": "张三", "target": "139", "kind": "person", "role": "signatory", "group": "2"}
    fields |= {f"party_{name}": value for name, value in row.items()}
    refused = chief.post("/desk/contracts/by-file", data=fields)
    assert refused.status_code == 422
    assert "(/file)" in refused.text
    assert 'value="无文件"' in refused.text
    more = chief.post("/desk/contracts/by-file", data=fields | {"act": "more"})
    assert (more.status_code, more.text.count('name="party_name"')) == (200, 2)


def test_what_is_demanded_of_parties_is_kept_and_shown(chief):
    """By rows of the form, on the contract's page, of a business type; what nobody could meet leads back to the form."""
    contract = chief.draft(party_level=["high", "none"], party_factors=["1:otp_sms", "1:face", "2:otp_email"])
    shown = chief.get(contract + "?lang=en").text
    assert "Identity verified at least: high · Confirm by: code by text message, comparison of faces" in shown
    assert "Confirm by: code by mail" in shown
    fields = {"id": "2b9e4a52-0e2f-4d7e-8a0b-6f5d2c1e9f33", "title": "无", "order": "mixed", "scene": "other"}
    row = {
        "who": "",
        "name": "张三",
        "target": "13900000001",
        "kind": "person",
        "role": "signatory",
        "group": "1",
    }
    fields |= {f"party_{name}": value for name, value in row.items()}
    fields |= {"party_level": "low", "party_factors": "1:password"}
    files = {"file": ("a.pdf", lease(), "application/pdf")}
    refused = chief.post("/desk/contracts/by-file", data=fields, files=files)
    assert refused.status_code == 422
    assert "(/parties/0/factors)" in refused.text
    assert 'value="1:password" checked' in refused.text
    assert '<option value="low" selected>' in refused.text
    made = {"id": "3b9e4a52-0e2f-4d7e-8a0b-6f5d2c1e9f33", "code": "loan", "name": "借款", "scene": "finance"}
    assert chief.post("/desk/people/type", data=made | {"level": "substantial"}).status_code == 303
    assert "Identity verified at least: substantial" in chief.get("/desk/people?of=types&lang=en").text
    changed = {"type": made["id"], "act": "demand", "level": "high"}
    assert chief.post("/desk/people/grants", data=changed).status_code == 303
    assert "Identity verified at least: high" in chief.get("/desk/people?of=types&lang=en").text


def test_withdrawn_contract_is_started_again(chief):
    """S4-48: withdrawn, it has ended; a new draft begins with its title and parties."""
    contract = chief.draft()
    assert "done=withdraw" in chief.post(f"{contract}/withdraw", data={"reason": "x"}).headers["location"]
    page = chief.get(contract).text
    again = re.search(r'href="(/desk/contracts/new\?replaces=[^"]+)"', page).group(1)
    form = chief.get(again.replace("&amp;", "&").replace("&lang=en", "")).text
    assert 'value="张三"' in form
    assert 'value="li@example.org"' in form


def test_contract_is_approved_before_it_is_sent(organisation, chief, clerk):
    """S0-25: it is submitted instead of sent; only who was asked sees it and decides, and then it can be sent."""
    (zhou,) = [
        each.id
        for each in organisation.desk.people.accounts.listed(organisation.by, internal=True)
        if each.profile.login == "zhou"
    ]
    contract = chief.draft(approvers=zhou)
    drafted = chief.get(contract).text
    assert f"{contract}/submit" in drafted
    assert f"{contract}/send" not in drafted
    chief.place(contract)
    assert "done=submit" in chief.post(f"{contract}/submit").headers["location"]
    assert 'value="approve"' not in chief.get(contract).text
    assert 'value="approve"' in clerk.get(contract).text
    paper = re.search(rf'href="({contract}/look\?document=[0-9a-f-]{{36}})', clerk.get(contract).text).group(
        1
    )
    assert clerk.get(paper).content.startswith(b"%PDF")
    chief.get(paper, status=404)
    decided = clerk.post(f"{contract}/decide", data={"decision": "approve", "reason": "好"})
    assert "done=decide" in decided.headers["location"]
    organisation.settle()
    assert f"{contract}/send" in chief.get(contract).text
    assert "done=send" in chief.post(f"{contract}/send").headers["location"]
    for act, data in (("remind", {}), ("extend", {"deadline": soon(60)}), ("void", {"basis": "agreement"})):
        assert f"done={act}" in chief.post(f"{contract}/{act}", data=data).headers["location"]


def test_member_who_signs_is_led_to_the_question_of_voidness(organisation):
    """作废: the page of a contract he is a party of leads where the question stands, until he has agreed."""
    account = organisation.member("严签", "yanqian")
    signer, tenant = Browser(organisation, account), organisation.tenant
    body = {"id": new_id(), "title": "租赁合同", "parties": [{"account": account}]}
    assert tenant.post("/v1/signing/contracts", body).status_code == 201
    file = {
        "id": new_id(),
        "contract": body["id"],
        "name": "a.pdf",
        "content": base64.b64encode(lease()).decode(),
    }
    assert tenant.post("/v1/signing/documents", file).status_code == 201
    organisation.settle()
    contract = f"/v1/signing/contracts/{body['id']}"
    assert tenant.post(f"{contract}/send").status_code == 200
    page, words = f"/desk/contracts/{body['id']}", ENGLISH["answer_void"]
    assert words not in signer.get(page).text
    assert tenant.post(f"{contract}/void-request", {"reason": "另行签订"}).status_code == 200
    shown = signer.get(page).text
    assert re.search(rf'href="/sign\?contract={body["id"]}[^"]*">{words}', shown)
    headers = {"Cookie": signer.cookie, "X-Zheng-Request": "1"}
    url = f"/v1/signing/party/void-agreement?contract={body['id']}"
    assert signer.world.request("POST", url, headers=headers).status_code == 204
    assert words not in signer.get(page).text
    assert tenant.get(contract).json()["state"] == "voided"


def test_examiner_decides_with_a_reason(world, organisation, chief):
    """S4-42: what waits is shown with its files; a refusal names its ground; the file comes as a download."""
    person = organisation.contact("林晓", "13900000012", "110105199001011234")
    check = organisation.manual_check(person, b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4)
    page = chief.get("/desk/reviews").text
    assert "110105199001011234" in page
    path = re.search(rf'href="(/v1/signing/reviews/{check}/files/[0-9a-f]{{64}})"', page).group(1)
    file = world.get(path, headers={"Cookie": chief.cookie})
    assert file.headers["content-disposition"] == "attachment"
    body = {"check": check, "decision": "refuse", "code": "unclear_material", "reason": "看不清"}
    assert "done=decide" in chief.post("/desk/reviews/decide", data=body).headers["location"]
    assert "110105199001011234" not in chief.get("/desk/reviews").text


def test_contract_is_put_in_a_folder_and_found_by_its_tag(chief, contract):
    """S0-36, S3-16: a folder is made, the contract goes there with tags and the end of its term, filters find it."""
    made = chief.post(
        "/desk/contracts/folders",
        data={"id": "2b9e4a52-0e2f-4d7e-8a0b-6f5d2c1e9f33", "act": "create", "name": "房产"},
    )
    assert "done=folders" in made.headers["location"]
    folder = re.search(r'<option value="([0-9a-f-]{36})">房产', chief.get(contract).text).group(1)
    body = {
        "folder": folder,
        "tags": "海淀 长租",
        "category": "租赁",
        "ends_on": "2027-11-30",
        "remind_days": "30, 7",
    }
    assert "done=shelve" in chief.post(f"{contract}/shelve", data=body).headers["location"]
    for query in (f"folder={folder}", "tag=海淀"):
        assert "房屋租赁合同" in chief.get(f"/desk/contracts?{query}").text
    assert "房屋租赁合同" not in chief.get("/desk/contracts?tag=none").text


def test_both_languages_say_everything():
    """The same keys with the same places, each in its own language, none of the forbidden words."""
    assert list(CHINESE) == list(ENGLISH)
    for key, words in ENGLISH.items():
        assert set(PLACE.findall(words)) == set(PLACE.findall(CHINESE[key])), key
    assert [key for key, words in ENGLISH.items() if CHINESE_CHARACTER.search(words)] == []
    assert [key for key, words in CHINESE.items() if not CHINESE_CHARACTER.search(words)] == []
    said = "\n".join((*ENGLISH.values(), *CHINESE.values())).lower()
    assert [word for word in (*FORBIDDEN, "公证书", "鉴定意见") if word in said] == []


def test_every_state_and_choice_has_words():
    """Whatever a table of the pipeline may hold, the desk can say."""
    assert [
        f"{begun}_{name}"
        for begun, names in NAMED.items()
        for name in names
        if f"{begun}_{name}" not in ENGLISH
    ] == []


def test_every_word_is_used_and_every_used_word_is_there():
    """Templates name only words that exist, and no word is kept that nothing says."""
    templates = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "portal/templates/desk").glob("*.html")
    )
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "api/web/portal/desk").glob("[!w]*.py")
    )
    named = set(re.findall(r"\bd\.([a-z_0-9]+)", templates))
    assert named - set(ENGLISH) == set()
    begun = (*re.findall(r'd\["([a-z_]+_)" ~', templates), "done_")
    unused = [
        key
        for key in ENGLISH
        if key not in named and not key.startswith(begun) and f'"{key}"' not in templates + code
    ]
    assert unused == []
