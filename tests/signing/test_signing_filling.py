"""What parties enter as they sign: into fields left to them, in revisions that every judge calls filling in."""

import contextlib
import io
import json
import shutil
import subprocess
from collections import Counter
from dataclasses import replace

import pikepdf
import pytest
from act_world import ALICE, APP, BOB, STROKES, ActWorld, fresh, upload
from pyhanko.pdf_utils.generic import TextStringObject, pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from test_signing_act import Cut, Killed
from zheng_verifier.pdf_signatures import Change, read_signatures

from signing.act.confirming import Answer
from signing.contracts.draft import Draft, PartyDraft
from signing.contracts.turns import Viewing
from signing.database import read, write
from signing.documents.controls import Control, ControlKind, Rule
from signing.documents.fields import add_fields
from signing.documents.models import FillingRow
from signing.documents.overlay import Layer, typeset
from signing.documents.pages import Page
from signing.documents.rendering import Signer, render_final
from signing.errors import Refused
from signing.pades import FieldValue, examine, fill_fields
from signing.pades.geometry import Rectangle
from signing.pades.writer import AppendingWriter
from signing.principal import Principal

BOTH_AT_ONCE = (ALICE, PartyDraft(name="李四", phone="13900000002"))
ADDRESS = "浙江省杭州市西湖区文三路１号 “甲座” Rm. 201"


def control(name, kind, party, y, x=50_000, width=200_000, height=20_000, required=True, **rule):
    place = Rectangle(x, y, width, height)
    return Control(name, ControlKind(kind), party, 1, place, required, Rule(**rule))


CONTROLS = (
    control("title", "text", 0, 40_000),
    control("address", "text", 1, 100_000, label="住址 Address", max_length=60),
    control("rent", "number", 1, 140_000, grouped=True, align="right", minimum="1", maximum="99999"),
    control("pets", "checkbox", 1, 180_000, width=14_000, height=14_000, required=False),
    control("start", "date", 2, 220_000, style="chinese"),
    control("pay", "choice", 2, 260_000, options=("月付", "季付")),
)
FIRST = {"address": ADDRESS, "rent": "12800.50", "pets": "true"}
SECOND = {"start": "2027-01-31", "pay": "季付"}


@pytest.fixture
def world(tmp_path, engine, clock, random, uuid, notary):
    made = ActWorld(tmp_path, engine, clock, random, uuid, notary)
    yield made
    made.close()


def sent(world, *parties, controls=CONTROLS, values=None):
    """A contract with fields left to its parties; gives its id."""
    parties = parties or (ALICE, BOB)
    controls = [each for each in controls if each.name == "extra" or each.party <= len(parties)]
    draft = Draft(fresh(), "租赁合同", parties, uploads=(upload(),))
    with write(world.engine) as session:
        made = world.contracts.drafting.create(session, APP, draft)[0]
        (paper,) = world.documents.standing(session, made)
        world.documents.place(session, APP, paper.document, controls)
        world.documents.fill(session, APP, paper.document, {"title": "房屋租赁合同"} | (values or {}))
    world.drain.run_once()
    with write(world.engine) as session:
        world.contracts.sending.send(session, APP, made.id)
    world.drain.run_once()
    return made.id


def document(world, contract):
    return world.papers(contract)[0].document


def enter(world, by, values):
    world.acts.entering.enter(by, by.contract, document(world, by.contract), values)


def seen(world, by):
    """The digest of the document as a party has it, after a look at it."""
    world.acts.open(by, by.contract)
    with read(world.engine) as session:
        row, party = world.contracts.turns.open_for(session, by, by.contract)
        return world.documents.seen_by(session, row, party)[0].sha256


def view(world, by):
    sha256 = seen(world, by)
    viewing = Viewing(document(world, by.contract), sha256, 1, 1, 42_000, True)
    world.acts.viewed(by, by.contract, viewing)
    return sha256


def ready(world, by, values):
    enter(world, by, values)
    world.acts.choose(by, by.contract, STROKES)
    return view(world, by)


def sign(world, by, values):
    """Fill in, look, choose, confirm; gives the digest that was filled in, and how the act stands."""
    sha256 = ready(world, by, values)
    asked = world.ask(by)
    return sha256, world.acts.answer(by, by.contract, asked.id, Answer(world.code())).state


def told(world, contract):
    """What the case tells of values entered after the document was final."""
    events = world.events(contract)
    final = next(number for number, each in enumerate(events) if each.type == "document.finalized/1")
    return [each for each in events[final:] if each.type == "document.filled/1"]


def refused(code, call, *arguments):
    with pytest.raises(Refused) as caught:
        call(*arguments)
    assert caught.value.code == code, caught.value
    return caught.value


# The way through


def test_two_parties_fill_in_and_sign_and_every_judge_calls_it_filling_in(world, tmp_path):
    """Both files of values are in the document as fields; earlier bytes stay a prefix, earlier signatures stay whole."""
    contract = sent(world)
    first, second = world.party(contract, "张三"), world.party(contract, "李四")
    finalized = world.papers(contract)[0].sha256
    one, state = sign(world, first, FIRST)
    assert state == "signed"
    signed_once = world.papers(contract)[0].sha256
    other, state = sign(world, second, SECOND)
    assert state == "signed"
    assert world.row(contract).state == "completed"
    filled = [each.data for each in told(world, contract)]
    assert [(each["before_sha256"], each["after_sha256"], each["field_count"]) for each in filled] == [
        (finalized, one, 3),
        (signed_once, other, 2),
    ]
    assert [each["party"] for each in filled] == [first.party, second.party]
    kinds = [each.type for each in world.events(contract) if each.data.get("party") == first.party]
    assert kinds.index("document.filled/1") < kinds.index("intent.challenge_sent/1")
    (final,) = world.bytes(contract)
    facts = read_signatures(final)
    signatures = [each for each in facts.signatures if not each.is_timestamp]
    assert [each.change for each in signatures] == [Change.FORM_FILLING, Change.LTA_UPDATES]
    for digest in (finalized, one, signed_once, other):
        assert facts.prefix(bytes.fromhex(digest)) is not None
    assert facts.prefix(bytes.fromhex(finalized)).filled == ("address", "pets", "rent")
    assert facts.prefix(bytes.fromhex(one)).filled == ()
    examine(final)
    with pikepdf.open(io.BytesIO(final)) as pdf:
        fields = {str(each.T): each for each in pdf.Root.AcroForm.Fields}
        assert str(fields["address"].V) == ADDRESS
        assert str(fields["rent"].V) == "12,800.50"
        assert str(fields["start"].V) == "2027年1月31日"
        assert (str(fields["pets"].V), str(fields["pets"].AS)) == ("/Yes", "/Yes")
        assert str(fields["address"].TU) == "住址 Address"
        assert all(int(fields[name].Ff) & 1 for name in (*FIRST, *SECOND))
    path = tmp_path / "signed.pdf"
    path.write_bytes(final)
    assert subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0
    if shutil.which("pdfsig"):
        said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
        assert said.count("Signature is Valid.") >= 2, said
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    for words in ("文三路", "12,800.50", "季付"):
        assert words in text.stdout
    reader = PdfFileReader(io.BytesIO(final))
    for embedded in reader.embedded_regular_signatures:
        status = validate_pdf_signature(embedded, ValidationContext(trust_roots=[]), skip_diff=False)
        assert status.intact
        assert status.valid
        assert status.modification_level.name in ("FORM_FILLING", "LTA_UPDATES", "NONE")
        assert status.docmdp_ok


def test_values_are_held_against_their_fields_and_nobody_signs_without_them(world):
    """Unknown, missing, wrong and too long values are refused by name; a challenge is refused until they are there."""
    contract = sent(world, ALICE, BOB)
    by = world.party(contract, "张三")
    view(world, by)
    missing = refused("values-missing", world.ask, by)
    assert (missing.field, missing.expected) == ("/values/address", "address, rent")
    for values, code, field in (
        ({"rent": "5"}, "value-missing", "/values/address"),
        (FIRST | {"rent": "0.5"}, "value-invalid", "/values/rent"),
        (FIRST | {"pets": "yes"}, "value-invalid", "/values/pets"),
        (FIRST | {"address": "x" * 61}, "value-invalid", "/values/address"),
        (FIRST | {"address": "W" * 60}, "value-overflow", "/values/address"),
        (FIRST | {"address": "\U0001f600"}, "value-invalid", "/values/address"),
        (FIRST | {"start": "2027-01-31"}, "value-unknown", "/values/start"),
        (FIRST | {"title": "x"}, "value-unknown", "/values/title"),
    ):
        assert refused(code, enter, world, by, values).field == field
    refused("not-your-turn", enter, world, world.party(contract, "李四"), SECOND)
    stranger = replace(by, tenant=fresh())
    refused("contract-unknown", enter, world, stranger, FIRST)
    elsewhere = sent(world, ALICE, BOB)
    refused("document-unknown", world.acts.entering.enter, by, contract, document(world, elsewhere), FIRST)
    assert told(world, contract) == []


def test_a_mistake_is_corrected_from_the_same_ground_and_leaves_nothing_in_the_file(world, clock):
    """Before a challenge the case hears of nothing; after one it is over, and both fillings stand in the case."""
    contract = sent(world, ALICE)
    by = world.party(contract, "张三")
    wrong = ready(world, by, FIRST | {"rent": "99"})
    assert ready(world, by, FIRST | {"rent": "98"}) != wrong
    assert told(world, contract) == []
    challenge = world.ask(by)
    ready(world, by, FIRST)
    refused("challenge-closed", world.acts.answer, by, contract, challenge.id, Answer(world.code()))
    clock.advance(seconds=61)
    right, state = sign(world, by, FIRST)
    assert state == "signed"
    fillings = [each.data for each in told(world, contract)]
    assert len(fillings) == 2
    assert fillings[0]["before_sha256"] == fillings[1]["before_sha256"]
    (signed,) = [each.data for each in world.events(contract) if each.type == "party.signed/1"]
    assert signed["before_sha256"] == right == fillings[1]["after_sha256"]
    (final,) = world.bytes(contract)
    assert read_signatures(final).prefix(bytes.fromhex(wrong)) is None
    refused("contract-state", enter, world, by, FIRST)


def test_what_another_signed_in_between_is_filled_in_anew(world, clock):
    """Two at once: the second's values are kept, put into the new revision when it looks again, and confirmed."""
    contract = sent(world, *BOTH_AT_ONCE)
    first, second = world.party(contract, "张三"), world.party(contract, "李四")
    ready(world, first, FIRST)
    early = ready(world, second, SECOND)
    mine, theirs = world.ask(first), world.ask(second)
    assert world.acts.answer(first, contract, mine.id, Answer(world.code(0))).state == "signed"
    refused("document-changed", world.acts.answer, second, contract, theirs.id, Answer(world.code(1)))
    clock.advance(seconds=61)
    refused("document-changed", world.ask, second)
    late = view(world, second)
    assert late != early
    asked = world.ask(second)
    assert world.acts.answer(second, contract, asked.id, Answer(world.code())).state == "signed"
    assert world.row(contract).state == "completed"
    facts = read_signatures(world.bytes(contract)[0])
    assert facts.prefix(bytes.fromhex(late)) is not None
    assert facts.prefix(bytes.fromhex(early)) is None


def test_whoever_signs_in_anothers_stead_fills_in(world):
    """What the delegating party entered is not the delegate's: it enters its own."""
    contract = sent(world, ALICE)
    by = world.party(contract, "张三")
    enter(world, by, FIRST)
    with write(world.engine) as session:
        row, party = world.contracts.turns.open_for(session, by, contract)
        deputy = PartyDraft(name="王五", phone="13900000005")
        world.contracts.ending.delegate(session, by, row, party, deputy, reason="")
    agent = world.party(contract, "王五")
    view(world, agent)
    refused("values-missing", world.ask, agent)
    assert sign(world, agent, FIRST | {"rent": "77"})[1] == "signed"
    assert [each.data["party"] for each in told(world, contract)] == [agent.party]


def test_only_what_a_party_may_enter_is_left_to_it(world):
    """Values of the sender, and who a party is, are no fields; what nobody who signs may enter is asked for."""
    values = {"address": "杭州", "rent": "1", "start": "2027-01-01", "pay": "月付"}
    contract = sent(world, values=values)
    with read(world.engine) as session:
        row, party = world.contracts.turns.open_for(session, world.party(contract, "张三"), contract)
        assert [each.control.name for each in world.documents.fillings.fields(session, row, party)] == [
            "pets"
        ]
    name = control("name", "party_id", 1, 300_000)
    assert refused("value-missing", lambda: sent(world, controls=(*CONTROLS, name))).field == "/values/name"
    strange = control("extra", "text", 3, 300_000)
    assert (
        refused("value-missing", lambda: sent(world, controls=(*CONTROLS, strange))).field == "/values/extra"
    )


def test_values_are_sealed_and_go_with_the_key(world, tmp_path):
    """Neither the database nor a file of custody shows what was entered."""
    contract = sent(world, ALICE)
    by = world.party(contract, "张三")
    ready(world, by, FIRST)
    kept = world.get(FillingRow, (document(world, contract), by.party))
    opened = world.context.custody.open
    with read(world.engine) as session:
        assert json.loads(opened(session, contract, kept.entered)) == FIRST
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert "文三路".encode() not in everything
    assert b"12800.50" not in everything


# What is found


def with_changed(pdf, name, text):
    """The file with a field's value changed in a further revision."""
    writer = AppendingWriter(pdf)
    field = next(
        each.get_object() for each in writer.root["/AcroForm"]["/Fields"] if each.get_object()["/T"] == name
    )
    field[pdf_name("/V")] = TextStringObject(text)
    writer.update_container(field)
    return writer.finish()


def test_a_value_changed_after_its_signature_is_found(world):
    """The signature settles its party's fields: another value breaks it, and what another party may enter does not."""
    contract = sent(world)
    sign(world, world.party(contract, "张三"), FIRST)
    (signed,) = world.bytes(contract)
    (mine,) = read_signatures(with_changed(signed, "rent", "1")).signatures
    assert mine.change is Change.OTHER
    assert "rent" in mine.change_detail
    refused("pdf-changed", examine, with_changed(signed, "rent", "1"))
    (theirs,) = read_signatures(with_changed(signed, "start", "2027")).signatures
    assert theirs.change is Change.FORM_FILLING
    at = signed.index(b"/V (12") + len(b"/V (")
    broken = signed[:at] + b"9" + signed[at + 1 :]
    assert read_signatures(broken).signatures[0].digest_ok is False


def final_form():
    """A document of one page with one field for one signer."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    out = io.BytesIO()
    pdf.save(out, static_id=True)
    page = Page((0, 0, 595_000, 842_000))
    return render_final(
        out.getvalue(),
        (page,),
        CONTROLS[1:2],
        [Signer(1, "1. 张三", False)],
        number="",
        case="c",
        title="t",
        left=CONTROLS[1:2],
    )


def test_a_field_takes_one_value_and_no_other_name():
    """What has a value, or is no field, is refused; the same input gives the same bytes."""
    final = final_form().finalized
    value = [FieldValue("address", "杭州")]
    look = typeset([Layer((200_000, 20_000))])
    once = fill_fields(final, value, look, ["address"])
    assert once == fill_fields(final, value, look, ["address"])
    assert once.startswith(final)
    refused("form-field-taken", fill_fields, once, value, look, ["address"])
    refused("form-field-unknown", fill_fields, final, [FieldValue("sign_1", "x")], look, [])
    refused("form-field-unknown", fill_fields, final, [], None, ["nobody"])


@pytest.mark.parametrize(
    "text", [") /AA << >> (\\", "þÿab", "ï»¿x", "ÿþa", "\u202e青禾社", "𠮷\n𠮷", "x" * 10_000], ids=ascii
)
def test_a_hostile_value_is_read_back_as_it_was_written(tmp_path, text):
    """By pyHanko and by qpdf, which finds nothing wrong with the file."""
    look = typeset([Layer((200_000, 20_000))])
    path = tmp_path / "filled.pdf"
    path.write_bytes(fill_fields(final_form().finalized, [FieldValue("address", text)], look, ["address"]))
    subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)
    with pikepdf.open(path) as pdf, path.open("rb") as file:
        (field,) = (each for each in pdf.Root.AcroForm.Fields if each.T == "address")
        theirs = [each.get_object() for each in PdfFileReader(file).root["/AcroForm"]["/Fields"]]
        assert [str(field.V), *(str(each["/V"]) for each in theirs if each["/T"] == "address")] == [
            text,
            text,
        ]


def test_fields_stand_where_the_page_is_turned_and_cropped():
    """The widget covers its place as it is seen, whatever the page's rotation; its look stands upright."""
    for rotation in (0, 90, 180, 270):
        pdf = pikepdf.new()
        pdf.add_blank_page(page_size=(595, 842))
        add_fields(pdf, (Page((0, 0, 595_000, 842_000), rotation),), CONTROLS[1:4])
        widths = []
        for field in pdf.Root.AcroForm.Fields:
            left, bottom, right, top = (float(edge) for edge in field.Rect)
            widths.append(round((right - left) if rotation % 180 == 0 else (top - bottom)))
        assert widths == [200, 200, 14]
        assert pdf.pages[0].obj.Tabs == pikepdf.Name.R


# Cut off anywhere


def go_on(world, contract):
    """What signer and service do until the contract is complete: whoever got no answer does it again."""
    by = world.party(contract, "张三")
    world.certificates.retiring.upkeep()
    world.acts.resume(world.clock())
    if world.row(contract).state == "completed" or world.seat(by).state == "signed":
        return
    with contextlib.suppress(Refused):
        sign(world, by, FIRST)


def killed_at(world, at, *, durable):
    """Kill at a commit between the first value and the close, start anew, go on; gives whether there was such a commit."""
    world.clock.advance(hours=1)
    contract = sent(world, ALICE)
    cut = Cut(world, at, durable=durable)
    with contextlib.suppress(Killed):
        go_on(world, contract)
    reached = cut.dead
    cut.revive()
    world.reopen()
    for _ in range(4):
        world.clock.advance(hours=1)
        go_on(world, contract)
    assert world.row(contract).state == "completed"
    types = Counter(world.types(contract))
    assert types["party.signed/1"] == types["contract.completed/1"] == 1
    assert len(told(world, contract)) == 1, (at, durable, types)
    (signed,) = [each.data for each in world.events(contract) if each.type == "party.signed/1"]
    assert signed["before_sha256"] == told(world, contract)[0].data["after_sha256"]
    return reached


@pytest.mark.parametrize(("at", "durable"), [(2, False), (7, True)])
def test_killed_at_a_commit_what_was_entered_is_signed_once(world, at, durable):
    """Nothing is signed twice, and the case hears once of what was filled in."""
    assert killed_at(world, at, durable=durable)


@pytest.mark.torture
def test_killed_at_every_commit_what_was_entered_is_signed_once(world):
    """Every commit from the first value to the close, lost and kept."""
    for durable in (False, True):
        at = 1
        while killed_at(world, at, durable=durable):
            at += 1
        assert at > 12


def test_a_program_never_fills_in(world):
    """What a person enters no key enters for him."""
    contract = sent(world, ALICE)
    program = Principal(world.party(contract, "张三").tenant, "api_client")
    refused(
        "permission-missing", world.acts.entering.enter, program, contract, document(world, contract), FIRST
    )
