"""C07, second part: witnesses of the policy saw the checkpoint, and say when.

The threshold is met for an event if one accepted checkpoint that covers it was cosigned by so many different witnesses.
A line by a key that the policy does not name is nothing to this reader. A line by one that it names and that does not
hold is false, whatever the threshold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zheng_verifier.checks.evidence import (
    Inclusions,
    Item,
    OpenedProof,
    events_of,
    finding_of,
    indeterminate,
    names_of,
    not_provided,
    passed,
)
from zheng_verifier.cosignature import Cosignature, verify_cosignatures
from zheng_verifier.encoding import format_time
from zheng_verifier.errors import EvidenceError
from zheng_verifier.note import parse_note
from zheng_verifier.policy import TrustedLog
from zheng_verifier.report.model import Finding, say


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A cosignature that holds over the checkpoint of ``size``, by the policy's witness ``name``, at ``time``."""

    proof: int
    size: int
    name: str
    time: datetime


def check_witnesses(
    proofs: Sequence[OpenedProof], log: TrustedLog | None
) -> tuple[list[Witnessed], list[Finding]]:
    """Verify every line by a witness that the policy names, over each accepted checkpoint."""
    witnessed: list[Witnessed] = []
    findings: list[Finding] = []
    for proof in proofs:
        if proof.signed is None or log is None:
            continue  # C07 says already that the checkpoint is not accepted
        note = parse_note(proof.source.checkpoint)
        for key in log.witnesses.of:
            subject = say("witnesses.over", name=key.name, checkpoint=proof.name)
            try:
                found: Cosignature | None = verify_cosignatures(note, key)
            except EvidenceError as error:
                findings.append(finding_of(error, subject))
                continue
            if found is not None:
                size = proof.signed.checkpoint.size
                witnessed.append(Witnessed(proof.number, size, key.name, found.time))
                findings.append(passed(subject, time=format_time(found.time)))
    return witnessed, findings


def judge_threshold(
    witnessed: Sequence[Witnessed], items: list[Item], inclusions: Inclusions, needed: int
) -> tuple[list[Finding], list[Finding]]:
    """Give what decides C07, and what is said beside it: without a threshold no witness is missing, nor assumed."""
    names: dict[int, set[str]] = {}
    for each in witnessed:
        names.setdefault(each.proof, set()).add(each.name)
    if needed == 0:
        nobody = not_provided("NO_WITNESS", say("witnesses.all"), say("witnesses.none"))
        return [], [] if witnessed else [nobody]
    met = {proof for proof, found in names.items() if len(found) >= needed}
    covered = set().union(*(inclusions.covered[proof] for proof in met))
    short = [item for item in events_of(items) if item.number not in covered]
    if not short:
        return [], []
    most = max((len(found) for found in names.values()), default=0)
    detail = say("witnesses.too_few", needed=needed, most=most)
    return [indeterminate("WITNESS_THRESHOLD_NOT_MET", names_of(short), detail)], []
