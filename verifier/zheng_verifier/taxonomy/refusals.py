"""What a refusal says: which member is wrong and what to send instead, never the value itself.

Codes: SCHEMA_VIOLATION; PERSONAL_DATA for a personal value, or a hash of one, that is not sealed; FREE_TEXT for words
where only codes may stand; P3_REFUSED for secrets.
"""

import difflib
import re
from collections.abc import Iterator
from typing import NoReturn

from zheng_verifier.canonical import JsonValue
from zheng_verifier.errors import MalformedError

# Class P3 of signing-platforms §3.2: never accepted, not even sealed. No schema has these members.
P3_NAMES = frozenset(
    {
        "otp", "otp_code", "otp_value", "one_time_password", "verification_code", "sms_code",
        "password", "passwd", "passphrase", "pin", "signing_password",
        "private_key", "secret_key", "key_pair",
        "card_number", "bank_card", "bank_card_number", "pan", "cvv", "cvc", "cvv2",
        "biometric", "biometric_template", "face_template", "face_feature", "fingerprint_template", "voiceprint",
    }
)  # fmt: skip
# Names under which clients are likely to send personal values (P1) that a type has no field for.
_PERSONAL_NAMES = frozenset(
    {
        "name", "real_name", "full_name", "phone", "mobile", "telephone", "email", "mail", "address",
        "id_number", "id_card", "id_no", "cert_no", "passport", "uscc", "organization_name", "legal_representative",
        "ip", "ip_address", "user_agent", "device", "imei", "imsi", "mac", "geo", "latitude", "longitude", "location",
        "bank_card_last4", "account", "session", "provider_txn", "certificate", "serial_number", "seal", "image",
        "subject", "target", "recipient", "title", "file_name", "signature_image",
    }
)  # fmt: skip
_FREE_TEXT_NAMES = frozenset(
    {
        "note", "notes", "remark", "remarks", "comment", "comments", "memo", "message", "text", "content",
        "description", "detail", "details", "reason", "reason_text", "extra", "custom", "metadata", "labels", "tags",
    }
)  # fmt: skip
_HASH_OF = re.compile(r"(.+?)_(?:hash|digest|sha1|sha256|sha512|sm3|md5|hmac|fingerprint)", re.ASCII)
_SEAL_IT = 'send it as a sealed value {"_sd": ["<digest>"]} or under `private`'


def violation(detail: str, where: str, *, code: str = "SCHEMA_VIOLATION") -> NoReturn:
    """Refuse.

    Raises:
        MalformedError: always.

    """
    raise MalformedError(code, detail, where)


def named(where: str) -> str:
    """Name a place for a reader: its last step, with the list's name where it is a position."""
    *before, last = where.split("/")
    return f"item {last} of '{before[-1]}'" if last.isdecimal() else f"'{last}'"


def refuse_plain(where: str) -> NoReturn:
    """Refuse a personal value that is not sealed."""
    violation(f"{named(where)} is personal data: {_SEAL_IT}", where, code="PERSONAL_DATA")


def refuse_missing(name: str, owner: str, where: str, *, personal: bool) -> NoReturn:
    """Refuse an object that lacks a required member."""
    violation(f"'{name}' is required in {owner}" + (f": {_SEAL_IT}" if personal else ""), f"{where}/{name}")


def refuse_unknown(
    name: str, members: tuple[str, ...], sealed: tuple[str, ...], owner: str, where: str
) -> NoReturn:
    """Refuse a member that ``owner`` does not have.

    ``members`` are all it has, ``sealed`` the personal ones among them.
    """
    place = f"{where}/{name}"
    if name == "_sd":
        violation(f"{named(where)} is not a personal field: send the value itself, not a sealed value", where)
    if (hashed := _HASH_OF.fullmatch(name)) and (stem := hashed[1]) in _PERSONAL_NAMES.union(sealed):
        instead = _SEAL_IT.replace("it", f"'{stem}'", 1) if stem in sealed else f"{owner} has no '{stem}'"
        detail = f"'{name}': a hash of a personal value is found by trying all values; {instead}"
        violation(detail, place, code="PERSONAL_DATA")
    if name in _FREE_TEXT_NAMES:
        instead = "; say why in the sealed field 'reason'" if "reason" in sealed else ""
        violation(f"'{name}': free text has no place in {owner}{instead}", place, code="FREE_TEXT")
    if name in _PERSONAL_NAMES:
        instead = f"its personal fields are {', '.join(sealed)}" if sealed else "it has no personal fields"
        detail = f"'{name}' is personal data and no field of {owner}: {instead}"
        violation(detail, place, code="PERSONAL_DATA")
    close = difflib.get_close_matches(name, members, n=1)
    instead = f"did you mean '{close[0]}'?" if close else f"its fields are {', '.join(members)}"
    violation(f"'{name}' is no field of {owner}: {instead}", place)


def refuse_p3(value: JsonValue, where: str) -> None:
    """Refuse secrets and biometric templates by name, wherever they stand.

    Raises:
        MalformedError: code P3_REFUSED.

    """
    for place, name in _names(value, where):
        if name in P3_NAMES:
            raise MalformedError(
                "P3_REFUSED", f"'{name}' is never accepted, not even sealed: leave it out", place
            )


def _names(value: JsonValue, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield f"{where}/{name}", name
            yield from _names(item, f"{where}/{name}")
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _names(item, f"{where}/{position}")
