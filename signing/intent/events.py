"""The events of intent, as the taxonomy has them; every personal value goes under ``private``."""

from collections.abc import Sequence

from zheng_verifier.canonical import JsonObject
from zheng_verifier.claim import Actor, AfterLeaf
from zheng_verifier.encoding import format_base64url, format_time

from signing.dossier.model import Event
from signing.intent.binding import Binding
from signing.intent.models import BindingRow, ChallengeRow
from signing.intent.ports import FaceResult
from signing.intent.statements import Statement
from signing.intent.terms import Term
from signing.principal import Principal

MAX_TERMS = 64
"""In one event."""
_CHANNELS = {"otp_sms": "sms", "otp_email": "email"}


def challenge_of(row: BindingRow) -> str:
    """Give the 32 bytes that the act is bound to, base64url."""
    return Binding(row.document_sha256, row.head, row.nonce).challenge


def seen(by: Principal) -> JsonObject:
    """Give what was seen of the client, sealed: session, address, software."""
    return by.seen.private | ({"session": by.session} if by.session else {})


def terminal(by: Principal) -> str:
    """Give the kind of client; a counter of ours is a computer to the taxonomy."""
    return "pc" if by.seen.terminal == "counter" else by.seen.terminal


def person(party: str) -> Actor:
    """Name a party as the one who acted."""
    return Actor("person", party)


def challenge_sent(row: ChallengeRow, binding: BindingRow, target: str, transaction: str) -> Event:
    """Tell that the signer was asked."""
    data: JsonObject = {
        "challenge_id": binding.id,
        "party": row.party,
        "method": row.method,
        "document_sha256": binding.document_sha256,
        "challenge": challenge_of(binding),
        "challenge_nonce": format_base64url(binding.nonce),
        "case_head": format_base64url(binding.head),
        "expires_at": format_time(row.expires_at),
        "provider": row.provider,
        "simulated": row.simulated,
    }
    private: JsonObject = {"target": target}
    if transaction:
        private["provider_txn"] = transaction
    # The challenge was made from this leaf, so not before it: that the log says, not our clock.
    return Event("intent.challenge_sent/1", data, private, after=(AfterLeaf(binding.head),))


def failed(
    row: ChallengeRow, binding: BindingRow, reason: str, attempts_left: int, by: Principal | None
) -> Event:
    """Tell that a check did not succeed."""
    data: JsonObject = {
        "challenge_id": binding.id,
        "party": row.party,
        "method": row.method,
        "reason_code": reason,
        "attempts_left": attempts_left,
    }
    return Event(
        "intent.failed/1", data, {} if by is None else seen(by), None if by is None else person(row.party)
    )


def _common(row: ChallengeRow, binding: BindingRow) -> JsonObject:
    return {
        "challenge_id": binding.id,
        "party": row.party,
        "document_sha256": binding.document_sha256,
        "challenge": challenge_of(binding),
    }


def factor_passed(
    row: ChallengeRow, binding: BindingRow, by: Principal, *, face: FaceResult | None, transaction: str
) -> Event:
    """Tell that the method's check succeeded."""
    common, private = _common(row, binding), seen(by)
    whose: JsonObject = {"provider": row.provider, "simulated": row.simulated}
    if face is not None:
        scores: JsonObject = {
            "liveness": face.liveness,
            "score_ppm": face.score_ppm,
            "threshold_ppm": face.threshold_ppm,
            "attempts": row.attempts,
        }
        private = private | {"provider_txn": transaction}
        return Event("intent.face_verified/1", common | whose | scores, private, person(row.party))
    tried: JsonObject = {"attempts": row.attempts}
    if row.method == "password":
        return Event("intent.password_verified/1", common | tried, private, person(row.party))
    channel: JsonObject = {"channel": _CHANNELS[row.method]}
    return Event("intent.otp_verified/1", common | channel | tried | whose, private, person(row.party))


def confirmed(
    row: ChallengeRow, binding: BindingRow, by: Principal, statement: Statement, action: str
) -> Event:
    """Tell that the signer declared his intent over these bytes."""
    more: JsonObject = {
        "document": binding.document,
        "methods": [row.method],
        "statement_sha256": statement.sha256,
        "locale": str(statement.locale),
        "action": action,
        "terminal": terminal(by),
    }
    return Event("intent.confirmed/1", _common(row, binding) | more, seen(by), person(row.party))


def terms_acknowledged(
    party: str,
    document: str,
    sha256: str,
    terms: Sequence[Term],
    heights: Sequence[int],
    by: Principal,
    statement: Statement,
    action: str,
) -> Event:
    """Tell that up to 64 terms were pointed out and noted; ``heights`` are those of the document's pages."""
    data: JsonObject = {
        "party": party,
        "document": document,
        "document_sha256": sha256,
        "terms": [_term(term, heights) for term in terms],
        "statement_sha256": statement.sha256,
        "locale": str(statement.locale),
        "action": action,
        "terminal": terminal(by),
    }
    return Event("terms.acknowledged/1", data, seen(by), person(party))


def _term(term: Term, heights: Sequence[int]) -> JsonObject:
    return {
        "kind": str(term.kind),
        "source": "keyword" if term.by_rule else "marked",
        "placement": placement(
            term.place.page, (term.place.x, term.place.y, term.place.width, term.place.height), heights
        ),
    }


def placement(page: int, place: tuple[int, int, int, int], heights: Sequence[int]) -> JsonObject:
    """Put a place from the top-left corner into an event's form, which counts from below."""
    x, y, width, height = place
    return {
        "page": page,
        "x_mpt": max(x, 0),
        "y_mpt": max(heights[page - 1] - y - height, 0),
        "width_mpt": max(width, 1),
        "height_mpt": max(height, 1),
    }
