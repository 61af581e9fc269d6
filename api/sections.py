"""The base of every group of settings."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A group of settings: closed, so that a misspelling inside it is refused, and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)
