"""Delays in words."""

from datetime import timedelta

from zheng_verifier.report.drawings.words import WORDS
from zheng_verifier.report.texts import Language


def delay_words(delay: timedelta, language: Language) -> str:
    """Write a delay in its two largest units; one below zero begins with a minus."""
    words = WORDS[language]
    seconds = abs(int(delay.total_seconds()))
    sign = "-" if delay < timedelta(0) and seconds else ""
    parts = [
        (seconds // 86_400, "days"),
        (seconds // 3_600 % 24, "hours"),
        (seconds // 60 % 60, "minutes"),
        (seconds % 60, "seconds"),
    ]
    first = next((position for position, (count, _) in enumerate(parts) if count), 3)
    shown = [part for part in parts[first : first + 2] if part[0] or (part[1] == "seconds" and first == 3)]
    return sign + " ".join(words[unit].format(count=count) for count, unit in shown)
