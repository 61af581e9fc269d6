"""The Python client and the signing pipeline: a contract drafted, given a document, followed and ended by a program."""

import hashlib
import io

import pytest
from pikepdf import Pdf
from zheng_client import Client, ProblemError
from zheng_client.parties import Control, Party


@pytest.fixture(scope="module")
def platform(world):
    tenant = world.tenant()
    with Client("http://zheng.test", tenant.key, tenant=tenant.id, transport=world.transport()) as made:
        yield made


def pdf():
    made, out = Pdf.new(), io.BytesIO()
    made.add_blank_page(page_size=(595, 842))
    made.save(out)
    return out.getvalue()


def test_a_draft_is_made_given_a_document_and_found_again(platform):
    """Contract, document, controls and values come back as they were sent; a business number names one contract."""
    contracts, documents = platform.signing.contracts, platform.signing.documents
    parties = [Party("张三", phone="+8619900000001"), Party("李四", email="li@zheng.example", group=2)]
    made = contracts.create("房屋租赁合同", parties, business_number="HT-9", scene="house_renting")
    assert (made.state, made.title, made.business_number) == ("draft", "房屋租赁合同", "HT-9")
    content = pdf()
    document = documents.upload(made.id, "lease.pdf", content, media_type="application/pdf")
    assert (document.pages, document.contract) == (1, made.id)
    control = Control("rent", "text", 1, 50_000, 50_000, 200_000, 20_000)
    documents.place(document.document, [control])
    filled = documents.fill(document.document, {"rent": "5000"})
    assert [each["name"] for each in filled.answer["controls"]] == ["rent"]
    assert documents.get(document.document) == documents.of(made.id)[0]
    assert (
        hashlib.sha256(documents.content(document.document, "original")).digest()
        == hashlib.sha256(content).digest()
    )
    found = contracts.by_business_number("HT-9")
    assert found.id == contracts.get(made.id).id == made.id
    assert [each.id for each in contracts.all()] == [made.id]
    with pytest.raises(ProblemError):
        contracts.create("Another", parties, business_number="HT-9")


def test_people_are_created_and_listed(platform):
    """A contact is created by a program and stands in the list."""
    made = platform.signing.people.create_contact("person", name="王五", phone="+8619900000003")
    assert [each.id for each in platform.signing.people.contacts()] == [made.id]
    assert list(platform.signing.seals.all()) == list(platform.signing.templates()) == []


def test_what_is_demanded_of_a_party_is_said_shown_and_met(world, platform):
    """A draft's demand is raised; the party's side tells it, and meets it by a check of the simulator."""
    contracts, signing = platform.signing.contracts, platform.signing
    party = Party("张三", phone="13900000061", identity_level="low", factors=("otp_sms",))
    made = contracts.create("保密协议", [party])
    ref = made.answer["parties"][0]["party"]
    raised = contracts.demand(made.id, ref, identity_level="substantial", factors=("otp_sms", "face"))
    shown = raised.answer["parties"][0]
    assert (shown["identity_level"], shown["factors"]) == ("substantial", ["otp_sms", "face"])
    signing.documents.upload(made.id, "nda.pdf", pdf(), media_type="application/pdf")
    world.drain_signing()
    contracts.send(made.id)
    token = contracts.link(made.id, ref).split("#")[1]
    session = signing.use_link(token)
    with Client("http://zheng.test", session.token, transport=world.transport()) as client:
        side = client.party_side()
        demands = side.look().demands
        assert (demands.identity_level, demands.level, demands.reached) == ("substantial", "none", False)
        assert demands.factors == ("otp_sms", "face")
        step = side.identity()
        assert (step.state, step.agent, step.given, "telecom3" in step.methods) == (
            None,
            False,
            ("phone",),
            True,
        )
        consents = [
            each for each in signing.people.texts() if each.name in ("identity_verification", "biometric")
        ]
        begun = side.identify("face", consents=consents, id_number="11010519491231002X")
        assert (begun.state, begun.reached) == ("collecting", False)
        done = side.identify_material(begun.check, b"\xff\xd8\xff\xe0", "image/jpeg")
        assert (done.state, done.level, done.reached) == ("verified", "high", True)
