"""The page about the log: its newest checkpoint, what fixed it, who watches it, how it is doing."""

from collections.abc import Sequence
from dataclasses import dataclass

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.checkpoint import open_checkpoint
from zheng_verifier.encoding import format_hex
from zheng_verifier.note import format_vkey
from zheng_verifier.report.texts import Language

from anchor.store import AnchoredCheckpoint
from api.services import Services
from api.web.deps import PUBLIC, App
from api.web.health import readiness
from api.web.portal.language import language_of
from api.web.portal.log_drawing import draw_log
from api.web.portal.rendering import page, words
from api.web.portal.rows import Row, moment

router = APIRouter(include_in_schema=False, dependencies=PUBLIC)
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Fixed:
    """A checkpoint that was taken, and what has fixed it, in words."""

    size: int
    taken: str
    timestamps: str
    chains: str


@router.get("/log")
async def log_page(request: Request, services: App) -> Response:
    """Show the log as it stands."""
    language = language_of(request)
    said = words(language)
    state = await to_thread.run_sync(readiness, services)
    note = await to_thread.run_sync(services.ledger.reader.checkpoint)
    newest = await to_thread.run_sync(services.anchors.newest, _SHOWN)
    status = {"ready": "state_ok", "degraded": "state_degraded", "stopped": "state_stopped"}[
        str(state["status"])
    ]
    return page(
        request,
        "log",
        here="log",
        checkpoint=_checkpoint(services, note, language),
        note=None if note is None else note.decode(),
        anchors=[_fixed(each, language) for each in newest],
        drawing=draw_log(said, newest),
        health=[Row(said["state"], said[status])],
    )


def _checkpoint(services: Services, note: bytes | None, language: Language) -> Sequence[Row]:
    said = words(language)
    key = services.ledger.vkey
    rows = [
        Row(said["origin"], services.ledger.origin, mono=True),
        Row(said["log_key"], format_vkey(key), mono=True),
    ]
    if note is not None:
        head = open_checkpoint(note, key).checkpoint
        rows.insert(1, Row(said["tree_size"], str(head.size)))
        rows.insert(2, Row(said["root_hash"], format_hex(head.root_hash), mono=True))
    return rows


def _fixed(checkpoint: AnchoredCheckpoint, language: Language) -> Fixed:
    said = words(language)
    return Fixed(
        size=checkpoint.size,
        taken=moment(checkpoint.taken_at, said["not_provided"], language),
        timestamps=", ".join(token.authority for token in checkpoint.tokens) or said["none"],
        chains=", ".join(
            f"{proof.chain_id} · {said['block']} {proof.block_number}" for proof in checkpoint.anchors
        )
        or said["none"],
    )
