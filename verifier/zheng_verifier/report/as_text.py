"""The report for people, as plain text in Chinese or English; its first line names the policy it rests on."""

import json
from collections.abc import Iterator
from typing import Literal, TypeAlias

from zheng_verifier import taxonomy
from zheng_verifier.encoding import format_time
from zheng_verifier.errors import escape
from zheng_verifier.report.catalogue import Catalogue, Language, catalogue, explain
from zheng_verifier.report.comparison import describe_comparison
from zheng_verifier.report.conclusions import conclude_axis, say_interval
from zheng_verifier.report.marks import mark
from zheng_verifier.report.model import (
    CheckId,
    CheckResult,
    EventView,
    Finding,
    Report,
    Status,
    TimeBound,
)
from zheng_verifier.report.sentences import name_observed, word
from zheng_verifier.report.simple import not_proven

Form: TypeAlias = Literal["simple", "detailed"]

_SHOWN_FINDINGS = 6
_SHOWN_VALUE = 256  # characters


def report_text(report: Report, language: Language = "en", form: Form = "detailed") -> str:
    """Write a report as text, ending in a line feed."""
    texts = catalogue(language)
    if form == "simple":
        return "\n".join([*_head(report, texts, "simple_title"), *_simple(report, texts)]) + "\n"
    parts = [
        _head(report, texts),
        _overall(report, texts),
        _checks(report, texts),
        _events(report, texts, language),
    ]
    return "\n".join(line for part in parts for line in part) + "\n"


def _head(report: Report, texts: Catalogue, title: str = "title") -> Iterator[str]:
    labels, policy = texts.labels, report.policy
    yield f"{labels['policy']}: SHA-256 {policy.fingerprint} ({texts.sources[policy.source]})"
    if policy.issued_at is not None and policy.expires is not None:
        dates = labels["policy_dates"]
        yield "  " + dates.format(issued=format_time(policy.issued_at), expires=format_time(policy.expires))
    yield ""
    yield labels[title]
    yield "=" * 72
    moment = labels["not_stated"] if report.verified_at is None else format_time(report.verified_at)
    yield f"{labels['verifier']}: {report.verifier}    {labels['verified_at']}: {moment}"
    yield labels["unsigned"]
    for file in report.inputs:
        yield f"{labels['inputs']}: {_shown(file.name)}  {file.size} B  SHA-256 {file.sha256}"
    if report.origin is not None:
        yield f"{labels['log']}: {report.origin}"
        yield f"{labels['case']}: {report.case}"
    yield ""


def _word(report: Report, texts: Catalogue) -> Iterator[str]:
    yield f"{texts.labels['overall']}: {texts.overall[report.overall]}"
    yield from (f"  {texts.notes[note]}" for note in report.notes)
    if report.refusal is not None:
        yield from _finding(report.refusal, texts)
    if report.container is not None and report.container.enclosed is not None:
        yield f"  {word(describe_comparison(report.container.enclosed), texts.language)}"


def _simple(report: Report, texts: Catalogue) -> Iterator[str]:
    """Give the page: each axis in plain words, the interval, and what is not proven."""
    labels, language = texts.labels, texts.language
    yield from _word(report, texts)
    if report.axes:
        yield ""
    for axis in report.axes:
        yield f"{axis.id}  {texts.axes[axis.id]}: {mark(axis.status)} {texts.statuses[axis.status]}"
        yield from (f"    {escape(sentence)}" for sentence in conclude_axis(report, axis, language))
    if report.events:
        yield ""
        yield f"{labels['interval']}: {say_interval(report, language)}"
    limits = not_proven(report, language)
    if limits:
        yield ""
        yield f"{labels['not_proven']}:"
        yield from (f"  - {limit}" for limit in limits)
    yield ""
    yield texts.closing


def _overall(report: Report, texts: Catalogue) -> Iterator[str]:
    labels = texts.labels
    yield from _word(report, texts)
    if not report.axes:
        return
    yield ""
    yield f"{labels['axes']}:"
    for axis in report.axes:
        yield f"  {axis.id}  {texts.axes[axis.id]}: {texts.statuses[axis.status]}"
        for entry in axis.codes:
            check, _, code = entry.partition(":")
            meaning = (
                texts.codes.get(code) or texts.checks[CheckId(check)].title
            )  # "3/6" has no words of its own
            yield f"        {check} {code}: {meaning}"
    yield ""


def _checks(report: Report, texts: Catalogue) -> Iterator[str]:
    if report.checks:
        yield f"{texts.labels['checks']}:"
    for check in report.checks:
        yield from _check(check, texts)


def _check(check: CheckResult, texts: Catalogue) -> Iterator[str]:
    text, labels = texts.checks[check.id], texts.labels
    code = f" ({check.code})" if check.code not in ("", check.status) else ""
    yield f"  {check.id}  {text.title}: {texts.statuses[check.status]}{code}"
    if check.status is Status.PASSED:
        yield f"        {labels['proves']}: {text.proves}"
        yield f"        {labels['not_proves']}: {text.not_proves}"
    notable = [f for f in check.findings if f.status is not Status.PASSED or f.code]
    shown = notable or list(check.findings)
    for finding in shown[:_SHOWN_FINDINGS]:
        yield from _finding(finding, texts)
    if len(shown) > _SHOWN_FINDINGS:
        yield "        … " + labels["findings"].format(count=len(shown))
    quiet = len(check.findings) - len(shown)
    if quiet:
        yield f"        + {labels['quiet'].format(count=quiet)}: {texts.statuses[Status.PASSED]}"


def _finding(finding: Finding, texts: Catalogue) -> Iterator[str]:
    subject, said = word(finding.subject, texts.language), explain(finding, texts.language)
    detail = f": {_shown(said)}" if said else ""
    code = f" {finding.code}" if finding.code not in ("", finding.status) else ""
    about = f" {_shown(subject)}" if subject else ""
    yield f"        - {texts.statuses[finding.status]}{code}{about}{detail}"
    for name, value in finding.observed.items():
        if value:
            yield f"            {name_observed(name, texts.language)} = {_shown(value)}"


def _events(report: Report, texts: Catalogue, language: Language) -> Iterator[str]:
    if report.events:
        yield ""
        yield f"{texts.labels['events']}:"
    for event in report.events:
        yield from _event(event, texts, language)
    yield ""
    yield texts.closing


def _label(event_type: str, language: Language) -> str:
    if event_type not in taxonomy.EVENT_TYPES:
        return ""
    known = taxonomy.EVENT_TYPES[event_type]
    return known.label_zh if language == "zh-CN" else known.label_en


def _event(event: EventView, texts: Catalogue, language: Language) -> Iterator[str]:
    labels = texts.labels
    name = labels["withheld_entry"] if event.type is None else f"{event.type} {_label(event.type, language)}"
    yield f"  {event.seq:>3}  {name}"
    times = [
        ("claimed", event.claimed_at and format_time(event.claimed_at)),
        ("received", event.received_at and format_time(event.received_at)),
        ("not_before", event.not_before and _bound(event.not_before, texts, language)),
        ("not_after", event.not_after and _bound(event.not_after, texts, language)),
        ("anchored", event.anchored and _bound(event.anchored, texts, language)),
    ]
    yield from (f"         {labels[label]}: {moment}" for label, moment in times if moment is not None)
    for field in event.sealed:
        # The state comes first and the value in quotes, so that no value can speak for its state.
        value = "" if field.value is None else f": {_quoted(field.value)}"
        yield f"         {field.path} [{texts.sealed[field.state]}]{value}"


def _bound(bound: TimeBound, texts: Catalogue, language: Language) -> str:
    trust = "" if bound.trusted else f", {texts.labels['untrusted']}"
    return f"{format_time(bound.moment)} ({_shown(word(bound.source, language))}{trust})"


def _shown(text: str) -> str:
    """Make a text from the evidence safe to print on one line, and say so where it is cut."""
    cut = text if len(text) <= _SHOWN_VALUE else f"{text[:_SHOWN_VALUE]}… ({len(text)})"
    return escape(cut)


def _quoted(text: str) -> str:
    cut = json.dumps(text[:_SHOWN_VALUE], ensure_ascii=False)
    return escape(cut) + (f"… ({len(text)})" if len(text) > _SHOWN_VALUE else "")
