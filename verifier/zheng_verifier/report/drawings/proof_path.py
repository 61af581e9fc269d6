"""The path of proof of one event: entry → leaf → root → checkpoint → time-stamps and chain records.

Each arrow carries the number of the check that walked it, with the mark of its result.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from zheng_verifier.bundle import Bundle, BundleProof
from zheng_verifier.checkpoint import parse_checkpoint_body
from zheng_verifier.encoding import format_base64url
from zheng_verifier.errors import EvidenceError
from zheng_verifier.note import parse_note
from zheng_verifier.report.drawings.svg import SOFT, box, drawing, line, polygon, text
from zheng_verifier.report.drawings.words import WORDS
from zheng_verifier.report.marks import mark
from zheng_verifier.report.model import CheckId, Report, Status
from zheng_verifier.report.texts import Language

_WIDTH, _BOX, _GAP, _LEFT = 540.0, 44.0, 26.0, 100.0
_WIDE = 340.0


@dataclass(frozen=True, slots=True)
class Attestation:
    """A time-stamp (by the SHA-256 of its response) or a chain record (by chain and block) over the checkpoint."""

    kind: Literal["token", "anchor"]
    digest: str = ""
    chain: int = 0
    block: int = 0


@dataclass(frozen=True, slots=True)
class ProofPath:
    """The steps of one event's proof; hashes in full, abbreviated only where drawn. ``steps`` are a path's hashes."""

    seq: int
    entry: str | None
    leaf: str
    index: int
    steps: int
    size: int
    root: str
    note: str
    attestations: tuple[Attestation, ...]
    results: Mapping[CheckId, Status]


def read_proof_path(bundle: Bundle, report: Report, position: int) -> ProofPath | None:
    """Read the path of the event at ``position`` of the bundle to the first checkpoint that covers it.

    None if no checkpoint covers it or the covering one does not parse: there is no path to draw.
    """
    proof = next(
        (proof for proof in bundle.proofs if any(item.event == position for item in proof.inclusions)), None
    )
    if proof is None:
        return None
    try:
        checkpoint = parse_checkpoint_body(parse_note(proof.checkpoint).text)
    except EvidenceError:
        return None
    event, view = bundle.events[position], report.events[position]
    inclusion = next(item for item in proof.inclusions if item.event == position)
    entry = None if event.entry is None else format_base64url(hashlib.sha256(event.entry).digest())
    return ProofPath(
        seq=view.seq,
        entry=entry,
        leaf=view.leaf_hash,
        index=inclusion.index,
        steps=len(inclusion.path),
        size=checkpoint.size,
        root=format_base64url(checkpoint.root_hash),
        note=hashlib.sha256(proof.checkpoint).hexdigest(),
        attestations=tuple(_attestations(proof)),
        results={check.id: check.status for check in report.checks},
    )


def _attestations(proof: BundleProof) -> Iterator[Attestation]:
    for token in proof.tokens:
        yield Attestation("token", digest=hashlib.sha256(token).hexdigest())
    for anchor in proof.anchors:
        yield Attestation("anchor", chain=anchor.chain_id, block=anchor.block_number)


def _short(value: str) -> str:
    return f"{value[:10]}…{value[-6:]}"


def proof_path_svg(path: ProofPath, language: Language) -> str:
    """Draw the path from top to bottom; what attests the checkpoint stands side by side below it."""
    words = WORDS[language]
    steps = [
        (words["entry"], _short(path.entry) if path.entry else words["not_provided"], "", path.entry is None),
        (words["leaf"], _short(path.leaf), words["leaf_place"].format(index=path.index), False),
        (words["root"], _short(path.root), words["tree_size"].format(size=path.size), False),
        (words["checkpoint"], f"SHA-256 {_short(path.note)}", "", False),
    ]
    arrows = [
        (CheckId.C03, "SHA-256"),
        (CheckId.C06, words["path_length"].format(count=path.steps)),
        (CheckId.C07, words["signs"]),
    ]
    shapes: list[str] = []
    for number, (name, value, more, dashed) in enumerate(steps):
        y = 4 + number * (_BOX + _GAP)
        shapes.append(box(_LEFT, y, _WIDE, _BOX, dashed=dashed))
        shapes.append(text(_LEFT + 12, y + 18, name, size=11, bold=True))
        shapes.append(text(_LEFT + 12, y + 34, value, size=9.5))
        shapes.append(text(_LEFT + _WIDE - 12, y + 18, more, size=9, anchor="end", color=SOFT))
        if number < len(arrows):
            shapes.extend(_arrow(_LEFT + _WIDE / 2, y + _BOX, *arrows[number], path.results))
    bottom = 4 + 4 * _BOX + 3 * _GAP
    shapes.extend(_below(path, words, bottom))
    return drawing(_WIDTH, bottom + _GAP + _BOX + 8, words["proof_path"].format(seq=path.seq), shapes)


def _arrow(
    x: float, y: float, check: CheckId, label: str, results: Mapping[CheckId, Status]
) -> Iterator[str]:
    yield line(x, y, x, y + _GAP - 4)
    yield polygon(((x - 3.5, y + _GAP - 6), (x + 3.5, y + _GAP - 6), (x, y + _GAP)), filled=True)
    yield text(x + 10, y + _GAP / 2 + 3, f"{_result(check, results)}  {label}", size=9)


def _result(check: CheckId, results: Mapping[CheckId, Status]) -> str:
    return f"{check} {mark(results.get(check, Status.SKIPPED))}"


def _below(path: ProofPath, words: Mapping[str, str], top: float) -> Iterator[str]:
    """Draw up to two attestations of each kind side by side; a missing one is drawn too, dashed."""
    tokens = [item for item in path.attestations if item.kind == "token"][:2] or [Attestation("token")]
    anchors = [item for item in path.attestations if item.kind == "anchor"][:2] or [Attestation("anchor")]
    shown = tokens + anchors
    width = (_WIDTH - 12 * (len(shown) - 1)) / len(shown)
    y = top + _GAP
    middle = _LEFT + _WIDE / 2
    yield line(middle, top, middle, top + 8)
    yield line(width / 2, top + 8, _WIDTH - width / 2, top + 8)
    for number, item in enumerate(shown):
        x = number * (width + 12)
        what = _what(item, words)
        yield line(x + width / 2, top + 8, x + width / 2, y, dashed=not what)
        yield box(x, y, width, _BOX, dashed=not what)
        checks = (CheckId.C11,) if item.kind == "token" else (CheckId.C09, CheckId.C10)
        results = " ".join(_result(check, path.results) for check in checks)
        yield text(x + 8, y + 18, words[item.kind], size=10, bold=True)
        yield text(x + width - 8, y + 18, results, size=8.5, anchor="end")
        yield text(x + 8, y + 34, what or words["not_provided"], size=8.5)


def _what(item: Attestation, words: Mapping[str, str]) -> str:
    if item.kind == "anchor":
        return words["anchor_place"].format(chain=item.chain, block=item.block) if item.chain else ""
    return f"SHA-256 {item.digest[:12]}…" if item.digest else ""
