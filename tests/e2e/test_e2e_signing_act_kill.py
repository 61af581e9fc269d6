"""Kill -9 while a contract is being signed over the API: it goes on, nobody signs twice, and its evidence is whole."""

import io
import json
import random
import re
import threading
import time
from collections import Counter
from datetime import UTC, datetime

import pikepdf
from e2e_house import eventually
from zheng_client import Client, ProblemError, ServiceUnreachableError
from zheng_client.parties import Party
from zheng_verifier.checks import Document, PolicyInput, verify_bundle
from zheng_verifier.pdf_signatures import read_signatures
from zheng_verifier.report.model import CheckId, PolicySource, Status

PHONES = ("+8619900000001", "+8619900000002")
CODE = re.compile("验证码为 ([0-9]{6})")
LATEST = 0.6  # seconds after a request was sent


def lease():
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page(page_size=(595, 842))
    made.save(out)
    return out.getvalue()


class Cut:
    """Kills the serving process at a random moment after a request was sent, and starts it again."""

    def __init__(self, house, seed):
        self.house, self.chance = house, random.Random(seed)
        self.serving = house.serve()
        self.unanswered = 0

    def during(self, request):
        """Send a request, kill; give whether it was answered before."""
        answered = []

        def send():
            try:
                request()
                answered.append(True)
            except ServiceUnreachableError:
                self.unanswered += 1

        thread = threading.Thread(target=send)
        thread.start()
        time.sleep(self.chance.uniform(0.0, LATEST))
        self.serving.kill()
        thread.join()
        self.serving = self.house.serve()
        return bool(answered)


def again(request, *settled):
    """Ask once more after a kill; what was durable before is refused by one of these codes, and that is well."""
    try:
        return request()
    except ProblemError as problem:
        if problem.code not in settled:
            raise
        return None


def sign(cut, url, platform, contract, party, phone):
    """Read, choose, be asked; and answer while the service is killed."""
    session = platform.signing.use_link(platform.signing.contracts.link(contract, party).partition("#")[2])
    with Client(url, session.token) as client:
        side = client.party_side()
        (document,) = side.look().documents
        side.viewed(document.document, document.sha256, pages=2, dwell_ms=9_000)
        side.choose(text="Signature")
        asked = side.challenge("otp_sms")
        *_, code = (
            found[1] for each in platform.signing.simulated_texts(phone) if (found := CODE.search(each.text))
        )
        if not cut.during(lambda: side.answer(asked.id, code)):
            again(lambda: side.answer(asked.id, code), "challenge-closed", "not-your-turn", "contract-state")
        eventually(lambda: not side.look().turn, 30, "the signature is made")


def verified(platform, contract, case):
    """What the verifier says of the case and the signed file."""
    (paper,) = contract.answer["documents"]
    signed = platform.signing.kept_file(contract.id, paper["sha256"])
    bundle = platform.issuance.export_bundle(case)
    policy = PolicyInput(platform.public.policy(), PolicySource.USER)
    report = verify_bundle(
        bundle, documents=[Document("signed.pdf", signed)], policy=policy, at=datetime.now(UTC)
    )
    return signed, bundle, report


def test_killed_while_it_is_being_signed_a_contract_is_signed_once(new_house):
    """While it is sent and while each party answers: three kills; then complete, verified, and all is in order."""
    house = new_house()
    house.init()
    tenant = house.json("tenant", "create", "Platform")["tenant"]
    key = house.json("key", "create", tenant)["key"]
    seed = random.SystemRandom().randrange(2**32)
    print(f"\nseed {seed}")
    cut = Cut(house, seed)
    with Client(house.url, key, tenant=tenant) as platform:
        contracts = platform.signing.contracts
        parties = [Party("甲", phone=PHONES[0]), Party("乙", phone=PHONES[1], group=2)]
        made = contracts.create("Lease", parties)
        platform.signing.documents.upload(made.id, "lease.pdf", lease())
        eventually(lambda: contracts.get(made.id).case, 30, "the case is open")
        if not cut.during(lambda: contracts.send(made.id)):
            again(lambda: contracts.send(made.id), "contract-state")
        refs = [each["party"] for each in contracts.get(made.id).answer["parties"]]
        for ref, phone in zip(refs, PHONES, strict=True):
            sign(cut, house.url, platform, made.id, ref, phone)

        def settled():
            found = contracts.get(made.id)
            return found if found.state == "completed" and found.waiting == 0 else None

        done = eventually(settled, 30, "the contract is complete and deposited")
        signed, bundle, report = verified(platform, done, done.case)
    assert [each.is_timestamp for each in read_signatures(signed).signatures] == [False, False, True]
    claims = [each["entry"]["claim"] for each in json.loads(bundle)["events"]]
    types = Counter(each["type"] for each in claims)
    once = ("contract.sent/1", "contract.completed/1", "case.closed/1")
    twice = (
        "party.signed/1",
        "seal.used/1",
        "intent.confirmed/1",
        "certificate.issued/1",
        "contract.delivered/1",
    )
    assert ({types[each] for each in once}, {types[each] for each in twice}) == ({1}, {2})
    assert len({each["id"] for each in claims}) == len(claims)
    # Nothing was anchored here, so that of the questions only their checks are asked.
    checks = {check.id: check.status for check in report.checks}
    for each in (CheckId.C03, CheckId.C04, CheckId.C06, CheckId.C07, CheckId.C13):
        assert checks[each] is Status.PASSED, each
    assert Status.FAILED not in checks.values()
    assert house.fsck()["deposits_waiting"] == 0
