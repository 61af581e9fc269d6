"""What an operator may choose: environment variables `ZHENG_…`, read once at the root.

Sections are separated by two underscores (`ZHENG_SERVER__PORT=8080`); lists are JSON
(`ZHENG_TSAS='[{"kind":"local"}]'`). A misspelt name is refused, because a setting that silently
does not work is worse than a service that does not start. Secrets are files, never values.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.institutions.settings import SIMULATORS, InstitutionSettings
from api.paths import HomePaths
from api.sections import Section
from api.signing.settings import SigningSettings

PREFIX = "ZHENG_"
# Names other programs of the house read: test vectors, and what the HTTP client commands need.
FOREIGN_NAMES = frozenset({"ZHENG_VECTORS", "ZHENG_API_KEY", "ZHENG_URL"})


class SettingsError(ValueError):
    """The environment does not describe a service that can run; the text says what to change."""


class ServerSettings(Section):
    """Where the service listens and what it calls itself."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str = Field(default="", description="base of links and QR codes; empty: http://host:port")
    title: str = "Zheng"


class LogSettings(Section):
    """The log. Its origin is fixed for ever by `zheng init`."""

    origin: str = Field(default="", description="C2SP origin; empty: a random one below zheng.local")
    group_size: int = Field(default=256, ge=1, le=4096)
    min_outside_memories: int = Field(
        default=0, ge=0, description="memories on other machines that must answer before anything is signed"
    )


class LimitSettings(Section):
    """Bounds on what strangers may make the service do. Sizes in bytes, times in seconds."""

    body: int = Field(default=1 << 20, ge=1024, le=64 << 20)
    batch_body: int = Field(default=16 << 20, ge=1024, le=256 << 20)
    batch: int = Field(default=1000, ge=1, le=1000)
    document_body: int = Field(default=32 << 20, ge=1024, le=1 << 30)
    verify_body: int = Field(default=32 << 20, ge=1024, le=1 << 30)
    verify_memory: int = Field(default=1 << 30, ge=256 << 20)
    verify_seconds: int = Field(default=30, ge=1, le=600)
    verify_parallel: int = Field(default=2, ge=1, le=64)
    verify_waiting: int = Field(default=8, ge=0, le=1024)
    read_seconds: float = Field(default=30.0, gt=0, description="a body that is not whole by then is refused")
    public_rate: float = Field(default=20.0, gt=0, description="public requests per second and address")
    public_burst: int = Field(default=200, ge=1)
    public_addresses: int = Field(default=10_000, ge=1, description="addresses remembered at once")
    clock_refuse: int = Field(default=86_400, ge=60)
    clock_flag: int = Field(default=300, ge=1)


class MetricsSettings(Section):
    """Who may read `/metrics`: loopback only, unless a token file is named."""

    token_file: Path | None = None


class WorkerSettings(Section):
    """When the worker takes the newest checkpoint: after a time, or sooner when enough came."""

    interval: float = Field(default=60.0, gt=0)
    count: int = Field(default=10_000, ge=1)
    poll: float = Field(default=1.0, gt=0)


class JobSettings(Section):
    """Packages and reports: how long they are kept, and how patiently is tried again."""

    keep_days: int = Field(
        default=7, ge=1, le=3650, description="a finished file is kept, encrypted, so long"
    )
    unfinished: int = Field(default=16, ge=1, description="jobs of one tenant that may be under way at once")
    first_pause: float = Field(default=0.5, gt=0, description="seconds; doubled at each further try")
    longest_pause: float = Field(default=60.0, gt=0)
    waits: int = Field(
        default=1500, ge=1, description="tries while an authority or the signer does not answer"
    )
    anchor_seconds: float = Field(
        default=20.0,
        ge=0,
        description="a package waits so long for its own attestation's anchor, then goes without",
    )
    package_bytes: int = Field(default=256 << 20, ge=1 << 20, description="documents of one package together")
    breaks: int = Field(default=4, ge=1, description="tries after an unexpected failure")


class IssuerSettings(Section):
    """Who runs this service, as printed on certificates; what is empty is shown as not provided."""

    name: str = ""
    registration: str = ""
    filing_number: str = ""
    seal_chain: Path | None = Field(
        default=None,
        description="PEM: the certificate that seals, then its issuers up to the root; empty: a test one",
    )
    seal_key: Path | None = Field(default=None, description="PEM: its private key, closed to other users")
    seal_crls: Path | None = Field(
        default=None, description="PEM: CRLs for that chain, kept fresh by the operator"
    )


Stated = Annotated[str, Field(max_length=1_000)]


class StatedOperator(Section):
    """Who runs the service; empty: `ZHENG_ISSUER__NAME` and `…__REGISTRATION`."""

    name: Stated = ""
    uscc: Stated = ""
    contact: Stated = ""


class StatedFilings(Section):
    """Numbers of filings; the first, if empty, is `ZHENG_ISSUER__FILING_NUMBER`."""

    cac_filing_no: Stated = ""
    mlps_no: Stated = ""
    crypto_assessment_no: Stated = ""


class StatedComponent(Section):
    """Who runs a part of the service, and whether he is related to the operator."""

    component: Literal["log", "tsa", "chain", "witness", "portal", "ca", "identity", "sms"]
    name: Stated = Field(min_length=1)
    operator: Stated = Field(min_length=1)
    related: bool


class StatedInterest(Section):
    """A relation with someone whom evidence may concern."""

    counterpart: Stated = Field(min_length=1)
    relation: Stated = Field(min_length=1)


class StatementSettings(Section):
    """What the operator says of himself (docs/spec/statement.md). None of it is verified; what is empty he did not say."""

    operator: StatedOperator = StatedOperator()
    filings: StatedFilings = StatedFilings()
    components: tuple[StatedComponent, ...] = Field(default=(), max_length=64)
    interests: tuple[StatedInterest, ...] | None = Field(
        default=None, max_length=64, description="'[]' states that there is none; absent says nothing"
    )
    paid_by: Stated = ""
    environment: dict[Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]{0,63}$")], Stated] = Field(
        default={}, max_length=32, description="beside the versions of software, which are added"
    )
    time_source: Stated = ""
    key_management: Stated = ""
    custody: Stated = ""


class LocalTsaSettings(Section):
    """The test authority of this installation. Its tokens say TEST."""

    kind: Literal["local"] = "local"
    name: str = "zheng-test-tsa"


class HttpTsaSettings(Section):
    """A time-stamping authority behind HTTP (RFC 3161 §3.4)."""

    kind: Literal["http"]
    name: str
    url: str
    roots: Path = Field(description="PEM file with the roots trusted for this authority")
    policy_oids: tuple[str, ...] = Field(min_length=1)
    imprint_algs: tuple[Literal["sha256", "sha384", "sha512", "sm3"], ...] = ("sha256",)
    timeout: float = Field(default=20.0, gt=0)
    test: bool = False
    private_addresses: bool = Field(default=False, description="the authority stands in one's own network")


class EmbeddedChainSettings(Section):
    """The single-machine test chain (单机测试链) of this installation."""

    kind: Literal["embedded"] = "embedded"
    name: str = "embedded"


class EthereumChainSettings(Section):
    """A chain behind JSON-RPC. Which chain it is, the operator says; the node is only asked whether it agrees."""

    kind: Literal["ethereum"]
    name: str
    url: str
    chain_kind: Literal["dev", "consortium", "public"]
    chain_id: int = Field(ge=1)
    genesis_hash: str = Field(pattern=r"^(0x)?[0-9a-f]{64}$")
    admin_key: Path
    publisher_key: Path
    contract: str | None = Field(default=None, pattern=r"^(0x)?[0-9a-fA-F]{40}$")
    finality: int | None = Field(default=None, ge=1, description="blocks; empty: the chain's own 'finalized'")


TsaSettings = Annotated[LocalTsaSettings | HttpTsaSettings, Field(discriminator="kind")]
ChainSettings = Annotated[EmbeddedChainSettings | EthereumChainSettings, Field(discriminator="kind")]


class Settings(BaseSettings):
    """Everything one process of the service is told. Build it with `load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    home: Path = Path("zheng-home")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    server: ServerSettings = ServerSettings()
    log: LogSettings = LogSettings()
    limits: LimitSettings = LimitSettings()
    metrics: MetricsSettings = MetricsSettings()
    worker: WorkerSettings = WorkerSettings()
    issuer: IssuerSettings = IssuerSettings()
    jobs: JobSettings = JobSettings()
    statement: StatementSettings = StatementSettings()
    signing: SigningSettings = SigningSettings()
    tsas: tuple[TsaSettings, ...] = (LocalTsaSettings(),)
    chains: tuple[ChainSettings, ...] = (EmbeddedChainSettings(),)
    institutions: tuple[InstitutionSettings, ...] = SIMULATORS

    @property
    def paths(self) -> HomePaths:
        return HomePaths(self.home.absolute())

    @property
    def public_url(self) -> str:
        """Base URL without a final slash, for links, QR codes and certificates."""
        if self.server.public_url:
            return self.server.public_url.rstrip("/")
        return f"http://{self.server.host}:{self.server.port}"


def refuse_unknown_names(environ: Mapping[str, str]) -> None:
    """Refuse `ZHENG_…` names that mean nothing: pydantic-settings ignores misspelt top-level ones.

    Raises:
        SettingsError: names every unknown variable.
    """
    known = {name.upper() for name in Settings.model_fields}
    unknown = sorted(
        name
        for name in environ
        if name.upper().startswith(PREFIX)
        and name.upper() not in FOREIGN_NAMES
        and name.upper().removeprefix(PREFIX).partition("__")[0] not in known
    )
    if unknown:
        raise SettingsError(
            f"unknown environment variable {', '.join(unknown)}: known are {PREFIX}"
            + f", {PREFIX}".join(sorted(known))
        )


def load_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read the settings of this process once.

    ``overrides`` come from the command line and win over the environment.

    Raises:
        SettingsError: an unknown name, or a value that cannot be used.
    """
    refuse_unknown_names(os.environ if environ is None else environ)
    try:
        return Settings(**overrides)
    except ValueError as error:
        raise SettingsError(str(error)) from error
