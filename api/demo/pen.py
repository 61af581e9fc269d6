"""How the demonstration's person draws a name: places of a pen on a pad, as a browser's canvas would send them."""

from itertools import pairwise

from zheng_client.signer import PenPoint

# 李小㛃 in running hand, about 600 × 200 units: each stroke a list of places, drawn at an even pace.
_STROKES = (
    ((20, 52), (60, 50), (104, 42)),
    ((64, 12), (66, 44), (66, 88)),
    ((62, 52), (44, 72), (18, 92)),
    ((68, 54), (88, 70), (116, 84)),
    ((38, 104), (70, 100), (92, 98), (78, 112), (66, 122)),
    ((66, 122), (76, 140), (74, 166), (60, 182), (44, 170)),
    ((16, 142), (62, 136), (122, 128), (150, 124)),
    ((246, 40), (250, 90), (248, 150), (240, 164), (224, 150)),
    ((206, 84), (194, 108), (178, 128)),
    ((284, 78), (304, 98), (318, 120), (336, 112)),
    ((392, 42), (420, 38), (450, 34)),
    ((394, 64), (422, 60), (450, 56)),
    ((380, 88), (420, 82), (462, 78)),
    ((420, 16), (420, 60), (416, 108)),
    ((474, 40), (508, 34), (540, 32), (538, 70), (524, 102), (508, 94)),
    ((504, 40), (494, 76), (468, 108)),
    ((456, 110), (438, 134), (426, 150), (468, 166), (512, 190)),
    ((502, 116), (478, 154), (412, 194)),
    ((374, 142), (440, 132), (520, 126), (600, 118)),
)  # fmt: skip
_BETWEEN = 4  # points between two places
_PACE_MS = 16


def handwriting() -> tuple[tuple[PenPoint, ...], ...]:
    """Give the strokes, with the time of each point since the first."""
    strokes, at = [], 0
    for places in _STROKES:
        points = [PenPoint(*places[0], at)]
        for (x, y), (right, down) in pairwise(places):
            for step in range(1, _BETWEEN + 1):
                at += _PACE_MS
                across, along = (right - x) * step // _BETWEEN, (down - y) * step // _BETWEEN
                points.append(PenPoint(x + across, y + along, at))
        strokes.append(tuple(points))
        at += 5 * _PACE_MS
    return tuple(strokes)
