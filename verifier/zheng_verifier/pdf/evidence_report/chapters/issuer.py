"""Chapter 3: who issues the report, who runs which part, and whose interest is disclosed (OLR 17(1)(2), CEV 87(5))."""

from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Paragraph, Row, Section, Table
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.report.model import CheckId
from zheng_verifier.statement import COMPONENTS, Filings, Statement

C22 = (CheckId.C22,)


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    said = desk.input.statement
    operator = None if said is None else said.operator
    filings = Filings() if said is None else said.filings
    return [
        Paragraph(desk.say("own_word")),
        desk.facts(
            (
                ("issuer", desk.input.issuer, ()),
                ("operator", None if operator is None else operator.name, C22),
                ("uscc", None if operator is None else operator.uscc, C22),
                ("contact", None if operator is None else operator.contact, C22),
                ("cac_filing_no", filings.cac_filing_no, C22),
                ("mlps_no", filings.mlps_no, C22),
                ("crypto_assessment_no", filings.crypto_assessment_no, C22),
                ("paid_by", None if said is None else said.paid_by, C22),
            )
        ),
        Section(desk.say("who_runs_what")),
        Table(
            (desk.say("component"), desk.say("name"), desk.say("run_by"), desk.say("related")),
            (20, 32, 30, 18),
            tuple(row for name in COMPONENTS for row in _component(desk, said, name)),
        ),
        Section(desk.say("interests")),
        *_interests(desk, said),
        *desk.findings(CheckId.C22),
    ]


def _component(desk: Desk, said: Statement | None, name: str) -> list[Row]:
    """Give every component its row, one nobody spoke about too: silence must be seen."""
    label, absent = Cell(desk.say(f"component_{name}"), "strong"), desk.say("not_provided")
    parts = [] if said is None else [part for part in said.components if part.component == name]
    if not parts:
        return [(label, absent, absent, absent)]
    return [
        (label, desk.cut(part.name), desk.cut(part.operator), desk.say("yes" if part.related else "no"))
        for part in parts
    ]


def _interests(desk: Desk, said: Statement | None) -> list[Block]:
    interests = None if said is None else said.interests
    if not interests:
        return [Paragraph(desk.say("interests_unknown" if interests is None else "interests_none"))]
    rows = tuple((desk.cut(item.counterpart), desk.cut(item.relation)) for item in interests)
    return [Table((desk.say("counterpart"), desk.say("relation")), (40, 60), rows)]
