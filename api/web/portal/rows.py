"""Labelled values for pages: what is not there is said to be not provided, times stand in UTC and in Beijing."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from zheng_verifier.encoding import format_time
from zheng_verifier.report.texts import Language

_BEIJING = timezone(timedelta(hours=8))
# Claimed times are strangers' words: the last hours of the year 9999 have no Beijing time in Python.
_LAST = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


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
    if at >= _LAST:
        return format_time(at)
    local = f"{at.astimezone(_BEIJING):%Y-%m-%d %H:%M:%S}"
    return (
        f"{format_time(at)}（北京时间 {local}）"
        if language == "zh-CN"
        else f"{format_time(at)} (Beijing {local})"
    )


def short_moment(at: datetime, language: Language) -> str:
    """Write a time for a table whose heading names the zone: Beijing's on Chinese pages, else UTC."""
    if language == "zh-CN":
        return f"{at.astimezone(_BEIJING):%Y-%m-%d %H:%M:%S}" if at < _LAST else format_time(at)
    return f"{at:%Y-%m-%d %H:%M:%S}"
