"""Chapter 6: certificates with the particulars of ESL Art. 21, key custody, and electronic seals."""

from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Paragraph, Row, Section, Table
from zheng_verifier.pdf.evidence_report.case import Event
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.pdf.evidence_report.fields import event_fields, event_sections
from zheng_verifier.pdf.evidence_report.subjects import events_about
from zheng_verifier.report.model import CheckId, SignatureView
from zheng_verifier.taxonomy import EVENT_TYPES

_PARTICULARS = (
    ("esl21_provider", ("/ca", "/issuer")),
    ("esl21_holder", ("/subject",)),
    ("esl21_serial", ("/serial_number",)),
    ("esl21_validity", ("/not_before", "/not_after")),
    ("esl21_key", ("/key", "/key_algorithm")),
    ("esl21_signature", ("/certificate",)),
    ("esl21_other", ("/profile", "/policy_oid", "/key_usage", "/simulated", "/party", "/response")),
)
"""The particulars a certificate must state, and the fields of ``certificate.issued`` in which a platform deposits them."""


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    issued = events_about(desk.case, "certificates")
    custody = events_about(desk.case, "custody_of_keys")
    seals = events_about(desk.case, "seals")
    return [
        Paragraph(desk.say("certificates_note")),
        *(block for signature in desk.input.report.signatures for block in _of_signature(desk, signature)),
        *(block for event in issued for block in _particulars(desk, event)),
        *([] if issued or desk.input.report.signatures else [Paragraph(desk.say("no_certificates"))]),
        Section(desk.say("key_custody")),
        Paragraph(desk.say("key_custody_note")),
        *event_sections(desk, custody, (CheckId.C14,)),
        *([] if custody else [Paragraph(desk.say("no_custody"))]),
        Section(desk.say("seals")),
        *event_sections(desk, seals, (CheckId.C15,)),
        *([] if seals else [Paragraph(desk.say("no_seals"))]),
        Section(desk.say("result_of_check")),
        desk.checks(CheckId.C14, CheckId.C15, CheckId.C17),
        *desk.findings(CheckId.C14, CheckId.C15),
    ]


def _of_signature(desk: Desk, signature: SignatureView) -> list[Block]:
    """State the particulars as the certificate of a signature itself has them, and who vouches for the CA."""
    name = desk.say("signature_heading", document=desk.cut(signature.document), number=signature.number)
    details, checks = signature.details, (CheckId.C14,)
    if details is None:
        return [Section(name), Paragraph(desk.say("certificate_unreadable"))]
    licence = details.licence or desk.say("not_provided")
    provider = f"{details.issuer}\n{desk.say('licence')}{desk.say('colon')}{licence}"
    test = f"\n{desk.say('test_ca')}" if details.test else ""
    custody = details.custody and desk.say("custody_said", custody=details.custody)
    return [
        Section(name),
        desk.facts(
            (
                ("esl21_provider", provider + test, checks),
                ("esl21_holder", details.subject, checks),
                ("esl21_serial", details.serial, checks),
                (
                    "esl21_validity",
                    f"{desk.moment(details.not_before)} – {desk.moment(details.not_after)}",
                    checks,
                ),
                ("esl21_key", details.key, checks),
                ("esl21_signature", f"{details.algorithm}\nSHA-256 {details.sha256}", checks),
                ("key_custody", custody, checks),
                (
                    "certificate_status",
                    desk.verdict(signature.certificate, signature.certificate_code),
                    checks,
                ),
            )
        ),
    ]


def _particulars(desk: Desk, event: Event) -> list[Block]:
    known = EVENT_TYPES[event.view.type or ""]
    labels = {f.path: f.label_zh if desk.language == "zh-CN" else f.label_en for f in known.fields}
    values = dict(event_fields(desk, event))
    basis = Cell(desk.basis(CheckId.C03, CheckId.C14), "quiet")
    rows: list[Row] = []
    for key, paths in _PARTICULARS:
        found = [
            f"{labels[path]}{desk.say('colon')}{values[labels[path]]}"
            for path in paths
            if labels[path] in values
        ]
        rows.append(
            (Cell(desk.say(key), "strong"), Cell("\n".join(found) or desk.say("not_provided"), "code"), basis)
        )
    return [
        Section(desk.say("event_heading", seq=event.view.seq, label=desk.label(event))),
        Table((desk.say("esl21"), desk.say("content"), desk.say("basis")), (26, 60, 14), tuple(rows)),
    ]
