"""Which institutions evidence can be forwarded to: a list, as of authorities and chains."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from api.institutions.ports import InstitutionKind
from api.sections import Section

# A short registered name, as events write it (docs/spec/taxonomy.md).
_NAME = r"^[a-z]{2,20}[0-9]{0,3}(?:[._-][a-z0-9]{1,12}){0,4}$"


def _says_simulator(name: str) -> str:
    if "simulator" not in name:
        raise ValueError("a simulator says 'simulator' in its name")
    return name


def _says_no_simulator(name: str) -> str:
    if "simulator" in name:
        raise ValueError("an institution behind HTTP is no simulator, and is not called one")
    return name


class SimulatedInstitutionSettings(Section):
    """An institution that is none: for trying out; all that comes of it says so."""

    kind: Literal["simulator"] = "simulator"
    name: Annotated[str, Field(pattern=_NAME, max_length=64), AfterValidator(_says_simulator)]
    institution: InstitutionKind
    delay: float = Field(default=0.0, ge=0, le=60, description="seconds before each answer")


class HttpInstitutionSettings(Section):
    """An institution behind HTTPS, by the form of docs/spec/institutions.md; others need an adapter of their own."""

    kind: Literal["http"]
    name: Annotated[str, Field(pattern=_NAME, max_length=64), AfterValidator(_says_no_simulator)]
    institution: InstitutionKind
    url: str
    account: str = Field(pattern=r"^[!-~]{1,128}$", description="our name there, sent with each request")
    secret: Path = Field(description="file with the shared secret, at least 32 bytes")
    timeout: float = Field(default=20.0, gt=0)
    max_body: int = Field(default=0, ge=0, le=64 << 20, description="largest file it takes; 0: digests only")


InstitutionSettings = Annotated[
    SimulatedInstitutionSettings | HttpInstitutionSettings, Field(discriminator="kind")
]
SIMULATORS = tuple(
    SimulatedInstitutionSettings(name=name, institution=kind)
    for name, kind in (
        ("simulator-court-chain", InstitutionKind.COURT_CHAIN),
        ("simulator-notary", InstitutionKind.NOTARY_OFFICE),
        ("simulator-forensic", InstitutionKind.FORENSIC_CENTRE),
        ("simulator-arbitration", InstitutionKind.ARBITRATION),
    )
)
