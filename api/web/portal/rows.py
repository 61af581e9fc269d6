"""Labelled values for pages: what is not there is said to be not provided, times stand in UTC and in Beijing."""

from dataclasses import dataclass
from datetime import UTC, datetime

from zheng_verifier.encoding import format_time
from zheng_verifier.report.moments import beijing_time, local_time
from zheng_verifier.report.texts import Language


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled value; ``mono`` asks for a face of fixed width."""

    label: str
    value: str
    mono: bool = False


def moment(at: datetime | None, absent: str, language: Language) -> str:
    """Write a time in UTC and in Beijing's, or ``absent``."""
    if at is None:
        return absent
    beijing = beijing_time(at)
    if beijing.tzinfo is UTC:
        return format_time(at)
    local = f"{beijing:%Y-%m-%d %H:%M:%S}"
    return (
        f"{format_time(at)}（北京时间 {local}）"
        if language == "zh-CN"
        else f"{format_time(at)} (Beijing {local})"
    )


def short_moment(at: datetime, language: Language) -> str:
    """Write a time for a table whose heading names the zone: Beijing's on Chinese pages, else UTC."""
    local = local_time(at, language)
    if language == "zh-CN" and local.tzinfo is UTC:
        return format_time(at)
    return f"{local:%Y-%m-%d %H:%M:%S}"
