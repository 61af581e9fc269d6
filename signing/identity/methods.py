"""The ways of checking an identity: what each compares, how much it assures, and what it needs. One table, pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from signing.assurance import Level

SubjectKind = Literal["person", "organization"]


@dataclass(frozen=True, slots=True)
class Method:
    """One way. ``compares`` and ``needs`` name fields; ``consents`` the purposes that must be agreed to first.

    ``reviewed``: an examiner decides, no provider; ``confirmed``: the customer names an amount that was transferred.
    """

    name: str
    kind: SubjectKind
    level: Level
    compares: tuple[str, ...]
    needs: tuple[str, ...]
    title_zh: str
    title_en: str
    consents: tuple[str, ...] = ("identity_verification",)
    reviewed: bool = False
    confirmed: bool = False


_PERSON = ("name", "id_number")
_COMPANY = ("organization_name", "uscc", "legal_representative")
_CHECK = ("identity_verification",)
_FACE = ("identity_verification", "biometric")

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        each.name: each
        for each in (
            Method("id2", "person", "low", _PERSON, (), "身份证二要素", "ID card"),
            Method(
                "telecom3",
                "person",
                "substantial",
                (*_PERSON, "phone"),
                ("phone",),
                "运营商三要素",
                "operator three-factor",
            ),
            Method(
                "bank3",
                "person",
                "substantial",
                (*_PERSON, "bank_card"),
                ("bank_card",),
                "银行卡三要素",
                "bank card three-factor",
            ),
            Method("eid", "person", "high", _PERSON, ("eid_token",), "公安部 eID", "eID"),
            Method(
                "alipay",
                "person",
                "substantial",
                _PERSON,
                ("alipay_code",),
                "支付宝实名认证",
                "Alipay verified account",
            ),
            Method("face", "person", "high", (*_PERSON, "face"), ("frames",), "人脸识别", "face", _FACE),
            Method(
                "manual",
                "person",
                "substantial",
                _PERSON,
                ("files",),
                "人工审核",
                "examiner's review",
                _CHECK,
                reviewed=True,
            ),
            Method("registry3", "organization", "low", _COMPANY, (), "工商登记信息", "registry data", ()),
            Method(
                "bank_transfer",
                "organization",
                "high",
                (*_COMPANY, "bank_account"),
                ("bank_account",),
                "对公打款",
                "corporate transfer",
                (),
                confirmed=True,
            ),
            Method(
                "legal_rep_face",
                "organization",
                "high",
                _COMPANY,
                ("frames",),
                "法定代表人刷脸",
                "legal representative's face",
                (),
            ),
            Method(
                "alipay_enterprise",
                "organization",
                "substantial",
                _COMPANY,
                ("alipay_code",),
                "支付宝企业认证（芝麻企业认证）",
                "Alipay enterprise certification (Zhima)",
                (),
            ),
            Method(
                "authorization_letter",
                "organization",
                "substantial",
                _COMPANY,
                ("files",),
                "法人授权书",
                "authorisation letter",
                (),
                reviewed=True,
            ),
        )
    }
)
