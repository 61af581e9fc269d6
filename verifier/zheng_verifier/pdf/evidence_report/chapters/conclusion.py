"""Chapter 18: the conclusion, by fixed sentences only (evidence-norms §4.4); no free text."""

from collections.abc import Iterator

from zheng_verifier.pdf.evidence_report.blocks import Block, Paragraph, Section
from zheng_verifier.pdf.evidence_report.case import Event
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.pdf.evidence_report.fields import event_fields
from zheng_verifier.report.model import AxisId, CheckId, Finding, SignatureView, Status
from zheng_verifier.taxonomy import EVENT_TYPES


def write(desk: Desk) -> list[Block]:
    """Write the chapter: a sentence for each question, then what none of them decides."""
    sentences = {
        AxisId.A1: _integrity,
        AxisId.A2: _existence,
        AxisId.A3: _ledger,
        AxisId.A4: _signatures,
        AxisId.A5: _identity,
        AxisId.A6: _intent,
        AxisId.A7: _completeness,
        AxisId.A8: _before,
        AxisId.A9: _independence,
    }
    blocks: list[Block] = [Paragraph(desk.texts.overall[desk.input.report.overall], "notice")]
    for axis, sentence in sentences.items():
        status = desk.input.report.axis(axis).status
        blocks.append(Section(f"{axis} {desk.texts.axes[axis]}{desk.say('colon')}{desk.status(status)}"))
        blocks.extend(Paragraph(text) for text in sentence(desk))
    return [*blocks, Section(desk.say("closing_heading")), Paragraph(desk.say("closing"), "strong")]


def _otherwise(desk: Desk, axis: AxisId) -> str:
    """Say that an axis failed, or that it could not be decided and what this does not mean."""
    result = desk.input.report.axis(axis)
    reason = desk.codes(axis) or desk.texts.statuses[result.status]
    key = "concludes_failed" if result.status is Status.FAILED else "concludes_undecided"
    return desk.say(key, reason=reason)


def _integrity(desk: Desk) -> Iterator[str]:
    compared = desk.result(CheckId.C02).status
    if compared is Status.PASSED:
        yield desk.say("concludes_same_file")
    elif compared is Status.FAILED:
        yield desk.say("concludes_other_file")
    if desk.input.report.axis(AxisId.A1).status is not Status.PASSED:
        yield _otherwise(desk, AxisId.A1)


def _existence(desk: Desk) -> Iterator[str]:
    if desk.input.report.axis(AxisId.A2).status is not Status.PASSED:
        yield _otherwise(desk, AxisId.A2)
        return
    for event in desk.case.events:
        after, before = event.view.not_after, event.view.not_before
        if after is None:
            continue
        label, seq = desk.label(event), event.view.seq
        if before is None or not before.trusted:
            yield desk.say("concludes_not_after", seq=seq, label=label, moment=desk.moment(after.moment))
        else:
            yield desk.say(
                "concludes_between",
                seq=seq,
                label=label,
                moment=desk.moment(after.moment),
                earliest=desk.moment(before.moment),
            )


def _ledger(desk: Desk) -> Iterator[str]:
    if desk.input.report.axis(AxisId.A3).status is not Status.PASSED:
        yield _otherwise(desk, AxisId.A3)
        return
    bindings = desk.result(CheckId.C09).findings
    for finding in desk.result(CheckId.C10).findings:
        if finding.status is Status.PASSED and "block_number" in finding.observed:
            # The two checks name an anchor alike: what it binds is the other's finding.
            binding = next((bound for bound in bindings if bound.subject == finding.subject), None)
            yield _recorded(desk, finding, binding)
    yield desk.say("concludes_after_upload")


def _recorded(desk: Desk, finding: Finding, binding: Finding | None) -> str:
    chain = "" if binding is None else binding.observed.get("chain_id", "")
    return desk.say(
        "concludes_recorded",
        chain=chain or desk.say("not_provided"),
        height=finding.observed["block_number"],
        transaction=finding.observed.get("tx_hash", ""),
    )


def _signatures(desk: Desk) -> Iterator[str]:
    axis = desk.input.report.axis(AxisId.A4)
    if axis.status is Status.PASSED:
        yield desk.say("concludes_signatures_hold")
    elif axis.status is Status.NOT_APPLICABLE:
        yield desk.say("concludes_no_signature")
    else:
        yield _otherwise(desk, AxisId.A4)
    for number, signature in enumerate(desk.input.report.signatures, start=1):
        yield _signature(desk, number, signature)
    yield desk.say("concludes_control")


def _signature(desk: Desk, number: int, signature: SignatureView) -> str:
    """Fill the sentence for one signature: its cryptography, changes after it, its certificate then."""
    return desk.say(
        "concludes_signature",
        number=number,
        document=desk.cut(signature.document),
        result=_outcome(desk, signature.status, signature.code),
        changes=desk.changes(signature),
        moment=desk.moment(None if signature.existed is None else signature.existed.moment),
        certificate=_outcome(desk, signature.certificate, signature.certificate_code),
    )


def _outcome(desk: Desk, status: Status, code: str) -> str:
    """Say passed, failed or undecided with its code, and nothing more."""
    match status:
        case Status.PASSED:
            return desk.say("outcome_passed")
        case Status.FAILED:
            return desk.say("outcome_failed", code=code)
        case _:
            return desk.say("outcome_undecided", code=code or status.value)


def _identity(desk: Desk) -> Iterator[str]:
    yield from _records(desk, desk.case.of("identity.person", "identity.organization"), AxisId.A5)


def _intent(desk: Desk) -> Iterator[str]:
    methods = ("intent.confirmed", "intent.face", "intent.otp", "intent.password")
    yield from _records(desk, desk.case.of(*methods), AxisId.A6)


def _records(desk: Desk, events: tuple[Event, ...], axis: AxisId) -> Iterator[str]:
    """State what the platform's records say, and that nobody here checked the person."""
    for event in events:
        yield desk.say(
            "concludes_record",
            seq=event.view.seq,
            label=desk.label(event),
            facts=desk.say("semicolon").join(_facts(desk, event)) or desk.say("dash"),
            received=desk.moment(event.view.received_at),
        )
    if events:
        yield desk.say("concludes_not_the_person")
    if desk.input.report.axis(axis).status is not Status.PASSED:
        yield _otherwise(desk, axis)


def _facts(desk: Desk, event: Event) -> Iterator[str]:
    """Give method, provider and result, under the labels of the event's schema."""
    known = EVENT_TYPES[event.view.type or ""]
    wanted = {
        field.label_zh if desk.language == "zh-CN" else field.label_en
        for field in known.fields
        if field.path in ("/method", "/methods", "/provider", "/simulated", "/result", "/channel")
    }
    yield from (f"{name} {value}" for name, value in event_fields(desk, event) if name in wanted)


def _completeness(desk: Desk) -> Iterator[str]:
    last = max((event.view.seq for event in desk.case.events), default=0)
    if desk.passed(CheckId.C04):
        yield desk.say("concludes_contiguous", last=last)
    if desk.input.report.axis(AxisId.A7).status is not Status.PASSED:
        yield _otherwise(desk, AxisId.A7)


def _before(desk: Desk) -> Iterator[str]:
    result = desk.result(CheckId.C21)
    supported, _, of = result.code.partition("/")
    count = supported if of and supported.isdigit() else "0"
    yield desk.say("concludes_before", count=count)


def _independence(desk: Desk) -> Iterator[str]:
    yield desk.say("concludes_stated" if desk.input.statement is not None else "concludes_not_stated")
