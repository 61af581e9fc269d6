"""Signature fields: prepared once, before anybody signs, as one revision behind the bytes that were shown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, SigFieldSpec, append_signature_field

from signing.errors import Refused
from signing.pades.appearance import frame, page_box
from signing.pades.examine import examine, refusing
from signing.pades.geometry import PageBox, Rectangle, to_user_space
from signing.pades.writer import AppendingWriter

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)  # the taxonomy's: party.signed/1


@dataclass(frozen=True, slots=True)
class SignatureField:
    """Where somebody will sign: a name unique in the document, the page counted from 1, and the place on it.

    ``locks``: the form fields whose values the signature will settle (ISO 32000-2 §12.7.5.5): a later change breaks it.
    """

    name: str
    page: int
    place: Rectangle
    locks: tuple[str, ...] = ()


def prepare_fields(pdf: bytes, fields: Sequence[SignatureField]) -> bytes:
    """Append empty signature fields in one revision: ``pdf`` is a prefix of what is given, and stays readable as it was.

    The same input gives the same bytes.

    Raises:
        Refused: what ``examine`` refuses; field-value: a name that is none or stands twice, a page or place outside the
            document.

    """
    examine(pdf)
    names = [field.name for field in fields]
    for number, field in enumerate(fields):
        if not _NAME.fullmatch(field.name) or names.count(field.name) > 1:
            where = f"/fields/{number}/name"
            raise Refused("field-value", "", where, "a letter, then at most 63 of A-Z a-z 0-9 _ -, once")
    with refusing():
        writer = AppendingWriter(pdf)
        boxes = _boxes(writer, fields)
    for number, (field, box) in enumerate(zip(fields, boxes, strict=True)):
        if box is None:
            raise Refused("field-value", "there is no such page", f"/fields/{number}/page")
        if not box.holds(field.place):
            raise Refused("field-value", "the place lies outside the page", f"/fields/{number}/place")
    with refusing():
        for field, box in zip(fields, boxes, strict=True):
            if box is not None:
                _append(writer, field, box)
        return writer.finish()


def _boxes(writer: AppendingWriter, fields: Sequence[SignatureField]) -> list[PageBox | None]:
    count = int(writer.root["/Pages"]["/Count"])
    return [page_box(_page(writer, field.page)) if 1 <= field.page <= count else None for field in fields]


def _page(writer: AppendingWriter, number: int) -> Any:
    reference, _ = writer.find_page_for_modification(number - 1)  # type: ignore[no-untyped-call]  # pyHanko: partly untyped
    return reference.get_object()


def _append(writer: AppendingWriter, field: SignatureField, box: PageBox) -> None:
    corners = to_user_space(field.place, box)
    lock = FieldMDPSpec(FieldMDPAction.INCLUDE, list(field.locks)) if field.locks else None
    specification = SigFieldSpec(field.name, on_page=field.page - 1, box=corners, field_mdp_spec=lock)  # type: ignore[arg-type]
    append_signature_field(writer, specification)
    frame(writer.root["/AcroForm"]["/Fields"][-1])
