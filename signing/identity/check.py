"""A check as it is begun and as it is seen."""

from dataclasses import dataclass, field
from datetime import datetime

from signing.errors import Refused
from signing.identity.methods import Method


@dataclass(frozen=True, slots=True)
class NewCheck:
    """What a check is begun with; ``id`` is the client's. What a method does not need must be empty."""

    id: str
    account: str
    method: str
    bank_card: str = ""
    bank_account: str = ""
    eid_token: str = ""
    alipay_code: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A check as its tenant sees it."""

    id: str
    account: str
    kind: str
    method: str
    level: str
    state: str
    provider: str
    simulated: bool
    reason: str | None
    result: str | None
    attempts_left: int
    started_at: datetime
    ended_at: datetime | None
    expires_at: datetime | None
    files: tuple[str, ...] = ()
    position: int = field(default=0, compare=False)


def check_needs(method: Method, new: NewCheck) -> None:
    """Refuse what is lacking, and what the method has no use for: it would be personal data for nothing.

    Raises:
        Refused: field-missing, field-unknown, field-value.
    """
    for name, digits in (
        ("bank_card", range(12, 20)),
        ("bank_account", range(6, 33)),
        ("eid_token", range(1, 4097)),
        ("alipay_code", range(1, 129)),
    ):
        value = getattr(new, name)
        if bool(value) != (name in method.needs):
            code = "field-unknown" if value else "field-missing"
            raise Refused(code, f"The method '{method.name}' asks for something else.", field=f"/{name}")
        opaque = name in ("eid_token", "alipay_code")
        if value and (len(value) not in digits or not (opaque or (value.isascii() and value.isdigit()))):
            expected = f"{digits.start} to {digits.stop - 1} {'characters' if opaque else 'digits'}"
            raise Refused("field-value", field=f"/{name}", expected=expected)
