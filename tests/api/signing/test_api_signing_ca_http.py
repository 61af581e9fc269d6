"""The HTTP adapter of certification authorities against a real server on loopback: nothing is believed unchecked."""

import base64
import hashlib
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from api_world import World
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from signed_peer import SECRET
from signing_parties import STROKES, Signer, judged, kinds, sent
from zheng_verifier.checks import Document
from zheng_verifier.encoding import format_base64
from zheng_verifier.policy import parse_policy

from api.settings import Settings
from api.signing.ca_http import key_id
from api.signing.ca_simulator import CaSimulator, Reply, serving
from api.signing.certifying import open_certification
from signing.certificates.ports import (
    AuthorityMistaken,
    AuthorityRefused,
    AuthorityUnavailable,
    IssuedCertificate,
)
from signing.certificates.status import ask_status, judge_status
from signing.certificates.subjects import Subject, distinguished_name
from signing.certificates.testca import LocalTestCa
from signing.certificates.testca.issuing import create_keys, issue
from signing.certificates.testca.register import find
from signing.database import write

PORT, REAL_PORT, COMMAND_PORT, NOBODY = 22_201, 22_202, 22_203, 22_204
URL = f"http://127.0.0.1:{PORT}"
WANG = Subject("王小明", "person", "0b8f5d0e-1d5c-4c61-9d77-3f4a2f7c1a01")
LI = Subject("李四", "person", "0b8f5d0e-1d5c-4c61-9d77-3f4a2f7c1a01")


def now():
    return datetime.now(UTC)


class TrustingCa(LocalTestCa):
    """Certifies a request without asking that its subject says TEST, as another authority would."""

    def certify(self, request, profile, subject):
        digest, key = hashlib.sha256(request).digest(), bytes.fromhex(key_id(request))
        parsed = x509.load_der_x509_csr(request)
        with write(self._register.engine) as session:
            row = find(session, request=digest)
            row = row or self._issue(session, parsed, subject, profile, digest, key)
            certificate = self._register.open(row.serial, row.sealed)
        return IssuedCertificate(certificate, (self.issuing, self.root), certificate)


class Authority(CaSimulator):
    """The simulator, made to answer worse by ``change`` (what it says) and ``spoil`` (what is sent)."""

    def __init__(self, folder, *, real=False):
        folder.mkdir(parents=True, exist_ok=True)
        self.url = f"http://127.0.0.1:{REAL_PORT}" if real else URL
        kind = TrustingCa if real else LocalTestCa
        ca = kind(folder / "ca", base_url=self.url, clock=now, random=os.urandom)
        super().__init__(ca, SECRET, clock=now)
        self.folder, self.real = folder, real
        (folder / "secret").write_bytes(SECRET + b"\n")
        self.mend()

    def mend(self):
        self.asked = []
        self.change = lambda path, answer: answer
        self.spoil = lambda method, path, reply: reply

    def settings(self, **changes):
        return {
            "authority": "http",
            "name": "acme.ca",
            "url": self.url,
            "secret": self.folder / "secret",
            "timeout": 10.0,
            "patience": 2.0,
            "roots": self.folder / "ca" / "keys" / "root.pem",
            "ocsp": f"{self.url}/ocsp",
            "crls": (f"{self.url}/issuing.crl", f"{self.url}/root.crl"),
            "one_time_policy": self.ca.policy_oid("one_time"),
            "long_term_policy": self.ca.policy_oid("long_term"),
            "test": not self.real,
        } | changes

    def reply(self, method, path, headers, body):
        self.asked.append((method, path, headers, body))
        reply = super().reply(method, path, headers, body)
        if reply.media_type == "application/json" and reply.status == 200:
            said = json.loads(reply.content)
            if self.real:
                said.pop("simulated")
            reply = Reply(200, reply.media_type, json.dumps(self.change(path, said)).encode())
        return self.spoil(method, path, reply)

    def paths(self):
        return [(method, path) for method, path, _, _ in self.asked]


@pytest.fixture
def authority(tmp_path):
    made = Authority(tmp_path / "authority")
    with serving(made, PORT):
        yield made
    made.ca.close()


@contextmanager
def adapter(authority, tmp_path, **changes):
    settings = Settings(home=tmp_path / "home", signing={"ca": authority.settings(**changes)})
    opened = open_certification(settings, clock=now, random=os.urandom)
    try:
        yield opened.present
    finally:
        opened.close()


def csr(subject=WANG, key=None, *, test=True):
    builder = x509.CertificateSigningRequestBuilder().subject_name(distinguished_name(subject, test=test))
    made = builder.sign(key or ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return made.public_bytes(Encoding.DER)


def serial_of(issued):
    return x509.load_der_x509_certificate(issued.certificate).serial_number


def test_a_key_is_certified_once_its_status_is_told_and_it_is_revoked(authority, tmp_path):
    """Requests are signed and carry key, name and reference alone; what comes is ordered up to the root of the settings."""
    with adapter(authority, tmp_path) as ca:
        request = csr()
        issued = ca.certify(request, "one_time", WANG)
        assert issued.above == (authority.ca.issuing, authority.ca.root)
        assert ca.certify(request, "one_time", WANG) == issued
        assert (ca.trusted.test, ca.trusted.name, ca.former) == (True, "acme.ca", ())
        method, path, _, body = authority.asked[0]
        assert (method, path) == ("POST", "/certificates")
        sent_body = json.loads(body)
        assert (sent_body["id"], sent_body["profile"]) == (key_id(request), "one_time")
        assert sent_body["subject"] == {"name": "王小明", "kind": "person", "reference": WANG.reference}
        data = ask_status(ca, issued.certificate, issued.above)
        assert judge_status(ca, issued.certificate, data, now()).known
        revoked = ca.revoke(serial_of(issued), "key_compromise")
        assert ca.revoke(serial_of(issued), "superseded") == revoked
        assert revoked.kind == "crl"
        data = ask_status(ca, issued.certificate, issued.above)
        assert (
            judge_status(ca, issued.certificate, data, now() + timedelta(seconds=1)).revoked_at == revoked.at
        )
        with pytest.raises(AuthorityRefused, match="no such certificate"):
            ca.revoke(12345, "unspecified")
        lists = [path for _, path in authority.paths() if path.endswith(".crl")]
        assert lists == ["/issuing.crl", "/root.crl"]  # kept for a while


def test_an_answer_that_was_lost_or_is_not_ready_is_fetched_by_the_key(authority, tmp_path):
    """The same enrolment is asked after until it is there; patience that ends leaves it to be asked for again."""
    with adapter(authority, tmp_path) as ca:
        request = csr()
        authority.spoil = lambda method, _path, reply: (
            Reply(502, "text/html", b"gateway") if method == "POST" else reply
        )
        issued = ca.certify(request, "one_time", WANG)
        url = f"/certificates/{key_id(request)}"
        assert authority.paths() == [("POST", "/certificates"), ("GET", url)]
        left = [3]

        def later(_path, answer):
            left[0] -= 1
            return answer if left[0] <= 0 else {"id": answer["id"], "status": "pending"}

        authority.mend()
        authority.change = later
        assert ca.certify(request, "one_time", WANG) == issued
        assert authority.paths() == [("POST", "/certificates"), ("GET", url), ("GET", url)]
        left[0] = 1_000
        with pytest.raises(AuthorityUnavailable, match="not decided"):
            ca.certify(csr(), "one_time", WANG)
        authority.change = lambda path, answer: {"id": answer["id"], "status": "unknown"}
        with pytest.raises(AuthorityUnavailable):
            ca.certify(request, "one_time", WANG)


def written(authority, request, subject=WANG, *, keys=None, profile="one_time", policy=None, **times):
    """A certificate below this or another authority, as an answer has it."""
    ours = keys or authority.ca._keys
    parsed = x509.load_der_x509_csr(request)
    options = {"life": timedelta(hours=1), "now": now()} | times
    made = issue(ours, authority.ca._places, parsed, subject, policy or profile, random=os.urandom, **options)
    chain = [ours.issuing, ours.root]
    return {
        "certificate": format_base64(made.public_bytes(Encoding.DER)),
        "chain": [format_base64(each.public_bytes(Encoding.DER)) for each in chain],
    }


def other_keys(authority):
    return create_keys(authority.ca._places, now=now(), random=os.urandom)


def issuing_itself(authority):
    return format_base64(authority.ca.issuing)


MISTAKES = {
    "another key": lambda a, r: written(a, csr()),
    "another name": lambda a, r: written(a, r, LI),
    "another party": lambda a, r: written(a, r, Subject("王小明", "person", "another-reference")),
    "another root": lambda a, r: written(a, r, keys=other_keys(a)),
    "no chain": lambda a, r: {"chain": []},
    "a chain of numbers": lambda a, r: {"chain": [1, 2]},
    "a chain too long": lambda a, r: {"chain": [issuing_itself(a)] * 7},
    "a chain of garbage": lambda a, r: {"chain": [format_base64(b"\x30\x03\x02\x01\x01")]},
    "an ended one": lambda a, r: written(a, r, now=now() - timedelta(hours=2)),
    "an old one": lambda a, r: written(a, r, now=now() - timedelta(days=2), life=timedelta(days=3)),
    "one for tomorrow": lambda a, r: written(a, r, now=now() + timedelta(days=1)),
    "one for too long": lambda a, r: written(a, r, life=timedelta(days=30)),
    "another policy": lambda a, r: written(a, r, policy="long_term"),
    "one of an authority": lambda a, r: {"certificate": issuing_itself(a)},
    "no certificate": lambda a, r: {"certificate": format_base64(b"garbage")},
    "one without base64": lambda a, r: {"certificate": "***"},
    "a certificate too long": lambda a, r: {"certificate": format_base64(b"\x30" * 20_000)},
    "another enrolment": lambda a, r: {"id": "00" * 32},
    "more than was asked for": lambda a, r: {"password": "x"},
}


def test_a_signed_answer_that_is_not_what_was_asked_for_is_not_believed(authority, tmp_path):
    """Key, subject, root, validity, usage, policy and form are held against the request, one by one."""
    believed = []
    with adapter(authority, tmp_path) as ca:
        for name, wrong in MISTAKES.items():
            request = csr()
            authority.change = lambda _path, answer, wrong=wrong, request=request: (
                answer | wrong(authority, request)
            )
            try:
                ca.certify(request, "one_time", WANG)
                believed.append(name)
            except AuthorityMistaken:
                pass
        assert believed == []
        authority.change = lambda _path, answer: [answer]
        with pytest.raises(AuthorityMistaken):
            ca.certify(csr(), "one_time", WANG)
        request = csr()
        soon = written(authority, request, now=now() + timedelta(minutes=6))
        authority.change = lambda _path, answer: answer | soon
        with pytest.raises(AuthorityUnavailable, match="in a moment"):
            ca.certify(request, "one_time", WANG)


def test_a_revocation_is_believed_only_with_a_list_that_says_so(authority, tmp_path):
    """Another's list, an older one, one without an issuer, and what is no answer are refused; a notice is taken as told."""
    with adapter(authority, tmp_path) as ca:
        before = format_base64(authority.ca.crl("issuing"))
        strange = LocalTestCa(tmp_path / "other", base_url=URL, clock=now, random=os.urandom)
        serial = serial_of(ca.certify(csr(), "one_time", WANG))
        chain_of = lambda it: [format_base64(each) for each in (it.issuing, it.root)]  # noqa: E731
        for wrong in (
            {"evidence": before},
            {"evidence": format_base64(strange.crl("issuing")), "chain": chain_of(strange)},
            {"evidence": format_base64(strange.crl("issuing"))},
            {"chain": []},
            {"evidence": format_base64(b"garbage")},
            {"serial": "1"},
            {"status": "issued"},
            {"kind": "rumour"},
            {"revoked_at": "yesterday"},
        ):
            authority.change = lambda _path, answer, wrong=wrong: answer | wrong
            with pytest.raises(AuthorityMistaken):
                ca.revoke(serial, "key_compromise")
        strange.close()
        authority.change = lambda _path, answer: answer | {"kind": "notice", "chain": []}
        assert ca.revoke(serial, "key_compromise").kind == "notice"


def slow(_method, _path, reply):
    time.sleep(1.5)
    return reply


def elsewhere(_method, _path, _reply):
    return Reply(302, "application/json", b"{}")


def unsigned_by_us(authority):
    def spoil(_method, _path, reply):
        authority.secret = b"another secret of at least 32 bytes"
        return reply

    return spoil


def test_what_says_nothing_says_nothing_and_a_refusal_says_no(authority, tmp_path):
    """Down, slow, too long, unsigned, another status: unavailable, to be asked again. A refusal's words are one line."""
    with adapter(authority, tmp_path, timeout=0.5) as ca:
        authority.spoil = slow
        with pytest.raises(AuthorityUnavailable, match="in time"):
            ca.certify(csr(), "one_time", WANG)
    with adapter(authority, tmp_path) as ca:
        for spoil in (
            lambda *_: Reply(500, "application/json", b"{}"),
            elsewhere,
            lambda *_: Reply(200, "application/json", b" " * (2 << 20)),
            unsigned_by_us(authority),
        ):
            authority.spoil = spoil
            with pytest.raises(AuthorityUnavailable):
                ca.certify(csr(), "one_time", WANG)
        authority.mend()
        authority.secret = SECRET
        authority.spoil = lambda *_: Reply(200, "application/json", b"garbage")
        with pytest.raises(AuthorityMistaken):
            ca.certify(csr(), "one_time", WANG)
        authority.mend()
        authority.change = lambda _path, answer: {
            "id": answer["id"],
            "status": "refused",
            "reason": "no\nsuch person" + "!" * 300,
        }
        with pytest.raises(AuthorityRefused) as refused:
            ca.certify(csr(), "one_time", WANG)
        assert str(refused.value).startswith("nosuch person!!")
        assert len(str(refused.value)) == 200
        authority.change = lambda _path, answer: {"id": answer["id"], "status": "refused"}
        with pytest.raises(AuthorityRefused, match="does not say why"):
            ca.certify(csr(), "one_time", WANG)
    with (
        adapter(authority, tmp_path, url=f"http://127.0.0.1:{NOBODY}") as ca,
        pytest.raises(AuthorityUnavailable),
    ):
        ca.certify(csr(), "one_time", WANG)


def test_status_that_is_none_or_too_long_is_no_status(authority, tmp_path):
    """Neither a responder's garbage nor a list's lets anybody sign, and no address of a certificate is ever asked."""
    with adapter(authority, tmp_path) as ca:
        issued = ca.certify(csr(), "one_time", WANG)
        for path in ("/ocsp", "/issuing.crl"):
            for wrong in (
                Reply(200, "x/x", b"garbage"),
                Reply(404, "x/x", b""),
                Reply(302, "x/x", b""),
                Reply(200, "x/x", b"\x30" * (9 << 20)),
            ):
                authority.spoil = lambda _method, asked, reply, path=path, wrong=wrong: (
                    wrong if asked == path else reply
                )
                assert not ask_status(ca, issued.certificate, issued.above).tells_status


def test_who_says_that_it_is_a_simulator_is_believed_only_as_a_test(authority, tmp_path):
    """Settings that call it real are contradicted by its own word; and it is no matter of ours who is trusted."""
    with adapter(authority, tmp_path, test=False) as ca:
        assert ca.trusted.test is False
        with pytest.raises(AuthorityMistaken, match="simulator"):
            ca.certify(csr(test=False), "one_time", WANG)


def test_settings_that_describe_no_authority_are_refused(tmp_path):
    """An address in the clear, a short secret, roots that are none: told at the start, and not at the first signature."""
    made = Authority(tmp_path / "authority")
    short = tmp_path / "short"
    short.write_bytes(b"short")
    issuing = tmp_path / "issuing.pem"
    issuing.write_bytes((made.folder / "ca" / "keys" / "issuing.pem").read_bytes())
    for changes in (
        {"url": "http://ca.example/v1"},
        {"url": "https://user:password@ca.example/v1"},
        {"secret": short},
        {"roots": issuing},
        {"roots": short},
        {"ocsp": "ftp://ca.example"},
        {"crls": ("file:///etc/passwd",)},
        {"crls": ()},
        {"one_time_policy": ""},
        {"name": "Not a name"},
    ):
        with pytest.raises(ValueError), adapter(made, tmp_path, **changes):
            pass
    made.ca.close()


# The whole pipeline


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """An authority that calls itself nothing, and an installation whose signers it certifies."""
    folder = tmp_path_factory.mktemp("real")
    made = Authority(folder / "authority", real=True)
    with serving(made, REAL_PORT):
        world = World(folder / "home", signing={"ca": made.settings()})
        yield made, world
        world.close()
    made.ca.close()


def signed(world, tenant, phone, name):
    sent_ = sent(world, tenant, [{"name": name, "phone": phone}])
    return sent_, Signer(world, tenant, phone)


def test_a_contract_is_signed_by_its_certificates_and_judged_by_the_policy(real):
    """Two sign, one after an answer was lost; no word calls the authority a test, nor does the verifier."""
    authority, world = real
    authority.mend()
    tenant = world.tenant()
    sent(
        *(world, tenant),
        [{"name": "张三", "phone": "13900000071"}, {"name": "李四", "phone": "13900000072", "group": 2}],
    )
    first = Signer(world, tenant, "13900000071")
    shown = first.get("/surroundings").json()
    assert "certificates" not in shown["simulators"]
    authority.spoil = lambda method, path, reply: (
        Reply(502, "text/html", b"") if (method, path) == ("POST", "/certificates") else reply
    )
    assert first.sign({"strokes": STROKES}).json() == {"state": "signed"}
    authority.mend()
    world.drain_signing()
    second = Signer(world, tenant, "13900000072")
    assert second.sign({"text": "李四"}).json() == {"state": "signed"}
    world.drain_signing()
    seen = second.get().json()
    assert seen["state"] == "completed"
    content = second.get(f"/files/{seen['documents'][0]['document']}").content
    found = judged(world, tenant, seen["case"], [Document("signed.pdf", content)])
    assert [check for check, (status, _) in found.items() if status == "FAILED"] == []
    assert found["C13"] == ("PASSED", set())
    assert "TEST_CA" not in found["C14"][1]
    (ca,) = parse_policy(world.get("/v1/policy").content).cas
    assert (ca.name, ca.test, ca.roots) == ("acme.ca", False, (authority.ca.root,))
    listed = tenant.get("/v1/signing/certificates").json()["data"]
    assert {(each["ca"], each["test"], each["state"]) for each in listed} == {("acme.ca", False, "destroyed")}
    assert world.get("/v1/signing/ca/root.cer").status_code == 404


def test_who_is_revoked_in_between_does_not_sign_and_a_mistaken_authority_ends_the_act(real):
    """Refused with its own code each; the party confirms anew, and signs by a new key once the authority is right again."""
    authority, world = real
    authority.mend()
    tenant = world.tenant()
    contract, signer = signed(world, tenant, "13900000073", "张三")

    def revoked_at_once(_path, answer):
        if answer.get("status") == "issued":
            loaded = x509.load_der_x509_certificate(base64.b64decode(answer["certificate"]))
            authority.ca.revoke(loaded.serial_number, "key_compromise")
        return answer

    authority.change = revoked_at_once
    refused = signer.sign({"text": "张三"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:zheng:problem:certificate-revoked")
    world.clock.offset += timedelta(seconds=61)  # for another code
    authority.change = lambda _path, answer: answer | written(authority, csr())
    refused = signer.sign({"text": "张三"})
    assert (refused.status_code, refused.json()["type"]) == (
        *(502, "urn:zheng:problem:certificate-not-believed"),
    )
    world.clock.offset += timedelta(seconds=61)
    authority.mend()
    assert signer.sign({"text": "张三"}).json() == {"state": "signed"}
    told = kinds(world, contract)
    assert (told.count("certificate.key_generated/1"), told.count("party.signed/1")) == (3, 1)
    assert told.count("certificate.revoked/1") == 1
    world.drain_signing()


@pytest.mark.torture
def test_the_simulator_runs_by_itself_and_says_how_it_is_used(tmp_path):
    """Its settings, as printed, make an installation certify by it; everything it says says simulator or TEST."""
    secret = tmp_path / "secret"
    secret.write_bytes(SECRET)
    command = [sys.executable, "-m", "api.cli", "signing", "ca-simulator", "--json"]
    command += ["--folder", str(tmp_path / "ca"), "--secret", str(secret), "--port", str(COMMAND_PORT)]
    root = Path(__file__).resolve().parents[3]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root)
    try:
        told = json.loads(running.stdout.readline())
        chosen = {name.removeprefix("ZHENG_SIGNING__CA__").lower(): text for name, text in told.items()}
        chosen["crls"] = json.loads(chosen["crls"])
        settings = Settings(home=tmp_path / "home", signing={"ca": chosen})
        opened = open_certification(settings, clock=now, random=os.urandom)
        issued = opened.present.certify(csr(), "one_time", WANG)
        assert opened.present.trusted.test
        assert ask_status(opened.present, issued.certificate, issued.above).tells_status
        assert b"TEST" in issued.certificate
        opened.close()
    finally:
        running.terminate()
        assert running.wait(20) == 0
        running.stdout.close()
