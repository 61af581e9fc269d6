"""Messages over the API: a link comes by SMS, opens once, becomes a session; what became of each is told."""

import json
from datetime import timedelta

import httpx
import pytest
from api_world import new_id

from api.signing.delivering import carriers_of
from api.signing.settings import MailSettings, SigningSettings, SmsSettings
from api.signing.sms_http import HttpSmsSender
from signing.contracts.models import ContractRow, PartyRow
from signing.database import write
from signing.delivery.ports import CarrierRefusedError, CarrierUnavailableError, SmsMessage
from signing.delivery.simulators import Behaviour
from signing.delivery.smtp import SmtpSender

PHONE = "13800138000"
SESSIONS = "/v1/signing/party-sessions"


class Sent:
    """A contract that was sent to one party."""

    def __init__(self, world, tenant):
        self.world, self.tenant, self.desk = world, tenant, world.services.signing
        self.contract, self.party = new_id(), new_id()
        custody, now = self.desk.custody, world.clock()
        with write(self.desk.context.engine) as session:
            custody.create_owner(session, tenant.id, self.contract)
            dossier = self.desk.recorder.open(
                session, tenant=tenant.id, kind="contract", reference=self.contract
            )

            def seal(text):
                return custody.seal(session, self.contract, text.encode())

            contract = ContractRow(
                id=self.contract,
                position=session.connection().exec_driver_sql("SELECT count(*) + 1 FROM contract").scalar(),
                tenant=tenant.id,
                app="default",
                content=b"",
                title=seal("租赁合同"),
                scene="lease",
                creator="api_client:default",
                state="signing",
                dossier=dossier,
                sender=new_id(),
                deadline=now + timedelta(days=7),
                created_at=now,
                sent_at=now,
            )
            party = PartyRow(
                ref=self.party,
                contract=self.contract,
                tenant=tenant.id,
                position=1,
                name=seal("李明"),
                channel="sms",
                target=seal(PHONE),
                target_blind=b"",
                kind="person",
                role="signatory",
                group=1,
                required=True,
                state="notified",
                notified_at=now,
            )
            session.add(contract)
            session.flush()
            session.add(party)
            self.desk.delivery.notices.notify(session, contract, party, "sign_request")
        self.send()

    def send(self):
        self.desk.delivery.sending.run("sms")

    @property
    def url(self):
        return f"/v1/signing/contracts/{self.contract}"

    def notifications(self):
        return self.tenant.get(f"{self.url}/notifications").json()["data"]

    def token(self):
        """The token in the newest message to the simulated telephone."""
        (*_, newest) = self.tenant.get(f"/v1/signing/simulators/sms?to={PHONE}").json()["data"]
        return newest["text"].partition("/s#")[2].split()[0]


@pytest.fixture
def sent(world, tenant):
    made = Sent(world, tenant)
    yield made
    made.desk.delivery.carriers.sms.behave(Behaviour())


def code_of(answer):
    return answer.json()["type"].rpartition(":")[2]


def test_a_link_opens_once_and_becomes_a_session(world, tenant, sent):
    """The session is of that party of that contract; the second use is refused, and says nothing."""
    (shown,) = sent.notifications()
    assert (shown["state"], shown["provider"], shown["simulated"]) == ("delivered", "sms-simulator", True)
    assert "opened_at" not in shown
    token = sent.token()
    opened = world.post(SESSIONS, {"token": token, "cookie": False})
    assert opened.status_code == 201
    assert opened.headers["cache-control"] == "no-store"
    assert (opened.json()["contract"], opened.json()["party"]) == (sent.contract, sent.party)
    assert "opened_at" in sent.notifications()[0]
    for bad in (token, "x" * 43, ""):
        refused = world.post(SESSIONS, {"token": bad})
        assert (refused.status_code, code_of(refused)) == (410, "link-invalid")
    key = opened.json()["token"]
    assert key.startswith("zp_")
    assert world.request("DELETE", f"{SESSIONS}/current", key=key).status_code == 204
    assert world.request("DELETE", f"{SESSIONS}/current", key=key).status_code == 401


@pytest.mark.parametrize(("header", "told"), [("mini_program", "mini_program"), ("system", "h5"), ("", "h5")])
def test_an_event_says_what_kind_of_terminal_it_came_from(world, tenant, sent, header, told):
    """S0-24: as the caller says, or as its browser looks; nobody calls himself the system."""
    headers = {"User-Agent": "Mozilla/5.0 (Linux; Android 15) Mobile", "X-Zheng-Terminal": header}
    assert world.post(SESSIONS, {"token": sent.token()}, headers=headers).status_code == 201
    world.drain_signing()
    with write(sent.desk.context.engine) as session:
        dossier = session.get(ContractRow, sent.contract).dossier
        case = sent.desk.recorder.standing(session, dossier).case
    entries = [each["entry"] for each in tenant.get(f"/v1/cases/{case}/events").json()["data"]]
    (opened,) = [each for each in entries if '"notification.opened/1"' in each]
    assert json.loads(opened)["claim"]["data"]["terminal"] == told


def test_a_browser_gets_a_cookie_that_scripts_cannot_read(world, sent):
    """And no token in the answer; a write by cookie needs the header of one's own page."""
    opened = world.post(SESSIONS, {"token": sent.token()})
    cookie = opened.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "token" not in opened.json()
    client = world.make_client()
    client.cookies.set("zheng-party", cookie.partition("=")[2].partition(";")[0])
    url = f"{SESSIONS}/current"
    assert code_of(world.request("DELETE", url, client=client)) == "request-header-missing"
    left = world.request("DELETE", url, client=client, headers={"X-Zheng-Request": "1"})
    assert left.status_code == 204
    world.run(client.aclose())


def test_a_fresh_link_replaces_the_old_one(world, tenant, sent):
    """Asked for by the sender, or with the used link; to the address the party always had; not too often."""
    url = f"{sent.url}/parties/{sent.party}/notifications"
    soon = tenant.post(url)
    assert (soon.status_code, code_of(soon)) == (429, "resent-too-soon")
    old = sent.token()
    with write(sent.desk.context.engine) as session:
        session.connection().exec_driver_sql(
            "UPDATE delivery_notification SET created_at = created_at - 61000 WHERE contract = ?",
            (sent.contract,),
        )
    assert tenant.post(url).status_code == 202
    sent.send()
    fresh = sent.token()
    assert fresh != old
    assert world.post(SESSIONS, {"token": old}).status_code == 410
    assert world.post(SESSIONS, {"token": fresh}).status_code == 201
    with write(sent.desk.context.engine) as session:
        session.connection().exec_driver_sql(
            "UPDATE delivery_notification SET created_at = created_at - 61000 WHERE contract = ?",
            (sent.contract,),
        )
    for token in (fresh, fresh, "x" * 43):  # the second is too soon, the third nobody's: all answered alike
        assert world.post(f"{SESSIONS}/renewals", {"token": token}).status_code == 202
    sent.send()
    assert len(sent.notifications()) == 3
    assert world.post(SESSIONS, {"token": sent.token()}).status_code == 201


def test_a_link_can_be_shown_as_a_qr_code(world, tenant, sent):
    """That the sender had it in his hands is on record."""
    made = tenant.post(f"{sent.url}/parties/{sent.party}/links").json()
    assert made["qr_svg"].startswith("<svg")
    assert "/s#" in made["url"]
    assert [each["channel"] for each in sent.notifications()] == ["sms", "qr"]
    assert world.post(SESSIONS, {"token": sent.token()}).status_code == 410
    assert world.post(SESSIONS, {"token": made["url"].partition("#")[2]}).status_code == 201
    unknown = tenant.post(f"{sent.url}/parties/{new_id()}/links")
    assert (unknown.status_code, code_of(unknown)) == (404, "party-unknown")
    for answer in (
        world.tenant().post(f"{sent.url}/parties/{sent.party}/links"),
        world.tenant().get(f"{sent.url}/notifications"),
    ):
        assert (answer.status_code, code_of(answer)) == (404, "contract-unknown")


def test_carriers_report_later(world, tenant, sent):
    """Deliveries and bounces, as JSON or as the mail that came back; of this tenant's messages only."""
    (shown,) = sent.notifications()
    report = {"notification": shown["id"], "state": "bounced", "at": shown["sent_at"], "reason": "blocked"}
    url = "/v1/signing/delivery/reports"
    assert world.tenant().post(url, report).status_code == 404
    assert tenant.post(url, report).status_code == 204
    assert tenant.post(url, report).status_code == 204
    (shown,) = sent.notifications()
    assert (shown["state"], shown["trouble"], shown["bounced_at"]) == ("bounced", "blocked", shown["sent_at"])
    mail = (
        b"Content-Type: message/delivery-status\r\n\r\n"
        b"Original-Envelope-Id: " + shown["id"].encode() + b"\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    )
    url = "/v1/signing/delivery/mail-reports"
    for content, status in ((mail, 204), (b"Subject: holidays\r\n\r\n", 404)):
        answer = tenant.post(url, content=content, headers={"Content-Type": "message/rfc822"})
        assert answer.status_code == status, answer.text


def test_an_erased_contract_reads_as_erased_everywhere(world, tenant, sent):
    """Not while it is being signed; then its list has no words, its page and its link are gone, its rows are empty."""
    erasure = f"/v1/signing/custody/{sent.contract}/erasure"
    world.drain_signing()
    assert code_of(tenant.post(erasure, {"basis": "request"})) == "contract-running"
    token = sent.token()
    with write(sent.desk.context.engine) as session:
        contract = session.get(ContractRow, sent.contract)
        contract.state = "withdrawn"
        session.add(contract)
    assert tenant.post(erasure, {"basis": "request"}).status_code == 200
    (listed,) = tenant.get("/v1/signing/contracts").json()["data"]
    assert (listed["id"], listed["title"]) == (sent.contract, "")
    assert tenant.get(sent.url).status_code == 410
    assert world.post(SESSIONS, {"token": token}).status_code == 410
    assert world.post(f"{SESSIONS}/renewals", {"token": token}).status_code == 202
    assert tenant.get(f"{sent.url}/notifications").json()["data"][0]["state"] == "delivered"
    with write(sent.desk.context.engine) as session:
        party = session.get(PartyRow, sent.party)
        assert (party.name, party.target, party.target_blind) == (b"", b"", b"")


def test_simulators_misbehave_when_told(world, tenant, sent):
    """What is not taken is tried again later, and the reason is told."""
    answer = world.request("PUT", "/v1/signing/simulators/sms/behaviour", key=tenant.key, json={"fail": 1})
    assert answer.status_code == 204
    late = Sent(world, tenant)
    (shown,) = late.notifications()
    assert (shown["state"], shown["trouble"], shown["attempts"]) == ("waiting", "unreachable", 1)
    assert "next_try_at" in shown
    reader = world.tenant(scopes=frozenset({"signing:read"}))
    assert reader.get("/v1/signing/simulators/sms").status_code == 403
    assert tenant.get("/v1/signing/simulators/mail").json()["simulator"] == "mail-simulator"


def streamed(status, body=b"", **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.Response(status, stream=httpx.ByteStream(content), headers=headers)


class Answers:
    """A carrier's server."""

    def __init__(self):
        self.asked = []
        self.answer = streamed(200, {"transaction": "TX1"})

    def __call__(self, request):
        self.asked.append((request.headers["authorization"], json.loads(request.content)))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def carrier(monkeypatch):
    answers = Answers()
    real = httpx.Client

    def client(**settings):
        assert not settings["follow_redirects"]
        assert not settings["trust_env"]
        return real(**settings, transport=httpx.MockTransport(answers))

    monkeypatch.setattr("api.signing.sms_http.httpx.Client", client)
    return answers


def test_texts_go_to_one_fixed_address(carrier):
    """With the id by which a repetition is told; refusals for good and for now are told apart."""
    sender = HttpSmsSender(name="carrier", url="https://sms.example.com/send", secret="s" * 16, timeout=1)
    message = SmsMessage("id", PHONE, "text")
    assert sender.send(message).transaction == "TX1"
    assert carrier.asked == [(f"Bearer {'s' * 16}", {"id": "id", "to": PHONE, "text": "text"})]
    for body, transaction in (({}, ""), ({"transaction": "a b"}, ""), ({"other": 1}, "")):
        carrier.answer = streamed(200, body)
        assert sender.send(message).transaction == transaction
    for body, reason in (({"reason": "blocked"}, "blocked"), ({"reason": "moon"}, "refused")):
        carrier.answer = streamed(422, body)
        with pytest.raises(CarrierRefusedError, match=reason):
            sender.send(message)
    for answer, reason in (
        (streamed(302, location="http://169.254.169.254/"), "provider_error"),
        (streamed(500), "provider_error"),
        (streamed(200, b"x" * 10_000), "provider_error"),
        (httpx.ReadTimeout("slow"), "timed_out"),
        (httpx.ConnectError("down"), "unreachable"),
    ):
        carrier.answer = answer
        with pytest.raises(CarrierUnavailableError, match=reason):
            sender.send(message)


def test_carriers_are_chosen_by_settings(world, tmp_path):
    """Secrets come from files; what would go in the clear is refused at the start."""
    (tmp_path / "secret").write_text("0123456789abcdef\n")
    sms = SmsSettings(
        carrier="http", name="carrier", url="https://sms.example.com/", secret=tmp_path / "secret"
    )
    mail = MailSettings(carrier="smtp", host="mail.example.com", sender="noreply@example.com")

    def carriers(sms, mail):
        chosen = SigningSettings(sms=sms, mail=mail)
        return carriers_of(world.settings.model_copy(update={"signing": chosen}), clock=world.clock)

    found = carriers(sms, mail)
    assert (found.sms.name, found.sms.simulated) == ("carrier", False)
    assert isinstance(found.mail, SmtpSender)
    for bad in ("http://sms.example.com/", "https://user@sms.example.com/", "https://sms.example.com/?a=b"):
        with pytest.raises(ValueError, match="https address"):
            carriers(sms.model_copy(update={"url": bad}), mail)
    with pytest.raises(ValueError, match="TLS"):
        carriers(sms, mail.model_copy(update={"security": "none"}))
    with pytest.raises(ValueError, match="needs"):
        SmsSettings(carrier="http")
    with pytest.raises(ValueError, match="needs"):
        MailSettings(carrier="smtp")
