"""Lays a certificate out: chooses words and values, bounds every list, and hands plain strings to the template.

Pure. The page is one page whatever comes: lists are cut here with a note of how many more there are, long texts are
cut by the template to the line they have. Nothing is lost: the PDF carries the whole record as certificate.json.
"""

from datetime import datetime

from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.deposit_certificate.model import (
    AXES,
    AxisResult,
    CertificateRecord,
    ChainAnchor,
    DepositedDocument,
    ElectronicSignature,
    Filings,
    IssuerCertificate,
    Party,
    Span,
    TimestampToken,
    VerificationSummary,
)
from zheng_verifier.report.marks import mark
from zheng_verifier.report.model import Status
from zheng_verifier.report.moments import beijing_time

from api.issuance.certificate.messages_zh import MESSAGES as ZH
from api.issuance.certificate.values import (
    Bilingual,
    group_hex,
    listed,
    moment,
    moments,
    provided,
    words,
)

MAX_DOCUMENTS = 8
# Up to so many have room for both digests; of more, SHA-256 is printed, and SM3 stands in the attached record.
MAX_FULL_DOCUMENTS = 4
MAX_PARTIES = 2
_ITEMS = "一二三四五"


def _row(key: str, *values: Bilingual, wide: bool = False) -> JsonObject:
    """Make a row of several values; ``wide`` rows take the width of the page."""
    return {
        "label": list(words(key)),
        "value": [list(value) for value in values],
        "wide": wide,
        "digest": False,
    }


def _digest(key: str, value: bytes) -> JsonObject:
    return {"label": list(words(key)), "value": [[group_hex(value), ""]], "wide": True, "digest": True}


def _party(party: Party) -> str:
    """Name a party by role, in Chinese and as the record has it, and by what of the name is shown."""
    key = f"party_{party.role}"
    role = f"{ZH[key]} {party.role}" if key in ZH else party.role
    return f"{role} {party.name}" + (f"（{'，'.join(party.identifiers)}）" if party.identifiers else "")


def _parties(parties: tuple[Party, ...] | None) -> list[JsonValue]:
    """Give each party a row of its own, and the last one shown the note of how many follow."""
    if not parties:
        return [_row("parties", words("not_provided" if parties is None else "none"), wide=True)]
    rows: list[JsonValue] = []
    for number, party in enumerate(parties[:MAX_PARTIES], start=1):
        left = len(parties) - number if number == MAX_PARTIES else 0
        more = [words("more_parties", count=left)] if left else []
        rows.append(_row("parties", Bilingual(_party(party)), *more, wide=True))
    return rows


def _classes(items: tuple[int, ...]) -> Bilingual:
    if not items:
        return words("not_provided")
    return Bilingual(
        words("evidence_class_value", items="、".join(f"（{_ITEMS[item - 1]}）" for item in items)).zh,
        words("evidence_class_value", items=")(".join(str(item) for item in items)).en,
    )


def _deposit(data: CertificateRecord) -> list[JsonValue]:
    depositor = data.depositor
    return [
        _row("evidence", provided(data.evidence_name), wide=True),
        _row(
            "depositor",
            Bilingual(depositor.name),
            *([words("uscc", code=depositor.uscc)] if depositor.uscc else []),
            *([Bilingual(depositor.relation)] if depositor.relation else []),
            wide=True,
        ),
        *_parties(data.parties),
        _row("evidence_id", Bilingual(data.evidence_id)),
        _row("flow_ref", provided(data.flow_ref)),
        _row("case", Bilingual(data.case)),
        _row("deposit_mode", words(f"deposit_mode_{data.deposit_mode}")),
        _row("evidence_class", _classes(data.evidence_classes), wide=True),
        _row("events", Bilingual(f"{data.event_count:,}"), wide=True),
        _digest("event_root", data.event_root),
    ]


def _document(document: DepositedDocument) -> JsonObject:
    role = f"role_{document.role}"
    counts = [words("bytes", count=f"{document.size:,}")]
    if document.pages:
        counts.append(words("pages", count=document.pages))
    hashed = words("hashed_by_service" if document.hashed_by_service else "hashed_by_depositor")
    return {
        "role": list(words(role if role in ZH else "role_other")),
        "name": document.name or "",
        "size": f"{document.size:,} B",
        "facts": " · ".join([*(" ".join(count) for count in counts), document.media_type]),
        "hashed": list(hashed),
        "sha256": group_hex(document.sha256),
        "sm3": list(words("not_provided") if document.sm3 is None else Bilingual(group_hex(document.sm3))),
    }


def _time(key: str, span: Span | None) -> JsonObject:
    return {
        "label": list(words(key)),
        "utc": moments(span.first, span.last) if span else "",
        "beijing": moments(beijing_time(span.first), beijing_time(span.last)) if span else "",
        "meaning": list(words(f"{key}_meaning")),
    }


def _at(at: datetime | None) -> Span | None:
    return None if at is None else Span(at, at)


def _times(data: CertificateRecord) -> list[JsonValue]:
    token, anchor = data.first_token, data.first_anchor
    return [
        _time("claimed", data.claimed),
        _time("received", data.received),
        _time("tsa", _at(token.gen_time if token else None)),
        _time("checkpoint", _at(data.checkpoint_at)),
        _time("block", _at(anchor.block_time if anchor else None)),
    ]


def _log(data: CertificateRecord) -> list[JsonValue]:
    return [
        _row("log", Bilingual(data.log.origin)),
        _row("leaf_of_tree", Bilingual(f"{data.log.leaf_index:,} / {data.log.tree_size:,}")),
        _digest("root_hash", data.log.root_hash),
    ]


def _others(count: int) -> tuple[Bilingual, ...]:
    return (words("more", count=count),) if count else ()


def _token(token: TimestampToken | None, others: int) -> list[JsonValue]:
    if token is None:
        return [_row("authority", words("not_provided"), wide=True)]
    licence = {True: "licensed_yes", False: "licensed_no", None: "licensed_unknown"}[token.licensed]
    test = [words("test_tsa")] if token.test else []
    return [
        _row("authority", *test, Bilingual(token.authority), words(licence), *_others(others), wide=True),
        _row("token", Bilingual(f"{token.serial:x} / {token.policy}"), wide=True),
    ]


def _chain(anchor: ChainAnchor | None, others: int) -> list[JsonValue]:
    if anchor is None:
        return [_row("chain", words("not_provided"), wide=True)]
    return [
        _row(
            "chain",
            words(f"chain_{anchor.kind}"),
            *(Bilingual(text) for text in (anchor.name, anchor.consensus) if text),
            words("chain_id", number=anchor.chain_id),
            words("operators_unknown")
            if anchor.operators is None
            else words("operators", count=anchor.operators),
            *_others(others),
            wide=True,
        ),
        _row("contract", Bilingual(f"0x{anchor.contract.hex()}"), wide=True),
        _digest("transaction", anchor.transaction),
        _digest("block_hash", anchor.block_hash),
        _row("block_number", Bilingual(f"{anchor.block_number:,}"), provided(anchor.finality), wide=True),
    ]


def _signatures(signatures: tuple[ElectronicSignature, ...] | None) -> Bilingual:
    if signatures is None:
        return words("not_provided")
    return words("signatures_count", count=len(signatures)) if signatures else words("none")


def _fixing(data: CertificateRecord) -> list[JsonValue]:
    return [
        *_log(data),
        *_token(data.first_token, len(data.timestamps) - 1),
        *_chain(data.first_anchor, len(data.anchors) - 1),
        _row("cross_anchors", *listed(data.cross_anchors, empty="not_connected", at_most=1)),
        _row("witnesses", *listed(data.witnesses, empty="none", at_most=1)),
        _row("signatures", _signatures(data.signatures), wide=True),
    ]


def _axis(result: AxisResult) -> JsonObject:
    return {
        "id": result.axis,
        "label": list(words(result.axis)),
        "mark": mark(Status(result.verdict)),
        "verdict": list(words(result.verdict)),
        "code": result.code or "",
    }


def _verification(summary: VerificationSummary) -> JsonObject:
    """Every axis gets its cell, the ones nobody spoke about too: a missing verdict must not look like a good one."""
    said = {result.axis: result for result in summary.axes}
    return {
        "axes": [_axis(said.get(axis, AxisResult(axis, "NOT_PROVIDED"))) for axis in AXES],
        "overall": list(words(summary.overall)),
        "verified_at": moment(summary.verified_at),
        "verifier": summary.verifier,
        "policy": group_hex(summary.policy_fingerprint),
    }


def _filings(filings: Filings) -> list[JsonValue]:
    return [
        [f"{words(name).zh} {provided(value).zh}", f"{words(name).en} {provided(value).en}".strip()]
        for name, value in (
            ("cac_filing_no", filings.cac_filing_no),
            ("mlps_no", filings.mlps_no),
            ("crypto_assessment_no", filings.crypto_assessment_no),
        )
    ]


def _notices(data: CertificateRecord) -> list[JsonValue]:
    """Say first what weakens the certificate."""
    keys = [
        *(
            ["test_chain_notice"]
            if data.anchors and all(anchor.kind == "dev" for anchor in data.anchors)
            else []
        ),
        *(["test_tsa_notice"] if data.timestamps and all(token.test for token in data.timestamps) else []),
        *(["test_issuer_notice"] if data.issuer_certificate and data.issuer_certificate.test else []),
    ]
    return [list(words(key)) for key in keys]


def _seal(certificate: IssuerCertificate | None) -> JsonObject:
    """Say with which certificate the page is sealed; a test says so there too."""
    if certificate is None:
        return {"subject": list(words("not_provided")), "fingerprint": ""}
    subject = Bilingual(certificate.subject)
    return {"subject": list(subject), "fingerprint": group_hex(certificate.sha256)}


_LABELS = (
    "title", "certificate_no", "verify", "verify_note", "verify_code", "verify_code_note", "issuer", "issued_at",
    "filings", "standing", "scan", "own_proof", "sm3_attached", "seal", "seal_how", "seal_certificate",
    "seal_fingerprint", "statement", "closing", "no_verification", "overall", "verified", "policy",
    "not_provided",
    "section_deposit", "section_documents", "section_times", "section_fixing", "section_verification",
    "section_statement", "column_time", "column_utc", "column_beijing", "column_meaning", "no_documents",
)  # fmt: skip


def lay_out(data: CertificateRecord, code: str) -> JsonObject:
    """Give everything the template draws; ``code`` ties the page to its JSON record."""
    more, shown = len(data.documents) - MAX_DOCUMENTS, data.documents
    if more > 0:  # the newest, which is what all signed, before the one in the middle
        shown = (*shown[: MAX_DOCUMENTS - 1], shown[-1])
    return {
        "words": {key: list(words(key)) for key in _LABELS},
        "number": data.certificate_no,
        "url": data.verify_url,
        "code": " ".join(code[start : start + 4] for start in range(0, len(code), 4)),
        "notices": _notices(data),
        "deposit": _deposit(data),
        "documents": [_document(document) for document in shown],
        "compact": len(data.documents) > MAX_FULL_DOCUMENTS,
        "seal": _seal(data.issuer_certificate),
        "more_documents": list(words("more_documents", count=more)) if more > 0 else [],
        "times": _times(data),
        "fixing": _fixing(data),
        "verification": [_verification(data.verification)] if data.verification else [],
        "issuer": data.issuer,
        "issued_at": [moment(data.issued_at), moment(beijing_time(data.issued_at))],
        "filings": _filings(data.filings),
    }
