"""What a program says about people, places and values when it has a contract signed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from zheng_verifier.canonical import JsonObject, JsonValue

from zheng_client.answers import Answer


@dataclass(frozen=True, slots=True)
class Party:
    """A party of a contract: an account of the tenant, or a name and a telephone number or e-mail address.

    ``role`` is signatory, guarantor, witness, approver or copy. Who has the same ``group`` acts at the same time, group
    after group from 1. Before it signs, its identity is verified at ``identity_level`` at least (low, substantial, high),
    and it confirms by one of ``factors`` (otp_sms, otp_email, password, face); none named: by any that works.
    """

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    account: str | None = None
    kind: str = "person"
    role: str = "signatory"
    group: int = 1
    required: bool | None = None
    identity_level: str | None = None
    factors: Sequence[str] = ()

    def write(self) -> JsonObject:
        """Give it as the API takes it."""
        body: JsonObject = {"kind": self.kind, "role": self.role, "group": self.group}
        if self.required is not None:
            body["required"] = self.required
        return body | demands(self.identity_level, self.factors) | self.person()

    def person(self) -> JsonObject:
        """Give who it is, without a place in the order."""
        given = {"name": self.name, "phone": self.phone, "email": self.email, "account": self.account}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Control:
    """A field to fill in or a place to sign: thousandths of a point from the top-left corner of the page as seen.

    ``party`` is the number of the contract's party, from 1; 0: whoever makes the contract. ``rule`` as in the API.
    """

    name: str
    kind: str
    page: int
    x: int
    y: int
    width: int
    height: int
    party: int = 0
    required: bool = True
    rule: JsonObject = field(default_factory=dict)

    def write(self) -> JsonObject:
        """Give it as the API takes it."""
        body: JsonObject = {
            "name": self.name,
            "kind": self.kind,
            "party": self.party,
            "page": self.page,
            "place": {"x": self.x, "y": self.y, "width": self.width, "height": self.height},
            "required": self.required,
        }
        return body | {"rule": self.rule} if self.rule else body


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract as the service shows it; ``answer`` holds all it said: parties, documents, history.

    ``standing`` is how it stands for whoever asked: waiting_for_me, waiting_for_others, completed … ``case`` is its case of
    evidence, ``waiting`` how much of it was not deposited yet; both None in lists.
    """

    id: str
    title: str
    state: str
    standing: str
    revision: int
    deadline: datetime
    business_number: str | None
    case: str | None
    waiting: int | None
    answer: JsonObject


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a contract; digests are SHA-256 in hex. ``answer`` holds all that was said."""

    document: str
    contract: str
    name: str
    current_sha256: str
    pages: int
    answer: JsonObject


def demands(identity_level: str | None, factors: Sequence[str]) -> JsonObject:
    """Give what is demanded of a party as the API takes it; nothing is left out as nothing."""
    level: JsonObject = {} if identity_level is None else {"identity_level": identity_level}
    return level | ({"factors": list(factors)} if factors else {})


def read_contract(answer: Answer) -> Contract:
    """Read a contract, of a list or with its details."""
    deposit = answer.optional_object("deposit")
    return Contract(
        id=answer.text("id"),
        title=answer.text("title"),
        state=answer.text("state"),
        standing=answer.text("standing"),
        revision=answer.integer("revision"),
        deadline=answer.time("deadline"),
        business_number=answer.optional_text("business_number"),
        case=answer.optional_text("case"),
        waiting=None if deposit is None else deposit.integer("waiting"),
        answer=answer.value,
    )


def read_document(answer: Answer) -> Document:
    """Read a document."""
    return Document(
        document=answer.text("document"),
        contract=answer.text("contract"),
        name=answer.text("name"),
        current_sha256=answer.text("current_sha256"),
        pages=len(answer.objects("pages")),
        answer=answer.value,
    )


def given(**members: "JsonValue | None") -> JsonObject:
    """Give the members that were said: those that are None are left out, as the API wants it."""
    return {name: value for name, value in members.items() if value is not None}
