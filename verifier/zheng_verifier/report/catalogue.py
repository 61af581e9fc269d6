"""Every sentence of the reports, in Chinese and English; a test holds the two languages against each other."""

from zheng_verifier.report.messages_en import CATALOGUE as ENGLISH
from zheng_verifier.report.messages_zh import CATALOGUE as CHINESE
from zheng_verifier.report.model import Finding
from zheng_verifier.report.sentences import word
from zheng_verifier.report.texts import LANGUAGES, Catalogue, CheckText, Language

__all__ = ["LANGUAGES", "Catalogue", "CheckText", "Language", "catalogue", "explain"]

# Details in the words of a parser or library: English for the expert, beside what their code means to a reader.
_TECHNICAL = ("technical", "technical_at")


def catalogue(language: Language) -> Catalogue:
    """Give the texts of a language."""
    return CHINESE if language == "zh-CN" else ENGLISH


def explain(finding: Finding, language: Language) -> str:
    """Say what a finding says: its sentence, or what its code means, with what a parser says in brackets."""
    said = word(finding.detail, language)
    if said and finding.detail.key not in _TECHNICAL:
        return said
    meaning = catalogue(language).codes.get(finding.code, finding.code)
    if meaning and said:
        return f"{meaning}（{said}）" if language == "zh-CN" else f"{meaning} ({said})"
    return meaning or said
