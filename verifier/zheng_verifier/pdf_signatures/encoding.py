"""Signature facts as a JSON object, both ways: what a diagnostic report carries (docs/spec/pdf-signatures.md §5)."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from zheng_verifier.canonical import (
    Fields,
    JsonObject,
    JsonValue,
    Limits,
    format_json,
    parse_canonical,
)
from zheng_verifier.encoding import (
    format_base64,
    format_hex,
    format_time,
    parse_base64,
    parse_hex,
    parse_time,
)
from zheng_verifier.errors import MalformedError
from zheng_verifier.pdf_signatures.facts import (
    LEVELS,
    Change,
    Coverage,
    Family,
    Prefix,
    Problem,
    SignatureFact,
    SignatureFacts,
)

FACTS_LIMITS = Limits(max_bytes=64 << 20, max_depth=8, max_string=4 << 20)
MAX_ITEMS = 1_024

_T = TypeVar("_T")


def parse_facts(data: bytes) -> SignatureFacts:
    """Read facts in canonical form.

    Raises:
        MalformedError: not canonical JSON, or not these facts.
        UncheckableError: UNKNOWN_VERSION.

    """
    return read_facts(parse_canonical(data, FACTS_LIMITS))


def format_facts(facts: SignatureFacts) -> bytes:
    """Write facts in canonical form."""
    return format_json(write_facts(facts))


def read_facts(value: JsonValue, where: str = "") -> SignatureFacts:
    """Read facts out of a JSON object.

    Raises:
        MalformedError: not these facts.
        UncheckableError: UNKNOWN_VERSION.

    """
    fields = Fields(value, where)
    fields.version("pdf-signatures/v1")
    facts = SignatureFacts(
        size=fields.integer("size"),
        sha256=_digest(fields, "sha256"),
        problem=fields.optional(
            "problem", lambda name: _read_problem(fields.object(name), fields.path(name))
        ),
        prefixes=_list(fields, "prefixes", _read_prefix),
        signatures=_list(fields, "signatures", _read_signature),
        removed=_list(fields, "removed", _text),
        certificates=_list(fields, "certificates", _blob),
        crls=_list(fields, "crls", _blob),
        ocsps=_list(fields, "ocsps", _blob),
        left_out=fields.integer("left_out"),
    )
    fields.end()
    return facts


def write_facts(facts: SignatureFacts) -> JsonObject:
    """Write facts as a JSON object; members without a value are left out."""
    body: JsonObject = {
        "zheng": "pdf-signatures/v1",
        "size": facts.size,
        "sha256": format_hex(facts.sha256),
        "prefixes": [_write_prefix(prefix) for prefix in facts.prefixes],
        "signatures": [_write_signature(signature) for signature in facts.signatures],
        "removed": list(facts.removed),
        "certificates": [format_base64(der) for der in facts.certificates],
        "crls": [format_base64(der) for der in facts.crls],
        "ocsps": [format_base64(der) for der in facts.ocsps],
        "left_out": facts.left_out,
    }
    return body | _present(problem=_write_problem(facts.problem))


def _list(fields: Fields, name: str, read: Callable[[JsonValue, str], _T]) -> tuple[_T, ...]:
    items = fields.array(name, max_items=MAX_ITEMS)
    return tuple(read(item, f"{fields.path(name)}/{position}") for position, item in enumerate(items))


def _text(value: JsonValue, where: str) -> str:
    if not isinstance(value, str):
        raise MalformedError("WRONG_TYPE", "must be a string", where)
    return value


def _integer(value: JsonValue, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise MalformedError("WRONG_TYPE", "must be an integer", where)
    return value


def _blob(value: JsonValue, where: str) -> bytes:
    return parse_base64(_text(value, where), where=where)


def _digest(fields: Fields, name: str) -> bytes:
    return parse_hex(fields.text(name), size=32, where=fields.path(name))


def _change(fields: Fields, name: str) -> Change | None:
    choices = [change.value for change in Change]
    return fields.optional(name, lambda member: Change(fields.text(member, choices=choices)))


def _present(**members: "JsonValue | None") -> JsonObject:
    return {name: value for name, value in members.items() if value is not None}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)


def _read_problem(value: JsonValue, where: str) -> Problem:
    fields = Fields(value, where)
    family = Family(fields.text("family", choices=[family.value for family in Family]))
    problem = Problem(family, fields.text("code"), fields.text("detail"))
    fields.end()
    return problem


def _write_problem(problem: Problem | None) -> JsonObject | None:
    if problem is None:
        return None
    return {"family": problem.family.value, "code": problem.code, "detail": problem.detail}


def _read_prefix(value: JsonValue, where: str) -> Prefix:
    fields = Fields(value, where)
    prefix = Prefix(
        fields.integer("length"),
        _digest(fields, "sha256"),
        _digest(fields, "sm3"),
        _change(fields, "change"),
        fields.optional("filled", lambda name: _list(fields, name, _text)) or (),
    )
    fields.end()
    return prefix


def _write_prefix(prefix: Prefix) -> JsonObject:
    body: JsonObject = {
        "length": prefix.length,
        "sha256": format_hex(prefix.sha256),
        "sm3": format_hex(prefix.sm3),
    }
    return body | _present(change=prefix.change, filled=list(prefix.filled) or None)


def _read_digests(value: JsonValue, where: str) -> dict[str, bytes]:
    fields = Fields(value, where)
    names = sorted(value) if isinstance(value, dict) else []
    return {name: parse_hex(fields.text(name), where=fields.path(name)) for name in names}


def _read_signature(value: JsonValue, where: str) -> SignatureFact:
    fields = Fields(value, where)
    signature = SignatureFact(
        field=fields.text("field"),
        sub_filter=fields.text("sub_filter"),
        level=fields.text("level", choices=LEVELS),
        byte_range=_list(fields, "byte_range", _integer),
        coverage=Coverage(fields.text("coverage", choices=[each.value for each in Coverage])),
        end=fields.integer("end"),
        contents_sha256=_digest(fields, "contents_sha256"),
        claimed_at=fields.optional(
            "claimed_at", lambda name: parse_time(fields.text(name), fields.path(name))
        ),
        digest_algorithm=fields.text("digest_algorithm"),
        signature_algorithm=fields.text("signature_algorithm"),
        digest_ok=fields.optional("digest_ok", fields.boolean),
        signature_ok=fields.optional("signature_ok", fields.boolean),
        problem=fields.optional(
            "problem", lambda name: _read_problem(fields.object(name), fields.path(name))
        ),
        signer=fields.optional("signer", lambda name: _blob(fields.text(name), fields.path(name))),
        stamped=_blob(fields.text("stamped"), fields.path("stamped")),
        timestamps=_list(fields, "timestamps", _blob),
        digests=_read_digests(fields.object("digests"), fields.path("digests")),
        change=_change(fields, "change"),
        change_detail=fields.text("change_detail"),
        changed_fields=_list(fields, "changed_fields", _text),
        doc_mdp=fields.optional("doc_mdp", lambda name: fields.integer(name, minimum=1, maximum=3)),
        doc_mdp_ok=fields.optional("doc_mdp_ok", fields.boolean),
        visible=fields.boolean("visible"),
    )
    fields.end()
    return signature


def _write_signature(signature: SignatureFact) -> JsonObject:
    body: JsonObject = {
        "field": signature.field,
        "sub_filter": signature.sub_filter,
        "level": signature.level,
        "byte_range": list(signature.byte_range),
        "coverage": signature.coverage.value,
        "end": signature.end,
        "contents_sha256": format_hex(signature.contents_sha256),
        "digest_algorithm": signature.digest_algorithm,
        "signature_algorithm": signature.signature_algorithm,
        "stamped": format_base64(signature.stamped),
        "timestamps": [format_base64(token) for token in signature.timestamps],
        "digests": {name: format_hex(value) for name, value in signature.digests.items()},
        "change_detail": signature.change_detail,
        "changed_fields": list(signature.changed_fields),
        "visible": signature.visible,
    }
    return body | _present(
        claimed_at=_time(signature.claimed_at),
        digest_ok=signature.digest_ok,
        signature_ok=signature.signature_ok,
        problem=_write_problem(signature.problem),
        signer=None if signature.signer is None else format_base64(signature.signer),
        change=signature.change,
        doc_mdp=signature.doc_mdp,
        doc_mdp_ok=signature.doc_mdp_ok,
    )
