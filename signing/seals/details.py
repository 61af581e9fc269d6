"""What is personal about a seal, kept as one sealed value: canonical JSON, read strictly."""

from dataclasses import dataclass

from zheng_verifier.canonical import CLAIM_LIMITS, Fields, JsonObject, format_json, parse_canonical


@dataclass(frozen=True, slots=True)
class Details:
    """``image`` and ``page`` are SHA-256 digests (hex) of files in the seal's custody."""

    name: str
    inscription: str
    filing_number: str
    image: str
    media_type: str
    page: str


def format_details(details: Details) -> bytes:
    """Write details."""
    value: JsonObject = {
        "name": details.name,
        "inscription": details.inscription,
        "filing_number": details.filing_number,
        "image": details.image,
        "media_type": details.media_type,
        "page": details.page,
    }
    return format_json(value)


def parse_details(data: bytes) -> Details:
    """Read what ``format_details`` wrote; raises MalformedError for anything else."""
    fields = Fields(parse_canonical(data, CLAIM_LIMITS))
    details = Details(
        name=fields.text("name"),
        inscription=fields.text("inscription"),
        filing_number=fields.text("filing_number"),
        image=fields.text("image"),
        media_type=fields.text("media_type"),
        page=fields.text("page"),
    )
    fields.end()
    return details
