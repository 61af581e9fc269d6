"""Files that nobody should accept, made here: PDFs by pikepdf, ZIPs and compound files byte by byte."""

import io
import struct
import zipfile

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from signing.documents.samples.docx import paragraph, write_docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf(change=None, pages=1, **saving):
    """A PDF of empty pages, after ``change(pdf)``."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    if change is not None:
        change(made)
    output = io.BytesIO()
    made.save(output, **saving)
    return output.getvalue()


def javascript(made):
    made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def launch(made):
    action = Dictionary(S=Name.Launch, F=String("calc.exe"))
    made.pages[0].Annots = Array(
        [made.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action))]
    )


def additional_action(made):
    made.pages[0].AA = Dictionary(O=Dictionary(S=Name.URI, URI=String("http://x.test")))


def remote_open(made):
    made.Root.OpenAction = Dictionary(S=Name.GoToR, F=String("other.pdf"))


def embedded_file(made):
    made.attachments["evil.exe"] = b"MZ"


def xfa(made):
    made.Root.AcroForm = Dictionary(Fields=Array(), XFA=made.make_stream(b"<xdp/>"))


def form(made):
    field = made.make_indirect(Dictionary(FT=Name.Tx, T=String("a"), V=String("")))
    made.Root.AcroForm = Dictionary(Fields=Array([field]))


def layers(made):
    layer = made.make_indirect(Dictionary(Type=Name.OCG, Name=String("hidden")))
    made.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))


def external_stream(made):
    made.pages[0].Contents = made.make_stream(b"", F=String("http://x.test/page"))


def signed(made):
    value = made.make_indirect(
        Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), ByteRange=Array([0, 1, 2, 3]))
    )
    field = made.make_indirect(Dictionary(FT=Name.Sig, T=String("s"), V=value))
    made.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)


def huge_page(made):
    made.pages[0].MediaBox = Array([0, 0, 20_000, 20_000])


def skewed_page(made):
    made.pages[0].Rotate = 45


def strange_box(made):
    made.pages[0].CropBox = Array([0, 0, 600])


def own_unit(made):
    made.pages[0].UserUnit = 10


def picture_bomb(made):
    made.pages[0].Resources = Dictionary(
        XObject=Dictionary(
            I=made.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Width=60_000, Height=60_000)
        )
    )


def content_bomb(made):
    import zlib

    stream = made.make_stream(zlib.compress(b" " * (70 << 20), 9))
    stream.Filter = Name.FlateDecode
    made.pages[0].Contents = stream


def many_objects(count=100_000):
    """A PDF with so many objects, without pikepdf, which would take its time."""
    parts, offsets, length = [b"%PDF-1.7\n"], [], 9
    first = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    for number in range(1, count + 1):
        body = first[number - 1] if number <= 3 else b"null"
        part = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        offsets.append(length)
        length += len(part)
        parts.append(part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    tail = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n"
    parts.append(tail % (count + 1, table, count + 1, length))
    return b"".join(parts)


def nested(depth=200):
    """A PDF with a value nested so deep."""

    def change(made):
        value = Array([])
        for _ in range(depth):
            value = Array([value])
        made.Root.Deep = value

    return pdf(change)


# DOCX


def docx(body="", parts=None, drop=(), types="", links="", infos=()):
    """A DOCX with more in its body, in its list of types, among its links, and with parts of its own."""
    files = {}
    with zipfile.ZipFile(io.BytesIO(write_docx([paragraph("合同"), body], "foot"))) as archive:
        for name in archive.namelist():
            files[name] = archive.read(name)
    files["[Content_Types].xml"] = files["[Content_Types].xml"].replace(
        b"</Types>", types.encode() + b"</Types>"
    )
    place = "word/_rels/document.xml.rels"
    files[place] = files[place].replace(b"</Relationships>", links.encode() + b"</Relationships>")
    for name in drop:
        del files[name]
    files |= parts or {}
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        for info, content in infos:
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return output.getvalue()


def link(kind, target, mode=""):
    more = f' TargetMode="{mode}"' if mode else ""
    return f'<Relationship Id="rIdX" Type="{OFFICE}/{kind}" Target="{target}"{more}/>'


def field(code):
    return f'<w:p><w:fldSimple w:instr="{code}"/></w:p>'


def split_field(*codes):
    runs = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        + runs
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def macro_docx():
    """What Word saves as DOCM, under the name of a DOCX."""
    plain = docx(
        parts={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"},
        types='<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>',
    )
    return plain


def docm_type():
    """A document whose main part is of the kind that has macros."""
    files = {}
    with zipfile.ZipFile(io.BytesIO(docx())) as archive:
        for name in archive.namelist():
            files[name] = archive.read(name)
    files["[Content_Types].xml"] = files["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return output.getvalue()


# DOC


def doc(*names, flags=0, text=b"", magic=0xA5EC, loop=False, child=1):
    """A compound file ([MS-CFB] version 3) with a stream WordDocument and further entries of these names."""
    body = (struct.pack("<H8xH", magic, flags) + text).ljust(4096, b"\0")
    entries = [
        ("Root Entry", 5, 0xFFFFFFFE, 0),
        ("WordDocument", 2, 0, len(body)),
        *((n, 1, 0, 0, child) for n in names),
    ]
    directory = b"".join(_entry(*each) for each in entries)
    directory = directory.ljust(-(-len(directory) // 512) * 512, b"\0")
    streams, folders = len(body) // 512, len(directory) // 512
    fat = [*range(1, streams), 0xFFFFFFFE]
    start = streams
    fat += [*range(start + 1, start + folders), start if loop else 0xFFFFFFFE, 0xFFFFFFFD]
    table = struct.pack(f"<{len(fat)}L", *fat).ljust(512, b"\xff")
    header = struct.pack(
        "<8s16xHHHHH6xLLLLLLLLL",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, start, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0,
    )  # fmt: skip
    header += struct.pack("<L", start + folders) + b"\xff" * (4 * 108)
    return header.ljust(512, b"\xff") + body + directory + table


def _entry(name, kind, start, size, child=1):
    encoded = name.encode("utf-16-le") + b"\0\0"
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HB", len(encoded), kind)
        + b"\0" * 9
        + struct.pack("<L", child)
        + b"\0" * 36
        + struct.pack("<LQ", start, size)
    )
