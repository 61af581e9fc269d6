"""What a signing page shows around the contract (`/v1/signing/party/…`): who asks, what is simulated, the evidence."""

from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from sqlmodel import Session, col, select
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.encoding import format_time

from api.issuance.certificates import valid_certificate
from api.problems import ProblemError
from api.services import Services
from api.signing.desk import SigningDesk
from api.web.deps import App, refuses
from api.web.responses import json_response
from api.web.schemas import UUID_PATTERN, Time, Uuid
from api.web.signing.callers import PersonCaller
from api.web.signing.signer import ContractId
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.order import PartyRole
from signing.database import read, write
from signing.documents.models import DocumentRow
from signing.dossier.model import Standing
from signing.errors import Refused
from signing.identity.tables import CheckRow, RestatementRow
from signing.principal import Principal

router = APIRouter(prefix="/v1/signing/party", tags=["signing: signer"])
SealId = Annotated[str, Path(pattern=UUID_PATTERN, description="the seal")]
_PICTURE_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "no-store"}


class NamedDocument(BaseModel):
    """A document's file name."""

    document: Uuid
    name: str
    attachment: bool


class PlacedParty(BaseModel):
    """A party's place in the order of signing: whoever has the same group may act at the same time; a copy has none."""

    ref: Uuid
    group: int


class IdentityTold(BaseModel):
    """What the contract's case says of the party's identity; ``simulated``: by a simulator, which looked at nobody."""

    level: str
    method: str
    provider: str
    simulated: bool
    verified_at: Time | None = None


class SurroundingsAnswer(BaseModel):
    """Who sent the contract and when, its documents' names, and which services here are simulators."""

    sender: str
    sent_at: Time | None = None
    documents: list[NamedDocument]
    order: list[PlacedParty]
    identity: IdentityTold | None = None
    simulators: list[Literal["sms", "email", "identity", "face", "certificates"]]


class EvidenceAnswer(BaseModel):
    """How far the contract's evidence got; ``level`` is absent where another service keeps it, or nothing is deposited."""

    case: Uuid | None = None
    deposited: int = Field(description="events of the case that the evidence service has receipted")
    waiting: int = Field(description="records that still wait to be deposited")
    waiting_since: Time | None = None
    delayed: bool = Field(description="the last try to deposit failed; it is tried again")
    level: Literal["signed", "timestamped", "anchored"] | None = None
    certificate: str | None = Field(
        default=None, description="number of the certificate of deposit valid now"
    )


@router.get(
    "/surroundings",
    summary="What stands around the contract",
    responses=refuses(401, 403, 404, 410) | {200: {"model": SurroundingsAnswer}},
)
async def surroundings(services: App, caller: PersonCaller, contract: ContractId = "") -> Response:
    """Give the sender's name, the documents' names, what is told of the party's identity, and what is simulated."""
    return json_response(await to_thread.run_sync(_surroundings, services.signing, caller, contract))


def _surroundings(desk: SigningDesk, by: Principal, contract: str) -> JsonObject:
    with read(desk.context.engine) as session:
        row, party = desk.contracts.turns.open_for(session, by, contract)
        documents = session.exec(
            select(DocumentRow).where(DocumentRow.contract == row.id).order_by(col(DocumentRow.position))
        ).all()
        answer: JsonObject = {
            "sender": _organisation(desk, session, row.tenant),
            "documents": [
                {
                    "document": each.id,
                    "name": desk.documents.name(session, each),
                    "attachment": each.attachment,
                }
                for each in documents
            ],
            "order": [
                {"ref": each.ref, "group": each.group}
                for each in desk.contracts.book.parties(session, row)
                if each.role != PartyRole.COPY
            ],
            "simulators": list[JsonValue](_simulators(desk)),
        }
        if row.sent_at is not None:
            answer["sent_at"] = format_time(row.sent_at)
        told = _identity(session, row, party)
        if told is not None:
            answer["identity"] = told
        return answer


def _organisation(desk: SigningDesk, session: Session, tenant: str) -> str:
    """Give the sender's name, "" before it said one."""
    try:
        return desk.people.organisations.find(session, tenant).profile.name
    except Refused:
        return ""


def _simulators(desk: SigningDesk) -> list[str]:
    carriers = desk.delivery.carriers
    found = {
        "sms": carriers.sms.simulated,
        "email": carriers.mail.simulated,
        "identity": desk.identities.provider.simulated,
        "face": True,  # there is no other comparison of faces yet
        "certificates": desk.authority.trusted.test,
    }
    return [name for name, simulated in found.items() if simulated]


def _identity(session: Session, contract: ContractRow, party: PartyRow) -> JsonObject | None:
    query = (
        select(CheckRow)
        .join(RestatementRow, col(RestatementRow.check_id) == col(CheckRow.id))
        .where(RestatementRow.dossier == contract.dossier, RestatementRow.party == party.ref)
        .order_by(col(CheckRow.position).desc())
    )
    check = session.exec(query).first()
    if check is None:
        return None
    told: JsonObject = {
        "level": check.level,
        "method": check.method,
        "provider": check.provider,
        "simulated": check.simulated,
    }
    return told if check.ended_at is None else told | {"verified_at": format_time(check.ended_at)}


@router.get(
    "/evidence",
    summary="How far the evidence got",
    responses=refuses(401, 403, 404) | {200: {"model": EvidenceAnswer}},
)
async def evidence(services: App, caller: PersonCaller, contract: ContractId = "") -> Response:
    """Give the contract's case, what still waits to be deposited, and what fixes the newest event in time."""
    return json_response(await to_thread.run_sync(_evidence, services, caller, contract))


def _evidence(services: Services, by: Principal, contract: str) -> JsonObject:
    desk = services.signing
    with read(desk.context.engine) as session:
        row, _ = desk.contracts.turns.open_for(session, by, contract)
        standing = desk.recorder.standing(session, row.dossier)
    answer: JsonObject = {
        "deposited": standing.seq,
        "waiting": standing.waiting,
        "delayed": standing.trouble is not None,
    }
    if standing.case is not None:
        answer["case"] = standing.case
        issued = valid_certificate(services, by.tenant, standing.case)
        if issued is not None:
            answer["certificate"] = issued.number
    if standing.oldest is not None:
        answer["waiting_since"] = format_time(standing.oldest)
    level = _level(services, standing)
    return answer if level is None else answer | {"level": level}


def _level(services: Services, standing: Standing) -> str | None:
    if services.settings.signing.notary.url or standing.head is None:
        return None
    index = services.ledger.reader.leaf_index(standing.head)
    return None if index is None else services.evidence.level_of(services.evidence.covers(index))


@router.get(
    "/seals/{seal}/picture",
    summary="A seal that the party may use here",
    responses=refuses(401, 403, 404) | {200: {"content": {"image/svg+xml": {}, "image/png": {}}}},
)
async def seal_picture(
    seal: SealId, services: App, caller: PersonCaller, contract: ContractId = ""
) -> Response:
    """Give the seal's picture; the access is logged."""
    return await to_thread.run_sync(_seal_picture, services.signing, caller, contract, seal)


def _seal_picture(desk: SigningDesk, by: Principal, contract: str, seal: str) -> Response:
    with write(desk.context.engine) as session:
        row, party = desk.contracts.turns.open_for(session, by, contract)
        if seal not in desk.acts.choices.seals(session, by, row, party):
            raise ProblemError("seal-unknown")
        kept = desk.seals.shelf.load(session, desk.seals.shelf.row(session, row.tenant, seal))
        content = desk.custody.get(session, seal, kept.image, by=by, purpose="view")
    return Response(content, headers=_PICTURE_HEADERS, media_type=kept.media_type)
