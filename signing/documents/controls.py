"""Controls: what is placed on the pages of a document for somebody to fill in or sign (pure).

Places are thousandths of a point from the top-left corner of a page as it is seen: cropped, and turned as it says. The
lowest ``FOOTER`` of each page stays free for the line that names contract and case.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from signing.errors import Refused
from signing.pades.geometry import Rectangle

FOOTER = 18_000
MAX_CONTROLS = 200
MAX_PARTIES = 50
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)
_SMALLEST_VALUE, _SMALLEST_SIGNATURE = (6_000, 6_000), (20_000, 10_000)


class ControlKind(StrEnum):
    """What is entered at a place."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHECKBOX = "checkbox"
    PARTY_NAME = "party_name"
    PARTY_ID = "party_id"
    SIGNATURE = "signature"
    SEAL = "seal"

    @property
    def signs(self) -> bool:
        """Whether the place is for a signature in the sense of PAdES: somebody's seal or handwriting."""
        return self in (ControlKind.SIGNATURE, ControlKind.SEAL)

    @property
    def names_party(self) -> bool:
        """Whether what is entered says who a party is: the sender's to state, never left to anybody."""
        return self in (ControlKind.PARTY_NAME, ControlKind.PARTY_ID)


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be entered and how it looks; what does not concern the kind of control is left as it is here.

    ``minimum`` and ``maximum`` are decimal numbers or dates, "" without bound; ``decimals`` the most digits after the
    point; ``grouped`` sets commas at thousands; ``style`` of a date is ``iso`` or ``chinese``; ``size`` is the size of
    letters in thousandths of a point, which shrink to ``smallest`` before a value is refused as too long.
    """

    label: str = ""
    default: str = ""
    max_length: int = 200
    minimum: str = ""
    maximum: str = ""
    decimals: int = 2
    grouped: bool = False
    style: str = "iso"
    options: tuple[str, ...] = ()
    align: str = "left"
    size: int = 10_500
    smallest: int = 6_000


@dataclass(frozen=True, slots=True)
class Control:
    """One control. ``party`` is the number of the contract's party (from 1) it is for, 0: whoever makes the contract.

    A value that is for a party, and that the sender did not enter, is left to that party: it fills it in as it signs.
    """

    name: str
    kind: ControlKind
    party: int
    page: int
    place: Rectangle
    required: bool = True
    rule: Rule = field(default=Rule())


def may_be_left(control: Control) -> bool:
    """Tell whether the value of a control may be left to its party."""
    return control.party > 0 and not control.kind.signs and not control.kind.names_party


def left_open(controls: Sequence[Control], values: Mapping[str, str]) -> tuple[Control, ...]:
    """Give the controls that the sender left to their parties: for a party, and neither a value nor a default."""
    return tuple(
        control
        for control in controls
        if may_be_left(control) and not values.get(control.name, control.rule.default)
    )


def check_controls(controls: Sequence[Control], pages: Sequence[tuple[int, int]]) -> None:
    """Hold controls against the pages of their document, (width, height) as seen, thousandths of a point.

    Raises:
        Refused: control-invalid, control-outside, control-overlap; ``field`` points at the control.

    """
    if len(controls) > MAX_CONTROLS:
        raise Refused(
            "control-invalid", "There are too many controls.", "/controls", f"at most {MAX_CONTROLS}"
        )
    names = set[str]()
    signing = set[int]()
    for number, control in enumerate(controls):
        where = f"/controls/{number}"
        if not NAME.fullmatch(control.name) or control.name in names:
            raise Refused(
                "control-invalid", "", f"{where}/name", "a letter, then at most 63 of A-Z a-z 0-9 _ -, once"
            )
        names.add(control.name)
        _check_party(control, signing, where)
        _check_rule(control, where)
        _check_place(control, pages, where)
    _check_overlaps(controls)


def _check_party(control: Control, signing: set[int], where: str) -> None:
    if not 0 <= control.party <= MAX_PARTIES:
        raise Refused("control-invalid", "", f"{where}/party", f"0 to {MAX_PARTIES}")
    if control.kind.signs:
        if not control.party or control.party in signing:
            raise Refused(
                "control-invalid",
                "Each party signs at one place.",
                f"{where}/party",
                "a party that has no place yet",
            )
        signing.add(control.party)
    elif control.kind.names_party and not control.party:
        raise Refused("control-invalid", "", f"{where}/party", "the number of a party, from 1")


def _check_rule(control: Control, where: str) -> None:
    rule = control.rule
    if control.kind is ControlKind.CHOICE and not 1 <= len(set(rule.options)) == len(rule.options) <= 50:
        raise Refused("control-invalid", "", f"{where}/rule/options", "1 to 50 different texts")
    if not 4_000 <= rule.smallest <= rule.size <= 72_000:
        raise Refused("control-invalid", "", f"{where}/rule/size", "4000 to 72000, and not below smallest")
    if not (0 <= rule.decimals <= 6 and 1 <= rule.max_length <= 1_000):
        raise Refused("control-invalid", "", f"{where}/rule", "decimals 0 to 6, max_length 1 to 1000")
    if rule.align not in ("left", "center", "right") or rule.style not in ("iso", "chinese"):
        raise Refused("control-invalid", "", f"{where}/rule", "align left, center, right; style iso, chinese")


def _check_place(control: Control, pages: Sequence[tuple[int, int]], where: str) -> None:
    if not 1 <= control.page <= len(pages):
        raise Refused("control-outside", "There is no such page.", f"{where}/page", f"1 to {len(pages)}")
    width, height = pages[control.page - 1]
    place = control.place
    least = _SMALLEST_SIGNATURE if control.kind.signs else _SMALLEST_VALUE
    if place.width < least[0] or place.height < least[1]:
        raise Refused(
            "control-outside", "The place is too small.", where, f"at least {least[0]} x {least[1]}"
        )
    if min(place.x, place.y) < 0 or place.x + place.width > width or place.y + place.height > height - FOOTER:
        expected = f"within {width} x {height - FOOTER}: the lowest {FOOTER} are for the footer"
        raise Refused("control-outside", "The place lies outside the page.", where, expected)


def _check_overlaps(controls: Sequence[Control]) -> None:
    """A seal may cover what was typed, as on paper; two signatures, or two values, may not cover each other."""
    for number, control in enumerate(controls):
        for other in controls[:number]:
            if (
                control.page == other.page
                and control.kind.signs == other.kind.signs
                and overlap(control.place, other.place)
            ):
                raise Refused(
                    "control-overlap",
                    f"It covers the control '{other.name}'.",
                    f"/controls/{number}",
                    "a place apart",
                )


def overlap(one: Rectangle, other: Rectangle) -> bool:
    """Tell whether two places have an area in common; edges may touch."""
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def without_place(controls: Sequence[Control], signatories: Sequence[int]) -> tuple[int, ...]:
    """Give the parties that sign and have no place to.

    Raises:
        Refused: control-invalid: a place is for a party that does not sign.

    """
    placed = {control.party for control in controls if control.kind.signs}
    if strangers := placed - set(signatories):
        raise Refused("control-invalid", f"Party {min(strangers)} does not sign.", "/controls")
    return tuple(party for party in signatories if party not in placed)


def format_controls(controls: Sequence[Control]) -> str:
    """Write controls as they are kept."""
    return json.dumps([_members(control) for control in controls], ensure_ascii=False, separators=(",", ":"))


def _members(control: Control) -> dict[str, Any]:
    place, rule = control.place, control.rule
    return {
        "name": control.name,
        "kind": control.kind.value,
        "party": control.party,
        "page": control.page,
        "place": [place.x, place.y, place.width, place.height],
        "required": control.required,
        "rule": {name: getattr(rule, name) for name in Rule.__dataclass_fields__},
    }


def parse_controls(text: str) -> tuple[Control, ...]:
    """Read controls as ``format_controls`` wrote them."""
    return tuple(_control(members) for members in json.loads(text))


def _control(members: Mapping[str, Any]) -> Control:
    rule = dict(members["rule"])
    rule["options"] = tuple(rule["options"])
    return Control(
        members["name"],
        ControlKind(members["kind"]),
        members["party"],
        members["page"],
        Rectangle(*members["place"]),
        members["required"],
        Rule(**rule),
    )
