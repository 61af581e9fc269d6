"""Answers of the signer's side, from what the pipeline gives."""

from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.encoding import format_time

from signing.act.ports import Slot
from signing.act.service import Standing
from signing.act.views import DocumentView, OtherParty, SignerView
from signing.assurance import enough
from signing.documents.filling import OwnField
from signing.intent.challenges import Asked
from signing.intent.prompts import NamedTerm
from signing.intent.statements import Locale, Statement, intent_statement, terms_notice
from signing.intent.terms import LABELS


def signer_answer(view: SignerView) -> JsonObject:
    """Write what a signer is shown."""
    answer: JsonObject = {
        "contract": view.contract,
        "title": view.title,
        "state": view.state,
        "deadline": format_time(view.deadline),
        "party": _party(view.party),
        "turn": view.turn,
        "target": view.target,
        "parties": [_party(each) for each in view.parties],
        "documents": [_document(each) for each in view.documents],
        "methods": list[JsonValue](view.methods),
        "demands": {
            "identity_level": view.demand.identity,
            "level": view.level,
            "reached": enough(view.level, view.demand.identity),
            "factors": list[JsonValue](view.demand.factors),
        },
        "statements": [_statement(intent_statement(each)) for each in Locale],
        "notices": [_statement(terms_notice(each)) for each in Locale],
    }
    if view.case is not None:
        answer["case"] = view.case
    if view.chosen is not None:
        kind, seal = view.chosen
        answer["signature"] = {"kind": kind} if seal is None else {"kind": kind, "seal": seal}
    if view.act is not None:
        answer["act"] = act_answer(view.act)
    return answer


def act_answer(standing: Standing) -> JsonObject:
    """Write how a signing stands."""
    answer: JsonObject = {"state": standing.state}
    if standing.reason:
        answer["reason"] = standing.reason
    return answer


def challenge_answer(asked: Asked) -> JsonObject:
    """Write a challenge; its code is nowhere in it."""
    return {
        "id": asked.id,
        "method": asked.method,
        "challenge": asked.challenge,
        "state": asked.state,
        "expires_at": format_time(asked.expires_at),
    }


def term_answer(named: NamedTerm) -> JsonObject:
    """Write a highlighted term."""
    term = named.term
    chinese, english = LABELS[term.kind]
    place = term.place
    return {
        "id": named.id,
        "kind": str(term.kind),
        "label_zh": chinese,
        "label_en": english,
        "source": "keyword" if term.by_rule else "marked",
        "page": place.page,
        "place": _place((place.x, place.y, place.width, place.height)),
    }


def _document(view: DocumentView) -> JsonObject:
    answer: JsonObject = {
        "document": view.paper.document,
        "sha256": view.paper.sha256,
        "terms": [term_answer(each) for each in view.terms],
        "shown": view.shown,
        "acknowledged": view.acknowledged,
        "fields": [_field(each) for each in view.fields],
    }
    if view.slot is not None:
        answer["slot"] = _slot(view.slot)
    if view.unread is not None:
        answer["unread_pages"] = view.unread
    return answer


def _field(own: OwnField) -> JsonObject:
    control = own.control
    rule, place = control.rule, control.place
    return {
        "name": control.name,
        "label": rule.label,
        "kind": control.kind.value,
        "required": control.required,
        "page": control.page,
        "place": _place((place.x, place.y, place.width, place.height)),
        "value": own.value,
        "max_length": rule.max_length,
        "minimum": rule.minimum,
        "maximum": rule.maximum,
        "decimals": rule.decimals,
        "options": list[JsonValue](rule.options),
    }


def _slot(slot: Slot) -> JsonObject:
    return {"page": slot.page, "place": _place(slot.place), "sealed": slot.sealed}


def _place(place: tuple[int, int, int, int]) -> JsonObject:
    x, y, width, height = place
    return {"x": x, "y": y, "width": width, "height": height}


def _party(party: OtherParty) -> JsonObject:
    return {
        "ref": party.ref,
        "name": party.name,
        "kind": party.kind,
        "role": party.role,
        "state": party.state,
    }


def _statement(statement: Statement) -> JsonObject:
    return {"locale": str(statement.locale), "text": statement.text, "sha256": statement.sha256}
