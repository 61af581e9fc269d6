"""Days as forms send them: in Beijing, where contracts are dated."""

from datetime import UTC, date, datetime, time, timedelta, timezone

from zheng_verifier.encoding import parse_time

from api.problems import ProblemError

BEIJING = timezone(timedelta(hours=8))
_DAY_END = time(23, 59, 59)


def day_of(text: str, field: str) -> date | None:
    """Read a day as a form sends it; None: none was given.

    Raises:
        ProblemError: field-value.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ProblemError("field-value", field=field, expected="2026-12-31") from None


def end_of_day(text: str, field: str) -> datetime | None:
    """Give the last second of a day in Beijing, in UTC.

    Raises:
        ProblemError: field-value.
    """
    if "T" in text:
        return parse_time(text)
    day = day_of(text, field)
    return None if day is None else datetime.combine(day, _DAY_END, BEIJING).astimezone(UTC)


def beginning(day: date) -> datetime:
    """Give the first moment of a day in Beijing, in UTC."""
    return datetime.combine(day, time(), BEIJING).astimezone(UTC)
