"""The carriers of messages, and what they promise.

CarrierRefusedError       taken by nobody, and trying again will not help: a bounce
CarrierUnavailableError   not taken now, or nobody knows: tried again with the same id
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

Channel: TypeAlias = Literal["sms", "email"]
Reason: TypeAlias = Literal[
    "unknown_recipient",
    "mailbox_full",
    "refused",
    "blocked",
    "unreachable",
    "timed_out",
    "provider_error",
    "other",
]


@dataclass(frozen=True, slots=True)
class SmsMessage:
    """A text for a telephone; ``id`` is the same at every try, so that a carrier can tell a repetition.

    ``tenant`` is whose message it is: no carrier is told, but a simulator shows it to nobody else.
    """

    id: str
    target: str
    text: str
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class MailMessage:
    """A mail; ``id`` becomes its Message-ID and is the same at every try. ``languages`` are of RFC 5646."""

    id: str
    target: str
    subject: str
    text: str
    html: str
    languages: tuple[str, ...]
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A carrier took a message.

    ``transaction`` is the number he finds it again under ("" where he gave none), ``receipt`` the bytes of his answer.
    """

    transaction: str = ""
    receipt: bytes = b""


@dataclass(frozen=True, slots=True)
class Report:
    """What a carrier says later of a message ``id``: delivered, or bounced for a reason."""

    id: str
    state: Literal["delivered", "bounced"]
    at: datetime
    reason: Reason = "other"
    permanent: bool = True
    receipt: bytes = b""


class CarrierRefusedError(Exception):
    """The message will not be delivered: ``reason`` says why; no number or address stands in it."""

    def __init__(self, reason: Reason, receipt: bytes = b"") -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.receipt = receipt


class CarrierUnavailableError(Exception):
    """The carrier did not take the message, or his answer was lost; the same message may be sent again."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class Sender(Protocol):
    """What both carriers say of themselves."""

    @property
    def name(self) -> str:
        """The short registered name that events give."""

    @property
    def simulated(self) -> bool:
        """Whether a simulator and no real carrier answers."""

    def reports(self) -> Sequence[Report]:
        """Give what became known since the last call; a carrier that reports in another way gives nothing.

        Raises:
            CarrierUnavailableError: it cannot be asked now.

        """


class SmsSender(Sender, Protocol):
    """Takes texts for telephones.

    Promises: an answer comes within a minute or an error is raised; messages with one id are one message to him.
    """

    def send(self, message: SmsMessage) -> Accepted:
        """Hand a message over.

        Raises:
            CarrierRefusedError, CarrierUnavailableError.

        """


class MailSender(Sender, Protocol):
    """Takes mails. Promises: an answer comes within minutes or an error is raised."""

    def send(self, message: MailMessage) -> Accepted:
        """Hand a message over.

        Raises:
            CarrierRefusedError, CarrierUnavailableError.

        """
