"""C15: the records about electronic seals agree: created, granted, approved, used; and whose seal object is there.

The events are the platform's word about a picture and a permission. What GB/T 38540 asks of a seal, an object signed by
its maker with a list of certificates, is not among them: that part is NOT_PROVIDED, and a seal object inside a PDF is not
read by this version. Times of grants are claims, so that a use outside of one is undecided; a digest that differs is false.
"""

from collections.abc import Iterator, Sequence

from zheng_verifier.checks.case import Fact, Facts, Match, compare
from zheng_verifier.checks.evidence import failed, indeterminate, not_applicable, not_provided, passed
from zheng_verifier.examined import ExaminedDocument
from zheng_verifier.report.model import Finding, say


def check_seals(facts: Facts, documents: Sequence[ExaminedDocument]) -> list[Finding]:
    """Hold the seal events of the case against one another (C15)."""
    used = facts.named("seal.used")
    findings = [finding for fact in used for finding in _judge_use(facts, fact)]
    findings.extend(_unsupported(facts, documents))
    findings.extend(_judge_signatures(facts))
    if used:
        findings.append(not_provided("SEAL_OBJECT_NOT_PROVIDED", say("seals.object"), say("seals.no_object")))
    if findings:
        return findings
    if facts.starting("seal."):
        return [passed(fact.subject, say("seals.record")) for fact in facts.starting("seal.")]
    return [not_applicable("NO_SEAL", say("the_case"), say("seals.none"))]


def _unsupported(facts: Facts, documents: Sequence[ExaminedDocument]) -> Iterator[Finding]:
    for document in documents:
        if document.seal_object:
            subject = say("documents.file", name=document.name)
            yield indeterminate("SEAL_OBJECT_NOT_SUPPORTED", subject, say("seals.not_supported"))
    for fact in facts.named("party.signed"):
        if fact.text("level") == "gm_seal":
            yield indeterminate("SEAL_OBJECT_NOT_SUPPORTED", fact.subject, say("seals.not_supported"))


def _judge_signatures(facts: Facts) -> Iterator[Finding]:
    """A signature that names a seal names the use of it by the same party on the same document."""
    for signed in facts.named("party.signed"):
        if signed.text("seal_event") is None:
            continue
        used = facts.by_id(signed.text("seal_event"))
        if used is None or used.name != "seal.used":
            state = failed if facts.complete_before(signed) else indeterminate
            yield state("SEAL_LINK_BROKEN", signed.subject, say("seals.no_use"))
        elif (used.text("party"), used.text("document")) != (signed.text("party"), signed.text("document")):
            yield failed("SEAL_LINK_BROKEN", signed.subject, say("seals.other_use", event=used.subject))
        else:
            yield passed(signed.subject, say("seals.signature", event=used.subject))


def _judge_use(facts: Facts, used: Fact) -> Iterator[Finding]:
    earlier = facts.before(used)
    yield from _judge_image(earlier, used)
    yield from _judge_approval(earlier, used)
    yield from _judge_grant(facts, earlier, used)


def _of_same_seal(facts: Facts, name: str, used: Fact) -> list[tuple[Fact, Match]]:
    pairs = [(fact, compare(fact.value("seal"), used.value("seal"))) for fact in facts.named(name)]
    return [(fact, match) for fact, match in pairs if match is not Match.OTHER]


def _judge_image(earlier: Facts, used: Fact) -> Iterator[Finding]:
    """The picture is the one made under that seal."""
    created = _of_same_seal(earlier, "seal.created", used)
    if not created:
        yield not_provided("SEAL_NOT_SHOWN", used.subject, say("seals.not_created"))
    for fact, same in created[-1:]:
        match = compare(fact.value("image"), used.value("image"))
        if Match.UNKNOWN in (same, match):
            yield indeterminate("CANNOT_COMPARE", used.subject, say("seals.sealed", event=fact.subject))
        elif match is Match.OTHER:
            yield failed("SEAL_IMAGE_MISMATCH", used.subject, say("seals.other_image", event=fact.subject))
        else:
            yield passed(used.subject, say("seals.same_image", event=fact.subject))


def _judge_approval(earlier: Facts, used: Fact) -> Iterator[Finding]:
    """The use was approved for these very bytes."""
    named = used.text("approval_event")
    if named is None:
        yield not_provided("SEAL_APPROVAL_NOT_PROVIDED", used.subject, say("seals.no_approval"))
        return
    approval = earlier.by_id(named)
    if approval is None or approval.name != "seal.use_approved":
        state = failed if earlier.complete_before(used) else indeterminate
        yield state("SEAL_LINK_BROKEN", used.subject, say("seals.unknown_approval"))
        return
    matches = {
        compare(approval.value("document_sha256"), used.value("before_sha256")),
        compare(approval.value("seal"), used.value("seal")),
    }
    if Match.OTHER in matches:
        yield failed("SEAL_LINK_BROKEN", used.subject, say("seals.other_approval", event=approval.subject))
    elif Match.UNKNOWN in matches:
        yield indeterminate("CANNOT_COMPARE", used.subject, say("seals.sealed", event=approval.subject))
    else:
        yield passed(used.subject, say("seals.approved", event=approval.subject))


def _judge_grant(facts: Facts, earlier: Facts, used: Fact) -> Iterator[Finding]:
    """A grant of that seal, where one is shown, covers the user and the time; else authority is not provided."""
    grants = _of_same_seal(earlier, "seal.granted", used)
    if not grants:
        yield not_provided("SEAL_GRANT_NOT_PROVIDED", used.subject, say("seals.no_grant"))
    for grant, same in grants[-1:]:
        start, end = grant.time("valid_from"), grant.time("valid_to")
        if start is None or end is None or not start <= used.moment <= end:
            yield indeterminate(
                "SEAL_OUT_OF_GRANT", used.subject, say("seals.out_of_grant", event=grant.subject)
            )
            continue
        names = {
            compare(grant.value("grantee"), record.value("name"))
            for record in facts.named("identity.person_verified", "identity.bound")
            if record.text("party") == used.text("party")
        }
        if same is Match.SAME and Match.SAME in names:
            yield passed(used.subject, say("seals.granted", event=grant.subject))
        elif same is Match.SAME and names == {Match.OTHER}:
            yield failed("SEAL_OUT_OF_GRANT", used.subject, say("seals.other_grantee", event=grant.subject))
        else:
            yield indeterminate("CANNOT_COMPARE", used.subject, say("seals.sealed", event=grant.subject))
