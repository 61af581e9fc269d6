"""A document's pages with what was entered, and with what fixes them: bytes in, bytes out; the same for the same input."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from zheng_verifier.pdf.fonts import coverage

from signing.contracts.order import PartyRole
from signing.documents.controls import Control, ControlKind
from signing.documents.forms import Entry, check_values
from signing.documents.overlay import (
    BOXES_A_PAGE,
    SIGNING_PAGE,
    Layer,
    Watermark,
    footer_text,
    signing_places,
    typeset,
)
from signing.documents.pages import Page
from signing.documents.stamping import Marks, stamp
from signing.pades import FieldValue, Rectangle, SignatureField, fill_fields, prepare_fields


@dataclass(frozen=True, slots=True)
class Signer:
    """A party that signs: its number in the contract, and the words in its box on a page to sign on."""

    number: int
    words: str
    sealed: bool


_ROLES = {PartyRole.GUARANTOR: "担保方 Guarantor", PartyRole.WITNESS: "见证人 Witness"}


def box_words(number: int, name: str, role: PartyRole) -> str:
    """Write the words of a signer's box: who signs for another reason than the contract's own says so."""
    said = f"{_ROLES[role]} · " if role in _ROLES else ""
    return f"{number}. {said}{name}"


@dataclass(frozen=True, slots=True)
class Final:
    """What is signed: ``shown`` is the beginning of ``finalized``; ``controls`` are those signed at, of all signers.

    ``pages`` counts the pages with those that were added.
    """

    shown: bytes
    finalized: bytes
    controls: tuple[Control, ...]
    pages: tuple[Page, ...]


def render_entered(
    base: bytes,
    pages: Sequence[Page],
    controls: Sequence[Control],
    values: Mapping[str, str],
    watermark: Watermark | None,
    *,
    complete: bool,
) -> tuple[bytes, tuple[Entry, ...]]:
    """Lay values and watermark over a document.

    Raises:
        Refused: what `check_values` and `typeset` say.

    """
    entries = check_values(controls, values, coverage(), complete=complete)
    if not entries and watermark is None:
        return base, ()
    layers = [
        Layer(page.size, tuple(each for each in entries if each.control.page == number), watermark)
        for number, page in enumerate(pages, start=1)
    ]
    return stamp(base, pages, typeset(layers), Marks()), entries


def render_final(
    current: bytes,
    pages: Sequence[Page],
    controls: Sequence[Control],
    signers: Sequence[Signer],
    *,
    number: str,
    case: str,
    title: str,
    left: Sequence[Control] = (),
) -> Final:
    """Name contract and case on every page, add pages for signers who have no place, and append the empty fields.

    ``left`` are the controls whose values signers enter; each one's signature settles his own.

    Raises:
        Refused: what `prepare_fields` refuses.

    """
    placed = {control.party: control for control in controls if control.kind.signs}
    homeless = [signer for signer in signers if signer.number not in placed]
    groups = [homeless[start : start + BOXES_A_PAGE] for start in range(0, len(homeless), BOXES_A_PAGE)]
    total = len(pages) + len(groups)
    layers = [
        Layer(page.size, footer=footer_text(number, case, place, total))
        for place, page in enumerate(pages, start=1)
    ]
    for place, group in enumerate(groups, start=len(pages) + 1):
        boxes = tuple(zip(signing_places(len(group)), (signer.words for signer in group), strict=True))
        layers.append(Layer(SIGNING_PAGE, footer=footer_text(number, case, place, total), boxes=boxes))
        for signer, (rectangle, _) in zip(group, boxes, strict=True):
            kind = ControlKind.SEAL if signer.sealed else ControlKind.SIGNATURE
            inner = replace(rectangle, y=rectangle.y + 18_000, height=rectangle.height - 22_000)
            placed[signer.number] = Control(f"sign_{signer.number}", kind, signer.number, place, inner)
    shown = stamp(current, pages, typeset(layers), Marks(title, case), left)
    signing = tuple(placed[signer.number] for signer in signers)
    own = {each.party: tuple(other.name for other in left if other.party == each.party) for each in signing}
    fields = [
        SignatureField(_field(each, (*signing, *left)), each.page, each.place, own[each.party])
        for each in signing
    ]
    width, height = SIGNING_PAGE
    added = (Page((0, 0, width, height)),) * len(groups)
    named = tuple(replace(each, name=field.name) for each, field in zip(signing, fields, strict=True))
    return Final(shown, prepare_fields(shown, fields), named, (*pages, *added))


def _field(control: Control, all_of_them: Sequence[Control]) -> str:
    """Give a field's name, once in the document whatever controls of others are called."""
    names = [each.name for each in all_of_them]
    if names.count(control.name) == 1:
        return control.name
    name = f"party_{control.party}"
    while name in names:
        name += "_"
    return name


def render_own(base: bytes, entries: Sequence[Entry], fields: Sequence[str]) -> bytes:
    """Fill a party's values into their fields, in one revision; ``fields`` are all that were left to it.

    Raises:
        Refused: value-overflow; what `fill_fields` refuses.

    """
    worded = [entry for entry in entries if entry.control.kind is not ControlKind.CHECKBOX]
    ticked = [entry for entry in entries if entry.control.kind is ControlKind.CHECKBOX]
    layers = [
        Layer((entry.control.place.width, entry.control.place.height), (_alone(entry),)) for entry in worded
    ]
    values = [FieldValue(entry.control.name, entry.text) for entry in worded]
    values += [FieldValue(entry.control.name, checked=entry.value == "true") for entry in ticked]
    return fill_fields(base, values, typeset(layers) if layers else None, fields)


def _alone(entry: Entry) -> Entry:
    """Give an entry on a page as large as its place."""
    place = entry.control.place
    return replace(entry, control=replace(entry.control, place=Rectangle(0, 0, place.width, place.height)))
