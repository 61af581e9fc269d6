"""Search over 10,000 indexed contracts of the pipeline: words of two characters, rare and common, and English.

Compared in turns with a peer that does the work without an index: opening every contract's text and looking for the word.
The index and the texts are made by the code that serves; the contracts are rows, since search reads nothing else of them.
"""

import os
import random
import tempfile
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from measuring import Report, take_turns, timed
from sqlmodel import Session, select

from signing.context import Context
from signing.contracts.models import ContractRow
from signing.custody.opening import open_custody
from signing.database import open_engine, read, write
from signing.dossier.recorder import Recorder
from signing.management.criteria import Filters
from signing.management.grams import folded
from signing.management.index import Indexed, Keyed, format_indexed, parse_indexed, write_grams
from signing.management.models import SearchTextRow
from signing.management.search import Search, where_matched
from signing.principal import system
from signing.tables import METADATA

CONTRACTS, CHARACTERS, ROUNDS = 10_000, 600, 9
TENANT = str(uuid.UUID(int=1, version=4))
COMMON = (
    "合同双方根据法律规定经协商一致就下列事项订立本协议甲方乙方应当按照约定履行各自义务不得擅自变更或者解除"
)
RARE = "租赁房屋设备采购股权转让劳动保密借款仓储运输委托代理技术开发建设工程施工监理保险物业供用电气水热力"
ENGLISH = [
    "rent",
    "payment",
    "delivery",
    "warranty",
    "arbitration",
    "notice",
    "term",
    "party",
    "price",
    "tax",
]

# Two characters that one in a hundred contracts has, that most have, a phrase, English, both, and what none has.
QUERIES = ("商铺", "合同", "商铺租赁条款", "arbitration7", "租赁 rent5", "火箭")


def invented(choose: random.Random) -> Indexed:
    """Make up a contract: half of its characters are those of every contract, one line is English."""
    text = "".join(choose.choice(COMMON if choose.random() < 0.5 else RARE) for _ in range(CHARACTERS))
    words = " ".join(choose.choice(ENGLISH) + str(choose.randrange(100)) for _ in range(20))
    # One contract in a hundred is of this kind, wherever the letters stand together by chance.
    text += "商铺租赁条款" if choose.random() < 0.01 else ""
    title = choose.choice(["采购合同", "劳动合同", "保密协议", "借款合同"]) + str(choose.randrange(10**6))
    return Indexed(folded(title), (f"公司{choose.randrange(500)}",), folded(f"{text} {words}"))


def fill(context: Context, count: int) -> None:
    """Write contracts and their index, a thousand in a transaction."""
    choose, keyed, now = random.Random(4), Keyed(context, TENANT), datetime.now(UTC)
    for start in range(0, count, 1_000):
        with write(context.engine) as session:
            for position in range(start + 1, start + 1_001):
                value = invented(choose)
                contract = context.uuid()
                context.custody.create_owner(session, TENANT, contract)
                session.add(
                    ContractRow(
                        id=contract,
                        position=position,
                        tenant=TENANT,
                        app="default",
                        content=b"",
                        title=context.custody.seal(session, contract, value.title.encode()),
                        scene="other",
                        creator="bench",
                        state="signing",
                        dossier=contract,
                        sender=contract,
                        deadline=now,
                        created_at=now,
                    )
                )
                sealed = context.custody.seal(session, contract, format_indexed(value))
                row = SearchTextRow(
                    tenant=TENANT, contract=contract, revision=1, content=b"", text=sealed, indexed_at=now
                )
                session.add(row)
                session.flush()
                write_grams(session, row.id or 0, value, keyed)


def read_all(context: Context, session: Session, word: str) -> int:
    """Look for a word without an index: open every text."""
    rows = session.exec(select(SearchTextRow).where(SearchTextRow.tenant == TENANT)).all()
    return sum(
        where_matched(parse_indexed(context.custody.open(session, row.contract, row.text)), [word])
        is not None
        for row in rows
    )


def main() -> None:
    """Fill a database, search it in turns, and write the results."""
    report = Report(
        "search", f"{CONTRACTS:,} contracts of {CHARACTERS} characters; the first page of 20 hits"
    )
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        engine = open_engine(home / "signing.db")
        METADATA.create_all(engine)
        (home / "keys").mkdir()
        (home / "blobs").mkdir()
        custody = open_custody(
            home / "keys", home / "blobs", clock=lambda: datetime.now(UTC), random=os.urandom
        )

        def new_id() -> str:
            return str(uuid.uuid4())

        recorder = Recorder(custody, clock=lambda: datetime.now(UTC), random=os.urandom, uuid=new_id)
        context = Context(engine, lambda: datetime.now(UTC), os.urandom, new_id, recorder, custody)
        began = perf_counter()
        fill(context, CONTRACTS)
        took = (perf_counter() - began) * 1e3 / CONTRACTS
        report.note("filling", f"{took:.3g} ms a contract, with its key and {CHARACTERS} characters")
        report.note("database", f"{(home / 'signing.db').stat().st_size / 1e6:.3g} MB")
        search, by, everything = Search(context), system(TENANT), Filters()

        def find(words: str) -> Callable[[], float]:
            return timed(lambda: search.find(by, words, everything, limit=20))

        ours = take_turns({f"zheng: {words}": find(words) for words in QUERIES}, rounds=ROUNDS, unit="ms")
        report.add(
            "words of several kinds",
            ours,
            compared="the first 20 hits, looked at again",
            more_is_better=False,
        )
        with read(engine) as session:
            pair = {
                "zheng: 商铺": find("商铺"),
                "peer: opening every text": timed(lambda: read_all(context, session, "商铺")),
            }
            figures = take_turns(pair, rounds=3, unit="ms")
        report.add("against no index", figures, compared="the same word", more_is_better=False)
        custody.keys.close()
        engine.dispose()
    report.write()


if __name__ == "__main__":
    main()
