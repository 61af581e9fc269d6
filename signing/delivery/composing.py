"""Messages from templates: the same words as text, as HTML and for telephones (pure).

A message in two languages says everything in the first and again in the second. The digest of a template covers its
words before anything is filled in, so that what was said can be told without telling to whom.
"""

import hashlib
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, TypeAlias

from zheng_verifier.report.moments import show_time
from zheng_verifier.report.texts import Language

from signing.delivery import words_en, words_zh

Purpose: TypeAlias = Literal[
    "sign_request", "reminder", "completion", "copy", "rejection", "withdrawal", "void_request", "term_ending"
]
PURPOSES: tuple[Purpose, ...] = (
    "sign_request",
    "reminder",
    "completion",
    "copy",
    "rejection",
    "withdrawal",
    "void_request",
    "term_ending",
)
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")
CATALOGUE: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {"zh-CN": words_zh.WORDS, "en": words_en.WORDS}
)
LINKED: frozenset[Purpose] = frozenset({"sign_request", "reminder", "completion", "copy", "void_request"})
"""Those that carry a one-time link of a party."""
DESK: frozenset[Purpose] = frozenset({"term_ending"})
"""Those to members, which lead to the desk."""
TIMED: frozenset[Purpose] = frozenset({"sign_request", "reminder"})
"""Those that name the deadline."""
_PARTS = ("subject", "body", "action", "sms")
_GENERAL = ("greeting", "greeting_nobody", "deadline", "link_note", "link_plain", "footer")
# A plain column of text; no picture and nothing fetched, so that reading a mail tells nobody.
_PAGE = (
    '<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head>'
    '<body style="margin:0;padding:24px;background:#fff;color:#1a1a1a;'
    "font:16px/1.7 -apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif\">"
    '<div style="max-width:36em;margin:0 auto">{sections}</div></body></html>'
)
_BUTTON = (
    '<p><a href="{link}" style="display:inline-block;padding:10px 22px;background:#1f3a5f;color:#fff;'
    'text-decoration:none;border-radius:4px">{action}</a></p>'
)
_SMALL = '<p style="font-size:13px;color:#595959;overflow-wrap:anywhere">{text}</p>'
_RULE = '<hr style="border:0;border-top:1px solid #d9d9d9;margin:28px 0">'


@dataclass(frozen=True, slots=True)
class Filling:
    """What is filled in; ``link`` where the purpose carries one; ``day`` is the last of a contract's term."""

    name: str = ""
    title: str = ""
    sender: str = ""
    link: str = ""
    deadline: datetime | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail's words."""

    subject: str
    text: str
    html: str


def template_sha256(purpose: Purpose, channel: str, languages: Sequence[Language]) -> str:
    """Give the SHA-256 (hex) of a template's words, all that a message of this kind may use."""
    lines = [f"zheng/template/v1 {purpose} {channel}"]
    for language in languages:
        words = CATALOGUE[language]
        names = [f"{purpose}.{part}" for part in _PARTS] + list(_GENERAL if channel == "email" else ())
        lines += [f"{language} {name}={words[name]}" for name in names if name in words]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def compose_sms(purpose: Purpose, filling: Filling, languages: Sequence[Language]) -> str:
    """Write a text for a telephone: one sentence in each language."""
    return "\n".join(_fill(f"{purpose}.sms", filling, language) for language in languages)


def compose_mail(purpose: Purpose, filling: Filling, languages: Sequence[Language]) -> Mail:
    """Write a mail: subject, plain text, and HTML of the same paragraphs."""
    subject = " / ".join(_fill(f"{purpose}.subject", filling, language) for language in languages)
    rule = "\n\n" + "-" * 40 + "\n\n"
    text = rule.join("\n\n".join(_paragraphs(purpose, filling, each)) for each in languages)
    sections = _RULE.join(_section(purpose, filling, each) for each in languages)
    page = _PAGE.format(lang=languages[0], title=html.escape(subject), sections=sections)
    return Mail(subject, text + "\n", page)


def _paragraphs(purpose: Purpose, filling: Filling, language: Language) -> list[str]:
    said = [_greeting(filling, language), _fill(f"{purpose}.body", filling, language)]
    if _has_deadline(purpose, filling):
        said.append(_fill("deadline", filling, language))
    if purpose in LINKED | DESK:
        said += [f"{_fill(f'{purpose}.action', filling, language)}: {filling.link}"]
    if purpose in LINKED:
        said.append(_fill("link_note", filling, language))
    return [*said, _fill("footer", filling, language)]


def _section(purpose: Purpose, filling: Filling, language: Language) -> str:
    lines = [_greeting(filling, language), _fill(f"{purpose}.body", filling, language)]
    if _has_deadline(purpose, filling):
        lines.append(_fill("deadline", filling, language))
    said = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    if purpose in LINKED | DESK:
        link = html.escape(filling.link, quote=True)
        said += _BUTTON.format(link=link, action=html.escape(_fill(f"{purpose}.action", filling, language)))
        plain = f"{html.escape(_fill('link_plain', filling, language))}<br>{link}"
        said += _SMALL.format(text=plain)
    if purpose in LINKED:
        said += _SMALL.format(text=html.escape(_fill("link_note", filling, language)))
    said += _SMALL.format(text=html.escape(_fill("footer", filling, language)))
    return f'<div lang="{language}">{said}</div>'


def _greeting(filling: Filling, language: Language) -> str:
    return _fill("greeting" if filling.name else "greeting_nobody", filling, language)


def _has_deadline(purpose: Purpose, filling: Filling) -> bool:
    return purpose in TIMED and filling.deadline is not None


def _fill(name: str, filling: Filling, language: Language) -> str:
    deadline = "" if filling.deadline is None else show_time(filling.deadline, language)
    return CATALOGUE[language][name].format(
        name=filling.name,
        title=filling.title,
        sender=filling.sender,
        link=filling.link,
        deadline=deadline,
        day="" if filling.day is None else filling.day.isoformat(),
    )
