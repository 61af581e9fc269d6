"""Chapter 10: electronic signatures, and the four conditions of ESL Art. 13 with who vouches for each."""

from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Paragraph, Row, Section, Table
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.pdf.evidence_report.fields import event_sections
from zheng_verifier.pdf.evidence_report.subjects import events_about
from zheng_verifier.report.model import CheckId, SignatureView

_CONDITIONS = (
    ("1", ("identity.", "certificate."), (CheckId.C14, CheckId.C18)),
    ("2", ("intent.", "certificate.key_generated", "certificate.destroyed"), (CheckId.C19,)),
    ("3", ("party.signed", "signature."), (CheckId.C13,)),
    ("4", ("party.signed", "document."), (CheckId.C02, CheckId.C13)),
)
"""Each condition: the kinds of events deposited for it, and the checks that bear on it."""


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    signed = events_about(desk.case, "signatures")
    return [
        Paragraph(desk.say("signatures_note")),
        *_found(desk),
        *event_sections(desk, signed, (CheckId.C13, CheckId.C14)),
        *([] if signed else [Paragraph(desk.say("no_signatures"))]),
        Section(desk.say("esl13")),
        Paragraph(desk.say("esl13_note")),
        Table(
            (desk.say("condition"), desk.say("evidence"), desk.say("result"), desk.say("who_vouches")),
            (30, 24, 20, 26),
            tuple(_condition(desk, *condition) for condition in _CONDITIONS),
        ),
        Section(desk.say("result_of_check")),
        desk.checks(CheckId.C13, CheckId.C14),
        *desk.findings(CheckId.C13, CheckId.C14),
    ]


def _found(desk: Desk) -> list[Block]:
    """List the signatures found in the documents at hand, as C13 and C14 judged each."""
    signatures = desk.input.report.signatures
    if not signatures:
        return [Paragraph(desk.say("no_signatures_found"))]
    return [
        Table(
            (
                desk.say("document"), desk.say("seq"), desk.say("signer"), desk.say("signature_itself"),
                desk.say("changes_after"), desk.say("certificate_then"), desk.say("existed_by"),
            ),
            (15, 6, 15, 17, 13, 17, 17),
            tuple(_signature(desk, signature) for signature in signatures),
        )
    ]  # fmt: skip


def _signature(desk: Desk, signature: SignatureView) -> Row:
    claimed = f"{desk.say('claimed_at')}{desk.say('colon')}{desk.moment(signature.claimed_at)}"
    return (
        Cell(desk.cut(signature.document), "strong"),
        str(signature.number),
        f"{desk.cut(signature.signer)}\n{signature.level}",
        f"C13 {desk.verdict(signature.status, signature.code)}",
        desk.changes(signature),
        f"C14 {desk.verdict(signature.certificate, signature.certificate_code)}",
        Cell(f"{desk.bound(signature.existed)}\n{claimed}", "number"),
    )


def _condition(desk: Desk, number: str, prefixes: tuple[str, ...], checks: tuple[CheckId, ...]) -> Row:
    events = desk.case.of(*prefixes)
    named = desk.say("comma").join(str(event.view.seq) for event in events)
    return (
        Cell(desk.say(f"esl13_{number}"), "strong"),
        desk.say("events_numbered", numbers=named) if events else desk.say("not_provided"),
        "\n".join(f"{check} {desk.status(desk.result(check).status)}" for check in checks),
        desk.say(f"esl13_{number}_vouches"),
    )
