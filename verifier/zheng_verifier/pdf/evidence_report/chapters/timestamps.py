"""Chapter 11: every time-stamp over a checkpoint, as it reads, beside what the check said of it."""

import hashlib
from collections.abc import Iterator

from zheng_verifier.bundle import BundleProof
from zheng_verifier.errors import EvidenceError
from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Paragraph, Row, Section, Table
from zheng_verifier.pdf.evidence_report.chapters.application import grouped
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.report.model import CheckId
from zheng_verifier.timestamp import TimestampToken, parse_response


def read_token(raw: bytes) -> TimestampToken | None:
    """Read a stored response; None if it does not parse or grants nothing (C11 says which)."""
    try:
        return parse_response(raw).granted()
    except EvidenceError:
        return None


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    rows = [
        row
        for number, proof in enumerate(desk.case.bundle.proofs, start=1)
        for row in _rows(desk, number, proof)
    ]
    return [
        Paragraph(desk.say("timestamps_note")),
        desk.checks(CheckId.C11, CheckId.C17),
        *(
            [
                Section(desk.say("tokens_as_they_read")),
                Table(
                    (
                        desk.say("checkpoint"),
                        desk.say("gen_time"),
                        desk.say("token_facts"),
                        desk.say("imprint"),
                    ),
                    (11, 19, 34, 36),
                    tuple(rows),
                ),
                Paragraph(desk.say("tokens_note", checks=desk.basis(CheckId.C11)), "quiet"),
            ]
            if rows
            else [Paragraph(desk.say("no_tokens"))]
        ),
        Section(desk.say("findings")),
        *desk.findings(CheckId.C11, CheckId.C17),
    ]


def _rows(desk: Desk, number: int, proof: BundleProof) -> Iterator[Row]:
    for raw in proof.tokens:
        token = read_token(raw)
        name = Cell(desk.say("checkpoint_number", number=number), "strong")
        if token is None:
            digest = grouped(hashlib.sha256(raw).hexdigest())
            yield name, desk.say("unreadable"), f"SHA-256\n{digest}", desk.say("dash")
            continue
        info = token.info
        accuracy = (
            desk.say("not_provided")
            if info.accuracy is None
            else f"± {info.accuracy.delta.total_seconds():g} s"
        )
        authority = desk.say("not_provided") if info.tsa is None else desk.cut(info.tsa.value)
        facts = [
            f"{desk.say('authority')}{desk.say('colon')}{authority}",
            f"{desk.say('serial')}{desk.say('colon')}{info.serial_number:x}",
            f"{desk.say('policy_oid')}{desk.say('colon')}{info.policy_oid}",
            f"{desk.say('accuracy')}{desk.say('colon')}{accuracy}",
        ]
        yield (
            name,
            Cell(desk.moment(info.gen_time), "number"),
            "\n".join(facts),
            Cell(f"{info.imprint_algorithm.oid}\n{grouped(info.imprint.hex())}", "number"),
        )
