"""The shape of the reports' texts: what every language must say.

The words are those of evidence-norms §4.2–4.4 and §6. Forbidden in both languages: any claim that evidence is
beyond doubt or has legal effect; a court decides that.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from zheng_verifier.report.model import AxisId, CheckId, Overall, PolicySource, Status

Language: TypeAlias = Literal["zh-CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")


@dataclass(frozen=True, slots=True)
class CheckText:
    """What a check is called, what its passing proves, and what it does not."""

    title: str
    proves: str
    not_proves: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All texts of one language that go by an id; what findings say is in ``sentences``."""

    language: Language
    checks: dict[CheckId, CheckText]
    axes: dict[AxisId, str]
    statuses: dict[Status, str]
    overall: dict[Overall, str]
    sources: dict[PolicySource, str]
    sealed: dict[str, str]
    codes: dict[str, str]
    labels: dict[str, str]
    notes: dict[str, str]
    closing: str
