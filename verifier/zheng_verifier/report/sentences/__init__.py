"""The sentences that findings are put into, by topic, in Chinese and English; a test holds the two against each other."""

from collections.abc import Mapping

from zheng_verifier.report.model import Text
from zheng_verifier.report.sentences.en import SENTENCES as ENGLISH
from zheng_verifier.report.sentences.zh import SENTENCES as CHINESE
from zheng_verifier.report.texts import Language

BY_LANGUAGE: Mapping[Language, Mapping[str, str]] = {"zh-CN": CHINESE, "en": ENGLISH}


def word(text: Text, language: Language) -> str:
    """Put a text into words. Values are put in as they are: who prints them on a line escapes the whole.

    Raises:
        KeyError: the catalogue has no such sentence, or a place in it has no value: a fault of the program.

    """
    values = {name: _worded(value, language) for name, value in text.values.items()}
    return BY_LANGUAGE[language][text.key].format_map(values)


def _worded(value: str | Text | tuple[Text, ...], language: Language) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Text):
        return word(value, language)
    return ("、" if language == "zh-CN" else ", ").join(word(part, language) for part in value)


def name_observed(name: str, language: Language) -> str:
    """Name an observed value, by its technical name where it has no other."""
    return BY_LANGUAGE[language].get(f"observed.{name}", name)
