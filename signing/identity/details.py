"""What a check compared: taken from the account when it begins, kept sealed, told again wherever it is relied on."""

from dataclasses import dataclass, replace

from zheng_verifier.canonical import Fields, JsonObject, Limits, format_json, parse_canonical

from signing.errors import Refused
from signing.identity.methods import Method
from signing.people.accounts import Account
from signing.people.profile import Profile

_LIMITS = Limits(max_bytes=32_768, max_depth=4, max_string=2_000)
_PERSON = ("name", "id_type", "id_number")
_COMPANY = ("name", "uscc", "legal_representative")
_TEXTS = ("name", "id_type", "id_number", "phone", "bank_card_last4", "uscc", "legal_representative")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that was looked at: SHA-256 in hex, media type, size in bytes. The file itself need not be kept."""

    sha256: str
    media_type: str
    size: int

    def write(self) -> JsonObject:
        """Write it as the taxonomy has it."""
        return {"sha256": self.sha256, "media_type": self.media_type, "size": self.size}


@dataclass(frozen=True, slots=True)
class Details:
    """Values of one check; of a bank card its last four digits only. ``name`` is a company's registered name too."""

    name: str
    id_type: str = ""
    id_number: str = ""
    phone: str = ""
    bank_card_last4: str = ""
    uscc: str = ""
    legal_representative: str = ""
    evidence: tuple[Evidence, ...] = ()

    def still_of(self, profile: Profile) -> bool:
        """Tell whether the account is still called and numbered as it was checked."""
        names = _COMPANY if self.uscc else _PERSON
        return all(getattr(self, name) == getattr(profile, name) for name in names)

    def with_evidence(self, added: Evidence) -> "Details":
        """Give the details with one more file, each once."""
        if added in self.evidence:
            return self
        return replace(self, evidence=(*self.evidence, added))


def details_of(account: Account, method: Method, *, bank_card: str) -> Details:
    """Take from the account what the method compares.

    Raises:
        Refused: identity-incomplete, naming what the account lacks.
    """
    profile = account.profile
    wanted: tuple[str, ...] = _PERSON if method.kind == "person" else _COMPANY
    if "phone" in method.needs:
        wanted = (*wanted, "phone")
    if lacking := [name for name in wanted if not getattr(profile, name)]:
        raise Refused(
            "identity-incomplete", "The account lacks what is compared.", expected=", ".join(lacking)
        )
    if method.kind == "person" and not method.reviewed and profile.id_type != "id_card":
        raise Refused(
            "identity-incomplete", "This way knows identity cards only.", expected="id_type id_card"
        )
    values = {name: getattr(profile, name) for name in wanted}
    return Details(**values, bank_card_last4=bank_card[-4:])


def format_details(details: Details) -> bytes:
    """Write details to be sealed."""
    value: JsonObject = {name: text for name in _TEXTS if (text := getattr(details, name))}
    value["evidence"] = [each.write() for each in details.evidence]
    return format_json(value)


def parse_details(data: bytes) -> Details:
    """Read what ``format_details`` wrote.

    Raises:
        MalformedError: it is something else.
    """
    fields = Fields(parse_canonical(data, _LIMITS))
    texts = {name: fields.text(name) for name in _TEXTS if fields.has(name)}
    evidence = []
    for value in fields.array("evidence", max_items=16):
        item = Fields(value)
        evidence.append(Evidence(item.text("sha256"), item.text("media_type"), item.integer("size")))
        item.end()
    fields.end()
    return Details(**texts, evidence=tuple(evidence))
