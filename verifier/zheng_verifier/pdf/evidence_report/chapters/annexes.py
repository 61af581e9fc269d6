"""The annexes: list of evidence, files, entries in full, certificates, blocks, glossary, sources, versions."""

import hashlib

from zheng_verifier.bundle import BundleProof
from zheng_verifier.ethereum.keccak import keccak256
from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Listing, Paragraph, Row, Section, Table
from zheng_verifier.pdf.evidence_report.chapters.application import grouped
from zheng_verifier.pdf.evidence_report.chapters.timestamps import read_token
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.pdf.evidence_report.exhibits import exhibit_table
from zheng_verifier.pdf.evidence_report.words import GLOSSARY, SOURCES
from zheng_verifier.report.model import CheckId


def evidence_list(desk: Desk) -> list[Block]:
    """Write annex A: the list of evidence."""
    return [Paragraph(desk.say("evidence_list_note")), exhibit_table(desk)]


def files(desk: Desk) -> list[Block]:
    """Write annex B: the files of this verification and their digests, as anyone can compute them."""
    rows: list[Row] = [
        (desk.cut(file.name), Cell(f"{file.size:,}", "number"), Cell(grouped(file.sha256), "number"))
        for file in desk.input.report.inputs
    ]
    rows.append(
        (
            desk.say("trust_policy"),
            desk.say("dash"),
            Cell(grouped(desk.input.report.policy.fingerprint), "number"),
        )
    )
    bundle = hashlib.sha256(desk.input.bundle).hexdigest()
    rows.append(
        (desk.say("bundle"), Cell(f"{len(desk.input.bundle):,}", "number"), Cell(grouped(bundle), "number"))
    )
    return [
        Paragraph(desk.say("files_note")),
        Table((desk.say("file"), desk.say("bytes"), "SHA-256"), (30, 14, 56), tuple(rows)),
    ]


def entries(desk: Desk) -> list[Block]:
    """Write annex C: each leaf and entry, byte for byte in canonical JSON; sealed values stay sealed in them."""
    blocks: list[Block] = [Paragraph(desk.say("entries_note", checks=desk.basis(CheckId.C03)))]
    for event in desk.case.events:
        blocks.append(Section(desk.say("event_heading", seq=event.view.seq, label=desk.label(event))))
        entry = desk.texts.labels["withheld_entry"] if event.entry is None else _json(event.source.entry)
        blocks.append(Listing((_json(event.source.leaf), entry)))
    return blocks


def _json(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "backslashreplace")


def certificates(desk: Desk) -> list[Block]:
    """Write annex D: what is enclosed of certificates, revocation lists and time-stamps, by digest and place."""
    rows: list[Row] = []
    for number, der in enumerate(desk.case.bundle.certificates):
        rows.append(_enclosed(desk, "enclosed_certificate", f"/certificates/{number}", der))
    for number, proof in enumerate(desk.case.bundle.proofs):
        rows.extend(_tokens(desk, number, proof))
    table = Table(
        (desk.say("what"), desk.say("place"), desk.say("bytes"), "SHA-256"), (20, 26, 10, 44), tuple(rows)
    )
    return [Paragraph(desk.say("enclosed_note")), table if rows else Paragraph(desk.say("nothing_enclosed"))]


def _tokens(desk: Desk, number: int, proof: BundleProof) -> list[Row]:
    rows: list[Row] = []
    for position, raw in enumerate(proof.tokens):
        place = f"/proofs/{number}/tokens/{position}"
        rows.append(_enclosed(desk, "enclosed_token", place, raw))
        token = read_token(raw)
        if token is not None:
            rows.extend(_enclosed(desk, "token_certificate", place, der) for der in token.certificates)
            rows.extend(_enclosed(desk, "token_crl", place, der) for der in token.crls)
    return rows


def _enclosed(desk: Desk, what: str, place: str, data: bytes) -> Row:
    digest = Cell(grouped(hashlib.sha256(data).hexdigest()), "number")
    return Cell(desk.say(what), "strong"), Cell(place, "code"), Cell(f"{len(data):,}", "number"), digest


def blocks(desk: Desk) -> list[Block]:
    """Write annex E: each chain record with its block header and where its proofs lie in the bundle."""
    found: list[Block] = [Paragraph(desk.say("blocks_note"))]
    for number, proof in enumerate(desk.case.bundle.proofs):
        for position, anchor in enumerate(proof.anchors):
            place = f"/proofs/{number}/anchors/{position}"
            checks = (CheckId.C09, CheckId.C10)
            nodes = desk.say(
                "proof_nodes",
                receipt=len(anchor.receipt_proof),
                transaction=len(anchor.transaction_proof),
                account=len(anchor.account_proof),
            )
            found.append(Section(desk.say("chain_record_at", place=place)))
            found.append(
                desk.facts(
                    (
                        ("chain_id", str(anchor.chain_id), checks),
                        ("contract_address", f"0x{anchor.contract.hex()}", checks),
                        ("block_number", str(anchor.block_number), checks),
                        ("header_hash", f"0x{keccak256(anchor.header).hex()}", (CheckId.C10,)),
                        ("header_bytes", f"{len(anchor.header):,}", (CheckId.C10,)),
                        ("transaction_index", str(anchor.tx_index), (CheckId.C10,)),
                        ("proofs_of_record", nodes, checks),
                    )
                )
            )
    return found if len(found) > 1 else [*found, Paragraph(desk.say("no_chain_record"))]


def glossary(desk: Desk) -> list[Block]:
    """Write annex F: the terms this report uses."""
    rows = tuple((Cell(term, "strong"), other, meaning) for term, other, meaning in GLOSSARY[desk.language])
    return [Table((desk.say("term"), desk.say("other_language"), desk.say("meaning")), (20, 24, 56), rows)]


def sources(desk: Desk) -> list[Block]:
    """Write annex G: the rules and standards by which the chapters are ordered."""
    rows = tuple((Cell(name, "strong"), used) for name, used in SOURCES[desk.language])
    return [
        Paragraph(desk.say("sources_note")),
        Table((desk.say("rule"), desk.say("used_for")), (46, 54), rows),
    ]


def versions(desk: Desk) -> list[Block]:
    """Write annex I: this version, and which earlier ones it replaces."""
    request = desk.input.request
    replaced = desk.say("semicolon").join(request.supersedes) or desk.say("none")
    return [
        Paragraph(desk.say("versions_note")),
        desk.facts(
            (
                ("report_no", request.report_no, ()),
                ("version", str(request.version), ()),
                ("created", desk.moment(request.created), ()),
                ("supersedes", replaced, ()),
            )
        ),
    ]
