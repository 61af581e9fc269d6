"""The report for machines: an object of the JSON profile, described by report.schema.json."""

from datetime import datetime

from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.encoding import format_time
from zheng_verifier.report.catalogue import catalogue, explain
from zheng_verifier.report.model import (
    CheckResult,
    EventView,
    Finding,
    PolicyUse,
    Report,
    SealedField,
    Text,
    TimeBound,
)
from zheng_verifier.report.sentences import word


def report_json(report: Report) -> JsonObject:
    """Write a report as a JSON object; members without a value are left out."""
    body: JsonObject = {
        "zheng": "report/v1",
        "verifier": report.verifier,
        "policy": _policy(report.policy),
        "inputs": [{"name": file.name, "size": file.size, "sha256": file.sha256} for file in report.inputs],
        "overall": report.overall.value,
        "axes": [
            {"id": axis.id.value, "status": axis.status.value, "codes": list(axis.codes)}
            for axis in report.axes
        ],
        "checks": [_check(check) for check in report.checks],
        "events": [_event(event) for event in report.events],
        "notes": list(report.notes),
        "signed": False,
    }
    if report.refusal is not None:
        body["refusal"] = _finding(report.refusal)
    named: list[tuple[str, str | None]] = [("origin", report.origin), ("case", report.case)]
    return body | _times([("verified_at", report.verified_at)]) | _present(named)


def _present(members: list[tuple[str, str | None]]) -> JsonObject:
    return {name: value for name, value in members if value is not None}


def _times(members: list[tuple[str, datetime | None]]) -> JsonObject:
    return {name: format_time(value) for name, value in members if value is not None}


def _policy(policy: PolicyUse) -> JsonObject:
    body: JsonObject = {"fingerprint": policy.fingerprint, "source": policy.source.value}
    return body | _times([("issued_at", policy.issued_at), ("expires", policy.expires)])


def _both(en: str, zh: str) -> JsonObject:
    return {"en": en, "zh": zh}


def _words(text: Text) -> JsonObject:
    return _both(word(text, "en"), word(text, "zh-CN"))


def _check(check: CheckResult) -> JsonObject:
    en, zh = catalogue("en").checks[check.id], catalogue("zh-CN").checks[check.id]
    return {
        "id": check.id.value,
        "title": _both(en.title, zh.title),
        "status": check.status.value,
        "code": check.code,
        "proves": _both(en.proves, zh.proves),
        "does_not_prove": _both(en.not_proves, zh.not_proves),
        "findings": [_finding(finding) for finding in check.findings],
    }


def _finding(finding: Finding) -> JsonObject:
    observed: dict[str, JsonValue] = dict(finding.observed)
    return {
        "status": finding.status.value,
        "code": finding.code,
        "subject": _words(finding.subject),
        "detail": _both(explain(finding, "en"), explain(finding, "zh-CN")),
        "observed": observed,
    }


def _bound(bound: TimeBound) -> JsonObject:
    return {"time": format_time(bound.moment), "source": _words(bound.source), "trusted": bound.trusted}


def _sealed(field: SealedField) -> JsonObject:
    body: JsonObject = {"path": field.path, "state": field.state}
    return body | _present([("value", field.value)])


def _event(event: EventView) -> JsonObject:
    body: JsonObject = {
        "seq": event.seq,
        "leaf_hash": event.leaf_hash,
        "sealed": [_sealed(field) for field in event.sealed],
    }
    if event.index is not None:
        body["index"] = event.index
    for name, bound in (
        ("not_before", event.not_before),
        ("not_after", event.not_after),
        ("anchored", event.anchored),
    ):
        if bound is not None:
            body[name] = _bound(bound)
    named: list[tuple[str, str | None]] = [
        ("type", event.type),
        ("id", event.event_id),
        ("submitter", event.submitter),
    ]
    times = [("claimed_at", event.claimed_at), ("received_at", event.received_at)]
    return body | _present(named) | _times(times)
