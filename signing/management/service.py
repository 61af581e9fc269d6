"""Management of contracts, put together."""

from datetime import datetime

from signing.context import Context
from signing.management.index import Indexer
from signing.management.reminders import Reminders, ShownHere, TermNotices
from signing.management.search import Search
from signing.management.shelf import Shelf


class Management:
    """One attribute for each side of the matter; ``indexer.forget`` is to be a hook of custody's erasures."""

    def __init__(self, context: Context, notices: TermNotices | None = None) -> None:
        self.indexer = Indexer(context)
        self.search = Search(context)
        self.shelf = Shelf(context)
        self.reminders = Reminders(context, notices or ShownHere())

    def tick(self, now: datetime) -> int:
        """Index what changed and tell what is due; gives how much was done."""
        return self.indexer.tick() + self.reminders.tick(now)
