"""Turns a certificate into its PDF: one A4 page, record and proof attached, the same bytes for the same input.

The page is drawn from the record's bytes and from nothing else, so that it cannot say what the record does not.
"""

import json
from importlib.resources import files

from zheng_verifier.canonical import JsonValue
from zheng_verifier.deposit_certificate.files import BUNDLE_FILE, RECORD_FILE
from zheng_verifier.deposit_certificate.record import parse_record, verify_code

from api.issuance.certificate.layout import lay_out


def render_certificate(record: bytes, bundle: bytes) -> bytes:
    """Typeset the certificate, Chinese and English on the same page; about 0.1 s of one processor.

    ``record`` is canonical JSON as ``format_record`` writes it, ``bundle`` the proof whose SHA-256 it names.

    Raises:
        MalformedError: the record is none.

    """
    from zheng_verifier.pdf.fonts import coverage
    from zheng_verifier.pdf.qr import qr_svg
    from zheng_verifier.pdf.render import render_pdf

    characters = coverage()

    def spelled(value: JsonValue) -> JsonValue:
        from zheng_verifier.pdf.characters import printable

        match value:
            case str():
                return printable(value, characters)
            case list():
                return [spelled(item) for item in value]
            case dict():
                return {name: spelled(item) for name, item in value.items()}
            case _:
                return value

    data = parse_record(record)
    return render_pdf(
        files("api.issuance.certificate").joinpath("certificate.typ").read_text("utf-8"),
        inputs={
            "view": json.dumps(spelled(lay_out(data, verify_code(record))), ensure_ascii=False),
            "qr": qr_svg(data.verify_url),
            "record": record.decode(),
            "record_file": RECORD_FILE,
            "bundle": bundle.decode(),
            "bundle_file": BUNDLE_FILE,
        },
        created=data.issued_at,
    )
