"""The report model: numbered checks with their findings, a verdict for each axis, and one careful overall word.

A finding is one statement about one thing (an event, a checkpoint, a token). A check gathers its findings under
one number, the same number in docs/spec/verification.md, in the code, in the report and in the tests. An axis says
what the checks mean for one question a court asks. There is never one badge for all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from zheng_verifier.examined import Examined


class Status(StrEnum):
    """The outcome of a finding, a check or an axis (evidence-norms §4.1)."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    INDETERMINATE = "INDETERMINATE"
    NOT_PROVIDED = "NOT_PROVIDED"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    SKIPPED = "SKIPPED"
    # Of C21 and A8 alone: material lies there for the court to weigh, which no verifier can call proof.
    SUPPORTED = "SUPPORTED"
    CONTESTED = "CONTESTED"


class Overall(StrEnum):
    """The overall word: UNREADABLE where the input is no bundle at all."""

    CONSISTENT = "CONSISTENT"
    INCONSISTENT = "INCONSISTENT"
    INCOMPLETE = "INCOMPLETE"
    UNREADABLE = "UNREADABLE"


class PolicySource(StrEnum):
    """Who supplied the trust policy; ``package`` caps the overall word at INCOMPLETE."""

    USER = "user"
    BUILT_IN = "built-in"
    PACKAGE = "package"


class CheckId(StrEnum):
    """The numbered checks of docs/spec/verification.md."""

    C01 = "C01"
    C02 = "C02"
    C03 = "C03"
    C04 = "C04"
    C05 = "C05"
    C06 = "C06"
    C07 = "C07"
    C08 = "C08"
    C09 = "C09"
    C10 = "C10"
    C11 = "C11"
    C12 = "C12"
    C13 = "C13"
    C14 = "C14"
    C15 = "C15"
    C16 = "C16"
    C17 = "C17"
    C18 = "C18"
    C19 = "C19"
    C20 = "C20"
    C21 = "C21"
    C22 = "C22"
    C23 = "C23"


class AxisId(StrEnum):
    """The questions a court asks, one axis each."""

    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    A4 = "A4"
    A5 = "A5"
    A6 = "A6"
    A7 = "A7"
    A8 = "A8"
    A9 = "A9"


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence of the catalogue in every language: its ``key``, and the values that fill its ``{places}``.

    A value is a string, shown as it is, or a sentence or list of sentences, put into the same language.
    """

    key: str
    values: Mapping[str, "str | Text | tuple[Text, ...]"] = field(default_factory=dict)


def say(key: str, /, **values: object) -> Text:
    """Name a sentence of the catalogue (``report/sentences``) with its values; it is put into words only when shown."""
    return Text(
        key,
        {name: value if isinstance(value, Text | tuple) else str(value) for name, value in values.items()},
    )


NOTHING = Text("nothing")


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement: ``subject`` names the thing (event 3, a token), ``detail`` says what, ``observed`` its values."""

    status: Status
    code: str = ""
    subject: Text = NOTHING
    detail: Text = NOTHING
    observed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A numbered check: its status, the first code that explains it, and all findings."""

    id: CheckId
    status: Status
    code: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class AxisResult:
    """The verdict of an axis, with the codes it rests on, or that qualify it where it PASSED (only some files given)."""

    id: AxisId
    status: Status
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SealedField:
    """A sealed value of an event: OPENED with its value, WITHHELD, ERASED or NEVER_HELD; never a blank."""

    path: str
    state: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class TimeBound:
    """A bound on when something existed: ``source`` says on what it rests, ``trusted`` whether the policy does.

    A ``weak`` bound is somebody's claim about himself: it is listed and decides nothing.
    """

    moment: datetime
    source: Text
    trusted: bool
    weak: bool = False


@dataclass(frozen=True, slots=True)
class EventView:
    """An event for the time line: what was claimed, when it was received, and the bounds that were checked.

    It lies not before ``not_before`` and not after ``not_after``: the best of ``lower`` and ``upper``, which hold the
    bound of every source, the tightest first.
    """

    seq: int
    type: str | None
    event_id: str | None
    leaf_hash: str
    index: int | None
    submitter: str | None
    claimed_at: datetime | None
    received_at: datetime | None
    not_before: TimeBound | None
    not_after: TimeBound | None
    anchored: TimeBound | None
    sealed: tuple[SealedField, ...]
    lower: tuple[TimeBound, ...] = ()
    upper: tuple[TimeBound, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document that events name: ``sha256`` and ``sm3`` in hexadecimal as deposited (SM3 None if it was not).

    ``name`` is that of the file at hand, None if none was given; ``status`` what comparing them gave; ``events`` the
    numbers of those that name it; ``hashed_by_service`` whether the service says that it saw the bytes.
    """

    name: str | None
    role: str
    size: int
    sha256: str
    sm3: str | None
    events: tuple[int, ...]
    hashed_by_service: bool
    status: Status


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A signer's certificate: what art. 21 of the Electronic Signature Law asks it to say, and who vouches for it.

    ``serial`` is hexadecimal, ``algorithm`` the one it was signed with, ``key`` kind and size of the key, ``sha256`` of
    the DER in hexadecimal. ``authority`` is the policy's name for the CA at the end of its path, ``licence`` that CA's;
    both None if there is none. ``custody`` is who can make the key sign, by an event of the case, None if none says so.
    """

    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    key: str
    algorithm: str
    sha256: str
    authority: str | None
    licence: str | None
    test: bool
    custody: str | None


@dataclass(frozen=True, slots=True)
class SignatureView:
    """A signature in a PDF: ``number`` from 1 within the ``document``, both as the report names them.

    ``signer`` is the name in the certificate, ``claimed_at`` the signer's own word, ``existed`` the moment by which
    it is shown to have existed. ``status`` and ``code`` are of the signature itself (C13), ``certificate`` and
    ``certificate_code`` of its certificate then (C14); ``changed`` tells of changes after it, None if not judged.
    ``details`` are of the certificate, None if it could not be read.
    """

    document: str
    number: int
    signer: str
    level: str
    claimed_at: datetime | None
    existed: TimeBound | None
    status: Status
    code: str
    changed: bool | None
    certificate: Status
    certificate_code: str
    details: CertificateView | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """An enclosed report held against our own: ids of axes and checks whose status differs (``comparison.py``)."""

    same_policy: bool
    overall: bool
    axes: tuple[AxisId, ...]
    checks: tuple[CheckId, ...]

    @property
    def agrees(self) -> bool:
        """Tell whether nothing differs."""
        return self.overall and not self.axes and not self.checks


@dataclass(frozen=True, slots=True)
class ContainerView:
    """What the bundle came in: a "package" ("full" or "redacted") or a "certificate" with its ``number``.

    ``departures``: by code, why it is not the canonical file that was issued. ``enclosed``: how the enclosed report
    compares with this one, None if there is none that can be read; its own verdict is never repeated.
    """

    kind: str
    files: tuple["InputFile", ...]
    departures: tuple[str, ...] = ()
    edition: str | None = None
    number: str | None = None
    enclosed: Comparison | None = None


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file given to the verifier, named by the user, with its size in bytes and SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PolicyUse:
    """Which policy the report rests on: fingerprint (SHA-256) and source, its dates, None if it did not parse."""

    fingerprint: str
    source: PolicySource
    issued_at: datetime | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one verification; deterministic given its inputs."""

    verifier: str
    verified_at: datetime | None
    policy: PolicyUse
    inputs: tuple[InputFile, ...]
    origin: str | None
    case: str | None
    overall: Overall
    axes: tuple[AxisResult, ...]
    checks: tuple[CheckResult, ...]
    events: tuple[EventView, ...]
    notes: tuple[str, ...]
    documents: tuple[DocumentView, ...] = ()
    signatures: tuple[SignatureView, ...] = ()
    container: ContainerView | None = None
    examined: Examined | None = field(default=None, repr=False)  # what a diagnostic report is made of
    refusal: Finding | None = None  # why nothing could be read, where the overall word is UNREADABLE

    def check(self, check: CheckId) -> CheckResult:
        """Give the result of one check."""
        return next(item for item in self.checks if item.id is check)

    def axis(self, axis: AxisId) -> AxisResult:
        """Give the verdict of one axis."""
        return next(item for item in self.axes if item.id is axis)
