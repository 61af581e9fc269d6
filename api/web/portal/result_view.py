"""A report made ready for a page: plain words first, what each answer rests on, and what is not proven.

It is made from the detailed report that the bounded verifier wrote, never from the evidence itself: nothing that a
stranger sent is opened in this process.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zheng_verifier import taxonomy
from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.checks.verdict import REQUIRED, TOUCHING
from zheng_verifier.encoding import parse_time
from zheng_verifier.report.catalogue import Catalogue, catalogue
from zheng_verifier.report.model import AxisId, Overall, PolicySource, Status
from zheng_verifier.report.texts import Language

from api.web.portal.language import SHORT
from api.web.portal.records import object_of, objects_of, text_of
from api.web.portal.rendering import words
from api.web.portal.rows import Row, moment, short_moment

_SHOWN_FINDINGS = 40
_SHOWN_EVENTS = 500
_WORST_FIRST = (Status.FAILED, Status.INDETERMINATE, Status.SKIPPED, Status.NOT_PROVIDED)


@dataclass(frozen=True, slots=True)
class FindingView:
    """One statement of a check, in words; ``observed`` are its values."""

    status: str
    label: str
    subject: str
    text: str
    code: str
    observed: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class CheckView:
    """A numbered check: ``findings`` ask for attention, ``quiet`` passed; ``more`` are left to the report."""

    id: str
    title: str
    status: str
    label: str
    proves: str
    not_proves: str
    findings: tuple[FindingView, ...]
    quiet: tuple[FindingView, ...]
    more: int


@dataclass(frozen=True, slots=True)
class AxisView:
    """The answer to one question in plain words, and the checks it rests on."""

    id: str
    name: str
    status: str
    label: str
    text: str
    checks: tuple[CheckView, ...]


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """An event with its times, each told apart, and its sealed values by state."""

    seq: str
    name: str
    claimed: str
    received: str
    not_before: str
    not_after: str
    sealed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document that events name, and what comparing it with the file at hand gave."""

    name: str
    role: str
    size: str
    sha256: str
    events: str
    hashed: str
    status: str
    label: str


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """A signature in a PDF: of the signature itself, and of its certificate at the time."""

    document: str
    number: str
    signer: str
    level: str
    claimed: str
    existed: str
    status: str
    label: str
    code: str
    certificate: str
    certificate_label: str
    certificate_code: str


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """Line 1 of every report: which policy, and who supplied it."""

    fingerprint: str
    source: str


@dataclass(frozen=True, slots=True)
class ResultView:
    """Everything the page of a result shows, in one language."""

    policy: PolicyLine
    overall: str
    overall_text: str
    notes: tuple[str, ...]
    inputs: tuple[Row, ...]
    axes: tuple[AxisView, ...]
    not_proven: tuple[str, ...]
    events: tuple[TimelineRow, ...]
    documents: tuple[DocumentRow, ...]
    signatures: tuple[SignatureRow, ...]
    files: tuple[Row, ...]
    closing: str


def result_view(report: JsonObject, language: Language) -> ResultView:
    """Put a detailed report (docs/spec/report.md) into the words of a page."""
    return _Reader(report, language).view()


class _Reader:
    def __init__(self, report: JsonObject, language: Language) -> None:
        self._report = report
        self._language = language
        self._texts: Catalogue = catalogue(language)
        self._said: Mapping[str, str] = words(language)
        self._key = SHORT[language]

    def view(self) -> ResultView:
        policy = object_of(self._report.get("policy"))
        checks = {text_of(check, "id"): check for check in objects_of(self._report.get("checks"))}
        overall = Overall(text_of(self._report, "overall"))
        return ResultView(
            policy=PolicyLine(
                text_of(policy, "fingerprint"), self._texts.sources[PolicySource(text_of(policy, "source"))]
            ),
            overall=overall.value,
            overall_text=self._texts.overall[overall],
            notes=tuple(self._notes()),
            inputs=tuple(self._inputs()),
            axes=tuple(self._axis(axis, checks) for axis in objects_of(self._report.get("axes"))),
            not_proven=tuple(self._not_proven(tuple(checks.values()))),
            events=tuple(
                self._event(event) for event in objects_of(self._report.get("events"))[:_SHOWN_EVENTS]
            ),
            documents=tuple(
                self._document(document) for document in objects_of(self._report.get("documents"))
            ),
            signatures=tuple(
                self._signature(signature) for signature in objects_of(self._report.get("signatures"))
            ),
            files=tuple(self._files()),
            closing=self._texts.closing,
        )

    def _both(self, value: "JsonValue | None") -> str:
        return text_of(object_of(value), self._key)

    def _moment(self, written: str) -> str:
        return moment(parse_time(written), "", self._language) if written else ""

    def _notes(self) -> Iterator[str]:
        refusal = object_of(self._report.get("refusal"))
        if refusal:
            yield " ".join(
                filter(None, (self._both(refusal.get("subject")), self._both(refusal.get("detail"))))
            )
        enclosed = object_of(object_of(self._report.get("container")).get("enclosed_report"))
        if enclosed:
            yield self._both(enclosed.get("text"))
        notes = self._report.get("notes")
        for note in notes if isinstance(notes, list) else []:
            yield self._texts.notes.get(str(note), str(note))

    def _inputs(self) -> Iterator[Row]:
        said = self._said
        for file in objects_of(self._report.get("inputs"))[:1]:
            size = f"{text_of(file, 'size')} {said['bytes']}"
            yield Row(said["input"], f"{text_of(file, 'name')} · {size} · SHA-256 {text_of(file, 'sha256')}")
        container = object_of(self._report.get("container"))
        if container:
            about = [self._texts.labels[f"kind_{text_of(container, 'kind')}"], text_of(container, "number")]
            about.append(self._texts.labels.get(f"edition_{text_of(container, 'edition')}", ""))
            yield Row(said["container"], " · ".join(filter(None, about)))
        for label, name in (("log", "origin"), ("case", "case")):
            if text_of(self._report, name):
                yield Row(said[label], text_of(self._report, name), mono=True)
        yield Row(said["verified_at"], self._moment(text_of(self._report, "verified_at")))
        yield Row(said["verifier"], text_of(self._report, "verifier"))

    def _files(self) -> Iterator[Row]:
        """Give the files beside the evidence: documents, and those of the container if it came in one."""
        inside = object_of(self._report.get("container")).get("files")
        for file in (*objects_of(self._report.get("inputs"))[1:], *objects_of(inside)):
            size = f"{text_of(file, 'size')} {self._said['bytes']}"
            yield Row(text_of(file, "name"), f"{size} · SHA-256 {text_of(file, 'sha256')}")

    def _document(self, document: JsonObject) -> DocumentRow:
        status = Status(text_of(document, "status"))
        events = document.get("events")
        by_us = document.get("hashed_by_service") is True
        return DocumentRow(
            text_of(document, "name") or self._said["not_at_hand"],
            self._said.get(f"role_{text_of(document, 'role')}", text_of(document, "role")),
            text_of(document, "size"),
            text_of(document, "sha256"),
            ", ".join(str(number) for number in events) if isinstance(events, list) else "",
            self._said["hashed_here" if by_us else "hashed_declared"],
            status.value,
            self._texts.statuses[status],
        )

    def _signature(self, signature: JsonObject) -> SignatureRow:
        status, certificate = (Status(text_of(signature, name)) for name in ("status", "certificate"))
        return SignatureRow(
            text_of(signature, "document"),
            text_of(signature, "number"),
            text_of(signature, "signer"),
            text_of(signature, "level"),
            self._short(signature, "claimed_at"),
            self._bound(signature.get("existed")),
            status.value,
            self._texts.statuses[status],
            text_of(signature, "code"),
            certificate.value,
            self._texts.statuses[certificate],
            text_of(signature, "certificate_code"),
        )

    def _axis(self, axis: JsonObject, checks: Mapping[str, JsonObject]) -> AxisView:
        known, status = AxisId(text_of(axis, "id")), Status(text_of(axis, "status"))
        ids = (*REQUIRED[known], *TOUCHING.get(known, ()))
        return AxisView(
            known.value,
            self._texts.axes[known],
            status.value,
            self._texts.statuses[status],
            self._both(axis.get("conclusion")),
            tuple(self._check(checks[each.value]) for each in ids if each.value in checks),
        )

    def _check(self, check: JsonObject) -> CheckView:
        status = Status(text_of(check, "status"))
        findings = [self._finding(finding) for finding in objects_of(check.get("findings"))]
        quiet = [each for each in findings if each.status == Status.PASSED]
        notable = [each for each in findings if each.status != Status.PASSED]
        order = {each.value: rank for rank, each in enumerate(_WORST_FIRST)}
        notable.sort(key=lambda finding: order.get(finding.status, len(order)))
        return CheckView(
            text_of(check, "id"),
            self._both(check.get("title")),
            status.value,
            self._texts.statuses[status],
            self._both(check.get("proves")),
            self._both(check.get("does_not_prove")),
            tuple(notable[:_SHOWN_FINDINGS]),
            tuple(quiet[:_SHOWN_FINDINGS]),
            max(0, len(notable) - _SHOWN_FINDINGS) + max(0, len(quiet) - _SHOWN_FINDINGS),
        )

    def _finding(self, finding: JsonObject) -> FindingView:
        status = Status(text_of(finding, "status"))
        observed = object_of(finding.get("observed"))
        return FindingView(
            status.value,
            self._texts.statuses[status],
            self._both(finding.get("subject")),
            self._both(finding.get("detail")),
            text_of(finding, "code"),
            tuple(Row(name, str(value), mono=True) for name, value in observed.items() if value),
        )

    def _not_proven(self, checks: Sequence[JsonObject]) -> Iterator[str]:
        colon = self._said["colon"]
        for check in checks:
            if text_of(check, "status") == Status.PASSED:
                yield f"{self._both(check.get('title'))}{colon}{self._both(check.get('does_not_prove'))}"

    def _event(self, event: JsonObject) -> TimelineRow:
        kind = text_of(event, "type")
        known = taxonomy.EVENT_TYPES.get(kind)
        label = "" if known is None else known.label_zh if self._language == "zh-CN" else known.label_en
        return TimelineRow(
            text_of(event, "seq"),
            label or kind or self._texts.labels["withheld_entry"],
            self._short(event, "claimed_at"),
            self._short(event, "received_at"),
            self._bound(event.get("not_before")),
            self._bound(event.get("not_after")),
            tuple(self._sealed(field) for field in objects_of(event.get("sealed"))),
        )

    def _short(self, record: JsonObject, name: str) -> str:
        written = text_of(record, name)
        return short_moment(parse_time(written), self._language) if written else self._said["not_provided"]

    def _bound(self, value: "JsonValue | None") -> str:
        bound = object_of(value)
        if not bound:
            return self._said["not_provided"]
        trust = "" if bound.get("trusted") is True else f" · {self._texts.labels['untrusted']}"
        return f"{self._short(bound, 'time')} · {self._both(bound.get('source'))}{trust}"

    def _sealed(self, field: JsonObject) -> str:
        # The state comes first and the value in quotes, so that no value can speak for its state.
        value = text_of(field, "value")
        state = self._texts.sealed[text_of(field, "state")]
        return f"{text_of(field, 'path')} [{state}]" + (f" “{value}”" if value else "")
