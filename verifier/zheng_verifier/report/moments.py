"""Moments as people read them: Beijing time for Chinese readers, UTC for all others, the zone always named."""

from datetime import UTC, datetime, timedelta, timezone

from zheng_verifier.report.texts import Language

_BEIJING = timezone(timedelta(hours=8))
_LAST = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


def show_time(moment: datetime, language: Language) -> str:
    """Write a moment to the second, or to the millisecond where it has one."""
    if language == "zh-CN" and moment < _LAST:
        local, zone, gap = moment.astimezone(_BEIJING), "（北京时间）", ""
    else:
        local, zone, gap = moment.astimezone(UTC), "UTC", " "
    fraction = f".{local.microsecond // 1000:03}" if local.microsecond else ""
    return f"{local:%Y-%m-%d %H:%M:%S}{fraction}{gap}{zone}"
