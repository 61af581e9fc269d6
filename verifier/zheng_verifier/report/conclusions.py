"""What each axis comes to, in the fixed wording of evidence-norms §4.4: templates filled by values, no free text."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from zheng_verifier.report.catalogue import Language, catalogue
from zheng_verifier.report.model import (
    AxisId,
    AxisResult,
    CheckId,
    Finding,
    Report,
    SignatureView,
    Status,
    Text,
    say,
)
from zheng_verifier.report.moments import show_time
from zheng_verifier.report.sentences import word

_SHOWN = 4  # events with a lower bound, signatures: what a page holds


def conclude_axis(report: Report, axis: AxisResult, language: Language) -> list[str]:
    """Say what an axis comes to, a sentence or a few."""
    return [word(text, language) for text in _conclusions(report, axis, language)]


def _conclusions(report: Report, axis: AxisResult, language: Language) -> Iterator[Text]:
    if axis.id is AxisId.A4 and report.signatures and axis.status is not Status.SKIPPED:
        yield from _signatures(report, language)
    match axis.status:
        case Status.PASSED:
            yield from _passed(report, axis.id, language)
        case Status.FAILED:
            if axis.id is AxisId.A1 and report.check(CheckId.C02).status is Status.FAILED:
                yield say("conclusion.a1_differs")
            yield say("conclusion.failed", reasons=_reasons(axis, language))
        case Status.INDETERMINATE:
            yield say("conclusion.indeterminate", reasons=_reasons(axis, language))
        case Status.NOT_PROVIDED:
            yield say("conclusion.not_provided", reasons=_reasons(axis, language))
        case Status.SKIPPED:
            yield say("conclusion.skipped", reasons=_reasons(axis, language))
        case Status.NOT_APPLICABLE:
            yield say("conclusion.not_applicable")
        case _:  # SUPPORTED, CONTESTED: of A8 alone
            yield say("conclusion.a8", count=report.check(CheckId.C21).code.partition("/")[0])
    if axis.id in (AxisId.A5, AxisId.A6) and axis.status in (Status.PASSED, Status.INDETERMINATE):
        yield say("conclusion.persons")


def _passed(report: Report, axis: AxisId, language: Language) -> Iterator[Text]:
    match axis:
        case AxisId.A1:
            yield say("conclusion.a1_records")
            yield from _documents(report)
        case AxisId.A2:
            yield from _times(report, language)
        case AxisId.A3:
            yield from _chain(report)
        case AxisId.A7:
            yield say("conclusion.a7", last=len(report.events))
        case AxisId.A9:
            yield say("conclusion.a9")
        case _:
            pass  # A4–A6 speak above and below; A8 never passes


def _documents(report: Report) -> Iterator[Text]:
    compared = [each for each in report.documents if each.status is Status.PASSED]
    if compared:
        both = all(each.sm3 is not None for each in compared)
        yield say("conclusion.a1_sha256_sm3" if both else "conclusion.a1_sha256")
        names = tuple(say("documents.file", name=each.name) for each in compared)
        yield say("conclusion.a1_files", count=len(compared), names=_first(names))
    missing = [each for each in report.documents if each.status is Status.NOT_PROVIDED]
    if missing:
        absent = tuple(say("documents.document", role=each.role, sha256=each.sha256) for each in missing)
        yield say("conclusion.a1_missing", count=len(missing), names=_first(absent))


def _first(names: tuple[Text, ...]) -> tuple[Text, ...]:
    """Give what a page holds of a list, and say how many it leaves to the detailed report."""
    left = len(names) - _SHOWN
    return names if left <= 0 else (*names[:_SHOWN], say("conclusion.more", count=left))


def _times(report: Report, language: Language) -> Iterator[Text]:
    interval = case_interval(report)
    if interval.upper is not None:
        moment = show_time(interval.upper, language)
        yield say("conclusion.a2", count=len(report.events), moment=moment)
    bounded = [
        (event.seq, event.not_before.moment, event.not_after.moment)
        for event in report.events
        if event.not_before is not None
        and event.not_before.trusted
        and event.not_after is not None
        and event.not_after.trusted
    ]
    for seq, lower, upper in bounded[:_SHOWN]:
        shown = show_time(lower, language), show_time(upper, language)
        yield say("conclusion.a2_event", seq=seq, lower=shown[0], upper=shown[1])
    if len(bounded) > _SHOWN:
        yield say("conclusion.a2_more", count=len(bounded) - _SHOWN)


def _chain(report: Report) -> Iterator[Text]:
    recorded = [finding for finding in report.check(CheckId.C10).findings if _names_block(finding)]
    for finding in recorded[:1]:
        seen = finding.observed
        yield say(
            "conclusion.a3",
            chain=seen["chain_id"],
            block=seen["block_number"],
            transaction=seen["tx_hash"],
        )
    yield say("conclusion.a3_after")


def _names_block(finding: Finding) -> bool:
    return finding.status is Status.PASSED and {"chain_id", "block_number", "tx_hash"} <= set(
        finding.observed
    )


def _signatures(report: Report, language: Language) -> Iterator[Text]:
    for signature in report.signatures[:_SHOWN]:
        yield say(
            "conclusion.a4",
            document=signature.document,
            number=signature.number,
            signer=signature.signer,
            verdict=_verdict(signature),
            changes=_changes(signature),
            certificate=_certificate(signature, language),
        )
    if len(report.signatures) > _SHOWN:
        yield say("conclusion.a4_more", count=len(report.signatures) - _SHOWN)
    unnamed = [each for each in report.check(CheckId.C13).findings if each.code == "SIGNATURE_NOT_NAMED"]
    if unnamed:
        names = _first(tuple(each.subject for each in unnamed))
        yield say("conclusion.a4_unnamed", count=len(unnamed), names=names)
    yield say("conclusion.a4_custody")


def _verdict(signature: SignatureView) -> Text:
    if signature.status is Status.PASSED:
        return say("conclusion.a4_holds")
    failed = signature.status is Status.FAILED
    return say("conclusion.a4_broken" if failed else "conclusion.a4_open", code=signature.code)


def _changes(signature: SignatureView) -> Text:
    """Say what was found after a signature; what a later signature adds (C13 PASSED) changes nothing that was signed."""
    if signature.changed is None or (signature.changed and signature.status is Status.INDETERMINATE):
        return say("conclusion.a4_not_judged")
    found = signature.changed and signature.status is Status.FAILED
    return say("conclusion.a4_changed" if found else "conclusion.a4_unchanged")


def _certificate(signature: SignatureView, language: Language) -> Text:
    texts = catalogue(language)
    status = texts.statuses[signature.certificate]
    if signature.certificate_code:
        meaning = texts.codes.get(signature.certificate_code, signature.certificate_code)
        status = word(say("conclusion.reason", meaning=status, check=meaning), language)
    if signature.existed is None:
        return say("conclusion.a4_certificate", status=status)
    moment = show_time(signature.existed.moment, language)
    return say("conclusion.a4_certificate_at", moment=moment, status=status)


def _reasons(axis: AxisResult, language: Language) -> tuple[Text, ...]:
    texts = catalogue(language)
    found: dict[str, list[str]] = {}
    for entry in axis.codes:
        check, _, code = entry.partition(":")
        meaning = texts.codes.get(code) or texts.checks[CheckId(check)].title
        found.setdefault(meaning, []).append(check)
    return tuple(
        say("conclusion.reason", meaning=meaning, check=", ".join(checks))
        for meaning, checks in found.items()
    )


@dataclass(frozen=True, slots=True)
class Interval:
    """When the case was complete as shown: trusted bounds only, each None if there is none."""

    lower: datetime | None
    upper: datetime | None


def case_interval(report: Report) -> Interval:
    """Give the interval in which the last of the events shown came about.

    The latest lower bound of any event bounds the whole from below; from above, only bounds of all events do.
    """
    lower = [
        event.not_before.moment for event in report.events if event.not_before and event.not_before.trusted
    ]
    upper = [event.not_after.moment for event in report.events if event.not_after and event.not_after.trusted]
    if not upper or len(upper) < len(report.events):
        return Interval(max(lower, default=None), None)
    if lower and max(lower) > max(upper):
        return Interval(None, None)  # the sources contradict one another, as C16 says
    return Interval(max(lower, default=None), max(upper))


def say_interval(report: Report, language: Language) -> str:
    """Say the interval: not before …, not after …."""
    interval = case_interval(report)
    if interval.upper is None:
        return word(say("conclusion.interval_none"), language)
    upper = show_time(interval.upper, language)
    if interval.lower is None:
        return word(say("conclusion.interval_upper", upper=upper), language)
    lower = show_time(interval.lower, language)
    return word(say("conclusion.interval", lower=lower, upper=upper), language)
