"""What an operator may choose of the signing pipeline: environment variables `ZHENG_SIGNING__…`."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from api.sections import Section


class NotarySettings(Section):
    """Where the pipeline deposits its evidence, and how patiently. Times in seconds."""

    url: str = Field(
        default="", description="base URL of the evidence service; empty: this very service, over loopback"
    )
    policy: Path | None = Field(
        default=None,
        description="trust policy that names the log of a foreign service; receipts are held against it",
    )
    timeout: float = Field(default=30.0, gt=0, description="for one request")
    first_pause: float = Field(default=0.5, gt=0, description="after a failure; doubled at each further one")
    longest_pause: float = Field(default=60.0, gt=0)
    threads: int = Field(default=4, ge=1, le=64, description="cases deposited into at the same time")

    @model_validator(mode="after")
    def _foreign_log_is_known(self) -> Self:
        if bool(self.url) != (self.policy is not None):
            raise ValueError("url and policy go together: a foreign service's receipts need its log's key")
        return self


class IdentitySettings(Section):
    """Who checks identities: the simulator, which says that it is one, or a provider over HTTPS."""

    provider: Literal["simulator", "http"] = "simulator"
    name: str = Field(default="", pattern=r"^([a-z]{2,20}[0-9]{0,3}([._-][a-z0-9]{1,12}){0,4})?$")
    url: str = Field(default="", description="https address of the provider; nothing else is ever asked")
    secret: Path | None = Field(default=None, description="file with the shared secret, at least 32 bytes")
    timeout: float = Field(default=10.0, gt=0, description="seconds for one request")
    valid_days: int = Field(default=365, ge=1, description="a verification counts so long")

    @model_validator(mode="after")
    def _provider_is_named(self) -> Self:
        if self.provider == "http" and not (self.name and self.url and self.secret):
            raise ValueError("a provider over HTTP needs name, url and secret")
        return self


class CertificateSettings(Section):
    """Keys and certificates of signers; the lives are those of the test authority of this installation."""

    person: Literal["one_time", "long_term"] = Field(
        default="one_time", description="what persons with an account sign with; without one: one_time"
    )
    organization: Literal["one_time", "long_term"] = "long_term"
    one_time_minutes: int = Field(
        default=60, ge=5, le=1440, description="life of a certificate for one signature"
    )
    long_term_days: int = Field(default=365, ge=1, le=1095)
    pool: int = Field(default=16, ge=0, le=1000, description="key pairs generated ahead")


class CaSettings(Section):
    """Who certifies signers: the test authority of this installation, or one over HTTPS.

    docs/spec/signer-certificates.md §6. What is told of it here stands in the published trust policy; ``test`` says that
    nobody need believe its certificates.
    """

    authority: Literal["test", "http"] = "test"
    name: str = Field(default="", pattern=r"^([a-z]{2,20}[0-9]{0,3}([._-][a-z0-9]{1,12}){0,4})?$")
    url: str = Field(
        default="", description="https address of its enrolment; nothing else is asked for certificates"
    )
    secret: Path | None = Field(default=None, description="file with the shared secret, at least 32 bytes")
    timeout: float = Field(default=10.0, gt=0, le=60, description="seconds for one request")
    patience: float = Field(
        default=10.0, ge=0, le=60, description="seconds in which a certificate that is not ready is asked for"
    )
    roots: Path | None = Field(default=None, description="PEM file with the roots its certificates lead to")
    ocsp: str = Field(
        default="", description="address of its responder; the one in a certificate is never asked"
    )
    crls: tuple[str, ...] = Field(
        default=(), max_length=8, description="addresses of its lists, as above, for every issuer"
    )
    one_time_policy: str = Field(default="", pattern=r"^([0-2](\.(0|[1-9][0-9]{0,39})){1,32})?$")
    long_term_policy: str = Field(default="", pattern=r"^([0-2](\.(0|[1-9][0-9]{0,39})){1,32})?$")
    licence: str = Field(
        default="", max_length=128, description="number of its licence as an electronic certification service"
    )
    country: str = Field(default="CN", pattern=r"^[A-Z]{2}$")
    test: bool = Field(
        default=False, description="it is a test or a simulator; one that says so itself is else not believed"
    )

    @model_validator(mode="after")
    def _authority_is_described(self) -> Self:
        wanted = (self.name, self.url, self.secret, self.roots, self.ocsp, self.crls)
        if self.authority == "http" and not (all(wanted) and self.one_time_policy and self.long_term_policy):
            raise ValueError(
                "an authority over HTTP needs name, url, secret, roots, ocsp, crls, one_time_policy, long_term_policy"
            )
        return self


class SmsSettings(Section):
    """Who carries texts: the simulator, which says that it is one, or a carrier over HTTPS."""

    carrier: Literal["simulator", "http"] = "simulator"
    name: str = Field(default="", pattern=r"^([a-z]{2,20}[0-9]{0,3}([._-][a-z0-9]{1,12}){0,4})?$")
    url: str = Field(default="", description="https address of the carrier; nothing else is ever asked")
    secret: Path | None = Field(default=None, description="file with the shared secret")
    timeout: float = Field(default=10.0, gt=0, le=60, description="seconds for one request")

    @model_validator(mode="after")
    def _carrier_is_named(self) -> Self:
        if self.carrier == "http" and not (self.name and self.url and self.secret):
            raise ValueError("a carrier over HTTP needs name, url and secret")
        return self


class MailSettings(Section):
    """Who carries mail: the simulator, which says that it is one, or a mail server over SMTP."""

    carrier: Literal["simulator", "smtp"] = "simulator"
    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="none: only to a server on this machine, and without a login"
    )
    username: str = ""
    password: Path | None = Field(default=None, description="file with the password")
    sender: str = Field(default="", description="address in From")
    sender_name: str = Field(default="证 Zheng", max_length=100)
    roots: Path | None = Field(
        default=None, description="PEM file with the roots trusted; empty: the system's"
    )
    timeout: float = Field(default=20.0, gt=0, le=60, description="seconds for each answer of the server")

    @model_validator(mode="after")
    def _server_is_named(self) -> Self:
        if self.carrier == "smtp" and not (self.host and self.sender):
            raise ValueError("mail over SMTP needs host and sender")
        return self


class SigningSettings(Section):
    """The signing pipeline."""

    notary: NotarySettings = NotarySettings()
    identity: IdentitySettings = IdentitySettings()
    certificates: CertificateSettings = CertificateSettings()
    ca: CaSettings = CaSettings()
    sms: SmsSettings = SmsSettings()
    mail: MailSettings = MailSettings()
