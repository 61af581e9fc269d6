"""What all contracts of a batch have in common, and on whose behalf they are made: as rows of tables keep it."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from zheng_verifier.canonical import JsonObject, JsonValue, format_json
from zheng_verifier.encoding import format_time, parse_time

from signing.contracts.batch.rows import Row, seated
from signing.contracts.demands import demand_of
from signing.contracts.draft import Draft, PartyDraft, SubjectKind
from signing.contracts.order import PartyRole
from signing.principal import Kind, Principal, Role


@dataclass(frozen=True, slots=True)
class Plan:
    """What all contracts of a batch have in common; ``parties`` without the people, whom each row names.

    ``send``: they are sent too, else they stay drafts.
    """

    id: str
    template: str
    title: str
    parties: tuple[PartyDraft, ...]
    app: str = "default"
    scene: str = "other"
    business_type: str | None = None
    deadline: datetime | None = None
    remind_ahead: int | None = None
    remind_every: int | None = None
    send: bool = True


def draft_of(plan: Plan, row: Row, contract: str) -> Draft:
    """Give the draft of one row's contract."""
    return Draft(
        id=contract,
        title=row.title or plan.title,
        parties=seated(plan.parties, row),
        template=plan.template,
        values=row.values,
        app=plan.app,
        business_number=row.business_number,
        business_type=plan.business_type,
        scene=plan.scene,
        deadline=plan.deadline,
        remind_ahead=plan.remind_ahead,
        remind_every=plan.remind_every,
    )


def format_plan(plan: Plan) -> bytes:
    """Write a plan as custody keeps it."""
    body: JsonObject = {
        "id": plan.id,
        "template": plan.template,
        "title": plan.title,
        "parties": [
            [
                each.kind,
                str(each.role),
                each.group,
                each.required,
                each.demand.identity,
                each.demand.written,
            ]
            for each in plan.parties
        ],
        "app": plan.app,
        "scene": plan.scene,
        "send": plan.send,
    }
    optional: dict[str, JsonValue | None] = {
        "business_type": plan.business_type,
        "deadline": None if plan.deadline is None else format_time(plan.deadline),
        "remind_ahead": plan.remind_ahead,
        "remind_every": plan.remind_every,
    }
    return format_json(body | {name: value for name, value in optional.items() if value is not None})


def parse_plan(content: bytes) -> Plan:
    """Read what `format_plan` wrote: our own bytes, which came out of custody unchanged."""
    body = json.loads(content)
    deadline = body.pop("deadline", None)
    parties = tuple(
        PartyDraft(
            cast(SubjectKind, kind), PartyRole(role), group, required, demand=demand_of(identity, factors)
        )
        for kind, role, group, required, identity, factors in body.pop("parties")
    )
    return Plan(parties=parties, deadline=None if deadline is None else parse_time(deadline), **body)


def format_caller(by: Principal) -> str:
    """Write for whom a batch is done."""
    return json.dumps([by.kind, by.account, sorted(by.roles), sorted(by.scopes), by.app, by.name])


def parse_caller(text: str, tenant: str) -> Principal:
    """Read what `format_caller` wrote."""
    kind, account, roles, scopes, app, name = json.loads(text)
    by = Principal(tenant, cast(Kind, kind), account=account, app=app, name=name)
    return replace(by, roles=frozenset(map(Role, roles)), scopes=frozenset(scopes))
