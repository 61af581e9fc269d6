"""Bringing a one-time code to a telephone or a mailbox: a message of its own, in no queue and kept nowhere.

It does not go the way of other messages (`signing.delivery`): what waits there lies in the database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from signing.delivery.ports import (
    CarrierRefusedError,
    CarrierUnavailableError,
    MailMessage,
    MailSender,
    SmsMessage,
    SmsSender,
)
from signing.errors import Refused
from signing.intent.challenges import Asked
from signing.intent.statements import Locale

_SMS = {
    Locale.ZH: "您的签署验证码为 {code}，5 分钟内有效。请勿告诉任何人。如非本人操作，请忽略。",
    Locale.EN: "Your signing code is {code}, good for 5 minutes. Tell nobody. If you did not ask for it, ignore it.",
}
_SUBJECT = {Locale.ZH: "签署验证码", Locale.EN: "Your signing code"}


@dataclass(frozen=True, slots=True)
class Carried:
    """Who took a message, and under which number he finds it again ("" where he gave none)."""

    provider: str
    simulated: bool
    transaction: str = ""


@dataclass(frozen=True, slots=True)
class CodeCarrier:
    """Sends codes by both carriers; ``uuid`` names each message anew."""

    sms: SmsSender
    mail: MailSender
    uuid: Callable[[], str]

    def carry(self, asked: Asked, locale: Locale, tenant: str) -> Carried:
        """Send the code of a challenge. Blocking; outside of any transaction.

        Raises:
            Refused: code-not-sent.
        """
        text = _SMS[locale].format(code=asked.code)
        try:
            if asked.method == "otp_sms":
                taken = self.sms.send(SmsMessage(self.uuid(), asked.target, text, tenant))
                return Carried(self.sms.name, self.sms.simulated, taken.transaction)
            mail = MailMessage(
                self.uuid(),
                asked.target,
                _SUBJECT[locale],
                text,
                f"<p>{escape(text)}</p>",
                (str(locale),),
                tenant,
            )
            taken = self.mail.send(mail)
            return Carried(self.mail.name, self.mail.simulated, taken.transaction)
        except (CarrierRefusedError, CarrierUnavailableError) as error:
            raise Refused(
                "code-not-sent", "The carrier did not take the message; ask for another code."
            ) from error
