"""The desk a chapter is written at: the evidence, its verification, the request, and words of one language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from zheng_verifier import taxonomy
from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Paragraph, Row, Table
from zheng_verifier.pdf.evidence_report.case import Case, Event
from zheng_verifier.pdf.evidence_report.request import EvidenceReportInput
from zheng_verifier.pdf.evidence_report.words import WORDS
from zheng_verifier.report.catalogue import Catalogue, Language, catalogue
from zheng_verifier.report.marks import mark
from zheng_verifier.report.model import (
    AxisId,
    CheckId,
    CheckResult,
    Finding,
    SignatureView,
    Status,
    Text,
    TimeBound,
)
from zheng_verifier.report.moments import local_time
from zheng_verifier.report.sentences import word

MAX_TEXT = 400
"""Characters of one value that are printed; longer ones are cut, and the page says so."""
_SHOWN_NOTABLE, _SHOWN_PLAIN = 24, 3


@dataclass(frozen=True)
class Desk:
    """What every chapter is written from."""

    input: EvidenceReportInput
    case: Case
    language: Language

    @property
    def texts(self) -> Catalogue:
        """The catalogue that the other reports share: titles of checks, words for statuses and codes."""
        return catalogue(self.language)

    @property
    def redacted(self) -> bool:
        """Whether personal values are masked."""
        return self.input.request.edition == "redacted"

    def say(self, key: str, **values: object) -> str:
        """Give a sentence of the evidence report's own words."""
        return WORDS[self.language][key].format_map(values)

    def told(self, text: Text) -> str:
        """Put a sentence of a finding into words."""
        return self.cut(word(text, self.language))

    def cut(self, text: str) -> str:
        """Cut a long value, and say how long it was."""
        return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + self.say("cut", count=len(text))

    def given(self, value: str | None) -> str:
        """Give the value, or say that there is none."""
        return self.say("not_provided") if value is None else self.cut(value)

    def moment(self, at: datetime | None) -> str:
        """Write a moment in the zone of this report, to the millisecond."""
        if at is None:
            return self.say("not_provided")
        local = local_time(at, self.language)
        return f"{local:%Y-%m-%d} {local:%H:%M:%S}.{local.microsecond // 1000:03d}"

    def bound(self, bound: TimeBound | None) -> str:
        """Write a bound with its source, and whether the policy trusts it."""
        if bound is None:
            return self.say("not_provided")
        trust = "" if bound.trusted else f" {self.say('not_trusted')}"
        return f"{self.moment(bound.moment)}\n{self.told(bound.source)}{trust}"

    def status(self, status: Status) -> str:
        """Write a status with its mark."""
        return f"{mark(status)} {self.texts.statuses[status]}"

    def result(self, check: CheckId) -> CheckResult:
        """Give the result of a check."""
        return self.input.report.check(check)

    def passed(self, check: CheckId) -> bool:
        """Tell whether a check passed."""
        return self.result(check).status is Status.PASSED

    def basis(self, *checks: CheckId) -> str:
        """Name the checks a value rests on, each with the mark of its status; without any it is a statement."""
        if not checks:
            return self.say("statement_only")
        return " ".join(f"{check} {mark(self.result(check).status)}" for check in checks)

    def code(self, code: str) -> str:
        """Explain a code."""
        return self.texts.codes.get(code, code)

    def codes(self, axis: AxisId) -> str:
        """Explain what an axis rests on."""
        entries = [entry.partition(":") for entry in self.input.report.axis(axis).codes]
        return self.say("semicolon").join(f"{check} {self.code(code)}" for check, _, code in entries)

    def changes(self, signature: SignatureView) -> str:
        """Say what was found of changes after a signature; what a later signature adds changes nothing that was signed."""
        if signature.changed is None:
            return self.say("changes_unknown")
        if not signature.changed:
            return self.say("changes_none")
        known = {Status.PASSED: "changes_permitted", Status.FAILED: "changes_found"}
        return self.say(known.get(signature.status, "changes_unclear"))

    def label(self, event: Event) -> str:
        """Name an event's type in the language, or say that the entry is not shown."""
        known = taxonomy.EVENT_TYPES.get(event.view.type or "")
        if known is not None:
            return known.label_zh if self.language == "zh-CN" else known.label_en
        return event.view.type or self.texts.labels["withheld_entry"]

    def party(self, reference: str) -> str:
        """Give a party's short name in this report, or the reference itself."""
        return self.case.parties.get(reference, reference)

    # ---- tables that several chapters use

    def facts(self, rows: Iterable[tuple[str, str | None, Sequence[CheckId]]]) -> Table:
        """Make a table of named values, each with the check it rests on."""
        made: list[Row] = [
            (Cell(self.say(key), "strong"), self.given(value), Cell(self.basis(*checks), "quiet"))
            for key, value, checks in rows
        ]
        return Table((self.say("item"), self.say("content"), self.say("basis")), (26, 58, 16), tuple(made))

    def checks(self, *checks: CheckId) -> Table:
        """Make a table of checks: result, what it proves and what it does not."""
        return Table(
            (self.say("check"), self.say("result"), self.say("proves"), self.say("not_proves")),
            (22, 28, 25, 25),
            tuple(self._check(check) for check in checks),
        )

    def _check(self, check: CheckId) -> Row:
        result, text = self.result(check), self.texts.checks[check]
        proved = text.proves if result.status is Status.PASSED else self.say("dash")
        return (
            Cell(f"{check} {text.title}", "strong"),
            self.verdict(result.status, result.code),
            proved,
            text.not_proves,
        )

    def verdict(self, status: Status, code: str) -> str:
        """Write a status with its code and the code's explanation."""
        return self.status(status) + ("" if code in ("", status.value) else f"\n{self.explained(code)}")

    def explained(self, code: str) -> str:
        """Write a code with its explanation; one without words stands alone."""
        said = self.code(code)
        return code if said == code else f"{code}{self.say('colon')}{said}"

    def findings(self, *checks: CheckId) -> list[Block]:
        """Make a table of what the checks found one by one: all that did not simply pass, and examples of what did."""
        shown: list[tuple[CheckId, Finding]] = []
        left: list[Finding] = []
        for check in checks:
            every = self.result(check).findings
            notable = [finding for finding in every if finding.status is not Status.PASSED or finding.code]
            plain = [finding for finding in every if finding.status is Status.PASSED and not finding.code]
            shown.extend((check, finding) for finding in notable[:_SHOWN_NOTABLE] + plain[:_SHOWN_PLAIN])
            left.extend(notable[_SHOWN_NOTABLE:] + plain[_SHOWN_PLAIN:])
        if not shown:
            return []
        table = Table(
            (self.say("check"), self.say("subject"), self.say("result"), self.say("observed")),
            (8, 20, 24, 48),
            tuple(self._finding(check, finding) for check, finding in shown),
        )
        passed = sum(finding.status is Status.PASSED for finding in left)
        more = self.say("findings_left", passed=passed, other=len(left) - passed)
        return [table, *([Paragraph(more, "quiet")] if left else [])]

    def _finding(self, check: CheckId, finding: Finding) -> Row:
        observed = [
            f"{self.observed(name)}{self.say('colon')}{self.cut(value)}"
            for name, value in finding.observed.items()
            if value
        ]
        said = self.told(finding.detail)
        lines = [*([said] if said else []), *observed]
        subject = self.told(finding.subject) or self.say("whole")
        return (
            Cell(check, "strong"),
            subject,
            self.verdict(finding.status, finding.code),
            Cell("\n".join(lines) or self.say("dash"), "code"),
        )

    def observed(self, name: str) -> str:
        """Name an observed value in the language; one that has no word keeps its name."""
        return WORDS[self.language].get(f"observed_{name}", name)
