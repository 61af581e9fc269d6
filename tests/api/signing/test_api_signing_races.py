"""Many at once: what is good once is good once, and what is counted is counted, however many ask at the same moment."""

import asyncio
import json
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

from api_world import new_id

sys.path.insert(0, str(Path(__file__).parent))  # where the neighbours' makers lie

from test_api_signing_act import ME, Signer, sent
from test_api_signing_people import PASSWORD, register

from signing.people.secrets import password_matches, totp_code

V1 = "/v1/signing"
JSON = {"Content-Type": "application/json"}
AT_ONCE = 50


def together(world, requests):
    """Send requests (method, url, key, body) at the same moment; gives status and code of each."""

    async def all_of_them():
        calls = []
        for method, url, key, body in requests:
            headers = {"Authorization": f"Bearer {key}"} if key else {}
            calls.append(world.client.request(method, url, headers=headers, json=body))
        return await asyncio.gather(*calls)

    return Counter(told(answer) for answer in world.run(all_of_them()))


def told(answer):
    if answer.status_code < 400:
        return answer.status_code
    return answer.json()["type"].rpartition(":")[2]


def test_fifty_guesses_at_once_are_five_guesses(world, tenant):
    """Of one challenge five answers are judged, in whatever number they come; the right code then opens nothing."""
    sent(world, tenant, [{"name": "张三", "phone": "13912340001"}])
    signer = Signer(world, tenant, "13912340001")
    for each in signer.view()["documents"]:
        noted = {"document": each["document"], "terms": [term["id"] for term in each["terms"]]}
        assert signer.post("/terms", noted).status_code == 204
    world.request("PUT", f"{ME}/signature", key=signer.key, json={"text": "张三"})
    asked = signer.challenge()
    code = signer.code()
    wrong = [f"{number:06d}" for number in range(AT_ONCE) if f"{number:06d}" != code]
    url = f"{ME}/challenges/{asked}/answer"
    got = together(world, [("POST", url, signer.key, {"answer": each}) for each in wrong])
    assert got["answer-wrong"] == 4
    assert got["too-many-attempts"] == 1
    assert set(got) <= {"answer-wrong", "too-many-attempts", "challenge-closed"}
    assert told(signer.post(f"/challenges/{asked}/answer", {"answer": code})) == "challenge-closed"
    again = [("POST", f"{ME}/challenges", signer.key, {"id": new_id(), "method": "otp_sms"})] * 1
    again += [
        ("POST", f"{ME}/challenges", signer.key, {"id": new_id(), "method": "otp_sms"}) for _ in range(9)
    ]
    assert together(world, again) == {"challenge-too-soon": 10}


def test_a_right_answer_given_ten_times_at_once_signs_once(world, tenant):
    """One signature, one act; the others are told that it was answered."""
    contract = sent(world, tenant, [{"name": "李四", "phone": "13912340002"}])
    signer = Signer(world, tenant, "13912340002")
    for each in signer.view()["documents"]:
        noted = {"document": each["document"], "terms": [term["id"] for term in each["terms"]]}
        assert signer.post("/terms", noted).status_code == 204
    world.request("PUT", f"{ME}/signature", key=signer.key, json={"text": "李四"})
    asked = signer.challenge()
    body = {"answer": signer.code()}
    got = together(world, [("POST", f"{ME}/challenges/{asked}/answer", signer.key, body)] * 10)
    assert got[200] == 1
    assert set(got) <= {
        200,
        "challenge-closed",
        "contract-state",
        "party-state",
        "not-your-turn",
        "session-invalid",
    }
    world.drain_signing()
    history = tenant.get(f"{V1}/contracts/{contract}").json()["history"]
    assert [each["step"] for each in history].count("sign") <= 1
    assert history[-1]["state"] == "completed"


def test_a_link_followed_twenty_times_at_once_lets_one_in(world, tenant):
    """A one-time link is good once; asked for again at once by many, one message goes out at most."""
    contract = sent(world, tenant, [{"name": "王五", "phone": "13912340003"}])
    world.services.signing.delivery.sending.run("sms")
    text = tenant.get(f"{V1}/simulators/sms?to=13912340003").json()["data"][-1]["text"]
    body = {"token": text.split("/s#")[1][:43], "cookie": False}
    got = together(world, [("POST", f"{V1}/party-sessions", None, body)] * 20)
    assert got == {201: 1, "link-invalid": 19}
    reminded = together(world, [("POST", f"{V1}/contracts/{contract}/remind", tenant.key, None)] * 10)
    assert reminded == {200: 1, "resent-too-soon": 9}


def test_a_code_of_the_second_factor_logs_in_once_however_many_send_it(world, tenant):
    """One session; the others are refused as any wrong login is, or told to wait."""
    made = tenant.post(f"{V1}/members", {"id": new_id(), "name": "甲", "login": "racer", "roles": ["member"]})
    done, secret = register(world, tenant, made.json()["id"])
    assert done.status_code in (200, 201), done.text
    code = totp_code(secret, world.clock() + timedelta(seconds=30))
    body = {"organisation": tenant.id, "login": "racer", "password": PASSWORD, "code": code, "cookie": False}
    got = together(world, [("POST", f"{V1}/sessions", None, body)] * 4)
    assert got[201] == 1
    assert set(got) <= {201, "login-refused", "login-paused"}


def test_a_login_tells_nothing_of_who_exists(world, tenant, monkeypatch):
    """Unknown organisation, unknown name, kept out, wrong password, wrong code: one answer, and one Argon2id each."""
    made = tenant.post(f"{V1}/members", {"id": new_id(), "name": "甲", "login": "known", "roles": ["member"]})
    register(world, tenant, made.json()["id"])
    out = tenant.post(f"{V1}/members", {"id": new_id(), "name": "乙", "login": "out", "roles": ["member"]})
    register(world, tenant, out.json()["id"])
    boss = {"enabled": False}
    state = tenant.put(f"{V1}/members/{out.json()['id']}/state", json.dumps(boss).encode(), headers=JSON)
    assert state.status_code < 300, state.text
    worked = []

    def counted(password, phc):
        worked.append(phc.split("$")[1:4])
        return password_matches(password, phc)

    monkeypatch.setattr("signing.people.logins.password_matches", counted)
    answers = set()
    tries = [
        (new_id(), "known", PASSWORD),
        (tenant.id, "nobody", PASSWORD),
        (tenant.id, "out", PASSWORD),
        (tenant.id, "known", "wrong"),
        (tenant.id, "known", PASSWORD),
    ]
    for organisation, login, password in tries:
        body = {"organisation": organisation, "login": login, "password": password, "code": "000000"}
        answer = world.post(f"{V1}/sessions", body)
        told_all = answer.json()
        del told_all["request_id"]
        answers.add((answer.status_code, json.dumps(told_all, sort_keys=True)))
    assert len(answers) == 1, answers
    assert len(worked) == len(tries)
    assert len({tuple(each) for each in worked}) == 1


def test_nobody_signs_by_naming_a_contract(world, tenant):
    """With `?contract=` a member, a contact, a stranger and another party get nothing of a contract that is not theirs."""
    contract = sent(world, tenant, [{"name": "张三", "phone": "13912340011"}])
    other = sent(world, tenant, [{"name": "李四", "phone": "13912340012"}])
    theirs, mine = Signer(world, tenant, "13912340011"), Signer(world, tenant, "13912340012")
    assert contract not in mine.get(f"?contract={contract}").text
    callers = []
    for kind, home, roles in (
        ("members", tenant, ["member"]),
        ("members", tenant, ["super_admin"]),
        ("contacts", tenant, None),
        ("members", world.tenant(), ["super_admin"]),
    ):
        body = {"id": new_id(), "name": "甲"} | ({"kind": "person"} if roles is None else {"roles": roles})
        made = home.post(f"{V1}/{kind}", body)
        assert made.status_code == 201, made.text
        done, _ = register(world, home, made.json()["id"], kind, login=f"by-{new_id()[:8]}")
        assert done.status_code == 201, done.text
        callers.append(done.json()["token"])
    document = theirs.get().json()["documents"][0]["document"]
    for key in (*callers, mine.key):
        asked = [
            ("GET", f"/documents/{document}", None),
            ("POST", "/challenges", {"id": new_id(), "method": "otp_sms"}),
            ("POST", "/reject", {"reason_code": "content"}),
            ("PUT", "/signature", {"text": "甲"}),
            ("POST", "/delegate", {"name": "甲", "phone": "13912340019"}),
        ]
        for method, path, body in asked:
            if key == mine.key and path in ("/signature", "/reject", "/delegate", "/challenges"):
                continue  # his own contract answers, whatever he names
            answer = world.request(method, f"{ME}{path}?contract={contract}", key=key, json=body)
            assert answer.status_code in (401, 403, 404), (path, answer.status_code, answer.text)
    for each, state in ((contract, "signing"), (other, "signing")):
        assert tenant.get(f"{V1}/contracts/{each}").json()["state"] == state


def test_a_session_is_never_one_that_somebody_prepared(world, tenant):
    """A cookie that was there before the login is not taken over: the session is new, and the old value opens nothing."""
    made = tenant.post(f"{V1}/members", {"id": new_id(), "name": "甲", "login": "fixed", "roles": ["member"]})
    _, secret = register(world, tenant, made.json()["id"])
    code = totp_code(secret, world.clock() + timedelta(seconds=30))
    prepared = {"Cookie": "zheng-session=zs_" + "A" * 43}
    body = {"organisation": tenant.id, "login": "fixed", "password": PASSWORD, "code": code, "cookie": True}
    answer = world.post(f"{V1}/sessions", body, headers=prepared)
    assert answer.status_code == 201, answer.text
    given = answer.headers["set-cookie"]
    assert "A" * 43 not in given
    assert "httponly" in given.lower()
    assert "samesite=strict" in given.lower()
    assert world.get(f"{V1}/sessions", headers=prepared).status_code == 401
    name, _, value = given.split(";")[0].partition("=")
    taken = {"Cookie": f"{name}={value}"}
    refused = world.request("DELETE", f"{V1}/sessions/current", headers=taken)
    assert told(refused) == "request-header-missing"
    assert world.get(f"{V1}/sessions", headers=taken).status_code == 200
