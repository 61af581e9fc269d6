"""C21: what lies there for the question whether data was true before it was deposited (OLR Art. 18); never an answer.

Six slots, each SUPPORTED by events of the case or NOT_PROVIDED: source, generation, storage, notarisation, witness by a
third party, corroboration. The check says how many have material ("3/6"); whether it convinces is for the court. Where a
party refused to sign as not being the one meant, it is CONTESTED. Which events fill which slot: docs/spec/verification.md.
"""

from collections.abc import Callable, Mapping

from zheng_verifier.checks.case import Fact, Facts
from zheng_verifier.checks.evidence import names_of, not_provided
from zheng_verifier.report.model import CheckId, CheckResult, Finding, Status, say

_CONTESTING = ("identity", "not_authorized", "not_involved")


def _one_of(*names: str) -> Callable[[Fact], bool]:
    return lambda fact: fact.name in names


def _kept(fact: Fact) -> bool:
    """The document was archived, or the service itself hashed its bytes on receipt."""
    return fact.name == "document.archived" or bool(fact.entry.checked.documents)


def _third_party(fact: Fact) -> bool:
    """Another than platform and party is said to have taken part in the act itself, and was no simulator."""
    names = ("identity.person_verified", "identity.organization_verified", "intent.face_verified")
    if fact.name == "signature.timestamped":
        return fact.value("test") is False
    return fact.name in names and fact.value("simulated") is False and fact.text("method") != "manual"


def _corroborating(fact: Fact) -> bool:
    """Data of others that agree: a carrier's or authority's record, or public evidence named by what was made."""
    if fact.name in ("notification.delivered", "certificate.issued", "intent.otp_verified"):
        return fact.value("simulated") is False
    return bool(fact.entry.claim.after)


_SLOTS: Mapping[str, Callable[[Fact], bool]] = {
    "source": _one_of("document.uploaded", "document.attached", "contract.created", "template.created"),
    "generation": _one_of("document.converted", "document.filled", "document.finalized"),
    "storage": _kept,
    "notarization": lambda _: False,  # no event of the taxonomy yet: a notary's deed would be one
    "third_party": _third_party,
    "corroboration": _corroborating,
}


def check_pre_chain(facts: Facts) -> CheckResult:
    """Fill the six slots from the events shown (C21)."""
    findings = [_slot(name, [fact for fact in facts.all if fills(fact)]) for name, fills in _SLOTS.items()]
    supported = [finding for finding in findings if finding.status is Status.SUPPORTED]
    contests = [
        Finding(Status.CONTESTED, "CONTESTED", fact.subject, say("pre_chain.contested"))
        for fact in facts.named("party.rejected")
        if fact.text("reason_code") in _CONTESTING
    ]
    share = f"{len(supported)}/{len(_SLOTS)}"
    if contests:
        return CheckResult(CheckId.C21, Status.CONTESTED, share, (*contests, *findings))
    if not supported:
        return CheckResult(CheckId.C21, Status.NOT_PROVIDED, "NOT_PROVIDED", tuple(findings))
    return CheckResult(CheckId.C21, Status.SUPPORTED, share, tuple(findings))


def _slot(name: str, facts: list[Fact]) -> Finding:
    subject = say(f"pre_chain.{name}")
    if not facts:
        return not_provided("NOT_PROVIDED", subject, say("pre_chain.nothing"))
    events = names_of([fact.item for fact in facts])
    return Finding(Status.SUPPORTED, "", subject, say("pre_chain.material", events=events))
