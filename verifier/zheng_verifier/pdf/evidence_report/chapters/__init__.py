"""The chapters of the evidence report in their order (evidence-norms §2.3), and the annexes behind them.

Annex H (declarations for courts of the United States) is not written: a person must draft and sign it.
"""

from collections.abc import Callable

from zheng_verifier.pdf.evidence_report.blocks import Block, Chapter
from zheng_verifier.pdf.evidence_report.chapters import (
    annexes,
    application,
    certificates,
    chain,
    conclusion,
    documents,
    environment,
    identity,
    integrity,
    intent,
    issuer,
    limits,
    pre_chain,
    repetition,
    signatures,
    summary,
    time_line,
    times,
    timestamps,
    undertaking,
)
from zheng_verifier.pdf.evidence_report.desk import Desk

Writer = Callable[[Desk], list[Block]]

CHAPTERS: tuple[tuple[str, Writer], ...] = (
    ("1", summary.write),
    ("2", application.write),
    ("3", issuer.write),
    ("4", documents.write),
    ("5", identity.write),
    ("6", certificates.write),
    ("7", intent.write),
    ("8", time_line.write),
    ("9", integrity.write),
    ("10", signatures.write),
    ("11", timestamps.write),
    ("12", chain.write),
    ("13", times.write),
    ("14", pre_chain.write),
    ("15", environment.write),
    ("16", limits.write),
    ("17", repetition.write),
    ("18", conclusion.write),
    ("19", undertaking.write),
)
ANNEXES: tuple[tuple[str, Writer], ...] = (
    ("A", annexes.evidence_list),
    ("B", annexes.files),
    ("C", annexes.entries),
    ("D", annexes.certificates),
    ("E", annexes.blocks),
    ("F", annexes.glossary),
    ("G", annexes.sources),
    ("I", annexes.versions),
)
_OWN_PAGE = ("1", "8", "12", "18", "A", "C")


def write_chapters(desk: Desk) -> tuple[Chapter, ...]:
    """Write every chapter and annex."""
    made = []
    for kind, listed in (("chapter", CHAPTERS), ("annex", ANNEXES)):
        for number, write in listed:
            title = desk.say(f"{kind}_{number}")
            heading = desk.say(f"{kind}_number", number=number)
            made.append(Chapter(heading, title, tuple(write(desk)), breaks=number in _OWN_PAGE))
    return tuple(made)
