"""The evidence report's own words in Chinese and English; a test holds the two against each other.

What the other reports say too (titles of checks, words for statuses and codes) is in ``zheng_verifier.report``.
"""

from collections.abc import Mapping

from zheng_verifier.pdf.evidence_report.words import en, zh
from zheng_verifier.report.texts import Language

WORDS: Mapping[Language, Mapping[str, str]] = {"zh-CN": zh.WORDS, "en": en.WORDS}
GLOSSARY: Mapping[Language, tuple[tuple[str, str, str], ...]] = {"zh-CN": zh.GLOSSARY, "en": en.GLOSSARY}
"""Annex F: term, the same in the other language, what it means here."""
SOURCES: Mapping[Language, tuple[tuple[str, str], ...]] = {"zh-CN": zh.SOURCES, "en": en.SOURCES}
"""Annex G: rule or standard, and which chapters follow it."""
