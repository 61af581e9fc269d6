"""Evidence by button (出证): a member asks for it at the desk, sees how far it is, and is given what was made."""

import base64
import re
import sys
import time
from pathlib import Path

import pytest
from api_world import new_id
from zheng_verifier.package.package import open_package

from api.web.signing.callers import cookie_name
from signing.database import read

sys.path.insert(0, str(Path(__file__).parents[2] / "portal"))

from desk_visits import Organisation, lease  # the path above leads there


class Member:
    """A member's browser without scripts."""

    def __init__(self, organisation, name, *roles):
        self.world = organisation.world
        self.account = organisation.member(name, f"login-{new_id()[:8]}", *roles)
        self.cookie = f"{cookie_name(self.world.settings, 'session')}={organisation.session(self.account)}"

    def get(self, path, status=200):
        answer = self.world.get(f"{path}?lang=en", headers={"Accept": "text/html", "Cookie": self.cookie})
        assert answer.status_code == status, answer.text[:2000]
        return answer

    def post(self, path, token, **fields):
        """Send a form; gives where it leads."""
        headers = {"Accept": "text/html", "Cookie": self.cookie}
        answer = self.world.request("POST", f"{path}?lang=en", headers=headers, data={"csrf": token} | fields)
        assert answer.status_code == 303, answer.text[:2000]
        return answer.headers["location"]


@pytest.fixture(scope="module")
def organisation(job_world):
    return Organisation(job_world)


@pytest.fixture(scope="module")
def chief(organisation):
    return Member(organisation, "王经理", "super_admin")


@pytest.fixture(scope="module")
def contract(organisation):
    """A contract that was sent, of which nothing was deposited since."""
    tenant, contract = organisation.tenant, new_id()
    party = {"kind": "person", "role": "signatory", "group": 1, "name": "张三", "phone": "13900000001"}
    made = tenant.post("/v1/signing/contracts", {"id": contract, "title": "租赁", "parties": [party]})
    assert made.status_code == 201, made.text
    content = base64.b64encode(lease(1)).decode()
    file = {"id": new_id(), "contract": contract, "name": "a.pdf", "content": content}
    assert tenant.post("/v1/signing/documents", file).status_code == 201
    organisation.world.drain_signing()
    sent = tenant.post(f"/v1/signing/contracts/{contract}/send")
    assert sent.status_code == 200, sent.text
    return contract


def test_evidence_is_asked_for_seen_and_fetched_at_the_desk(job_world, organisation, chief, contract):
    """S0-41, S0-42: never while a record waits; then once for one form, with progress, every file, and a record of it."""
    page, tenant = f"/desk/contracts/{contract}/evidence", organisation.tenant
    waits = chief.get(page).text
    assert "still wait for their deposit" in waits
    assert f'action="{page}/order' not in waits
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', waits).group(1)
    wish = {"id": new_id(), "kind": "package", "edition": "full"}
    wish |= {"recipient": "court", "purpose": "litigation"}
    assert "refused=deposits-waiting" in chief.post(f"{page}/order", token, **wish)
    assert "refused=deposits-waiting" in chief.post(f"{page}/certificate", token, id=new_id())

    job_world.drain_signing()
    assert f'action="{page}/order' in chief.get(page).text
    for field in ("kind", "edition", "recipient", "purpose"):
        assert "refused=field-value" in chief.post(f"{page}/order", token, **wish | {field: "x"})
    number = chief.post(f"{page}/certificate", token, id=new_id()).partition("?")[0]
    for _ in range(2):
        assert "done=evidence" in chief.post(f"{page}/order", token, **wish)
    assert 'data-follow="exports"' in chief.get(page).text
    deadline = time.monotonic() + 60
    while "Finished" not in (seen := chief.get(page).text):
        assert time.monotonic() < deadline, seen
        time.sleep(0.1)

    links = re.findall(rf'href="({page}/[0-9a-f-]{{36}}/[a-z_]+)\?lang=en"', seen)
    assert [link.rpartition("/")[2] for link in links] == [
        *("package", "report_zh", "report_en", "list_zh", "list_en", "signed_report")
    ]
    case = tenant.get(f"/v1/signing/contracts/{contract}").json()["case"]
    answer = chief.get(links[0])
    assert answer.headers["content-disposition"] == f'attachment; filename="{case}-v1.asice"'
    package = open_package(answer.content)
    assert {"report.zh-cn.pdf", "evidence-list.en.pdf", "certificate.pdf"} <= set(package.files)
    assert chief.get(links[2]).content == package.files["report.en.pdf"]
    assert number in seen

    events = tenant.get(f"/v1/cases/{case}/events?limit=100").json()["data"]
    (exported,) = [each["entry"] for each in events if '"type":"evidence.exported/1"' in each["entry"]]
    assert '"recipient_kind":"court"' in exported
    with read(organisation.desk.context.engine) as session:
        taken = organisation.desk.custody.accesses(session, tenant.id, contract)
    assert (chief.account, "export") in {(each.who, each.purpose) for each in taken}

    body = {"id": wish["id"], "edition": "full", "recipient_kind": "court", "purpose": "litigation"}
    same = tenant.post(f"/v1/cases/{case}/packages", body)
    assert (same.status_code, same.json()["state"]) == (200, "sealed")


def test_only_who_acts_for_the_sender_has_it(organisation, contract):
    """S4-36, S4-37: to another member, and to a keeper of seals, there is no such page, and no file of it."""
    page = f"/desk/contracts/{contract}/evidence"
    for role in ("member", "seal_admin"):
        other = Member(organisation, "别人", role)
        other.get(page, 404)
        other.get(f"{page}/{new_id()}/package", 404)
