"""The operator's statement about himself, from settings: disclosed in packages and at `/v1/statement`, never verified."""

import platform
from types import MappingProxyType

from zheng_verifier.statement import Component, Filings, Interest, Operator, Statement, format_statement
from zheng_verifier.version import VERSION

from api.database import SQLITE_VERSION
from api.settings import Settings


def current_statement(settings: Settings, *, origin: str) -> Statement:
    """Say what the operator says. Where he gave himself no name, the service goes by that of its log."""
    said, issuer = settings.statement, settings.issuer
    return Statement(
        operator=Operator(
            name=said.operator.name or issuer.name or origin,
            uscc=said.operator.uscc or issuer.registration or None,
            contact=said.operator.contact or None,
        ),
        components=tuple(
            Component(each.component, each.name, each.operator, each.related) for each in said.components
        ),
        interests=None
        if said.interests is None
        else tuple(Interest(each.counterpart, each.relation) for each in said.interests),
        filings=Filings(
            cac_filing_no=said.filings.cac_filing_no or issuer.filing_number or None,
            mlps_no=said.filings.mlps_no or None,
            crypto_assessment_no=said.filings.crypto_assessment_no or None,
        ),
        paid_by=said.paid_by or None,
        environment=MappingProxyType(
            _environment() | {name: each for name, each in said.environment.items() if each}
        ),
        time_source=said.time_source or None,
        key_management=said.key_management or None,
        custody=said.custody or None,
    )


def write_statement(settings: Settings, *, origin: str) -> bytes:
    """Give the statement as canonical JSON."""
    return format_statement(current_statement(settings, origin=origin))


def _environment() -> dict[str, str]:
    """Name the software this service runs on; versions only, nothing of the machine."""
    return {
        "zheng": VERSION,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "sqlite": SQLITE_VERSION,
        "system": platform.system(),
    }
