"""Documents and templates of contracts on a real database: what becomes of the bytes, and what is recorded of it."""

import io
from dataclasses import replace

import hostile_files as hostile
import pikepdf
import pytest
from contract_world import ALICE, APP, BOB, EVE, STRANGER, Desk, member, new_id, refused
from sqlmodel import select
from zheng_verifier.pdf_signatures import read_signatures

from signing.contracts.draft import Draft
from signing.contracts.memory import MemoryIdentities
from signing.contracts.models import ContractRow
from signing.contracts.ports import Upload
from signing.contracts.service import Contracts
from signing.database import write
from signing.documents.controls import FOOTER, Control, ControlKind, Rule
from signing.documents.forms import Entry
from signing.documents.inspection import Inspector
from signing.documents.models import DocumentRow
from signing.documents.overlay import BOXES_A_PAGE, SIGNING_PAGE, Layer, Watermark, signing_places, typeset
from signing.documents.pages import Page
from signing.documents.ports import Converted
from signing.documents.rendering import Signer, render_entered, render_final
from signing.documents.samples.lease import lease_docx
from signing.documents.service import Documents
from signing.documents.soffice import SofficeConverter
from signing.documents.templates import TemplateDraft, Templates
from signing.dossier.models import OutboxRow
from signing.errors import Refused
from signing.pades.geometry import Rectangle

PLACE = Rectangle(100_000, 100_000, 160_000, 30_000)
RENT = Control("rent", ControlKind.NUMBER, 0, 1, PLACE, rule=Rule(grouped=True))
NAME_1 = Control("name", ControlKind.PARTY_NAME, 1, 1, replace(PLACE, y=150_000))
SIGN_1 = Control("first", ControlKind.SIGNATURE, 1, 1, replace(PLACE, y=300_000, height=60_000))
SIGN_2 = Control("first_two", ControlKind.SEAL, 2, 1, replace(PLACE, y=400_000, height=60_000))
CONTROLS = (RENT, NAME_1, SIGN_1, SIGN_2)
PDF = Upload("lease.pdf", "application/pdf", hostile.pdf())


class OneBusinessType:
    """Business types of which one is granted to everybody."""

    def __init__(self):
        self.granted = new_id()

    def require(self, session, principal, business_type):
        if business_type != self.granted:
            raise Refused("business-type-not-granted")


class PaperDesk(Desk):
    """Contracts with real documents."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.types_of_business = OneBusinessType()
        inspector = Inspector(SofficeConverter("/nowhere"))
        self.templates = Templates(self.context, self.types_of_business)
        self.papers = Documents(self.context, inspector, self.templates)
        self.inspector = inspector
        self.contracts = Contracts(
            self.context,
            papers=self.papers,
            notices=self.notices,
            identities=MemoryIdentities(),
            directory=self.directory,
        )

    def make(self, *parties, uploads=(PDF,), **changes):
        draft = Draft(new_id(), "租赁合同", parties or (ALICE, BOB), uploads=uploads)
        with write(self.engine) as session:
            made = self.contracts.drafting.create(session, APP, replace(draft, **changes))[0].id
        self.drain.run_once()
        return made

    def documents(self, contract):
        return self.do(lambda session: self.papers.listing(session, APP, contract))

    def bytes(self, document, version):
        return self.do(lambda session: self.papers.content(session, APP, document, version)[0])

    def send(self, contract):
        self.do(lambda session: self.contracts.sending.send(session, APP, contract))

    def template(self, controls=CONTROLS, **options):
        prepared = self.inspector.prepare("租约.pdf", "", PDF.content)
        draft = TemplateDraft("租约", prepared, controls)
        made = new_id()
        self.do(lambda s: self.templates.create(s, APP, made, draft, options.get("business_type")))
        return made, draft

    def do(self, operation):
        with write(self.engine) as session:
            return operation(session)


@pytest.fixture
def desk(engine, tmp_path, clock, notary):
    made = PaperDesk(engine, tmp_path / "signing", clock, notary)
    yield made
    made.custody.keys.close()


def words(pdf):
    """What the document's information says."""
    with pikepdf.open(io.BytesIO(pdf)) as read:
        return str(read.docinfo.get("/Title", "")), str(read.docinfo.get("/Keywords", ""))


def test_document_is_fixed_with_case_footer_and_a_place_for_each_signer(desk):
    """Uploaded without controls and sent: shown begins finalized, names the case, and each signer has one field."""
    contract = desk.make(ALICE, BOB, EVE)
    (row,) = desk.documents(contract)
    desk.send(contract)
    (row,) = desk.documents(contract)
    shown, final = desk.bytes(row.id, "shown"), desk.bytes(row.id, "finalized")
    assert desk.bytes(row.id, "original") == PDF.content
    assert final.startswith(shown)
    case = desk.do(lambda s: desk.context.recorder.standing(s, s.get(ContractRow, contract).dossier)).case
    assert words(shown) == ("租赁合同", f"zheng:case:{case}")
    assert read_signatures(final).problem is None
    parties = desk.parties(contract)
    held = desk.row(contract)
    slots = [desk.do(lambda s, each=each: desk.papers.slots(s, held, each)) for each in parties]
    assert [[slot.field for slot in each] for each in slots] == [["sign_1"], ["sign_2"], []]
    assert {slot.page for each in slots for slot in each} == {2}
    assert slots[0][0].sha256 == row.newest == row.finalized
    assert desk.types(contract)[:4] == [
        "case.opened",
        "contract.created",
        "document.uploaded",
        "document.finalized",
    ]


def test_delegate_signs_at_the_place_of_whom_he_stands_for(desk):
    """A delegation hands on the place as well."""
    contract = desk.make()
    desk.send(contract)
    alice = desk.parties(contract)[0]
    handed = replace_party(alice)
    (slot,) = desk.do(lambda session: desk.papers.slots(session, desk.row(contract), handed))
    assert slot.field == "sign_1"


def replace_party(party):
    """A party that stands for another, not in the database."""
    copy = type(party)(**party.model_dump())
    copy.ref, copy.delegate_of = new_id(), party.ref
    return copy


def test_newest_revision_grows_only_from_itself(desk):
    """A revision that grows from an older one, or that does not begin with it, is refused and changes nothing."""
    contract = desk.make()
    desk.send(contract)
    (row,) = desk.documents(contract)
    held, final = desk.row(contract), desk.bytes(row.id, "finalized")

    def advance(before, content):
        return desk.do(lambda session: desk.papers.advance(session, held, row.id, before, content))

    refused("document-changed", advance, row.finalized, b"other" + final)
    grown = advance(row.finalized, final + b"\n% signed")
    refused("document-changed", advance, row.finalized, final + b"\n% signed by another")
    assert desk.documents(contract)[0].newest == grown.sha256
    refused("document-unknown", lambda: desk.do(lambda s: desk.papers.advance(s, held, new_id(), "", b"")))


def test_template_is_filled_in_with_names_and_values_and_recorded(desk):
    """The document made from a template shows values and parties' names; the form is sealed in document.filled."""
    template, _ = desk.template()
    contract = desk.make(uploads=(), template=template, values={"rent": "4200"})
    (row,) = desk.documents(contract)
    assert row.current != row.base
    assert desk.types(contract)[2:] == ["document.uploaded", "document.filled"]
    entered = desk.do(lambda s: desk.papers._shelf.entered(s, desk.row(contract), s.get(DocumentRow, row.id)))
    assert entered.values == {"name": ALICE.name, "rent": "4200"}
    desk.send(contract)
    slots = [
        desk.do(lambda s, each=each: desk.papers.slots(s, desk.row(contract), each))
        for each in desk.parties(contract)
    ]
    assert [(each[0].field, each[0].sealed, each[0].page) for each in slots] == [
        ("first", False, 1),
        ("first_two", True, 1),
    ]


def test_value_that_is_missing_wrong_or_too_long_makes_no_contract(desk):
    """What is refused leaves nothing behind: no contract, no document."""
    template, _ = desk.template()
    for values, code in (
        ({}, "value-missing"),
        ({"rent": "much"}, "value-invalid"),
        ({"rent": "1", "first": "x"}, "value-unknown"),
        ({"rent": "1", "name": "甲" * 190}, "value-overflow"),
    ):
        refused(code, lambda v=values: desk.make(uploads=(), template=template, values=v))


def test_controls_values_and_watermark_of_a_draft_are_set_anew_each_time(desk):
    """The same values again give the same bytes; a draft that was sent is changed no more."""
    contract = desk.make()
    (row,) = desk.documents(contract)
    base = row.current

    def do(name, *given):
        return desk.do(lambda session: getattr(desk.papers, name)(session, APP, row.id, *given)).current

    assert do("place", [RENT, SIGN_1]) == base
    refused("value-missing", lambda: desk.send(contract))
    first = do("fill", {"rent": "1"})
    second = do("fill", {"rent": "2"})
    assert len({base, first, second}) == 3
    assert do("fill", {"rent": "1"}) == first
    marked = do("watermark", Watermark("样本 SAMPLE"))
    assert marked != first
    assert do("place", [SIGN_1]) != base  # the watermark stays, the value went with its control
    refused("field-value", lambda: do("watermark", Watermark("x", opacity=90)))
    refused("field-value", lambda: do("watermark", Watermark("\u202e")))
    refused("control-invalid", lambda: (do("place", [replace(SIGN_1, party=9)]), desk.send(contract)))
    do("place", [SIGN_1])
    desk.send(contract)
    refused("contract-state", lambda: do("fill", {}))
    assert desk.types(contract)[2:7] == [
        "document.uploaded",
        "document.filled",
        "document.filled",
        "document.filled",
        "document.watermarked",
    ]


class OnePage:
    """A converter that prints everything on one empty page."""

    def prints(self, code_point):
        return True

    def convert(self, content, kind):
        return Converted(PDF.content, "onepage", "1.2")


def test_converted_document_is_recorded_with_tool_and_both_digests(desk):
    """A DOCX: uploaded as it came, converted by which tool in which version; both files are kept and left."""
    desk.papers = Documents(desk.context, Inspector(OnePage()), desk.templates)
    contract = desk.make(uploads=())
    prepared = desk.papers.prepare(Upload("合同.docx", "", lease_docx()))
    made = new_id()
    desk.do(lambda s: desk.papers.upload(s, APP, contract, made, prepared))
    (row,) = desk.documents(contract)
    assert desk.types(contract)[2:] == ["document.uploaded", "document.converted"]
    assert (row.tool, row.tool_version) == ("onepage", "1.2")
    assert [desk.bytes(made, version) for version in ("original", "current")] == [lease_docx(), PDF.content]


def test_signed_pdf_is_attached_and_never_signed_here(desk):
    """As an attachment it is kept as it came and stays out of what is signed; as a document it is refused."""
    contract = desk.make()
    upload = Upload("power.pdf", "", hostile.pdf(hostile.signed))
    refused("document-signed", lambda: desk.papers.prepare(upload))
    prepared = desk.papers.prepare(upload, attachment=True)

    def put(document, given=prepared):
        return desk.do(lambda session: desk.papers.upload(session, APP, contract, document, given))

    made = new_id()
    assert [put(made)[1], put(made)[1]] == [True, False]
    refused("id-reused", put, made, desk.papers.prepare(PDF))
    refused("document-signed", put, new_id(), replace(prepared, attachment=False))
    refused("document-unknown", lambda: desk.do(lambda s: desk.papers.fill(s, APP, made, {})))
    desk.send(contract)
    assert [row.newest is None for row in desk.documents(contract)] == [False, True]
    assert desk.bytes(made, "original") == upload.content
    refused("document-unfinished", desk.bytes, made, "shown")
    refused("contract-state", put, new_id(), desk.papers.prepare(PDF))


def test_documents_and_templates_of_another_tenant_are_unknown(desk):
    """Never forbidden: there is nothing to be forbidden from."""
    contract = desk.make()
    (row,) = desk.documents(contract)
    template, draft = desk.template()
    for code, operation in (
        ("document-unknown", lambda s: desk.papers.content(s, STRANGER, row.id, "original")),
        ("document-unknown", lambda s: desk.papers.fill(s, STRANGER, row.id, {})),
        ("contract-unknown", lambda s: desk.papers.listing(s, STRANGER, contract)),
        ("template-unknown", lambda s: desk.templates.find(s, STRANGER, template)),
        ("id-reused", lambda s: desk.templates.create(s, STRANGER, template, draft, None)),
        ("permission-missing", lambda s: desk.templates.create(s, member(new_id()), new_id(), draft, None)),
    ):
        refused(code, lambda o=operation: desk.do(o))
    assert desk.do(lambda s: desk.templates.listing(s, STRANGER, 0, 10)) == ()


def test_template_versions_never_change_and_archived_ones_are_used_no_more(desk):
    """Create, the same again, next version, somebody else's version, archive: each told, each recorded once."""
    granted = desk.types_of_business.granted
    template, draft = desk.template(business_type=granted)
    do = desk.do
    assert do(lambda s: desk.templates.create(s, APP, template, draft, granted))[1] is False
    refused(
        "id-reused",
        lambda: do(lambda s: desk.templates.create(s, APP, template, replace(draft, title="x"), granted)),
    )
    refused(
        "business-type-not-granted",
        lambda: do(lambda s: desk.templates.create(s, APP, new_id(), draft, new_id())),
    )
    more = replace(draft, controls=(RENT,))
    second = do(lambda s: desk.templates.update(s, APP, template, 2, more))
    assert (second.version.version, len(second.controls)) == (2, 1)
    assert do(lambda s: desk.templates.update(s, APP, template, 2, more)).version.version == 2
    refused("template-changed", lambda: do(lambda s: desk.templates.update(s, APP, template, 2, draft)))
    assert len(do(lambda s: desk.templates.find(s, APP, template, 1)).controls) == len(CONTROLS)
    preview = do(lambda s: desk.templates.preview(s, APP, template, {}))
    assert preview == PDF.content
    for _ in range(2):
        do(lambda s: desk.templates.archive(s, APP, template, "old"))
    refused("template-archived", lambda: desk.make(uploads=(), template=template, values={}))
    refused("template-archived", lambda: do(lambda s: desk.templates.update(s, APP, template, 3, draft)))
    refused("template-unknown", lambda: do(lambda s: desk.templates.find(s, APP, template, 9)))
    refused(
        "field-value",
        lambda: desk.do(lambda s: desk.templates.create(s, APP, new_id(), replace(draft, title=""), None)),
    )
    (listed,) = do(lambda s: desk.templates.listing(s, APP, 0, 10))
    events = desk.do(lambda s: _types(s, listed.row.dossier))
    assert events == ["case.opened", "template.created", "template.updated", "template.archived"]


def _types(session, dossier):
    rows = session.exec(select(OutboxRow).where(OutboxRow.dossier == dossier).order_by(OutboxRow.position))
    return [row.type.partition("/")[0] for row in rows]


def test_finalized_bytes_are_a_function_of_their_input_on_any_page():
    """Turned, cropped and small pages; the same input gives the same bytes, in both renderings."""

    def change(made):
        made.pages[0].Rotate = 90
        made.pages[1].CropBox = pikepdf.Array([100, 100, 400, 700])

    base = hostile.pdf(change, pages=3)
    pages = (
        Page((0, 0, 595_000, 842_000), 90),
        Page((100_000, 100_000, 400_000, 700_000)),
        Page((0, 0, 595_000, 842_000)),
    )
    signers = [Signer(number, f"{number}. 王𠮷", number == 1) for number in range(1, 13)]
    made = [
        render_final(
            render_entered(base, pages, CONTROLS, {"rent": "1", "name": "王"}, Watermark("样"), complete=True)[0],
            pages, [SIGN_1], signers, number="HT-1\u202e", case=new, title="题",
        )
        for new in ("7d0d9a0c-0000-4000-8000-000000000001",) * 2
    ]  # fmt: skip
    assert made[0].finalized == made[1].finalized
    assert len(made[0].pages) == 5  # eleven without a place: two more pages
    assert [each.party for each in made[0].controls] == list(range(1, 13))
    assert len({each.name for each in made[0].controls}) == 12


def test_places_on_pages_to_sign_lie_apart_above_the_footer():
    """The grid of boxes fits its page."""
    places = signing_places(BOXES_A_PAGE)
    assert max(each.y + each.height for each in places) <= SIGNING_PAGE[1] - FOOTER
    assert max(each.x + each.width for each in places) <= SIGNING_PAGE[0]


def test_words_shrink_before_they_are_refused():
    """A value of several lines fits smaller; a word that cannot be broken and does not fit is refused, not cut."""
    control = Control(
        "words", ControlKind.TEXT, 0, 1, Rectangle(0, 0, 60_000, 20_000), rule=Rule(max_length=500)
    )
    typeset([Layer((595_000, 842_000), (Entry(control, "", "示例市样本区测试路零号"),))])
    with pytest.raises(Refused) as caught:
        typeset([Layer((595_000, 842_000), (Entry(control, "", "W" * 40),))])
    assert (caught.value.code, caught.value.field) == ("value-overflow", "/values/words")
