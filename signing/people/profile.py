"""What is known of a person or a company: read strictly, kept sealed as one value, in canonical JSON.

Names are kept as they were given: no normalisation, or they would differ from the identity document's.
"""

import re
from dataclasses import dataclass, fields, replace
from typing import Literal

from zheng_verifier.canonical import JsonObject, Limits, format_json, parse_json

from signing.errors import Refused

SubjectKind = Literal["person", "organization"]
ID_TYPES = ("id_card", "passport", "hk_macao_permit", "taiwan_permit", "foreign_residence_permit", "other")
_LIMITS = Limits(max_bytes=16_384, max_depth=2, max_string=1_000)
_PATTERNS = {
    "phone": (r"\+?[0-9]{5,20}", "digits, with a leading + for the country code"),
    "email": (r"[^\s@]{1,64}@[^\s@]{1,189}", "an e-mail address"),
    "id_type": ("|".join(ID_TYPES), "one of " + ", ".join(ID_TYPES)),
    "uscc": (r"[0-9A-HJ-NPQRTUWXY]{18}", "18 digits and capitals (GB 32100)"),
    "login": (r"[a-z0-9][a-z0-9._@-]{2,63}", "3 to 64 of a–z, 0–9, '.', '_', '@', '-'"),
}
_LENGTHS = {
    "name": (1, 200),
    "id_number": (4, 64),
    "legal_representative": (1, 200),
    "address": (1, 500),
    "external_id": (1, 128),
    "department": (1, 100),
}
_ID_CARD = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Profile:
    """Values of an account; an empty text means that it was not given. ``name`` is a company's registered name too."""

    name: str
    phone: str = ""
    email: str = ""
    id_type: str = ""
    id_number: str = ""
    uscc: str = ""
    legal_representative: str = ""
    address: str = ""
    department: str = ""
    login: str = ""
    external_id: str = ""

    def changed(self, **values: str) -> "Profile":
        """Give the profile with other values, checked.

        Raises:
            Refused: field-value.
        """
        return checked(replace(self, **values))


def checked(profile: Profile) -> Profile:
    """Hold every value that is given against its form.

    Raises:
        Refused: field-value, naming the member.
    """
    for each in fields(profile):
        value = getattr(profile, each.name)
        if not value and each.name != "name":
            continue
        if each.name in _PATTERNS:
            pattern, expected = _PATTERNS[each.name]
            if not re.fullmatch(pattern, value, re.ASCII):
                raise Refused("field-value", field=f"/{each.name}", expected=expected)
        else:
            least, most = _LENGTHS[each.name]
            if not least <= len(value) <= most or value != value.strip():
                expected = f"{least} to {most} characters, no space around them"
                raise Refused("field-value", field=f"/{each.name}", expected=expected)
    if bool(profile.id_type) != bool(profile.id_number):
        raise Refused("field-value", "A number needs the kind of its document.", field="/id_type")
    if profile.id_type == "id_card" and not _ID_CARD.fullmatch(profile.id_number):
        raise Refused("field-value", field="/id_number", expected="17 digits and a digit or X")
    return profile


def format_profile(profile: Profile) -> bytes:
    """Write a profile to be sealed; what is empty is left out."""
    values: JsonObject = {
        each.name: value for each in fields(profile) if (value := getattr(profile, each.name))
    }
    return format_json(values)


def parse_profile(data: bytes) -> Profile:
    """Read what ``format_profile`` wrote."""
    value = parse_json(data, _LIMITS)
    if not isinstance(value, dict):
        raise TypeError("a profile is an object")
    return Profile(**{name: str(text) for name, text in value.items()})
