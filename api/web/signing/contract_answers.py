"""Contracts and batches as they are answered."""

from datetime import datetime

from starlette.requests import Request
from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.encoding import format_time

from api.problems import prefers_chinese
from signing.assurance import NOTHING
from signing.contracts.batch.service import Item, Progress
from signing.contracts.states import STATE_LABELS
from signing.contracts.views import ApprovalView, Details, PartyView, StepView, Summary


def summary(view: Summary, *, chinese: bool) -> JsonObject:
    """Write a contract as a list shows it."""
    zh, en = STATE_LABELS[view.standing]
    return {
        "id": view.id,
        "app": view.app,
        "title": view.title,
        "state": view.state,
        "standing": view.standing,
        "standing_title": zh if chinese else en,
        "revision": view.revision,
        "deadline": format_time(view.deadline),
        "created_at": format_time(view.created_at),
        **_given(
            business_number=view.business_number,
            sent_at=_time(view.sent_at),
            ended_at=_time(view.ended_at),
        ),
    }


def details(view: Details, *, chinese: bool) -> JsonObject:
    """Write a contract with its parties and its history."""
    deposit: JsonObject = {"waiting": view.waiting}
    if view.oldest is not None:
        deposit["waiting_since"] = format_time(view.oldest)
    if view.trouble is not None:
        deposit["trouble"] = view.trouble
    documents: list[JsonValue] = [
        {"document": each.document, "sha256": each.sha256} for each in view.documents
    ]
    return {
        **summary(view.summary, chinese=chinese),
        "scene": view.scene,
        "documents": documents,
        "parties": [_party(each) for each in view.parties],
        "approvals": [_approval(each) for each in view.approvals],
        "history": [_step(each) for each in view.history],
        "deposit": deposit,
        **_given(case=view.case, business_type=view.business_type, replaces=view.replaces),
    }


def _party(view: PartyView) -> JsonObject:
    moments = {
        "notified_at": view.notified_at,
        "viewed_at": view.viewed_at,
        "confirmed_at": view.confirmed_at,
        "done_at": view.done_at,
    }
    return {
        "party": view.ref,
        "name": view.name,
        "kind": view.kind,
        "role": view.role,
        "group": view.group,
        "required": view.required,
        "state": view.state,
        "turn": view.turn,
        "channel": view.channel,
        "identified": view.identified,
        "factors": list(view.demand.factors),
        **_given(
            identity_level=view.demand.identity if view.demand.identity != NOTHING else None,
            account=view.account,
            target=view.target,
            delegate_of=view.delegate_of,
            reason_code=view.reason_code,
            reason=view.reason,
        ),
        **{name: format_time(moment) for name, moment in moments.items() if moment is not None},
    }


def _approval(view: ApprovalView) -> JsonObject:
    body: JsonObject = {"account": view.account, **_given(reason=view.reason)}
    if view.approved is not None and view.decided_at is not None:
        body |= {"approved": view.approved, "decided_at": format_time(view.decided_at)}
    return body


def _step(view: StepView) -> JsonObject:
    return {
        "step": view.step,
        "who": view.who,
        "state": view.state,
        "at": format_time(view.at),
        "events": list(view.events),
        **_given(party=view.party),
    }


def progress(view: Progress) -> JsonObject:
    """Write how far a batch is."""
    return {
        "id": view.id,
        "total": view.total,
        "waiting": view.waiting,
        "made": view.made,
        "sent": view.sent,
        "failed": view.failed,
        "created_at": format_time(view.created_at),
        **_given(
            started_at=_time(view.started_at),
            ended_at=_time(view.ended_at),
        ),
    }


def item(view: Item) -> JsonObject:
    """Write one row of a batch."""
    return {
        "row": view.position,
        "state": view.state,
        **_given(contract=view.contract, code=view.code, detail=view.detail, field=view.field),
    }


def in_chinese(request: Request) -> bool:
    """Tell whether the client prefers Chinese."""
    return prefers_chinese(request.headers.get("accept-language", ""))


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)


def _given(**members: str | None) -> JsonObject:
    """Give the members that say something."""
    return {name: value for name, value in members.items() if value}
