"""What an operator may choose of the signing pipeline: environment variables `ZHENG_SIGNING__…`."""

from pydantic import Field

from api.sections import Section


class NotarySettings(Section):
    """Where the pipeline deposits its evidence, and how patiently. Times in seconds."""

    url: str = Field(
        default="", description="base URL of the evidence service; empty: this very service, over loopback"
    )
    timeout: float = Field(default=30.0, gt=0, description="for one request")
    first_pause: float = Field(default=0.5, gt=0, description="after a failure; doubled at each further one")
    longest_pause: float = Field(default=60.0, gt=0)
    threads: int = Field(default=4, ge=1, le=64, description="cases deposited into at the same time")


class SigningSettings(Section):
    """The signing pipeline."""

    notary: NotarySettings = NotarySettings()
