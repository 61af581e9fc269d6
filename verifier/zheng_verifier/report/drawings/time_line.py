"""The time line of a case: a row for each event, a shape for each source of time.

    ◇ claimed   ● received   ▲ time-stamp   ▼ witness   ■ block     shapes, not colours
    ├────┤ from the checked lower bound to the checked upper bound

Moments stand in their order from left to right; the gaps between them are compressed by logarithm, since an event
and its anchor may be seconds or days apart. The delay that a court asks for is printed as a number.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from math import log10

from zheng_verifier import taxonomy
from zheng_verifier.report.drawings.delay import delay_words
from zheng_verifier.report.drawings.svg import HAIR, SOFT, circle, drawing, line, polygon, text
from zheng_verifier.report.drawings.words import WORDS
from zheng_verifier.report.five_times import TOKEN, WITNESS, bound_from
from zheng_verifier.report.model import EventView, TimeBound
from zheng_verifier.report.moments import local_time
from zheng_verifier.report.texts import Language

ROWS_PER_DRAWING = 24
_WIDTH, _LEFT, _RIGHT = 540.0, 158.0, 466.0
_TOP, _ROW = 58.0, 19.0
_TICK_GAP = 66.0
_NAME_LENGTH = 18


def time_line_svg(events: Sequence[EventView], language: Language) -> str:
    """Draw up to ``ROWS_PER_DRAWING`` events; who has more draws them in several pieces."""
    words = WORDS[language]
    height = _TOP + _ROW * len(events) + 58
    places = _places(events)
    shapes = [
        *_legend(words),
        *_ticks(places, language, height - 52),
        *(
            shape
            for number, event in enumerate(events)
            for shape in _row(event, _TOP + _ROW * (number + 0.5), places, language)
        ),
        text(0, height - 22, words["untrusted"], size=8, color=SOFT),
        text(0, height - 8, words["not_to_scale"], size=8, color=SOFT),
    ]
    title = words["time_line"].format(first=events[0].seq, last=events[-1].seq) if events else ""
    return drawing(_WIDTH, height, title, shapes)


def _moments(event: EventView) -> Iterator[datetime]:
    yield from (moment for moment in (event.claimed_at, event.received_at) if moment is not None)
    bounds = (event.not_before, event.not_after, *(bound for _, bound in _checked(event)))
    yield from (bound.moment for bound in bounds if bound is not None)


def _checked(event: EventView) -> tuple[tuple[str, TimeBound | None], ...]:
    stamped, witnessed = bound_from(event, TOKEN), bound_from(event, WITNESS)
    return ("tsa", stamped), ("witness", witnessed), ("block", event.anchored)


def _places(events: Sequence[EventView]) -> dict[datetime, float]:
    """Give each moment its place: in order, the gap growing with the logarithm of the seconds between."""
    moments = sorted({moment for event in events for moment in _moments(event)})
    weights = [0.0]
    for before, after in pairwise(moments):
        weights.append(weights[-1] + 0.25 + log10(1 + (after - before).total_seconds()))
    scale = (_RIGHT - _LEFT) / weights[-1] if weights[-1] else 0.0
    return {moment: _LEFT + weight * scale for moment, weight in zip(moments, weights, strict=False)}


def _legend(words: Mapping[str, str]) -> Iterator[str]:
    x = 0.0
    for name in ("claimed", "received", "tsa", "witness", "block"):
        yield from _mark(name, x + 6, 9)
        yield text(x + 15, 12, words[name])
        x += 17 + 9 * _columns(words[name]) / 2 + 9
    yield line(x, 9, x + 16, 9, width=2.4, color=HAIR)
    yield text(x + 20, 12, words["bounds"])
    yield text(_WIDTH, 50, words["delay"], size=8, anchor="end", color=SOFT)
    yield text(0, 50, words["event"], size=8, color=SOFT)


def _columns(content: str) -> float:
    """Tell about how wide a text is, in halves of its size."""
    return sum(2 if ord(character) > 0x2E80 else 1.05 for character in content)


def _ticks(places: Mapping[datetime, float], language: Language, bottom: float) -> Iterator[str]:
    """Label the first moment, the last, and of those between as many as leave each other room."""
    last = max(places, default=None)
    taken = -_TICK_GAP
    for moment, x in places.items():
        if moment is not last and (x - taken < _TICK_GAP or _RIGHT - x < _TICK_GAP):
            continue
        taken = x
        local = local_time(moment, language)
        yield line(x, _TOP - 4, x, bottom, width=0.4, dashed=True, color=HAIR)
        yield text(x, 38, f"{local:%Y-%m-%d}", size=8, anchor="middle", color=SOFT)
        yield text(x, 49, f"{local:%H:%M:%S}", size=8, anchor="middle", color=SOFT)


def _row(event: EventView, y: float, places: Mapping[datetime, float], language: Language) -> Iterator[str]:
    yield line(0, y + _ROW / 2, _WIDTH, y + _ROW / 2, width=0.3, color=HAIR)
    yield text(18, y + 3, str(event.seq), anchor="end", bold=True)
    yield text(26, y + 3, _name(event, language))
    low, high = event.not_before, event.not_after
    if high is not None:
        start = low.moment if low is not None else high.moment
        yield line(places[start], y, places[high.moment], y, width=2.4, color=HAIR)
    if low is not None:
        yield line(places[low.moment], y - 5, places[low.moment], y + 5, width=1.2)
    if event.claimed_at is not None:
        yield from _mark("claimed", places[event.claimed_at], y)
    if event.received_at is not None:
        yield from _mark("received", places[event.received_at], y)
    for name, bound in _checked(event):
        if bound is not None:
            yield from _mark(name, places[bound.moment], y, trusted=bound.trusted)
    yield text(_WIDTH, y + 3, _delay(event.received_at, high, language), size=8, anchor="end")


def _name(event: EventView, language: Language) -> str:
    known = taxonomy.EVENT_TYPES.get(event.type or "")
    if known is None:
        return (event.type or WORDS[language]["unknown"])[:_NAME_LENGTH]
    name = known.label_zh if language == "zh-CN" else known.label_en
    return name if len(name) <= _NAME_LENGTH + 6 else name[: _NAME_LENGTH + 5] + "…"


def _mark(name: str, x: float, y: float, *, trusted: bool = True) -> Iterator[str]:
    match name:
        case "claimed":
            yield polygon(((x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y)), filled=False)
        case "received":
            yield circle(x, y, 3.4)
        case "tsa":
            yield polygon(((x, y - 5), (x + 5, y + 4), (x - 5, y + 4)), filled=trusted)
        case "witness":
            yield polygon(((x, y + 5), (x + 5, y - 4), (x - 5, y - 4)), filled=trusted)
        case _:
            yield polygon(((x - 4, y - 4), (x + 4, y - 4), (x + 4, y + 4), (x - 4, y + 4)), filled=trusted)
    if not trusted:
        yield circle(x, y + 0.5, 1.1)


def _delay(received: datetime | None, bound: TimeBound | None, language: Language) -> str:
    if received is None or bound is None:
        return "–"
    return delay_words(bound.moment - received, language)
