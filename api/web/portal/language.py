"""In which language a page answers: as its address asks (``?lang=``), else as the browser prefers."""

from collections.abc import Mapping

from starlette.requests import Request
from zheng_verifier.report.texts import Language

from api.problems import prefers_chinese

SHORT: Mapping[Language, str] = {"zh-CN": "zh", "en": "en"}
"""Languages as addresses and the verifier's JSON name them."""
_ASKED: dict[str, Language] = {"zh": "zh-CN", "zh-CN": "zh-CN", "en": "en"}


def asked_language(request: Request) -> Language | None:
    """Give the language that the address names, if it names one of ours."""
    return _ASKED.get(request.query_params.get("lang", ""))


def language_of(request: Request) -> Language:
    """Choose the language of an answer."""
    asked = asked_language(request)
    if asked is not None:
        return asked
    return "zh-CN" if prefers_chinese(request.headers.get("accept-language", "")) else "en"


def other(language: Language) -> Language:
    """Give the other language."""
    return "en" if language == "zh-CN" else "zh-CN"


def in_language(path: str, language: Language) -> str:
    """Give the address of a page in a language."""
    return f"{path}?lang={SHORT[language]}"
