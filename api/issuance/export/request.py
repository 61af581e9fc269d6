"""What is asked of an export: edition, values to open, documents to enclose; closed, and without a personal value.

{"documents":["9f86…"],"edition":"redacted","open":["3:/data/name"],"purpose":"litigation","recipient_kind":"court"}
"""

import re
from dataclasses import dataclass
from typing import Literal

from zheng_verifier.canonical import Fields, JsonObject, Limits, format_json, parse_canonical
from zheng_verifier.encoding import format_hex, parse_hex
from zheng_verifier.errors import MalformedError

from api.issuance.evidence import SealedPlace

Edition = Literal["full", "redacted"]
RECIPIENTS = ("party", "court", "arbitration", "notary", "forensic", "lawyer", "platform", "authority")
PURPOSES = (
    *("own_records", "litigation", "arbitration", "notarization"),
    *("appraisal", "audit", "supervision"),
)
MAX_OPEN, MAX_DOCUMENTS = 4_096, 256
_LIMITS = Limits(max_bytes=1 << 20, max_depth=3, max_string=512)
_PLACE = re.compile(r"([1-9][0-9]{0,8}):((?:/[a-z0-9_]{1,64}){1,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """An export as it was asked for. ``documents`` (SHA-256, 32 bytes each) is None for: all that are held."""

    edition: Edition
    open: tuple[SealedPlace, ...] = ()
    documents: tuple[bytes, ...] | None = None
    recipient_kind: str = "platform"
    purpose: str = "own_records"

    @property
    def opened(self) -> frozenset[SealedPlace] | None:
        """The sealed values to open, None for: all that are held."""
        return None if self.edition == "full" else frozenset(self.open)


def parse_place(text: str) -> SealedPlace:
    """Read the place of a sealed value: ``<seq>:<path>``, as in ``3:/data/name``.

    Raises:
        MalformedError: any other form.
    """
    found = _PLACE.fullmatch(text)
    if found is None:
        raise MalformedError("FORMAT_FAILURE", "a sealed value is named like '3:/data/name'", "open")
    return SealedPlace(int(found[1]), found[2])


def format_place(place: SealedPlace) -> str:
    """Write the place of a sealed value."""
    return f"{place.seq}:{place.path}"


def format_request(request: ExportRequest) -> bytes:
    """Write a request in canonical form; lists are sorted, so that the same wish has the same bytes."""
    places = sorted(request.open, key=lambda place: (place.seq, place.path))
    body: JsonObject = {
        "edition": request.edition,
        "open": [format_place(place) for place in places],
        "recipient_kind": request.recipient_kind,
        "purpose": request.purpose,
    }
    if request.documents is not None:
        body["documents"] = [format_hex(each) for each in sorted(request.documents)]
    return format_json(body)


def parse_request(data: bytes) -> ExportRequest:
    """Read a request that ``format_request`` wrote.

    Raises:
        MalformedError: any other form.
    """
    fields = Fields(parse_canonical(data, _LIMITS))
    edition = fields.text("edition", choices=("full", "redacted"))
    request = ExportRequest(
        edition="full" if edition == "full" else "redacted",
        open=tuple(parse_place(str(each)) for each in fields.array("open", max_items=MAX_OPEN)),
        documents=fields.optional(
            "documents",
            lambda name: tuple(
                parse_hex(str(each), size=32) for each in fields.array(name, max_items=MAX_DOCUMENTS)
            ),
        ),
        recipient_kind=fields.text("recipient_kind", choices=RECIPIENTS),
        purpose=fields.text("purpose", choices=PURPOSES),
    )
    fields.end()
    return request
