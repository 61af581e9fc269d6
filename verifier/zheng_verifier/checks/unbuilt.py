"""The checks that exist by number and are not built yet: they say so, or that their evidence is not there.

NOT_PROVIDED where the bundle holds nothing of the kind, INDETERMINATE(NOT_IMPLEMENTED) where it does and this
verifier cannot judge it. Neither is ever taken for a result.
"""

from collections.abc import Sequence

from zheng_verifier.checks.evidence import Anchored, Item, indeterminate, not_provided
from zheng_verifier.examined import ExaminedDocument
from zheng_verifier.report.model import CheckId, Finding

_EVENTS = {
    CheckId.C14: ("party.signed/", "certificate.issued/"),
    CheckId.C15: ("seal.used/",),
    CheckId.C18: ("identity.",),
    CheckId.C19: ("intent.",),
}


def unbuilt_findings(
    items: Sequence[Item], documents: Sequence[ExaminedDocument], anchored: Sequence[Anchored]
) -> dict[CheckId, list[Finding]]:
    """Give the findings of C01, C12–C15 and C17–C22."""
    types = {item.entry.claim.type for item in items if item.is_event and item.entry is not None}
    present = {check: any(t.startswith(prefixes) for t in types) for check, prefixes in _EVENTS.items()}
    present[CheckId.C12] = len({anchor.chain_id for anchor in anchored}) > 1
    present[CheckId.C13] = any(document.pdf for document in documents)
    present[CheckId.C20] = "case.opened/1" in types
    present[CheckId.C17] = True  # there is always a key that could have been revoked
    absent = {CheckId.C01, CheckId.C21, CheckId.C22}
    return {check: [_finding(built_on)] for check, built_on in present.items()} | {
        check: [_finding(built_on=False)] for check in absent
    }


def _finding(built_on: bool) -> Finding:
    if built_on:
        return indeterminate("NOT_IMPLEMENTED", "", "the evidence is there; this version does not judge it")
    return not_provided("NOT_PROVIDED", "", "the bundle holds no evidence of this kind")
