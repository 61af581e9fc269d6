"""Moments as people read them: Beijing time for Chinese readers, UTC for all others, the zone always named."""

from datetime import UTC, datetime, timedelta, timezone

from zheng_verifier.report.texts import Language

_BEIJING = timezone(timedelta(hours=8))
# Claimed times are strangers' words: at the ends of the calendar there is no Beijing time.
_FIRST = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
_LAST = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


def beijing_time(moment: datetime) -> datetime:
    """Give a moment in Beijing's zone; in UTC at the ends of the calendar, where it has none."""
    return moment.astimezone(_BEIJING if _FIRST < moment < _LAST else UTC)


def local_time(moment: datetime, language: Language) -> datetime:
    """Give a moment as readers of a language count it: Beijing's time for Chinese, UTC for all others."""
    return beijing_time(moment) if language == "zh-CN" else moment.astimezone(UTC)


def show_time(moment: datetime, language: Language) -> str:
    """Write a moment to the second, or to the millisecond where it has one."""
    local = local_time(moment, language)
    zone, gap = ("UTC", " ") if local.tzinfo is UTC else ("（北京时间）", "")
    fraction = f".{local.microsecond // 1000:03}" if local.microsecond else ""
    return f"{local:%Y-%m-%d %H:%M:%S}{fraction}{gap}{zone}"
