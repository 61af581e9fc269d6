"""Chapter 6: certificates with the particulars of ESL Art. 21, key custody, and electronic seals."""

from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Paragraph, Row, Section, Table
from zheng_verifier.pdf.evidence_report.case import Event
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.pdf.evidence_report.fields import event_fields, event_section
from zheng_verifier.report.model import CheckId
from zheng_verifier.taxonomy import EVENT_TYPES

_PARTICULARS = (
    ("esl21_provider", ("/ca", "/issuer")),
    ("esl21_holder", ("/subject",)),
    ("esl21_serial", ("/serial_number",)),
    ("esl21_validity", ("/not_before", "/not_after")),
    ("esl21_key", ("/key", "/key_algorithm")),
    ("esl21_signature", ("/certificate",)),
    ("esl21_other", ("/profile", "/policy_oid", "/key_usage", "/simulated")),
)
"""The particulars a certificate must state, and the fields of ``certificate.issued`` in which a platform deposits them."""


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    issued = desk.case.of("certificate.issued")
    custody = desk.case.of("certificate.key_generated", "certificate.destroyed", "certificate.revoked")
    seals = desk.case.of("seal.")
    return [
        Paragraph(desk.say("certificates_note")),
        *(block for event in issued for block in _particulars(desk, event)),
        *([] if issued else [Paragraph(desk.say("no_certificates"))]),
        Section(desk.say("key_custody")),
        Paragraph(desk.say("key_custody_note")),
        *(block for event in custody for block in event_section(desk, event, (CheckId.C14,))),
        *([] if custody else [Paragraph(desk.say("no_custody"))]),
        Section(desk.say("seals")),
        *(block for event in seals for block in event_section(desk, event, (CheckId.C15,))),
        *([] if seals else [Paragraph(desk.say("no_seals"))]),
        Section(desk.say("result_of_check")),
        desk.checks(CheckId.C14, CheckId.C15, CheckId.C17),
        *desk.findings(CheckId.C14, CheckId.C15),
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
