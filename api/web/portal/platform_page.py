"""The page about the platform: what its operator says of himself, and what he left out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.statement import Statement

from api.issuance.statement import current_statement
from api.web.deps import PUBLIC, App
from api.web.portal.language import language_of
from api.web.portal.rendering import page, words
from api.web.portal.rows import Row

router = APIRouter(include_in_schema=False, dependencies=PUBLIC)
_NEEDED = ("log", "tsa", "chain", "witness", "portal")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the service and who runs it, in words."""

    component: str
    name: str
    operator: str
    related: str


@router.get("/platform")
async def platform_page(request: Request, services: App) -> Response:
    """Show the operator's statement."""
    statement = current_statement(services.settings, origin=services.ledger.origin)
    said = words(language_of(request))

    def row(label: str, value: str | None) -> Row:
        return Row(said[label], value or said["not_provided"])

    operator, filings = statement.operator, statement.filings
    return page(
        request,
        "platform",
        here="platform",
        operator_rows=[
            row("name", operator.name),
            row("uscc", operator.uscc),
            row("contact", operator.contact),
        ],
        filing_rows=[
            row("cac_filing", filings.cac_filing_no),
            row("mlps_filing", filings.mlps_no),
            row("crypto_assessment", filings.crypto_assessment_no),
        ],
        components=list(_parts(statement, said)),
        interest_rows=[row("paid_by", statement.paid_by), *_interests(statement, said)],
        environment_rows=[
            row("time_source", statement.time_source),
            row("key_management", statement.key_management),
            row("custody", statement.custody),
            *(Row(name, value, mono=True) for name, value in statement.environment.items()),
        ],
    )


def _parts(statement: Statement, said: Mapping[str, str]) -> Iterator[Part]:
    """Give the parts that were named, and those that a reader would ask for and nobody named."""
    for part in statement.components:
        related = said["related_yes" if part.related else "related_no"]
        yield Part(said[f"component_{part.component}"], part.name, part.operator, related)
    named = {part.component for part in statement.components}
    absent = said["not_provided"]
    for component in _NEEDED:
        if component not in named:
            yield Part(said[f"component_{component}"], absent, absent, absent)


def _interests(statement: Statement, said: Mapping[str, str]) -> Iterator[Row]:
    if statement.interests is None:
        yield Row(said["interests"], said["not_provided"])
    elif not statement.interests:
        yield Row(said["interests"], said["interests_none"])
    else:
        for interest in statement.interests:
            yield Row(said["interest_with"].format(name=interest.counterpart), interest.relation)
