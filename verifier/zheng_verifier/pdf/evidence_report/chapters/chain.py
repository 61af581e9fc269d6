"""Chapter 12: the log and the chain: path of proof, checkpoints, records, and whether it is a blockchain at all."""

from zheng_verifier.checkpoint import parse_checkpoint_body
from zheng_verifier.errors import EvidenceError
from zheng_verifier.note import parse_note
from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Drawing, Paragraph, Row, Section, Table
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.report.drawings import proof_path_svg, read_proof_path
from zheng_verifier.report.model import CheckId, Finding

_CHECKS = (CheckId.C06, CheckId.C07, CheckId.C08, CheckId.C09, CheckId.C10, CheckId.C12)


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    return [
        Paragraph(desk.say("chain_note")),
        *_path(desk),
        desk.checks(*_CHECKS),
        Section(desk.say("checkpoints")),
        Table(
            (desk.say("checkpoint"), desk.say("tree_size"), desk.say("root_hash"), desk.say("covers"), desk.say("basis")),
            (14, 12, 44, 16, 14),
            tuple(_checkpoint(desk, number) for number in range(len(desk.case.bundle.proofs))),
        ),
        Section(desk.say("is_it_a_blockchain")),
        Paragraph(desk.say("is_it_a_blockchain_note")),
        *_facts(desk),
        Section(desk.say("findings")),
        *desk.findings(*_CHECKS),
    ]  # fmt: skip


def _path(desk: Desk) -> list[Block]:
    """Draw the path of a signature if one was deposited and has a path, else of the last event that has one."""
    positions = [*reversed(range(len(desk.case.events)))]
    positions.sort(key=lambda position: desk.case.events[position].kind != "party.signed")
    for position in positions:
        path = read_proof_path(desk.case.bundle, desk.input.report, position)
        if path is not None:
            caption = desk.say("proof_path_caption", seq=path.seq)
            return [Drawing(proof_path_svg(path, desk.language), desk.say("proof_path_alternative"), caption)]
    return [Paragraph(desk.say("no_proof_path"))]


def _checkpoint(desk: Desk, number: int) -> Row:
    proof = desk.case.bundle.proofs[number]
    events = len(desk.case.events)
    covered = sum(inclusion.event < events for inclusion in proof.inclusions)
    name, basis = Cell(desk.say("checkpoint_number", number=number + 1), "strong"), desk.basis(CheckId.C07)
    covers = desk.say("covers_events", count=covered)
    try:
        checkpoint = parse_checkpoint_body(parse_note(proof.checkpoint).text)
    except EvidenceError:
        return name, desk.say("unreadable"), desk.say("dash"), covers, basis
    return (
        name,
        Cell(f"{checkpoint.size:,}", "number"),
        Cell(checkpoint.root_hash.hex(), "code"),
        covers,
        basis,
    )


def _facts(desk: Desk) -> list[Block]:
    """Say of each chain what was found in its records, and what only its operator could say."""
    said = desk.input.statement
    operators = [] if said is None else [part for part in said.components if part.component == "chain"]
    run_by = desk.say("semicolon").join(f"{part.name} ({part.operator})" for part in operators) or None
    kinds = sorted({_kind(desk, finding) for finding in desk.result(CheckId.C09).findings} - {""})
    finalities = sorted({_finality(desk, finding) for finding in desk.result(CheckId.C10).findings} - {""})
    anchors = [anchor for proof in desk.case.bundle.proofs for anchor in proof.anchors]
    chains = sorted({anchor.chain_id for anchor in anchors})
    return [
        desk.facts(
            (
                ("chain_ids", desk.say("comma").join(map(str, chains)) or None, (CheckId.C09, CheckId.C10)),
                ("chain_records", str(len(anchors)), (CheckId.C09, CheckId.C10)),
                ("chain_kind", desk.say("comma").join(kinds) or None, (CheckId.C09,)),
                ("finality", desk.say("comma").join(finalities) or None, (CheckId.C10,)),
                ("node_operators", run_by, (CheckId.C22,)),
                ("consensus", None if said is None else said.environment.get("consensus"), (CheckId.C22,)),
                ("node_count", None if said is None else said.environment.get("chain_nodes"), (CheckId.C22,)),
            )
        )
    ]


def _kind(desk: Desk, finding: Finding) -> str:
    kind = finding.observed.get("kind", "")
    return desk.say(f"chain_{kind}") if kind in ("dev", "consortium", "public") else kind


def _finality(desk: Desk, finding: Finding) -> str:
    finality = finding.observed.get("finality", "")
    known = {"pinned": "finality_pinned", "self-asserted": "finality_self", "unproven": "finality_unproven"}
    return desk.say(known[finality]) if finality in known else finality
