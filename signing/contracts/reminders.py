"""When a reminder is due (pure)."""

from datetime import datetime, timedelta


def next_reminder(
    last: datetime, deadline: datetime, *, ahead: int | None, every: int | None
) -> datetime | None:
    """Give the next moment after ``last`` and before ``deadline``; None if there is none.

    ``last`` is when it was sent or last reminded; ``every`` seconds after that, and once ``ahead`` seconds before the
    deadline. Whichever comes first counts.
    """
    moments = []
    if every is not None:
        moments.append(last + timedelta(seconds=every))
    if ahead is not None and deadline - timedelta(seconds=ahead) > last:
        moments.append(deadline - timedelta(seconds=ahead))
    return min((moment for moment in moments if moment < deadline), default=None)
