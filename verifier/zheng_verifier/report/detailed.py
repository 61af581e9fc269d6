"""The detailed report: every check with its findings, as an object of the JSON profile (detailed.schema.json).

All texts stand in both languages, so that what a service signs is what either reader sees.
"""

from collections.abc import Callable
from datetime import datetime

from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.encoding import format_time
from zheng_verifier.report.catalogue import LANGUAGES, Language, catalogue, explain
from zheng_verifier.report.comparison import describe_comparison
from zheng_verifier.report.conclusions import conclude_axis
from zheng_verifier.report.etsi import SUB_INDICATIONS
from zheng_verifier.report.model import (
    AxisResult,
    CheckResult,
    ContainerView,
    DocumentView,
    EventView,
    Finding,
    InputFile,
    PolicyUse,
    Report,
    SealedField,
    SignatureView,
    Text,
    TimeBound,
)
from zheng_verifier.report.sentences import word
from zheng_verifier.report.structure import DEPENDS_ON

_KEYS: dict[Language, str] = {"zh-CN": "zh", "en": "en"}


def report_detailed(report: Report, *, signed: bool = False) -> JsonObject:
    """Write a report as a JSON object; members without a value are left out.

    ``signed`` says that the object is made to be signed (``signed.py``): it is then worth something only inside its
    signature. An offline run says False.
    """
    body = report_head(report, signed=signed) | {
        "zheng": "report/v1",
        "axes": [_axis(report, axis) for axis in report.axes],
        "checks": [_check(check) for check in report.checks],
        "events": [_event(event) for event in report.events],
        "documents": [_document(document) for document in report.documents],
        "signatures": [_signature(signature) for signature in report.signatures],
        "notes": list(report.notes),
    }
    if report.container is not None:
        body["container"] = _container(report.container)
    return body


def report_head(report: Report, *, signed: bool) -> JsonObject:
    """Write what every form of a report begins with."""
    body: JsonObject = {
        "verifier": report.verifier,
        "policy": _policy(report.policy),
        "inputs": [_file(file) for file in report.inputs],
        "overall": report.overall.value,
        "overall_text": both(lambda language: catalogue(language).overall[report.overall]),
        "signed": signed,
    }
    if report.refusal is not None:
        body["refusal"] = _finding(report.refusal)
    named: list[tuple[str, str | None]] = [("origin", report.origin), ("case", report.case)]
    return body | _times([("verified_at", report.verified_at)]) | _present(named)


def both(say_in: Callable[[Language], str]) -> JsonObject:
    """Say something in both languages."""
    return {_KEYS[language]: say_in(language) for language in LANGUAGES}


def _words(text: Text) -> JsonObject:
    return both(lambda language: word(text, language))


def _file(file: InputFile) -> JsonObject:
    return {"name": file.name, "size": file.size, "sha256": file.sha256}


def _present(members: list[tuple[str, str | None]]) -> JsonObject:
    return {name: value for name, value in members if value is not None}


def _times(members: list[tuple[str, datetime | None]]) -> JsonObject:
    return {name: format_time(value) for name, value in members if value is not None}


def _policy(policy: PolicyUse) -> JsonObject:
    body: JsonObject = {"fingerprint": policy.fingerprint, "source": policy.source.value}
    return body | _times([("issued_at", policy.issued_at), ("expires", policy.expires)])


def _axis(report: Report, axis: AxisResult) -> JsonObject:
    return {
        "id": axis.id.value,
        "title": both(lambda language: catalogue(language).axes[axis.id]),
        "status": axis.status.value,
        "codes": list(axis.codes),
        "conclusion": both(lambda language: " ".join(conclude_axis(report, axis, language))),
    }


def _check(check: CheckResult) -> JsonObject:
    body: JsonObject = {
        "id": check.id.value,
        "title": both(lambda language: catalogue(language).checks[check.id].title),
        "status": check.status.value,
        "code": check.code,
        "proves": both(lambda language: catalogue(language).checks[check.id].proves),
        "does_not_prove": both(lambda language: catalogue(language).checks[check.id].not_proves),
        "depends_on": [each.value for each in DEPENDS_ON.get(check.id, ())],
        "findings": [_finding(finding) for finding in check.findings],
    }
    return body | _etsi(check.code)


def _etsi(code: str) -> JsonObject:
    return {"etsi": SUB_INDICATIONS[code]} if code in SUB_INDICATIONS else {}


def _finding(finding: Finding) -> JsonObject:
    observed: dict[str, JsonValue] = dict(finding.observed)
    return {
        "status": finding.status.value,
        "code": finding.code,
        "subject": _words(finding.subject),
        "detail": both(lambda language: explain(finding, language)),
        "observed": observed,
    } | _etsi(finding.code)


def _bound(bound: TimeBound) -> JsonObject:
    body: JsonObject = {
        "time": format_time(bound.moment),
        "source": _words(bound.source),
        "trusted": bound.trusted,
    }
    return body | ({"weak": True} if bound.weak else {})


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
    body["lower"] = [_bound(bound) for bound in event.lower]
    body["upper"] = [_bound(bound) for bound in event.upper]
    for name, bounds in (("lower", event.lower), ("upper", event.upper)):
        if bounds:
            body[name] = [_bound(bound) for bound in bounds]
    named: list[tuple[str, str | None]] = [
        ("type", event.type),
        ("id", event.event_id),
        ("submitter", event.submitter),
    ]
    times = [("claimed_at", event.claimed_at), ("received_at", event.received_at)]
    return body | _present(named) | _times(times)


def _document(document: DocumentView) -> JsonObject:
    body: JsonObject = {
        "role": document.role,
        "size": document.size,
        "sha256": document.sha256,
        "events": list(document.events),
        "hashed_by_service": document.hashed_by_service,
        "status": document.status.value,
    }
    return body | _present([("name", document.name), ("sm3", document.sm3)])


def _signature(signature: SignatureView) -> JsonObject:
    body: JsonObject = {
        "document": signature.document,
        "number": signature.number,
        "signer": signature.signer,
        "level": signature.level,
        "status": signature.status.value,
        "code": signature.code,
        "certificate": signature.certificate.value,
        "certificate_code": signature.certificate_code,
    }
    if signature.changed is not None:
        body["changed"] = signature.changed
    if signature.existed is not None:
        body["existed"] = _bound(signature.existed)
    return body | _times([("claimed_at", signature.claimed_at)])


def _container(container: ContainerView) -> JsonObject:
    body: JsonObject = {
        "kind": container.kind,
        "files": [_file(file) for file in container.files],
        "departures": list(container.departures),
    }
    compared = container.enclosed
    if compared is not None:
        body["enclosed_report"] = {
            "agrees": compared.agrees,
            "same_policy": compared.same_policy,
            "axes": [axis.value for axis in compared.axes],
            "checks": [check.value for check in compared.checks],
            "text": _words(describe_comparison(compared)),
        }
    body |= _present([("edition", container.edition), ("number", container.number)])
    return body
