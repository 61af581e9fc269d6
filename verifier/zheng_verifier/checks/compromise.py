"""A stolen log key: which of its signatures are still worth something (part of C07).

Three zones by the proof of existence of the signature: before the time from which misuse is claimed it stands; from
there to the notice that can be proven it is undecided; after that, or without proof of existence, it is worth
nothing. So a back-dated claim never destroys evidence that was dated in time.
"""

from collections.abc import Sequence
from datetime import datetime

from zheng_verifier.checks.evidence import Anchored, OpenedProof, Timed, failed, indeterminate, passed
from zheng_verifier.checks.witnesses import Witnessed
from zheng_verifier.encoding import format_time
from zheng_verifier.policy import CompromisedKey, TrustedLog
from zheng_verifier.report.model import Finding, say


def check_compromise(
    proofs: Sequence[OpenedProof],
    log: TrustedLog | None,
    timed: Sequence[Timed],
    witnessed: Sequence[Witnessed],
    anchored: Sequence[Anchored],
) -> list[Finding]:
    """Judge every accepted checkpoint whose key the policy calls compromised; findings for C07."""
    return [
        _judge(proof, notice, _existence(proof, timed, witnessed, anchored))
        for proof in proofs
        for notice in (log.compromised if log is not None else ())
        if proof.key is not None and proof.key.public_key == notice.key.public_key
    ]


def _existence(
    proof: OpenedProof,
    timed: Sequence[Timed],
    witnessed: Sequence[Witnessed],
    anchored: Sequence[Anchored],
) -> list[datetime]:
    """Give every moment by which a source that the policy trusts shows the signature to exist."""
    return [
        *(t.not_after for t in timed if t.proof == proof.number and not t.result.test),
        *(w.time for w in witnessed if w.proof == proof.number),
        *(a.block.time for a in anchored if a.proof == proof.number and a.trusted),
    ]


def _judge(proof: OpenedProof, notice: CompromisedKey, existence: list[datetime]) -> Finding:
    if not existence or min(existence) >= notice.notice_time:
        moment = format_time(notice.notice_time)
        return failed("KEY_COMPROMISED", proof.name, say("compromise.stolen"), notice_time=moment)
    earliest = min(existence)
    if earliest >= notice.claimed_since:
        detail = say("compromise.window")
        return indeterminate("COMPROMISE_WINDOW", proof.name, detail, signed_by=format_time(earliest))
    return passed(
        proof.name,
        say("compromise.before"),
        code="COMPROMISE_NOTICE",
        signed_by=format_time(earliest),
    )
