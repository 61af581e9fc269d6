"""The shapes of requests and answers about finding and keeping contracts."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.web.bodies import Body
from api.web.schemas import Uuid

Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Matched = Literal["", "title", "party", "text", "several"]


class FolderRequest(Body):
    """Create a folder."""

    id: Uuid
    name: str = Field(min_length=1, max_length=100)


class FolderName(Body):
    """Give a folder another name."""

    name: str = Field(min_length=1, max_length=100)


class PlacingRequest(Body):
    """Say how a contract is kept; what is absent is taken away."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "category": "商业地产",
                    "tags": ["重点"],
                    "archived": False,
                    "starts_on": "2026-01-01",
                    "ends_on": "2026-12-31",
                    "remind_days": [30, 7],
                }
            ]
        }
    )

    folder: Uuid | None = None
    category: str = Field(default="", max_length=64)
    tags: list[str] = Field(default=[], max_length=20)
    archived: bool = False
    starts_on: Day | None = None
    ends_on: Day | None = None
    remind_days: list[int] = Field(default=[], max_length=5)


class HitView(BaseModel):
    """A contract that was found; ``matched`` says where the words stand."""

    contract: str
    title: str
    state: str
    scene: str
    matched: Matched
    created_at: str
    deadline: str
    archived: bool
    category: str
    tags: list[str]
    folder: str | None = None
    ends_on: str | None = None


class HitsView(BaseModel):
    """A page of hits, the best first."""

    data: list[HitView]
    has_more: bool
    next_cursor: str | None = None


class IndexView(BaseModel):
    """How far the index is."""

    contracts: int
    indexed: int
    waiting: int
    unreadable: int


class FolderView(BaseModel):
    """A folder."""

    id: str
    name: str
    contracts: int
    created_at: str


class FoldersView(BaseModel):
    """All folders."""

    data: list[FolderView]


class TagView(BaseModel):
    """A tag in use."""

    tag: str
    contracts: int


class TagsView(BaseModel):
    """All tags in use."""

    data: list[TagView]


class ReminderView(BaseModel):
    """A reminder of a contract's end."""

    id: str
    contract: str
    days: int
    due_at: str
    told_at: str | None = None
    done_at: str | None = None
    ends_on: str | None = None


class RemindersView(BaseModel):
    """Open reminders, the first due first."""

    data: list[ReminderView]


class PlacingView(BaseModel):
    """How a contract is kept."""

    contract: str
    category: str
    tags: list[str]
    archived: bool
    reminders: list[ReminderView]
    folder: str | None = None
    starts_on: str | None = None
    ends_on: str | None = None
    archived_at: str | None = None


class CountView(BaseModel):
    """How many there are of one kind."""

    name: str
    contracts: int


class StatisticsView(BaseModel):
    """Figures of the contracts one may see; ``ending`` within thirty days."""

    total: int
    archived: int
    ending: int
    states: list[CountView]
    scenes: list[CountView]
    months: list[CountView]
