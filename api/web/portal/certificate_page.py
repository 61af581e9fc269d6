"""The public page of a certificate, to which its QR code leads: masked, with its status, made from its record alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import BUNDLE_LIMITS, JsonObject, JsonValue, parse_canonical
from zheng_verifier.encoding import parse_time
from zheng_verifier.errors import EvidenceError
from zheng_verifier.report.catalogue import catalogue
from zheng_verifier.report.model import AxisId, Status
from zheng_verifier.report.texts import Language

from api.issuance.certificates import find_certificate
from api.issuance.register import Standing
from api.problems import ProblemError
from api.web.deps import PUBLIC, App
from api.web.portal.language import language_of
from api.web.portal.records import object_of, objects_of, text_of
from api.web.portal.rendering import message, page, words
from api.web.portal.rows import Row, moment

router = APIRouter(include_in_schema=False, dependencies=PUBLIC)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page under a title."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class AxisThen:
    """What the issuer's verification said of one question when the certificate was issued."""

    id: str
    name: str
    status: str
    label: str
    code: str


@router.get("/p/{number}")
async def certificate_page(number: str, request: Request, services: App) -> Response:
    """Show a certificate; everything about persons in it is masked."""
    try:
        issued = await to_thread.run_sync(find_certificate, services, number)
    except ProblemError as problem:
        return message(request, "certificate_missing", "certificate_missing_text", status=problem.kind.status)
    language = language_of(request)
    standing = issued.standing
    reader = _Reader(_record(issued.document), language)
    return page(
        request,
        "certificate",
        number=issued.number,
        standing=standing.status.value,
        status_text=_standing(standing, language),
        reason=standing.reason,
        successor=standing.successor,
        sections=reader.sections(),
        axes=reader.axes(),
    )


def _standing(standing: Standing, language: Language) -> str:
    said = words(language)
    since = said["status_since"].format(time=moment(standing.since, "", language))
    return f"{said[f'status_{standing.status.value}']} · {since}"


def _record(document: bytes) -> JsonObject:
    record = parse_canonical(document, BUNDLE_LIMITS)
    if not isinstance(record, dict):
        raise TypeError("a certificate is an object")
    return record


class _Reader:
    """Reads a certificate's record into rows, in one language."""

    def __init__(self, record: JsonObject, language: Language) -> None:
        self.record = record
        self._language = language
        self._said = words(language)

    def sections(self) -> Sequence[Section]:
        """Give the parts of the page in order."""
        said = self._said
        return (
            Section(said["section_deposit"], tuple(self._deposit())),
            Section(said["section_documents"], tuple(self._documents())),
            Section(said["section_times"], tuple(self._times())),
            Section(said["section_fixing"], tuple(self._fixing())),
        )

    def axes(self) -> Sequence[AxisThen]:
        """Give what was verified at the time of issue."""
        texts = catalogue(self._language)
        verification = object_of(self.record.get("verification"))
        found = []
        for axis in objects_of(verification.get("axes")):
            name, verdict = text_of(axis, "axis"), text_of(axis, "verdict")
            found.append(
                AxisThen(
                    name,
                    texts.axes[AxisId(name)],
                    verdict,
                    texts.statuses[Status(verdict)],
                    text_of(axis, "code"),
                )
            )
        return found

    def _row(self, label: str, value: str, *, mono: bool = False) -> Row:
        return Row(self._said[label], value or self._said["not_provided"], mono=mono and bool(value))

    def _role(self, role: str) -> str:
        """Put a role into words; one that the taxonomy will only know later stays as it is written."""
        return self._said.get(f"role_{role}", role)

    def _moment(self, text: str) -> str:
        try:
            at = parse_time(text)
        except EvidenceError:
            return ""
        return moment(at, "", self._language)

    def _span(self, value: "JsonValue | None") -> str:
        span = object_of(value)
        first, last = (self._moment(text_of(span, name)) for name in ("first", "last"))
        return first if first == last else f"{first} – {last}"

    def _deposit(self) -> Iterator[Row]:
        record = self.record
        parties = [
            " ".join(filter(None, (self._role(text_of(party, "role")), text_of(party, "name"))))
            for party in objects_of(record.get("parties_masked"))
        ]
        mode = text_of(record, "deposit_mode")
        yield self._row("depositor", text_of(object_of(record.get("depositor")), "name"))
        yield self._row("parties", "; ".join(parties))
        yield self._row("evidence_name", text_of(record, "evidence_name"))
        yield self._row("evidence_id", text_of(record, "evidence_id"), mono=True)
        yield self._row("case", text_of(record, "case"), mono=True)
        yield self._row("mode", self._said[f"mode_{mode}"] if mode else "")
        yield self._row("event_count", text_of(record, "event_count"))
        yield self._row("event_root", text_of(record, "event_root"), mono=True)
        yield self._row("issuer", text_of(record, "issuer"))
        yield self._row("issued_at", self._moment(text_of(record, "issued_at")))

    def _documents(self) -> Iterator[Row]:
        said = self._said
        for document in objects_of(self.record.get("documents")):
            by_us = text_of(document, "hashed_by") == "service"
            yield Row(
                self._role(text_of(document, "role")),
                f"{text_of(document, 'media_type')} · {text_of(document, 'file_size')} {said['bytes']} · "
                f"{said['hashed_here' if by_us else 'hashed_declared']}",
            )
            yield Row("SHA-256", text_of(document, "digest_sha256"), mono=True)
            yield Row("SM3", text_of(document, "digest_sm3") or said["not_provided"], mono=True)

    def _times(self) -> Iterator[Row]:
        record = self.record
        stamps = [
            self._moment(text_of(token, "tsa_gen_time")) for token in objects_of(record.get("timestamps"))
        ]
        blocks = [self._moment(text_of(anchor, "block_time")) for anchor in objects_of(record.get("anchors"))]
        yield self._row("claimed", self._span(record.get("claimed_at")))
        yield self._row("received", self._span(record.get("received_at")))
        yield self._row("tsa_time", "; ".join(stamps))
        yield self._row("checkpoint_time", self._moment(text_of(record, "checkpoint_at")))
        yield self._row("block_time", "; ".join(blocks))

    def _fixing(self) -> Iterator[Row]:
        said = self._said
        log = object_of(self.record.get("log"))
        yield self._row("log", text_of(log, "log_id"), mono=True)
        yield self._row("tree", f"{text_of(log, 'tree_size')} · {text_of(log, 'leaf_index')}")
        yield self._row("root", text_of(log, "root_hash"), mono=True)
        for token in objects_of(self.record.get("timestamps")):
            test = f" ({said['test_tsa']})" if token.get("test") is True else ""
            yield self._row("tsa", text_of(token, "tsa_name") + test)
        for anchor in objects_of(self.record.get("anchors")):
            yield self._row(
                "chain", f"{said['chain_' + text_of(anchor, 'kind')]} · id {text_of(anchor, 'chain_id')}"
            )
            yield self._row("contract", f"0x{text_of(anchor, 'contract_address')}", mono=True)
            yield self._row("transaction", f"0x{text_of(anchor, 'tx_hash')}", mono=True)
            yield self._row("block", text_of(anchor, "block_number"))
        yield Row(said["witnesses"], said["none"])
