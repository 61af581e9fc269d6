"""A lease in Chinese and English between a company and two persons, as a word processor would give it.

With blanks it is a template, whose controls stand where the blanks are; the last page has a place for each signature. Names
and numbers are invented.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files

from zheng_verifier.pdf.render import render_pdf

from signing.documents.controls import Control, ControlKind, Rule
from signing.documents.samples.docx import paragraph, table, write_docx
from signing.pades.geometry import Rectangle

NAME = "房屋租赁合同.docx"
TITLE = "房屋租赁合同（演示） Residential lease (demonstration)"
PAGES = 3
PARTIES = ("示例置业有限公司", "李小㛃", "王𬭎")
"""The landlord, a company, and the two tenants: parties 1, 2 and 3 of the contract."""

VALUES: Mapping[str, str] = {
    "dwelling": "示例市样本区测试路0号0幢000室 Room 000, 0 Test Road, Sample District",
    "landlord_code": "91000000TEST000000",
    "start": "2027-01-01",
    "end": "2027-12-31",
    "rent": "4200.00",
    "deposit": "8400.00",
    "use": "居住 Residence",
    "pets": "true",
}
"""What may be filled into the blanks, but for the parties' names."""

_HEADING, _SUBHEADING = "房屋租赁合同", "Residential lease · 演示文本 Demonstration"
_SIGNING = "签署页 Signatures"
_WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)
_TOP, _ROW, _LABEL, _VALUE = 140_000, 27_000, 150_000, 300_000
_LEFT = _MARGIN = 72_000
_ROWS = (
    ("landlord", "出租方（甲方） Landlord", ControlKind.PARTY_NAME, 1, Rule()),
    ("landlord_code", "统一社会信用代码 Code", ControlKind.PARTY_ID, 1, Rule()),
    ("tenant_1", "承租方（乙方） Tenant", ControlKind.PARTY_NAME, 2, Rule()),
    ("tenant_2", "共同承租方 Co-tenant", ControlKind.PARTY_NAME, 3, Rule()),
    ("dwelling", "房屋坐落 Dwelling", ControlKind.TEXT, 0, Rule(max_length=120)),
    ("start", "租期自 From", ControlKind.DATE, 0, Rule(style="chinese")),
    ("end", "租期至 To", ControlKind.DATE, 0, Rule(style="chinese")),
    (
        "rent",
        "月租金（元） Rent, CNY",
        ControlKind.NUMBER,
        0,
        Rule(minimum="0", maximum="1000000", grouped=True),
    ),
    ("deposit", "押金（元） Deposit, CNY", ControlKind.NUMBER, 0, Rule(minimum="0", grouped=True)),
    ("use", "用途 Use", ControlKind.CHOICE, 0, Rule(options=("居住 Residence", "办公 Office"))),
    ("pets", "可饲养宠物 Pets allowed", ControlKind.CHECKBOX, 0, Rule(default="false")),
)
_ARTICLES = (
    ("第一条 房屋 The dwelling",
     "甲方将上表所列房屋出租给乙方使用，并保证其有权出租。乙方已实地查看房屋，了解其现状。",
     "The landlord lets the dwelling named above to the tenants and warrants the right to do so. The tenants have seen it."),
    ("第二条 租期 Term",
     "租期如上表所列。甲方应于起租日交付房屋及钥匙，双方当场抄录水、电、燃气表读数。",
     "The term is as above. On its first day dwelling and keys are handed over, and the meters are read together."),
    ("第三条 租金 Rent",
     "租金按月支付，乙方应于每月5日前支付至甲方指定账户。乙方两人对租金承担连带责任。",
     "Rent is due by the fifth day of each month to the landlord's account. The two tenants are jointly liable for it."),
    ("第四条 押金 Deposit",
     "租赁终止、费用结清且房屋交还后七日内，甲方应无息退还押金；扣除应附明细。",
     "Within seven days of the end of the lease the deposit is refunded without interest; deductions are itemised."),
    ("第五条 费用 Charges",
     "水费、电费、燃气费、网络费由乙方承担；物业服务费、供暖费由甲方承担。",
     "Water, electricity, gas and internet are paid by the tenants, management and heating by the landlord."),
    ("第六条 维修 Repairs",
     "房屋及其设施的自然损耗由甲方维修；可归责于乙方的损坏由乙方赔偿。甲方应在接到通知后七日内维修。",
     "Wear and tear is repaired by the landlord within seven days of notice; damage for which the tenants answer, by them."),
    ("第七条 转租 Subletting",
     "未经甲方书面同意，乙方不得转租。",
     "The tenants may not sublet without the landlord's written consent."),
    ("第八条 违约 Breach",
     "任何一方提前解除合同的，应提前三十日书面通知，并向对方支付一个月租金作为违约金。",
     "A party who ends the lease early gives thirty days' written notice and pays one month's rent as liquidated damages."),
    ("第九条 争议 Disputes",
     "因本合同发生的争议，协商不成的，向房屋所在地人民法院起诉。",
     "Disputes that are not settled amicably go to the people's court at the place of the dwelling."),
    ("第十条 文本 Texts",
     "本合同以电子形式订立，各方持有相同的电子文本。中文与英文不一致的，以中文为准。",
     "The contract is made in electronic form and each party holds the same file. The Chinese text prevails."),
)  # fmt: skip
_SIGNATURES = (
    ("landlord_seal", "甲方（盖章） Landlord, seal"),
    ("tenant_1_sign", "乙方（签字） Tenant, signature"),
    ("tenant_2_sign", "共同承租方（签字） Co-tenant, signature"),
)
_SIGN_TOP, _SIGN_ROW = 112_000, 130_000


def lease_docx(values: Mapping[str, str] | None = None) -> bytes:
    """Write the lease; the blanks hold ``values`` by name, or are empty."""
    entered = values or {}
    rows = [(label, entered.get(name, "")) for name, label, *_ in _ROWS]
    blocks = [
        paragraph(_HEADING, size=36, bold=True, align="center", exact=720, after=0),
        paragraph(_SUBHEADING, size=20, align="center", exact=400, after=240),
        table(rows, (_LABEL // 50, _VALUE // 50), _ROW // 50),
        paragraph("", after=0),
    ]
    for heading, chinese, english in _ARTICLES:
        blocks += [
            paragraph(heading, bold=True, after=40),
            paragraph(chinese, after=40),
            paragraph(english, size=18, after=160),
        ]
    blocks += [
        paragraph(_SIGNING, size=28, bold=True, exact=560, after=240, new_page=True),
        table([(label, "") for _, label in _SIGNATURES], (_LABEL // 50, _VALUE // 50), _SIGN_ROW // 50),
        paragraph("", after=0),
    ]
    return write_docx(blocks, "房屋租赁合同（演示）")


def lease_pdf() -> bytes:
    """Write the blank lease as PDF, with its blanks where they are in the DOCX: for where nothing converts that."""
    lease = {
        "title": TITLE,
        "heading": _HEADING,
        "subheading": _SUBHEADING,
        "signing": _SIGNING,
        "left": _LEFT,
        "margin": _MARGIN,
        "label": _LABEL,
        "value": _VALUE,
        "top": _TOP,
        "row": _ROW,
        "rows": [(label, "") for _, label, *_ in _ROWS],
        "articles": _ARTICLES,
        "sign_top": _SIGN_TOP,
        "sign_row": _SIGN_ROW,
        "signatures": [label for _, label in _SIGNATURES],
    }
    source = files("signing.documents.samples").joinpath("lease.typ").read_text("utf-8")
    inputs = {"lease": json.dumps(lease, ensure_ascii=False)}
    return render_pdf(source, inputs=inputs, created=_WRITTEN, standard="1.7")


def lease_controls() -> tuple[Control, ...]:
    """Give the controls of the blank lease: values in the table on its first page, signatures on its last."""
    inner = 4_000
    filled = [
        Control(
            name,
            kind,
            party,
            1,
            Rectangle(_LEFT + _LABEL + inner, _TOP + row * _ROW + 5_000, _VALUE - 2 * inner, _ROW - 10_000),
            True,
            rule,
        )
        for row, (name, _, kind, party, rule) in enumerate(_ROWS)
    ]
    signed = [
        Control(
            name,
            ControlKind.SEAL if party == 1 else ControlKind.SIGNATURE,
            party,
            PAGES,
            Rectangle(_LEFT + _LABEL + 20_000, _SIGN_TOP + (party - 1) * _SIGN_ROW + 5_000, 200_000, 118_000),
        )
        for party, (name, _) in enumerate(_SIGNATURES, start=1)
    ]
    return (*filled, *signed)
