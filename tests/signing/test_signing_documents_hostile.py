"""Documents of strangers that are refused, each for its reason, and those that are taken."""

import io
import zipfile

import hostile_files as hostile
import pikepdf
import pytest

from signing.documents.inspection import Inspector
from signing.documents.kinds import Kind
from signing.documents.limits import DocumentLimits
from signing.documents.parsing.doc import inspect_doc
from signing.documents.parsing.docx import inspect_docx
from signing.documents.parsing.pdf import inspect_pdf
from signing.documents.parsing.unacceptable import UnacceptableError
from signing.documents.ports import Converted
from signing.errors import Refused

LIMITS = DocumentLimits()


def code_of(inspect, content, limits=LIMITS, **options):
    with pytest.raises(UnacceptableError) as caught:
        inspect(content, limits, **options)
    return caught.value.code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (hostile.javascript, "document-active"),
        (hostile.launch, "document-active"),
        (hostile.additional_action, "document-active"),
        (hostile.remote_open, "document-active"),
        (hostile.embedded_file, "document-embedded"),
        (hostile.xfa, "document-form"),
        (hostile.form, "document-form"),
        (hostile.layers, "document-hidden"),
        (hostile.external_stream, "document-external"),
        (hostile.signed, "document-signed"),
        (hostile.huge_page, "document-limit"),
        (hostile.skewed_page, "document-malformed"),
        (hostile.strange_box, "document-malformed"),
        (hostile.own_unit, "document-malformed"),
        (hostile.picture_bomb, "document-limit"),
        (hostile.content_bomb, "document-limit"),
    ],
)
def test_pdf_that_acts_carries_hides_or_bursts_is_refused(change, code):
    """Whatever is more than pages to read, whether a page leads to it or not."""
    assert code_of(inspect_pdf, hostile.pdf(change)) == code


def test_pdf_too_large_in_count_depth_or_pages_is_refused():
    """100,000 objects, a value nested 200 deep, more pages than allowed, and none."""
    assert code_of(inspect_pdf, hostile.many_objects()) == "document-limit"
    assert code_of(inspect_pdf, hostile.nested()) == "document-limit"
    assert code_of(inspect_pdf, hostile.pdf(pages=3), DocumentLimits(pages=2)) == "document-limit"
    assert code_of(inspect_pdf, hostile.pdf(), DocumentLimits(values=3)) == "document-limit"
    assert code_of(inspect_pdf, hostile.pdf(pages=0)) == "document-malformed"


def test_pdf_encrypted_or_damaged_is_refused():
    """With a password, encrypted without one, cut off anywhere, or not a PDF behind its first bytes."""
    whole = hostile.pdf()
    locked = pikepdf.Encryption(owner="o", user="u")
    assert code_of(inspect_pdf, hostile.pdf(encryption=locked)) == "document-encrypted"
    opened = pikepdf.Encryption(owner="o", user="")
    assert code_of(inspect_pdf, hostile.pdf(encryption=opened)) == "document-encrypted"
    for length in (9, len(whole) // 2, len(whole) - 40):
        assert code_of(inspect_pdf, whole[:length]) == "document-malformed"


def test_pdf_that_is_signed_may_be_attached():
    """An attachment is kept as it is, so its signatures stay whole; that it has some is told."""
    assert inspect_pdf(hostile.pdf(hostile.signed), LIMITS, attachment=True).signed


def test_pdf_pages_are_measured_as_seen_and_missing_fonts_are_named():
    """The crop box within the media box, the turn inherited from the tree, a font that the file does not carry."""

    def change(made):
        page = made.pages[0]
        page.CropBox = pikepdf.Array([-10, 20, 500.5, 800])
        made.Root.Pages.Rotate = 90
        page.Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(
                F=pikepdf.Dictionary(
                    Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
                )
            )
        )

    facts = inspect_pdf(hostile.pdf(change), LIMITS)
    assert facts.pages == ((0, 20_000, 500_500, 800_000, 90),)
    assert facts.fonts_missing == ("Helvetica",)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (hostile.macro_docx(), "document-macros"),
        (hostile.docm_type(), "document-macros"),
        (hostile.docx(links=hostile.link("vbaProject", "x.bin")), "document-macros"),
        (
            hostile.docx(links=hostile.link("attachedTemplate", "http://x.test/t.dotm", "External")),
            "document-external",
        ),
        (hostile.docx(links=hostile.link("image", "http://x.test/p.png", "External")), "document-external"),
        (
            hostile.docx(links=hostile.link("hyperlink", "file:///etc/passwd", "External")),
            "document-external",
        ),
        (hostile.docx(links=hostile.link("image", "file:///etc/passwd")), "document-external"),
        (hostile.docx(links=hostile.link("oleObject", "embeddings/o.bin")), "document-embedded"),
        (hostile.docx(parts={"word/embeddings/sheet.xlsx": b"x"}), "document-embedded"),
        (hostile.docx(parts={"word/x.exe": b"MZ"}), "document-embedded"),
        (hostile.docx("<w:p><w:r><w:object/></w:r></w:p>"), "document-embedded"),
        (hostile.docx('<w:altChunk r:id="rId1"/>'), "document-embedded"),
        (hostile.docx('<w:p><w:r><o:OLEObject xmlns:o="urn:o"/></w:r></w:p>'), "document-embedded"),
        (hostile.docx(hostile.field("DDEAUTO c:\\\\cmd.exe")), "document-active"),
        (hostile.docx(hostile.split_field("DD", "EAUTO cmd")), "document-active"),
        (hostile.docx(hostile.split_field("INCLUDETEXT \\\\x")), "document-active"),
        (hostile.docx(hostile.split_field("")), "document-active"),
        (hostile.docx('<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>'), "document-malformed"),
        (hostile.docx('<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'), "document-malformed"),
        (hostile.docx("<w:p><w:r><w:instrText>DDE</w:instrText></w:r></w:p>"), "document-malformed"),
        (hostile.docx("<w:p>"), "document-malformed"),
        (
            hostile.docx(parts={"word/styles.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
            "document-malformed",
        ),
        (hostile.docx(parts={"../../etc/cron.d/x.xml": b"<a/>"}), "document-malformed"),
        (hostile.docx(parts={"/abs.xml": b"<a/>"}), "document-malformed"),
        (hostile.docx(parts={"word\\x.xml": b"<a/>"}), "document-malformed"),
        (hostile.docx(parts={"word/Document.xml": b"<a/>"}), "document-malformed"),
        (hostile.docx(parts={"word/zeros.xml": b"\0" * (8 << 20)}), "document-limit"),
        (hostile.docx("<w:p>" * 300 + "</w:p>" * 300), "document-limit"),
        (hostile.docx(drop=["[Content_Types].xml"]), "document-kind"),
        (hostile.docx(parts={"[Content_Types].xml": b"<Types/>"}), "document-kind"),
        (hostile.docx() + b"tail", "document-malformed"),
        (hostile.docx()[:-30], "document-malformed"),
        (b"PK\x03\x04", "document-malformed"),
    ],
)
def test_docx_with_macros_objects_links_fields_or_bombs_is_refused(content, code):
    """Macros, embedded and outside content, fields that fetch, and ZIPs that are no plain archive."""
    assert code_of(inspect_docx, content) == code


def test_zip_limits_hold_for_number_size_sum_links_and_encryption():
    """Many files, one too large, a link to elsewhere, an encrypted entry, an unusual compression."""
    assert code_of(inspect_docx, hostile.docx(), DocumentLimits(parts=3)) == "document-limit"
    assert code_of(inspect_docx, hostile.docx(), DocumentLimits(part_size=100)) == "document-limit"
    assert code_of(inspect_docx, hostile.docx(), DocumentLimits(parts_size=500)) == "document-limit"
    assert code_of(inspect_docx, hostile.docx(), DocumentLimits(elements=5)) == "document-limit"
    link = zipfile.ZipInfo("word/link.xml")
    link.external_attr = 0o120777 << 16
    assert code_of(inspect_docx, hostile.docx(infos=[(link, b"/etc/passwd")])) == "document-malformed"
    content = bytearray(hostile.docx())
    directory = content.rfind(b"PK\x01\x02")
    content[directory + 8] |= 1
    assert code_of(inspect_docx, bytes(content)) == "document-encrypted"
    content = bytearray(hostile.docx())
    content[content.rfind(b"PK\x01\x02") + 10] = 12
    assert code_of(inspect_docx, bytes(content)) == "document-malformed"
    content = bytearray(hostile.docx())
    content[200] ^= 0xFF
    assert code_of(inspect_docx, bytes(content)) == "document-malformed"


def test_docx_that_is_plain_is_written_anew_without_its_fonts():
    """What the converter reads is what was read here; a font of the file could show another letter."""
    content = hostile.docx(
        hostile.field("PAGE") + hostile.split_field(" DATE ", "\\@ yyyy") + hostile.field("=SUM(ABOVE)"),
        parts={"word/fonts/font1.odttf": b"font", "word/_rels/fontTable.xml.rels": b"<x/>"},
        types='<Default Extension="odttf" ContentType="application/vnd.openxmlformats-officedocument.obfuscatedFont"/>',
        links=hostile.link("hyperlink", "https://x.test/", "External"),
    )
    facts = inspect_docx(content, LIMITS)
    assert {ord("合"), ord("同")} <= set(facts.characters)
    with zipfile.ZipFile(io.BytesIO(facts.clean)) as archive:
        assert not [name for name in archive.namelist() if "font" in name.lower()]
    assert inspect_docx(facts.clean, LIMITS).clean == facts.clean


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (hostile.doc("Macros"), "document-macros"),
        (hostile.doc("_VBA_PROJECT"), "document-macros"),
        (hostile.doc("ObjectPool"), "document-embedded"),
        (hostile.doc("\x01Ole10Native"), "document-embedded"),
        (hostile.doc("EncryptedPackage"), "document-encrypted"),
        (hostile.doc(flags=0x0100), "document-encrypted"),
        (hostile.doc(flags=0x0001), "document-kind"),
        (hostile.doc("Workbook"), "document-kind"),
        (hostile.doc("ObjectPool", child=0xFFFFFFFF), None),
        (hostile.doc(magic=1), "document-malformed"),
        (hostile.doc(text=b"\x13 DDEAUTO cmd \x14"), "document-active"),
        (hostile.doc(text="\x13 INCLUDETEXT x".encode("utf-16-le")), "document-active"),
        (hostile.doc(loop=True), "document-malformed"),
        (hostile.doc()[:600], "document-malformed"),
        (hostile.doc()[:300], "document-malformed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "document-malformed"),
    ],
)
def test_doc_with_macros_objects_or_broken_chains_is_refused(content, code):
    """Macros, objects, encryption, fields that fetch; loops and sectors that are not there."""
    if code is None:
        inspect_doc(content, LIMITS)
    else:
        assert code_of(inspect_doc, content) == code


def test_doc_with_too_many_entries_or_without_text_is_refused():
    """The directory is bounded; a compound file without a Word text is no document."""
    assert code_of(inspect_doc, hostile.doc("a", "b"), DocumentLimits(entries=3)) == "document-limit"
    renamed = hostile.doc().replace("WordDocument".encode("utf-16-le"), "WordDocumenX".encode("utf-16-le"))
    assert code_of(inspect_doc, renamed) == "document-kind"


class NoConverter:
    """Prints ASCII alone, and makes every document an empty page."""

    def prints(self, code_point):
        return code_point < 128

    def convert(self, content, kind):
        return Converted(hostile.pdf(), "none", "1.0")


def prepare(name, content, media_type="", limits=LIMITS, **options):
    return Inspector(NoConverter(), limits).prepare(name, media_type, content, **options)


def refused(code, *arguments, **options):
    with pytest.raises(Refused) as caught:
        prepare(*arguments, **options)
    assert caught.value.code == code


def test_upload_is_judged_by_content_name_and_size_before_it_is_read():
    """A wrong extension, a wrong declared type, something else altogether, too many bytes, a name of control letters."""
    refused("document-name", "contract.docx", hostile.pdf())
    refused("document-name", "contract.pdf", hostile.pdf(), "application/msword")
    refused("document-name", "a\x07.pdf", hostile.pdf())
    refused("document-kind", "contract.pdf", b"MZ" + hostile.pdf())
    refused("document-too-large", "contract.pdf", hostile.pdf(), limits=DocumentLimits(size=100))


def test_reading_happens_in_a_process_that_may_die_of_the_document():
    """Memory and time used up there are a refusal here; so is what the document is refused for."""
    refused("document-limit", "a.pdf", hostile.pdf(), limits=DocumentLimits(memory=30 << 20))
    refused("document-active", "a.pdf", hostile.pdf(hostile.javascript))
    prepared = prepare("合同.pdf", hostile.pdf(hostile.signed), attachment=True)
    assert (prepared.kind, prepared.signed, len(prepared.pages)) == (Kind.PDF, True, 1)


def test_docx_with_letters_that_cannot_be_printed_is_refused():
    """No empty boxes in a contract: the first letter that has no picture is named."""
    refused("document-characters", "a.docx", hostile.docx())
