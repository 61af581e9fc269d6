"""What an operator may choose of the signing pipeline: environment variables `ZHENG_SIGNING__…`."""

from pathlib import Path
from typing import Self

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


class SigningSettings(Section):
    """The signing pipeline."""

    notary: NotarySettings = NotarySettings()
