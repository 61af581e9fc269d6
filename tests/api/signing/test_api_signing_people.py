"""People and identities over HTTP: a whole registration, sessions and cookies, and what strangers are told: nothing."""

import base64
import hashlib
import json
import os
import re
import sys
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import pytest
from api_world import new_id
from zheng_verifier.canonical import format_json

from api.problems import KINDS
from api.web.signing.callers import cookie_name
from signing.database import write
from signing.people.agreements import current
from signing.people.secrets import totp_code
from signing.people.tables import AcceptanceRow

V1 = "/v1/signing"
PASSWORD = "correct horse battery"
PERSON = {
    "name": "张三",
    "phone": "+8619900000001",
    "id_type": "id_card",
    "id_number": "110101199001010000",
}
COMPANY = {"name": "示例科技有限公司", "uscc": "91110000MA00000000", "legal_representative": "张三"}
FACE = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4


def refused(answer, code):
    document = answer.json()
    assert document["type"] == f"urn:zheng:problem:{code}", answer.text
    assert answer.status_code == document["status"] == KINDS[code].status
    return document


def agreed(name, locale="zh-CN"):
    text = current(name, locale)
    return {
        "name": name,
        "version": text.version,
        "locale": locale,
        "text_sha256": text.sha256,
        "action": "checkbox",
    }


class Member:
    """Somebody with a session, as a program or a browser holds it."""

    def __init__(self, world, token):
        self.world, self.token = world, token

    def call(self, method, url, body=None, **options):
        if body is not None:
            options["content"] = format_json(body)
            options.setdefault("headers", {})["Content-Type"] = "application/json"
        return self.world.request(method, f"{V1}{url}", key=self.token, **options)


def call(tenant, method, url, body=None, **options):
    return Member(tenant.world, tenant.key).call(method, url, body, **options)


def create(tenant, kind="contacts", **values):
    body = (
        {"id": new_id()}
        | ({"kind": "person"} | PERSON if kind == "contacts" else {"name": "李管理"})
        | values
    )
    answer = call(tenant, "POST", f"/{kind}", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def register(world, tenant, account, kind="members", **answer):
    """Open the one-time link and answer it, without any key; gives the answer and the second factor's secret."""
    link = call(tenant, "POST", f"/{kind}/{account}/setup-link").json()
    assert urlsplit(link["url"]).fragment == link["token"]
    shown = world.post(f"{V1}/sessions/setup", {"token": link["token"]}).json()
    secret = base64.b32decode(shown["secret"])
    assert parse_qs(urlsplit(shown["otpauth_uri"]).query)["secret"] == [shown["secret"]]
    body = {
        "token": link["token"],
        "password": PASSWORD,
        "code": totp_code(secret, world.clock()),
        "agreements": [agreed(name) for name in shown["agreements"]],
    }
    return world.post(f"{V1}/sessions/setup/answer", body | answer), secret


@pytest.fixture
def chief(world, tenant):
    """A system administrator of the tenant, logged in."""
    made = create(tenant, "members", login=f"chief-{new_id()[:6]}", roles=["system_admin", "reviewer"])
    done, _ = register(world, tenant, made["id"])
    return Member(world, done.json()["token"])


def test_from_an_invitation_to_a_session(world, tenant):
    """A member registers by his link, logs in with password and code, is seen for what he is, and logs out."""
    made = create(tenant, "members", login="li.guanli", roles=["seal_admin"], department="法务部")
    assert made["roles"] == ["member", "seal_admin"]
    done, secret = register(world, tenant, made["id"])
    assert done.status_code == 201, done.text
    assert len(done.json()["recovery_codes"]) == 10
    login = {
        "organisation": tenant.id,
        "login": "li.guanli",
        "password": PASSWORD,
        "recovery_code": done.json()["recovery_codes"][3],
        "cookie": True,
    }
    answer = world.post(f"{V1}/sessions", login)
    assert answer.status_code == 201, answer.text
    assert "token" not in answer.json()
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    name = cookie_name(world.settings, "session")
    held = {"Cookie": cookie.partition(";")[0]}
    assert held["Cookie"].startswith(f"{name}=zs_")
    world.client.cookies.clear()
    owner = world.get(f"{V1}/sessions/current", headers=held).json()
    assert (owner["account"], owner["organisation"]) == (made["id"], tenant.id)
    assert "manage_seals" in owner["permissions"]
    assert owner["agreements_missing"] == []
    assert len(world.get(f"{V1}/sessions", headers=held).json()["data"]) == 2
    # A foreign page can make a browser send the cookie, but not the header.
    refused(world.request("DELETE", f"{V1}/sessions/current", headers=held), "request-header-missing")
    gone = world.request("DELETE", f"{V1}/sessions/current", headers=held | {"X-Zheng-Request": "1"})
    assert gone.status_code == 204
    assert "Max-Age=0" in gone.headers["set-cookie"]
    refused(world.get(f"{V1}/sessions/current", headers=held), "session-invalid")
    refused(world.post(f"{V1}/sessions", login), "login-refused")
    assert secret not in (world.settings.paths.signing_db).read_bytes()


def test_cookies_over_https(world):
    """Over https the cookie is bound to the host and sent over nothing else."""
    from starlette.responses import Response

    from api.settings import Settings
    from api.web.signing.callers import set_cookie

    settings = Settings(home=world.settings.home, server={"public_url": "https://zheng.example"})
    response = Response()
    set_cookie(response, settings, "session", "zs_x", seconds=60)
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-zheng-session=zs_x;")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_whoever_has_agreements_to_accept_gets_no_further(world, tenant):
    """S3-3: a newer text holds, and every route but reading it, accepting it and leaving is shut until it is accepted."""
    made = create(tenant, "members", login=f"old-{new_id()[:6]}", roles=["super_admin"])
    member = Member(world, register(world, tenant, made["id"])[0].json()["token"])
    with write(world.services.signing.context.engine) as session:
        accepted = session.get_one(AcceptanceRow, (made["id"], "privacy_policy", "1.0"))
        session.delete(accepted)
        session.flush()
        session.add(AcceptanceRow(**accepted.model_dump() | {"version": "0.9"}))
    passed = set()
    for path, methods in world.app.openapi()["paths"].items():
        for method, operation in methods.items():
            if not path.startswith(V1) or not operation.get("security"):
                continue
            if (method, path) == ("delete", f"{V1}/sessions/current"):
                continue
            named = re.sub(r"\{[^}]*\}", lambda _: new_id(), path)
            answer = world.request(method.upper(), named, key=member.token)
            kind = answer.json().get("type", "").removeprefix("urn:zheng:problem:")
            if answer.status_code not in (401, 403) or kind not in (
                "agreement-required",
                "caller-wrong",
                "key-invalid",
            ):
                passed.add((method, path.removeprefix(V1), answer.status_code))
    assert passed == {("get", "/sessions/current", 200), ("post", "/agreements", 415)}
    document = refused(member.call("GET", "/contracts"), "agreement-required")
    assert document["expected"] == "privacy_policy"
    assert member.call("GET", "/sessions/current").json()["agreements_missing"] == ["privacy_policy"]
    done = member.call("POST", "/agreements", {"agreements": [agreed("privacy_policy")]})
    assert done.json()["missing"] == []
    assert member.call("GET", "/contracts").status_code == 200


def test_pauses_say_how_long(world, tenant):
    """Too many wrong logins: 429 with the seconds to wait, for a name that exists and one that does not."""
    made = create(tenant, "members", login="paused")
    register(world, tenant, made["id"])
    for login in ("paused", "nobody"):
        body = {"organisation": tenant.id, "login": login, "password": "wrong", "code": "000000"}
        client = world.make_client(address="198.51.100.77" if login == "paused" else "198.51.100.78")
        answers = [world.post(f"{V1}/sessions", body, client=client) for _ in range(5)]
        world.run(client.aclose())
        assert [each.status_code for each in answers] == [401] * 4 + [429]
        assert int(answers[-1].headers["retry-after"]) >= 1


def test_a_user_is_created_once(world, tenant):
    """S4-44: (application, external user id) names one account, whatever the request's id."""
    app = {"X-Zheng-App": "hr"}
    body = {"id": new_id(), "kind": "person", "external_id": "E-7"} | PERSON
    first = call(tenant, "POST", "/contacts", body, headers=dict(app))
    again = call(tenant, "POST", "/contacts", body | {"id": new_id()}, headers=dict(app))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    other = call(tenant, "POST", "/contacts", body | {"id": new_id(), "name": "李四"}, headers=dict(app))
    refused(other, "external-id-reused")
    found = call(tenant, "GET", "/contacts?external_id=E-7", headers=dict(app)).json()["data"]
    assert [each["id"] for each in found] == [first.json()["id"]]
    refused(call(tenant, "GET", "/contacts?external_id=E-7"), "account-unknown")
    refused(call(tenant, "GET", "/contacts", headers={"X-Zheng-App": "a b"}), "parameter-invalid")


def test_a_person_and_a_company_are_verified(world, tenant, chief):
    """Consent, person, company by transfer, approval by a system administrator: each level shown as it is."""
    person = create(tenant)
    body = {"id": new_id(), "kind": "organization", "agent": person["id"]} | COMPANY
    company = call(tenant, "POST", "/contacts", body).json()
    start = {"id": new_id(), "account": person["id"], "method": "telecom3"}
    refused(call(tenant, "POST", "/identities", start), "consent-missing")
    for name in ("identity_verification", "biometric"):
        given = call(tenant, "POST", "/consents", {"account": person["id"], "consent": agreed(name)})
        assert given.status_code == 201
    begun = call(tenant, "POST", "/identities", start)
    assert (begun.status_code, begun.json()["state"], begun.json()["simulated"]) == (201, "verified", True)
    face = call(tenant, "POST", "/identities", start | {"id": new_id(), "method": "face"}).json()
    shown = world.request(
        "PUT", f"{V1}/identities/{face['id']}/material", key=tenant.key, content=FACE,
        headers={"Content-Type": "image/jpeg"},
    )  # fmt: skip
    assert shown.json()["level"] == "high"
    transfer = {
        "id": new_id(),
        "account": company["id"],
        "method": "bank_transfer",
        "bank_account": "1100223344",
    }
    check = call(tenant, "POST", "/identities", transfer).json()
    assert check["state"] == "confirming"
    (seen,) = call(tenant, "GET", "/simulators/bank").json()["data"]
    assert seen["identity"] == check["id"]
    refused(call(tenant, "POST", f"/identities/{check['id']}/amount", {"amount": "9.99"}), "amount-wrong")
    named = call(tenant, "POST", f"/identities/{check['id']}/amount", {"amount": seen["amount"]})
    assert named.json()["state"] == "in_review"
    (waiting,) = chief.call("GET", "/reviews").json()["data"]
    assert (waiting["id"], waiting["number"]) == (check["id"], COMPANY["uscc"])
    refused(call(tenant, "GET", "/reviews"), "caller-wrong")
    assert chief.call("POST", f"/reviews/{check['id']}", {"approved": True}).status_code == 204
    standing = call(tenant, "GET", f"/identities/of/{company['id']}").json()
    assert (standing["level"], standing["method"], standing["simulated"]) == ("high", "bank_transfer", True)
    nobody = create(tenant, **(PERSON | {"phone": "+8619900000003"}))
    assert call(tenant, "GET", f"/identities/of/{nobody['id']}").json()["level"] == "none"
    listed = call(tenant, "GET", f"/identities?account={person['id']}&limit=1").json()
    assert listed["has_more"]
    page = call(tenant, "GET", f"/identities?account={person['id']}&after={listed['next_cursor']}").json()
    assert [each["method"] for each in page["data"]] == ["face"]


def test_a_letter_over_http(world, tenant, chief):
    """What an examiner looks at comes back byte for byte, as a download that no page runs."""
    person = create(tenant)
    call(tenant, "POST", "/consents", {"account": person["id"], "consent": agreed("identity_verification")})
    check = call(
        tenant, "POST", "/identities", {"id": new_id(), "account": person["id"], "method": "manual"}
    ).json()
    url = f"{V1}/identities/{check['id']}/material"
    put = world.request("PUT", url, key=tenant.key, content=FACE, headers={"Content-Type": "image/jpeg"})
    digest = hashlib.sha256(FACE).hexdigest()
    assert put.json()["files"] == [digest]
    got = chief.call("GET", f"/reviews/{check['id']}/files/{digest}")
    assert got.content == FACE
    assert got.headers["content-disposition"] == "attachment"
    decision = {"approved": False, "reason_code": "unclear_material", "reason": "看不清"}
    assert chief.call("POST", f"/reviews/{check['id']}", decision).status_code == 204
    assert call(tenant, "GET", f"/identities/{check['id']}").json()["state"] == "failed"


def test_texts_are_served_as_their_digests_say(world):
    """The bytes at each address have the digest that the list says, in both languages, for anybody."""
    rows = world.get(f"{V1}/agreements").json()["data"]
    assert {row["locale"] for row in rows} == {"zh-CN", "en"}
    assert {row["name"] for row in rows if row["required"]} == {"service_terms", "privacy_policy"}
    for row in rows:
        text = world.get(row["url"])
        assert hashlib.sha256(text.content).hexdigest() == row["text_sha256"]
        assert text.headers["etag"] == f'"{row["text_sha256"]}"'
    refused(world.get(f"{V1}/agreements/nothing/en"), "agreement-unknown")


# Who may ask for what: every operation of these routes, once.

UUID = "00000000-0000-4000-8000-000000000000"
PROGRAM, PERSONS, PUBLIC = "program", "persons", "public"
ROUTES = [
    # (who, scope, method, path, body)
    (PROGRAM, "signing:read", "GET", "/organisation", None),
    (PROGRAM, "signing:admin", "PUT", "/organisation", {"id": UUID} | COMPANY),
    (PROGRAM, "signing:admin", "PUT", "/organisation/agent", {"account": "{account}"}),
    (PROGRAM, "signing:admin", "POST", "/members", {"id": UUID, "name": "李"}),
    (PROGRAM, "signing:read", "GET", "/members", None),
    (PROGRAM, "signing:read", "GET", "/members/{member}", None),
    (PROGRAM, "signing:admin", "PUT", "/members/{member}", {"name": "李"}),
    (PROGRAM, "signing:admin", "PUT", "/members/{member}/roles", {"roles": ["member"]}),
    (PROGRAM, "signing:admin", "PUT", "/members/{member}/state", {"enabled": True}),
    (PROGRAM, "signing:admin", "POST", "/members/{member}/setup-link", None),
    (PROGRAM, "signing:admin", "POST", "/members/{member}/end-sessions", None),
    (PROGRAM, "signing:write", "POST", "/contacts", {"id": UUID, "kind": "organization", "agent": "{account}"} | COMPANY),
    (PROGRAM, "signing:read", "GET", "/contacts", None),
    (PROGRAM, "signing:read", "GET", "/contacts/{account}", None),
    (PROGRAM, "signing:write", "PUT", "/contacts/{account}", {"name": "李"}),
    (PROGRAM, "signing:write", "PUT", "/contacts/{account}/agent", {"account": "{account}"}),
    (PROGRAM, "signing:write", "PUT", "/contacts/{account}/state", {"enabled": True}),
    (PROGRAM, "signing:write", "POST", "/contacts/{account}/setup-link", None),
    (PROGRAM, "signing:admin", "POST", "/business-types", {"id": UUID, "code": "a", "name": "a", "scene": "other"}),
    (PROGRAM, "signing:read", "GET", "/business-types", None),
    (PROGRAM, "signing:admin", "PUT", "/business-types/{type}/state", {"enabled": True}),
    (PROGRAM, "signing:admin", "PUT", "/business-types/{type}/identity-level", {"identity_level": "substantial"}),
    (PROGRAM, "signing:admin", "PUT", "/business-types/{type}/members/{member}", None),
    (PROGRAM, "signing:admin", "DELETE", "/business-types/{type}/members/{member}", None),
    (PUBLIC, "", "POST", "/sessions", {}),
    (PERSONS, "", "GET", "/sessions", None),
    (PERSONS, "", "GET", "/sessions/current", None),
    (PERSONS, "", "DELETE", "/sessions/current", None),
    (PERSONS, "", "DELETE", "/sessions/{session}", None),
    (PUBLIC, "", "POST", "/sessions/setup", {}),
    (PUBLIC, "", "POST", "/sessions/setup/answer", {}),
    (PUBLIC, "", "GET", "/agreements", None),
    (PUBLIC, "", "GET", "/agreements/{name}/{locale}", None),
    (PROGRAM, "signing:write", "POST", "/agreements", {"account": "{account}", "agreements": [agreed("service_terms")]}),
    (PROGRAM, "signing:write", "POST", "/consents", {"account": "{account}", "consent": agreed("biometric")}),
    (PROGRAM, "signing:read", "GET", "/consents?account={account}", None),
    (PROGRAM, "signing:write", "POST", "/consents/{consent}/withdrawal", {"action": "click"}),
    (PROGRAM, "signing:read", "GET", "/identity-methods", None),
    (PROGRAM, "signing:write", "POST", "/identities", {"id": UUID, "account": "{account}", "method": "id2"}),
    (PROGRAM, "signing:read", "GET", "/identities?account={account}", None),
    (PROGRAM, "signing:read", "GET", "/identities/of/{account}", None),
    (PROGRAM, "signing:read", "GET", "/identities/{check}", None),
    (PROGRAM, "signing:write", "PUT", "/identities/{check}/material", "jpeg"),
    (PROGRAM, "signing:write", "POST", "/identities/{check}/amount", {"amount": "0.01"}),
    (PUBLIC, "", "POST", "/identity-callbacks", {}),
    (PROGRAM, "signing:admin", "GET", "/simulators/bank", None),
    (PERSONS, "", "GET", "/reviews", None),
    (PERSONS, "", "GET", "/reviews/{check}/files/{sha256}", None),
    (PERSONS, "", "POST", "/reviews/{check}", {"approved": True}),
]  # fmt: skip
TAGS = {"signing: people", "signing: sessions", "signing: agreements", "signing: identities"}


def send(world, key, method, path, body, names):
    """Send one row of the table, with these ids in it."""
    headers, content = {}, None
    if body == "jpeg":
        headers, content = {"Content-Type": "image/jpeg"}, FACE
    elif body is not None:
        text = json.dumps(body)
        for name, value in names.items():
            text = text.replace(f"{{{name}}}", value)
        headers, content = {"Content-Type": "application/json"}, text.encode()
    return world.request(method, V1 + path.format(**names), key=key, headers=headers, content=content)


def nobodys():
    return {name: new_id() for name in ("account", "member", "type", "session", "consent", "check")} | {
        "sha256": "0" * 64,
        "name": "service_terms",
        "locale": "en",
    }


def test_the_table_names_every_route(world):
    """No operation of these routes is missing from the table below, and none of it is gone."""
    served = {
        (method.upper(), path.removeprefix(V1))
        for path, methods in world.app.openapi()["paths"].items()
        for method, operation in methods.items()
        if TAGS & set(operation.get("tags", ()))
    }
    table = {(method, path.partition("?")[0]) for _, _, method, path, _ in ROUTES}

    def shape(path):
        return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))

    assert {(m, shape(p)) for m, p in served} == {(m, shape(p)) for m, p in table}


@pytest.mark.parametrize(("who", "scope", "method", "path", "body"), ROUTES)
def test_every_route_asks_who_it_is(world, who, scope, method, path, body):
    """Without a key nothing; with every scope but the one needed nothing; persons' routes take no key at all."""
    if who == PUBLIC:
        assert send(world, None, method, path, body, nobodys()).status_code not in (401, 500)
        return
    refused(send(world, None, method, path, body, nobodys()), "key-missing")
    refused(send(world, "zs_" + "A" * 43, method, path, body, nobodys()), "session-invalid")
    if who == PERSONS:
        refused(send(world, world.fuzz_key(), method, path, body, nobodys()), "caller-wrong")
        return
    others = {"signing:read", "signing:write", "signing:admin", "cases:write"} - {scope}
    lacking = world.tenant(scopes=others).key
    assert refused(send(world, lacking, method, path, body, nobodys()), "scope-missing")["expected"] == scope


@pytest.fixture(scope="module")
def settled(world):
    """A tenant with one of everything, and a stranger: his key, and the sessions of an administrator of his."""
    tenant, stranger = world.tenant(), world.tenant()
    person = create(tenant)
    member = create(tenant, "members", login="their.member", roles=["system_admin"])
    done, _ = register(world, tenant, member["id"])
    consent = call(
        tenant, "POST", "/consents", {"account": person["id"], "consent": agreed("identity_verification")}
    ).json()
    check = call(
        tenant, "POST", "/identities", {"id": new_id(), "account": person["id"], "method": "manual"}
    ).json()
    url = f"{V1}/identities/{check['id']}/material"
    world.request("PUT", url, key=tenant.key, content=FACE, headers={"Content-Type": "image/jpeg"})
    kind = call(
        tenant, "POST", "/business-types", {"id": new_id(), "code": "x", "name": "x", "scene": "other"}
    ).json()
    names = nobodys() | {
        "account": person["id"],
        "member": member["id"],
        "type": kind["id"],
        "session": done.json()["session"],
        "consent": consent["id"],
        "check": check["id"],
        "sha256": hashlib.sha256(FACE).hexdigest(),
    }
    boss = create(stranger, "members", login="boss", roles=["super_admin"])
    entered, _ = register(world, stranger, boss["id"])
    return tenant, names, {"program": stranger.key, "persons": entered.json()["token"]}


NAMED = re.compile(r"\{(account|member|type|session|consent|check)\}")
OWNED = [row for row in ROUTES if NAMED.search(row[3] + json.dumps(row[4]))]


@pytest.mark.parametrize(("who", "scope", "method", "path", "body"), OWNED)
def test_what_is_another_tenants_is_not_there(world, settled, who, scope, method, path, body):
    """To a stranger, whatever his rights at home, somebody else's id is exactly as unknown as one that is nobody's."""
    tenant, names, keys = settled

    def ask(key, ids):
        answer = send(world, key, method, path, body, ids)
        document = answer.json() if answer.content else {}
        document.pop("request_id", None)
        return answer.status_code, document

    before = call(tenant, "GET", f"/contacts/{names['account']}").content
    holders = [keys["persons"]] if who == PERSONS else list(keys.values())
    for key in holders:
        theirs, nobodys_answer = ask(key, names), ask(key, nobodys())
        assert theirs == nobodys_answer
        assert theirs[0] == 404, theirs
    assert call(tenant, "GET", f"/contacts/{names['account']}").content == before


def test_a_strangers_lists_are_empty(world, settled):
    """Lists show one's own tenant only."""
    _, names, keys = settled
    for path in ("/contacts", "/members", "/business-types", "/reviews", "/simulators/bank"):
        key = keys["persons"]
        shown = Member(world, key).call("GET", path).text
        assert not any(names[each] in shown for each in ("account", "member", "type", "check"))


def test_the_first_administrator_comes_by_the_command(world, tenant):
    """`zheng signing admin create` prints a one-time link; whoever has it becomes super administrator of that tenant."""
    from api.cli.main import main

    def run(*arguments):
        out = []
        environ = {"ZHENG_HOME": str(world.settings.home), "ZHENG_LOG_LEVEL": "error"}
        with (
            mock.patch.dict(os.environ, environ),
            mock.patch.object(sys, "argv", ["zheng", "signing", "admin", "create", *arguments, "--json"]),
            mock.patch("builtins.print", lambda *args, **_: out.append(args[0])),
        ):
            try:
                main()
                code = 0
            except SystemExit as end:
                code = end.code or 0
        return code, out

    code, out = run(tenant.id, "--name", "王创始", "--login", "founder")
    assert code == 0, out
    token = urlsplit(json.loads(out[0])["url"]).fragment
    shown = world.post(f"{V1}/sessions/setup", {"token": token}).json()
    assert (shown["organisation"], shown["login"]) == (tenant.id, "founder")
    answer = {
        "token": token,
        "password": PASSWORD,
        "code": totp_code(base64.b32decode(shown["secret"]), world.clock()),
        "agreements": [agreed(name, "en") for name in shown["agreements"]],
    }
    entered = world.post(f"{V1}/sessions/setup/answer", answer).json()
    owner = Member(world, entered["token"]).call("GET", "/sessions/current").json()
    assert owner["roles"] == ["member", "super_admin"]
    assert run(tenant.id, "--name", "王", "--login", "founder")[0] == 2
    assert run(new_id(), "--name", "王", "--login", "x")[0] == 1
