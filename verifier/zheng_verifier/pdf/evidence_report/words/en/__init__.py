"""The words in English, one module a part of the report."""

from collections.abc import Mapping

from zheng_verifier.pdf.evidence_report.words.en import annexes, chapters, conclusion, frame, observed
from zheng_verifier.pdf.evidence_report.words.en.glossary import GLOSSARY, SOURCES

WORDS: Mapping[str, str] = {
    **frame.WORDS,
    **chapters.WORDS,
    **conclusion.WORDS,
    **annexes.WORDS,
    **observed.WORDS,
}

__all__ = ["GLOSSARY", "SOURCES", "WORDS"]
