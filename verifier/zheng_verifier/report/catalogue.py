"""Every sentence of the reports, in Chinese and English; a test holds the two languages against each other."""

from zheng_verifier.report.messages_en import CATALOGUE as ENGLISH
from zheng_verifier.report.messages_zh import CATALOGUE as CHINESE
from zheng_verifier.report.texts import LANGUAGES, Catalogue, CheckText, Language

__all__ = ["LANGUAGES", "Catalogue", "CheckText", "Language", "catalogue"]


def catalogue(language: Language) -> Catalogue:
    """Give the texts of a language."""
    return CHINESE if language == "zh-CN" else ENGLISH
