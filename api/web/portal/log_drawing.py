"""The log as a drawing: leaves lead to a root, a checkpoint signs it, time-stamps and chains fix the checkpoint.

Lines and words only, so that it prints in black and white; words in a figure scale with it and stay text.
"""

from collections.abc import Mapping, Sequence
from html import escape

from markupsafe import Markup

from anchor.store import AnchoredCheckpoint

_LEAVES = 8
_WIDTH, _HEIGHT = 760, 250
_TREE = 300  # width of the tree in units of the drawing
_LEVELS = (205, 155, 105, 55)  # y of leaves, two levels of nodes, root


def draw_log(said: Mapping[str, str], newest: Sequence[AnchoredCheckpoint]) -> Markup:
    """Draw how deposits come to be fixed, with the size of the newest checkpoint that was."""
    size = newest[0].size if newest else None
    parts = [*_tree(), _label(_TREE / 2, 235, said["leaf_box"]), _label(_TREE / 2 + 34, 50, said["root_box"])]
    parts += _arrow(_TREE / 2 + 62, 55, 395, 55)
    parts += _box(395, 30, 165, said["checkpoint_box"], "" if size is None else f"{said['tree_size']} {size}")
    parts += _arrow(478, 80, 478, 130) + _arrow(560, 55, 600, 55)
    parts += _box(395, 130, 165, said["tsa_box"], str(sum(len(each.tokens) for each in newest[:1])))
    parts += _box(600, 30, 150, said["chain_box"], str(sum(len(each.anchors) for each in newest[:1])))
    title = escape(said["log_drawing"])
    return Markup(  # noqa: S704  # built of numbers and escaped words
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}" '
        'xmlns="http://www.w3.org/2000/svg" fill="none" stroke="currentColor" stroke-width="1.4" '
        f'font-size="14">{"".join(parts)}</svg>'
    )


def _tree() -> list[str]:
    """Draw a tree of eight leaves."""
    rows = [
        [_TREE * (2 * place + 1) / (2 * (_LEAVES >> level)) for place in range(_LEAVES >> level)]
        for level in range(len(_LEVELS))
    ]
    lines = [
        f'<path d="M{x:.1f} {_LEVELS[level]}L{rows[level + 1][place // 2]:.1f} {_LEVELS[level + 1]}"/>'
        for level, row in enumerate(rows[:-1])
        for place, x in enumerate(row)
    ]
    leaves = [f'<rect x="{x - 6:.1f}" y="{_LEVELS[0]}" width="12" height="12"/>' for x in rows[0]]
    nodes = [
        f'<circle cx="{x:.1f}" cy="{_LEVELS[level]}" r="{7 if level == len(rows) - 1 else 4}" fill="currentColor"/>'
        for level, row in enumerate(rows[1:], start=1)
        for x in row
    ]
    return lines + leaves + nodes


def _label(x: float, y: float, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="currentColor" stroke="none">{escape(text)}</text>'


def _box(x: int, y: int, width: int, text: str, below: str) -> list[str]:
    middle = x + width / 2
    return [
        f'<rect x="{x}" y="{y}" width="{width}" height="50" rx="4"/>',
        _label(middle, y + (22 if below else 30), text),
        *([_label(middle, y + 41, below)] if below else []),
    ]


def _arrow(x1: float, y1: float, x2: float, y2: float) -> list[str]:
    """Draw a line that ends in an arrow, to the right or downwards."""
    head = (
        f"M{x2 - 8} {y2 - 5}L{x2} {y2}L{x2 - 8} {y2 + 5}"
        if y1 == y2
        else f"M{x2 - 5} {y2 - 8}L{x2} {y2}L{x2 + 5} {y2 - 8}"
    )
    return [f'<path d="M{x1:.1f} {y1:.1f}L{x2} {y2}"/>', f'<path d="{head}"/>']
