"""``certificate.json``: the record of a certificate of deposit, a closed format in canonical JSON.

Names are the codes of evidence-norms §2.2; a field without a value is absent. ``parse_record`` refuses what
``format_record`` would not write. Specification: docs/spec/certificate.md.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar, get_args

from zheng_verifier.canonical import (
    Fields,
    JsonObject,
    JsonValue,
    Limits,
    check_json,
    format_json,
    parse_canonical,
)
from zheng_verifier.claim import parse_origin
from zheng_verifier.deposit_certificate.model import (
    AXES,
    AxisId,
    AxisResult,
    AxisVerdict,
    CertificateRecord,
    ChainAnchor,
    ChainKind,
    DepositedDocument,
    DepositMode,
    Depositor,
    ElectronicSignature,
    Filings,
    IssuerCertificate,
    LogPosition,
    Overall,
    Party,
    Span,
    TimestampToken,
    VerificationSummary,
)
from zheng_verifier.encoding import (
    format_hex,
    format_time,
    parse_decimal,
    parse_hex,
    parse_time,
    parse_uuid,
)
from zheng_verifier.errors import MalformedError
from zheng_verifier.masking import Masked

RECORD_LIMITS = Limits(max_bytes=1 << 20, max_depth=4, max_string=2_048)
MAX_DOCUMENTS = 640
"""Documents in one record, at about 300 bytes each."""
_MAX_ITEMS = 256
_NUMBER = re.compile(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]", re.ASCII)
_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]{0,38})){1,31}", re.ASCII)
_SERIAL = re.compile(r"-?(?:0|[1-9][0-9]{0,99})", re.ASCII)
_T = TypeVar("_T")


def verify_code(record: bytes) -> str:
    """Give the sixteen hexadecimal digits that tie a printed page to its JSON: the head of its SHA-256."""
    return hashlib.sha256(record).hexdigest()[:16]


# Writing


def _present(**members: "JsonValue | bytes | datetime | Span | None") -> JsonObject:
    """Make an object of the members that have a value, bytes as hexadecimal, moments as text."""
    present: JsonObject = {}
    for name, value in members.items():
        match value:
            case None:
                continue
            case bytes():
                present[name] = format_hex(value)
            case datetime():
                present[name] = format_time(value)
            case Span():
                present[name] = {"first": format_time(value.first), "last": format_time(value.last)}
            case _:
                present[name] = value
    return present


def _write_document(document: DepositedDocument) -> JsonObject:
    return _present(
        role=document.role,
        file_name=document.name,
        file_size=document.size,
        media_type=document.media_type,
        page_count=document.pages,
        digest_sha256=document.sha256,
        digest_sm3=document.sm3,
        hashed_by="service" if document.hashed_by_service else "depositor",
    )


def _write_token(token: TimestampToken) -> JsonObject:
    return _present(
        tsa_name=token.authority,
        tsa_gen_time=token.gen_time,
        tsa_serial=str(token.serial),
        tsa_policy=token.policy,
        imprint_algorithm=token.imprint_algorithm,
        test=token.test,
        licensed=token.licensed,
    )


def _write_anchor(anchor: ChainAnchor) -> JsonObject:
    return _present(
        kind=anchor.kind,
        chain_name=anchor.name,
        chain_id=str(anchor.chain_id),
        contract_address=anchor.contract,
        tx_hash=anchor.transaction,
        block_number=anchor.block_number,
        block_hash=anchor.block_hash,
        block_time=anchor.block_time,
        finality=anchor.finality,
        consensus=anchor.consensus,
        node_operators=anchor.operators,
    )


def _write_party(party: Party) -> JsonObject:
    return _present(role=party.role, name=party.name, identifiers=list(party.identifiers))


def _write_signature(signature: ElectronicSignature) -> JsonObject:
    return _present(
        signer=signature.signer, issuer=signature.issuer, serial=signature.serial, status=signature.status
    )


def _write_verification(summary: VerificationSummary) -> JsonObject:
    return _present(
        overall=summary.overall,
        axes=[_present(axis=axis.axis, verdict=axis.verdict, code=axis.code) for axis in summary.axes],
        verified_at=summary.verified_at,
        verifier=summary.verifier,
        policy_fingerprint=summary.policy_fingerprint,
    )


def format_record(record: CertificateRecord) -> bytes:
    """Write the record as canonical JSON.

    Raises:
        MalformedError: a value is none that ``parse_record`` would read: too long, a control or direction character.

    """
    certificate, depositor, filings = record.issuer_certificate, record.depositor, record.filings
    body = _present(
        zheng="certificate/v1",
        certificate_no=record.certificate_no,
        evidence_id=record.evidence_id,
        case=record.case,
        flow_id=record.flow_ref,
        depositor=_present(name=depositor.name, uscc=depositor.uscc, relation=depositor.relation),
        parties_masked=None if record.parties is None else [_write_party(each) for each in record.parties],
        evidence_name=record.evidence_name,
        evidence_class=list(record.evidence_classes),
        documents=[_write_document(document) for document in record.documents],
        deposit_mode=record.deposit_mode,
        event_count=record.event_count,
        event_root=record.event_root,
        bundle_sha256=record.bundle,
        claimed_at=record.claimed,
        received_at=record.received,
        checkpoint_at=record.checkpoint_at,
        timestamps=[_write_token(token) for token in record.timestamps],
        log=_present(
            log_id=record.log.origin,
            leaf_index=record.log.leaf_index,
            tree_size=record.log.tree_size,
            root_hash=record.log.root_hash,
        ),
        anchors=[_write_anchor(anchor) for anchor in record.anchors],
        cross_anchors=list(record.cross_anchors),
        witnesses=list(record.witnesses),
        signatures=None
        if record.signatures is None
        else [_write_signature(each) for each in record.signatures],
        verification=None if record.verification is None else _write_verification(record.verification),
        verify_url=record.verify_url,
        issuer=record.issuer,
        issuer_cert=None
        if certificate is None
        else _present(subject=certificate.subject, sha256=certificate.sha256, test=certificate.test),
        issued_at=record.issued_at,
        filings=_present(
            cac_filing_no=filings.cac_filing_no,
            mlps_no=filings.mlps_no,
            crypto_assessment_no=filings.crypto_assessment_no,
        ),
    )
    check_json(body, RECORD_LIMITS)
    data = format_json(body)
    parse_record(data)  # a writer kinder than its reader would issue what nobody can verify
    return data


# Reading


def _items(
    fields: Fields, name: str, read: Callable[[Fields], _T], limit: int = _MAX_ITEMS
) -> tuple[_T, ...]:
    """Read a list of closed objects."""
    found = []
    for position, value in enumerate(fields.array(name, max_items=limit)):
        item = Fields(value, f"{fields.path(name)}/{position}")
        found.append(read(item))
        item.end()
    return tuple(found)


def _member(fields: Fields, name: str, read: Callable[[Fields], _T]) -> _T:
    """Read a closed object."""
    member = Fields(fields.object(name), fields.path(name))
    value = read(member)
    member.end()
    return value


def _texts(fields: Fields, name: str) -> tuple[str, ...]:
    values = fields.array(name, max_items=_MAX_ITEMS)
    texts = tuple(value for value in values if isinstance(value, str))
    if len(texts) != len(values):
        raise MalformedError("WRONG_TYPE", "must be a list of strings", fields.path(name))
    return texts


def _matching(fields: Fields, name: str, pattern: re.Pattern[str]) -> str:
    text = fields.text(name)
    if not pattern.fullmatch(text):
        raise MalformedError("FORMAT_FAILURE", f"must match {pattern.pattern}", fields.path(name))
    return text


def _hex(fields: Fields, name: str, size: int = 32) -> bytes:
    return parse_hex(fields.text(name), size=size, where=fields.path(name))


def _time(fields: Fields, name: str) -> datetime:
    return parse_time(fields.text(name), fields.path(name))


def _span(fields: Fields, name: str) -> Span:
    def read(member: Fields) -> Span:
        return Span(_time(member, "first"), _time(member, "last"))

    span = _member(fields, name, read)
    if span.last < span.first:
        raise MalformedError("FORMAT_FAILURE", "the last moment comes before the first", fields.path(name))
    return span


def _choice(fields: Fields, name: str, literal: object) -> str:
    return fields.text(name, choices=get_args(literal))


def _read_depositor(fields: Fields) -> Depositor:
    return Depositor(
        fields.text("name"), fields.optional("uscc", fields.text), fields.optional("relation", fields.text)
    )


def _read_party(fields: Fields) -> Party:
    identifiers = tuple(Masked(text) for text in _texts(fields, "identifiers"))
    return Party(fields.text("role"), Masked(fields.text("name")), identifiers)


def _read_document(fields: Fields) -> DepositedDocument:
    return DepositedDocument(
        role=fields.text("role"),
        size=fields.integer("file_size"),
        media_type=fields.text("media_type"),
        sha256=_hex(fields, "digest_sha256"),
        sm3=fields.optional("digest_sm3", lambda name: _hex(fields, name)),
        hashed_by_service=fields.text("hashed_by", choices=("service", "depositor")) == "service",
        name=fields.optional("file_name", fields.text),
        pages=fields.optional("page_count", fields.integer),
    )


def _read_token(fields: Fields) -> TimestampToken:
    return TimestampToken(
        authority=fields.text("tsa_name"),
        gen_time=_time(fields, "tsa_gen_time"),
        serial=int(_matching(fields, "tsa_serial", _SERIAL)),
        policy=_matching(fields, "tsa_policy", _OID),
        imprint_algorithm=fields.text("imprint_algorithm", max_bytes=32),
        test=fields.boolean("test"),
        licensed=fields.optional("licensed", fields.boolean),
    )


def _read_log(fields: Fields) -> LogPosition:
    return LogPosition(
        origin=parse_origin(fields.text("log_id"), fields.path("log_id")),
        leaf_index=fields.integer("leaf_index"),
        tree_size=fields.integer("tree_size", minimum=1),
        root_hash=_hex(fields, "root_hash"),
    )


def _read_anchor(fields: Fields) -> ChainAnchor:
    kind: ChainKind = _choice(fields, "kind", ChainKind)  # type: ignore[assignment]  # one of the choices
    return ChainAnchor(
        kind=kind,
        chain_id=parse_decimal(fields.text("chain_id"), maximum=2**53 - 1, where=fields.path("chain_id")),
        contract=_hex(fields, "contract_address", 20),
        transaction=_hex(fields, "tx_hash"),
        block_number=fields.integer("block_number"),
        block_hash=_hex(fields, "block_hash"),
        block_time=_time(fields, "block_time"),
        name=fields.optional("chain_name", fields.text),
        finality=fields.optional("finality", fields.text),
        consensus=fields.optional("consensus", fields.text),
        operators=fields.optional("node_operators", fields.integer),
    )


def _read_signature(fields: Fields) -> ElectronicSignature:
    return ElectronicSignature(
        Masked(fields.text("signer")), fields.text("issuer"), fields.text("serial"), fields.text("status")
    )


def _read_axis(fields: Fields) -> AxisResult:
    verdict: AxisVerdict = _choice(fields, "verdict", AxisVerdict)  # type: ignore[assignment]  # likewise
    axis: AxisId = _choice(fields, "axis", AxisId)  # type: ignore[assignment]  # likewise
    return AxisResult(axis, verdict, fields.optional("code", fields.text))


def _read_verification(fields: Fields) -> VerificationSummary:
    overall: Overall = _choice(fields, "overall", Overall)  # type: ignore[assignment]  # likewise
    return VerificationSummary(
        overall=overall,
        axes=_items(fields, "axes", _read_axis, len(AXES)),
        verified_at=_time(fields, "verified_at"),
        verifier=fields.text("verifier"),
        policy_fingerprint=_hex(fields, "policy_fingerprint"),
    )


def _read_issuer_certificate(fields: Fields) -> IssuerCertificate:
    return IssuerCertificate(fields.text("subject"), _hex(fields, "sha256"), fields.boolean("test"))


def _read_filings(fields: Fields) -> Filings:
    return Filings(
        fields.optional("cac_filing_no", fields.text),
        fields.optional("mlps_no", fields.text),
        fields.optional("crypto_assessment_no", fields.text),
    )


def _classes(fields: Fields, name: str) -> tuple[int, ...]:
    values = fields.array(name, max_items=5)
    items = tuple(value for value in values if isinstance(value, int) and value in range(1, 6))
    if list(values) != sorted(set(items)) or any(isinstance(value, bool) for value in values):
        raise MalformedError("FORMAT_FAILURE", "not rising items of article 14, 1 to 5", fields.path(name))
    return items


def _base_url(fields: Fields, name: str, number: str) -> str:
    url = fields.text(name)
    base = url.removesuffix(f"/p/{number}")
    if base == url or not base.startswith(("https://", "http://")):
        raise MalformedError("FORMAT_FAILURE", "not the page of this certificate", fields.path(name))
    return base


def parse_record(data: bytes) -> CertificateRecord:
    """Read a record of at most 1 MiB in canonical form.

    Raises:
        MalformedError: any member unknown, missing or ill-formed; not canonical.
        UncheckableError: code UNKNOWN_VERSION.

    """
    fields = Fields(parse_canonical(data, RECORD_LIMITS))
    fields.version("certificate/v1")
    number = _matching(fields, "certificate_no", _NUMBER)
    mode: DepositMode = _choice(fields, "deposit_mode", DepositMode)  # type: ignore[assignment]  # likewise
    record = CertificateRecord(
        certificate_no=number,
        base_url=_base_url(fields, "verify_url", number),
        evidence_id=parse_uuid(fields.text("evidence_id"), fields.path("evidence_id")),
        case=parse_uuid(fields.text("case"), fields.path("case")),
        depositor=_member(fields, "depositor", _read_depositor),
        evidence_name=fields.optional("evidence_name", fields.text),
        evidence_classes=_classes(fields, "evidence_class"),
        deposit_mode=mode,
        event_count=fields.integer("event_count", minimum=1),
        event_root=_hex(fields, "event_root"),
        received=_span(fields, "received_at"),
        log=_member(fields, "log", _read_log),
        issuer=fields.text("issuer"),
        issued_at=_time(fields, "issued_at"),
        bundle=_hex(fields, "bundle_sha256"),
        documents=_items(fields, "documents", _read_document, MAX_DOCUMENTS),
        parties=fields.optional("parties_masked", lambda name: _items(fields, name, _read_party)),
        flow_ref=fields.optional("flow_id", fields.text),
        claimed=fields.optional("claimed_at", lambda name: _span(fields, name)),
        checkpoint_at=fields.optional("checkpoint_at", lambda name: _time(fields, name)),
        timestamps=_items(fields, "timestamps", _read_token),
        anchors=_items(fields, "anchors", _read_anchor),
        cross_anchors=_texts(fields, "cross_anchors"),
        witnesses=_texts(fields, "witnesses"),
        signatures=fields.optional("signatures", lambda name: _items(fields, name, _read_signature)),
        verification=fields.optional("verification", lambda name: _member(fields, name, _read_verification)),
        filings=_member(fields, "filings", _read_filings),
        issuer_certificate=fields.optional(
            "issuer_cert", lambda name: _member(fields, name, _read_issuer_certificate)
        ),
    )
    fields.end()
    return record
