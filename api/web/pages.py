"""The public page of a certificate: plain HTML, Chinese and English side by side, no script, nothing unmasked.

It is made from the certificate's JSON alone, where personal values are masked already; every value is escaped here.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta, timezone
from html import escape

from zheng_verifier.canonical import BUNDLE_LIMITS, JsonObject, JsonValue, parse_canonical
from zheng_verifier.encoding import parse_time
from zheng_verifier.errors import EvidenceError

_BEIJING = timezone(timedelta(hours=8))
_NOT_PROVIDED = "未提供 / not provided"
_NONE = "无 / none"
_MODES = {"original": "原文存证 / original deposit", "digest_only": "摘要存证 / digest-only deposit"}
_STATUS = {"valid": "有效 / valid", "superseded": "已被替代 / superseded", "revoked": "已吊销 / revoked"}
_CHAINS = {
    "dev": "单机测试链(自证) / single-machine test chain, self-asserted",
    "consortium": "联盟链 / consortium chain",
    "public": "公有链 / public chain",
}
_AXES = {
    "A1": "内容完整 / Content",
    "A2": "不晚于 / Not after",
    "A3": "链上锚定 / Anchor",
    "A4": "日志收录 / Log",
    "A5": "签署身份 / Identity",
    "A6": "签署意愿 / Intent",
    "A7": "案卷完整 / Completeness",
    "A8": "上链前 / Before the log",
    "A9": "无第二版本 / No second log",
}
_STATEMENT_ZH = (
    "本页记载数据(或其哈希值)于所列时间按所列方式固定。它不证明数据内容真实、合法,不证明签署人身份或意思表示,"
    "不属于公证书或司法鉴定意见。证据的采信由人民法院或仲裁机构依法认定。"
)
_STATEMENT_EN = (
    "This page records that data (or its digest) was fixed at the stated times by the stated methods. It does not "
    "prove that the content is true or lawful, who signed or with what intent, and it is neither a notarial act nor "
    "a forensic opinion. Weight is for the court or tribunal."
)

STYLE = """\
:root { color-scheme: light dark; --line: #d6d3cd; --soft: #6b6a66; --ink: #1c1b19; --paper: #fdfcfa; }
@media (prefers-color-scheme: dark) {
  :root { --line: #45433f; --soft: #a3a09a; --ink: #eae7e1; --paper: #191816; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.6;
  font-family: "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; margin: 0; letter-spacing: .02em; }
h1 small { display: block; font-size: .95rem; font-weight: 400; color: var(--soft); }
h2 { font-size: 1.05rem; margin: 2.25rem 0 .25rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
dl { display: grid; grid-template-columns: minmax(9rem, 14rem) 1fr; margin: 0; }
dt, dd { margin: 0; padding: .45rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--soft); padding-right: 1rem; }
dd { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.mono { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, monospace; font-size: .88em; }
.note, footer { color: var(--soft); font-size: .9rem; }
a { color: inherit; }
@media (max-width: 36rem) { dl { display: block; } dt { border: 0; padding-bottom: 0; } }
@media print { main { padding: 0; } }
"""


def certificate_page(document: bytes) -> str:
    """Write the page of a certificate from its canonical JSON.

    Raises:
        MalformedError: it is no certificate.
    """
    record = parse_canonical(document, BUNDLE_LIMITS)
    if not isinstance(record, dict):
        raise TypeError("a certificate is an object")
    number = _text(record, "certificate_no")
    return _page(
        f"存证证书 {number}",
        f"<h1>存证证书<small>Certificate of Deposit · {escape(number)}</small></h1>"
        f"{_section('存证 / Deposit', _deposit(record))}"
        f"{_section('文件与摘要 / Documents and digests', _documents(record))}"
        f"{_section('时间 / Times', _times(record))}"
        f"{_section('固定方式 / Methods of fixing', _fixing(record))}"
        f"{_section('核验结果 / Verification', _verification(record))}"
        f'<h2>声明 / Statement</h2><p class="note" lang="zh-CN">{escape(_STATEMENT_ZH)}</p>'
        f'<p class="note" lang="en">{escape(_STATEMENT_EN)}</p>'
        f"<footer><p>本页与证书均未签名。原始记录 / unsigned; the record itself: "
        f'<a href="/v1/certificates/{escape(number)}">JSON</a> · '
        f'<a href="/v1/certificates/{escape(number)}.pdf">PDF</a></p></footer>',
    )


def missing_page() -> str:
    """Write the page for a number that names nothing."""
    return _page(
        "未找到 / not found",
        "<h1>没有这份证书<small>There is no such certificate</small></h1>"
        '<p class="note">请核对编号 / please check the number.</p>',
    )


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex, nofollow">'
        f"<title>{escape(title)}</title>"
        '<link rel="stylesheet" href="/assets/page.css"></head>'
        f"<body><main>{body}</main></body></html>"
    )


_Rows = Iterable[tuple[str, str, bool]]  # label, value, in a fixed-width face


def _section(title: str, rows: _Rows) -> str:
    lines = "".join(
        f"<dt>{escape(label)}</dt><dd{' class=mono' if mono else ''}>{escape(value)}</dd>"
        for label, value, mono in rows
    )
    return f"<h2>{escape(title)}</h2><dl>{lines}</dl>"


def _deposit(record: JsonObject) -> Iterator[tuple[str, str, bool]]:
    depositor = _object(record.get("depositor"))
    parties = [
        " ".join(filter(None, (_text(party, "role"), _text(party, "name"))))
        for party in _objects(record.get("parties_masked"))
    ]
    yield "证书编号 / Number", _text(record, "certificate_no"), True
    yield "状态 / Status", _STATUS.get(_text(record, "status"), _NOT_PROVIDED), False
    yield "存证主体 / Depositor", _text(depositor, "name") or _NOT_PROVIDED, False
    yield "当事人(脱敏) / Parties (masked)", "、".join(parties) or _NOT_PROVIDED, False
    yield "证据名称 / Evidence", _text(record, "evidence_name") or _NOT_PROVIDED, False
    yield "存证编号 / Evidence id", _text(record, "evidence_id"), True
    yield "案卷 / Case", _text(record, "case"), True
    yield "存证方式 / Mode", _MODES.get(_text(record, "deposit_mode"), _NOT_PROVIDED), False
    yield "事件数 / Events", _text(record, "event_count"), False
    yield "事件链根 / Event root", _text(record, "event_root"), True
    yield "签发 / Issuer", _text(record, "issuer") or _NOT_PROVIDED, False


def _documents(record: JsonObject) -> Iterator[tuple[str, str, bool]]:
    documents = _objects(record.get("documents"))
    if not documents:
        yield "文件 / Documents", _NONE, False
    for document in documents:
        by_us = _text(document, "hashed_by") == "service"
        yield (
            f"{_text(document, 'role')} · {_text(document, 'file_size')} B",
            f"{_text(document, 'media_type')} ({'本平台计算 / hashed here' if by_us else '提交方声称 / as declared'})",
            False,
        )
        yield "SHA-256", _text(document, "digest_sha256"), True
        yield "SM3", _text(document, "digest_sm3") or _NOT_PROVIDED, True


def _times(record: JsonObject) -> Iterator[tuple[str, str, bool]]:
    yield "提交方声称 / Claimed", _span(record.get("claimed_at")), False
    yield "平台接收 / Received", _span(record.get("received_at")), False
    stamps = [_moment(_text(token, "tsa_gen_time")) for token in _objects(record.get("timestamps"))]
    yield "时间戳 / TSA", "; ".join(stamps) or _NOT_PROVIDED, False
    yield "检查点见证 / Checkpoint", _moment(_text(record, "checkpoint_at")), False
    blocks = [_moment(_text(anchor, "block_time")) for anchor in _objects(record.get("anchors"))]
    yield "上链(区块) / Block", "; ".join(blocks) or _NOT_PROVIDED, False
    yield "签发 / Issued", _moment(_text(record, "issued_at")), False


def _fixing(record: JsonObject) -> Iterator[tuple[str, str, bool]]:
    log = _object(record.get("log"))
    yield "透明日志 / Log", _text(log, "log_id"), True
    yield "树大小 · 叶序号 / Size · leaf", f"{_text(log, 'tree_size')} · {_text(log, 'leaf_index')}", False
    yield "根 / Root", _text(log, "root_hash"), True
    for token in _objects(record.get("timestamps")):
        test = "(测试时间戳 / TEST)" if token.get("test") is True else ""
        yield "时间戳机构 / TSA", f"{_text(token, 'tsa_name')} {test}".strip(), False
        yield "序列号 / Serial", _text(token, "tsa_serial"), True
    for anchor in _objects(record.get("anchors")):
        kind = _CHAINS.get(_text(anchor, "kind"), _NOT_PROVIDED)
        yield "区块链 / Chain", f"{kind} · id {_text(anchor, 'chain_id')}", False
        yield "合约 / Contract", f"0x{_text(anchor, 'contract_address')}", True
        yield "交易 / Transaction", f"0x{_text(anchor, 'tx_hash')}", True
        yield "区块 / Block", _text(anchor, "block_number"), False
    yield "见证 / Witnesses", _NONE, False


def _verification(record: JsonObject) -> Iterator[tuple[str, str, bool]]:
    result = _object(record.get("verification"))
    yield "总体 / Overall", _text(result, "overall") or _NOT_PROVIDED, False
    for axis in _objects(result.get("axes")):
        name = _text(axis, "axis")
        code = _text(axis, "code")
        yield f"{name} {_AXES.get(name, '')}", _text(axis, "verdict") + (f" ({code})" if code else ""), False
    yield "信任策略 / Policy (SHA-256)", _text(result, "policy_fingerprint") or _NOT_PROVIDED, True


def _span(value: "JsonValue | None") -> str:
    span = _object(value)
    first, last = _moment(_text(span, "first")), _moment(_text(span, "last"))
    return first if first == last else f"{first} – {last}"


def _moment(text: str) -> str:
    """Write a time in UTC and in Beijing; a value that is not there says so."""
    try:
        at = parse_time(text)
    except EvidenceError:
        return _NOT_PROVIDED
    return f"{text} ({at.astimezone(_BEIJING):%Y-%m-%d %H:%M:%S} 北京时间)"


def _text(record: JsonObject, name: str) -> str:
    value = record.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _object(value: "JsonValue | None") -> JsonObject:
    return value if isinstance(value, dict) else {}


def _objects(value: "JsonValue | None") -> list[JsonObject]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
