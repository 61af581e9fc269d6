"""What a signer declares, word for word, in both languages: the texts that events name by digest.

A text that was ever shown is never changed: its digest stands in evidence. The next wording is a new entry.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Locale(StrEnum):
    """A language in which a signer is addressed (BCP 47)."""

    ZH = "zh-CN"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Statement:
    """A text as it is shown."""

    locale: Locale
    text: str

    @property
    def sha256(self) -> str:
        """SHA-256 of the text's UTF-8 bytes, lower-case hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


_INTENT = {
    Locale.ZH: (
        "本人已阅读所展示的文件全文，理解其内容，自愿以电子签名方式签署该文件，"
        "并知悉本次签署与所展示文件的摘要相绑定。"
    ),
    Locale.EN: (
        "I have read the whole document shown to me, I understand it, and I sign it of my own will by electronic "
        "signature. I know that this signing is bound to the digest of the document shown."
    ),
}
_TERMS = {
    Locale.ZH: (
        "文件中以下标出的条款可能对您的权利义务有重大影响。"
        "提示由发起方标注或由关键词规则产生，未标出的条款同样有效，请通读全文。本人已逐条阅读并知悉所标出的条款。"
    ),
    Locale.EN: (
        "The terms highlighted in the document may weigh on your rights and duties. The sender marked them, or a list of "
        "keywords found them; what is not highlighted binds as well, so read the whole text. I have read and noted each "
        "of the highlighted terms."
    ),
}


def intent_statement(locale: Locale) -> Statement:
    """Give what a signer declares when he confirms his intent."""
    return Statement(locale, _INTENT[locale])


def terms_notice(locale: Locale) -> Statement:
    """Give the notice under which a signer acknowledges the highlighted terms."""
    return Statement(locale, _TERMS[locale])
