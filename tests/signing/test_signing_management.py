"""Search, order and reminders: what is found, what is not, what goes with an erased contract."""

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from management_world import add, page
from seal_world import OTHER, TENANT, fresh, member, open_world
from sqlmodel import func, select

from signing.contracts.models import ContractRow
from signing.custody.erasure import Erasures
from signing.database import read, write
from signing.errors import Refused
from signing.management.criteria import Filters
from signing.management.grams import folded, grams_of, terms_of
from signing.management.index import Indexed
from signing.management.models import ReminderRow, SearchGramRow, SearchTextRow, TagRow
from signing.management.pdf_text import text_of
from signing.management.search import where_matched
from signing.management.service import Management
from signing.management.shelf import Placing
from signing.people.roles import Role

FONTS = Path(__file__).parents[2] / "verifier" / "zheng_verifier" / "pdf" / "fonts"
LEASE = "房屋租赁合同 本合同由出租人与承租人订立,租金每月八千元。 Arbitration in Hangzhou."
EVERYTHING = Filters()


@pytest.fixture(scope="module")
def lease():
    return page(LEASE, FONTS)


@pytest.fixture
def world(tmp_path, engine, clock, random, uuid):
    made, store = open_world(tmp_path, engine, clock, random, uuid)
    made.boss = member(made.approver.account, Role.SUPER_ADMIN)
    made.management = Management(made.context)
    yield made
    store.close()


def find(world, query, filters=EVERYTHING, principal=None, **options):
    return world.management.search.find(principal or world.boss, query, filters, **options)


def found(world, query, filters=EVERYTHING, principal=None):
    return [hit.contract for hit in find(world, query, filters, principal).hits]


def code(action, *arguments, **named):
    with pytest.raises(Refused) as refused:
        action(*arguments, **named)
    return refused.value.code


def test_a_word_of_two_characters_is_found_in_title_party_and_text_in_this_order(world, lease):
    """租赁 in a title comes before 租赁 in a party's name, and that before 租赁 in a document; nothing else comes."""
    text = add(world.context, "补充协议", pdf=lease)
    party = add(world.context, "框架协议", parties=["杭州租赁公司"])
    title = add(world.context, "商铺租赁合同")
    add(world.context, "租金与赁务")  # both characters, not the word
    world.management.tick(world.context.clock())
    page_ = find(world, "租赁")
    assert [(hit.contract, hit.matched) for hit in page_.hits] == [
        *((title, "title"), (party, "party"), (text, "text"))
    ]
    assert page_.following is None


def test_english_is_found_whatever_its_case_and_width(world, lease):
    """A whole word in a text, the beginning of one in a title; several words need not stand together."""
    contract = add(world.context, "Lease Agreement Ｎo. 7", parties=["Ｑinghe Ltd."], pdf=lease)
    world.management.tick(world.context.clock())
    for query in ("LEASE", "agree", "no", "qinghe", "arbitration", "hangzhou 租金", "qinghe 租赁"):
        assert found(world, query) == [contract], query
    for query in ("arbitr", "lease2", "租贷", "qinghe 上海"):
        assert found(world, query) == [], query
    assert code(find, world, "——…") == "query-empty"


def test_the_index_holds_no_word_and_nothing_of_another_tenant(world, lease):
    """Neither title nor text stands in the database; the same words of another tenant have other digests."""
    mine = add(world.context, "商铺租赁合同", pdf=lease)
    theirs = add(world.context, "商铺租赁合同", tenant=OTHER)
    world.management.tick(world.context.clock())
    assert (found(world, "租赁"), found(world, "租赁", principal=world.stranger)) == ([mine], [theirs])
    with read(world.context.engine) as session:
        texts = {row.tenant: row for row in session.exec(select(SearchTextRow))}
        assert "租赁".encode() not in texts[TENANT].text
        grams = {
            tenant: set(session.exec(select(SearchGramRow.gram).where(SearchGramRow.text == row.id)))
            for tenant, row in texts.items()
        }
    assert not grams[TENANT] & grams[OTHER]


def test_an_erased_contract_is_gone_from_the_index(world, lease):
    """Custody's erasure purges units, tags and reminders in its own transaction; it does not come back."""
    contract = add(world.context, "商铺租赁合同", pdf=lease)
    world.management.tick(world.context.clock())
    placing = Placing(tags=("商铺",), ends_on=date(2027, 1, 1), remind_days=(30,))
    world.management.shelf.place(world.boss, contract, placing)
    erasures = Erasures(world.context, world.context.custody)
    erasures.on_erase(world.management.indexer.forget)
    with write(world.context.engine) as session:
        erasures.erase(session, world.boss, contract, basis="retention_ended", reason="")
    erasures.finish(world.context.engine)
    with read(world.context.engine) as session:
        for table in (SearchGramRow, SearchTextRow, TagRow, ReminderRow):
            assert session.exec(select(func.count()).select_from(table)).one() == 0
    world.management.indexer.reindex(world.boss)
    assert (world.management.tick(world.context.clock()), found(world, "租赁")) == (1, [])
    assert world.management.tick(world.context.clock()) == 0


def test_the_index_follows_changes_and_tells_how_far_it_is(world, lease):
    """A new title is found after the next look, the old one is not; a re-index shows its progress."""
    contract = add(world.context, "旧标题", pdf=lease)
    broken = add(world.context, "无法读取", pdf=b"%PDF-1.7 broken")
    assert world.management.indexer.progress(world.boss).indexed == 0
    assert world.management.tick(world.context.clock()) == 2
    assert (found(world, "旧标题"), found(world, "读取")) == ([contract], [broken])
    with write(world.context.engine) as session:
        row = session.get(ContractRow, contract)
        row.title = world.context.custody.seal(session, contract, "新标题".encode())
        row.revision += 1
        session.add(row)
    assert world.management.tick(world.context.clock()) == 1
    assert (found(world, "旧标题"), found(world, "新标题"), found(world, "出租人")) == (
        [],
        [contract],
        [contract],
    )
    started = world.management.indexer.reindex(world.boss)
    assert (started.contracts, started.indexed, started.unreadable) == (2, 0, 1)
    assert world.management.indexer.tick(portion=1) == 1
    assert world.management.indexer.progress(world.boss).indexed == 1
    assert found(world, "新标题") == [contract]


def test_one_finds_what_one_may_see(world):
    """A member finds what he sent and what was sent to him, an administrator of all contracts everything."""
    sent = add(world.context, "租赁一", creator=world.clerk.account)
    received = add(world.context, "租赁二", account=world.clerk.account)
    other = add(world.context, "租赁三")
    draft = add(world.context, "租赁四", account=world.clerk.account)
    with write(world.context.engine) as session:
        row = session.get(ContractRow, draft)
        row.sent_at = None
        session.add(row)
    world.management.tick(world.context.clock())
    assert found(world, "租赁", principal=world.clerk) == [received, sent]
    assert found(world, "租赁") == [draft, other, received, sent]
    assert world.management.shelf.statistics(world.clerk).total == 2


def test_pages_go_on_where_the_last_one_ended(world):
    """Seven hits of two ranks in pages of three are three pages, no hit twice, none left out."""
    for n in range(7):
        add(world.context, f"租赁{n}" if n % 2 else f"合同{n}", parties=["租赁公司"])
    world.management.tick(world.context.clock())
    pages, after = [], None
    while True:
        page_ = find(world, "租赁", after=after, limit=3)
        pages.append([hit.title for hit in page_.hits])
        if page_.following is None:
            break
        after = page_.following
    assert pages == [["租赁5", "租赁3", "租赁1"], ["合同6", "合同4", "合同2"], ["合同0"]]


def test_filters_narrow_a_list(world, clock):
    """By state, scene, folder, tag, class, archive, time and end of term; without words, newest first."""
    first = add(world.context, "甲", state="completed", scene="leasing")
    clock.advance(days=1)
    second = add(world.context, "乙", scene="hr", account=world.clerk.account)
    shelf, folder = world.management.shelf, fresh()
    shelf.create_folder(world.boss, folder, "租约")
    placing = Placing(folder, "商业地产", ("重点", "续签"), archived=True, ends_on=date(2026, 5, 1))
    shelf.place(world.boss, first, placing)
    for filters, expected in [
        (EVERYTHING, [second, first]),
        (Filters(states=("completed",)), [first]),
        (Filters(scene="hr"), [second]),
        (Filters(party=world.clerk.account), [second]),
        (Filters(folder=folder, tag="重点", category="商业地产"), [first]),
        (Filters(tag="别的"), []),
        (Filters(archived=True), [first]),
        (Filters(archived=False), [second]),
        (Filters(created_from=clock()), [second]),
        (Filters(created_until=clock()), [first]),
        (Filters(business_type=fresh()), []),
        (Filters(ends_until=date(2026, 5, 1)), [first]),
        (Filters(ends_until=date(2026, 4, 30)), []),
    ]:
        assert found(world, "", filters) == expected, filters
    (hit,) = find(world, "", Filters(archived=True)).hits
    assert (hit.tags, hit.archived, hit.ends_on) == (("续签", "重点"), True, date(2026, 5, 1))
    figures = shelf.statistics(world.boss)
    assert (figures.total, figures.archived, figures.states) == (2, 1, (("completed", 1), ("signing", 1)))
    assert figures.months == (("2026-03", 2),)


def test_folders_are_the_tenants_own_and_go_only_when_empty(world):
    """Names are unique, ids are idempotent, another tenant's folder is unknown, a contract under way is not archived."""
    shelf, folder = world.management.shelf, fresh()
    assert shelf.create_folder(world.boss, folder, "租约")[1]
    assert not shelf.create_folder(world.boss, folder, "租约")[1]
    assert code(shelf.create_folder, world.boss, folder, "别的") == "id-reused"
    assert code(shelf.create_folder, world.boss, fresh(), "租约") == "folder-taken"
    assert code(shelf.create_folder, world.clerk, fresh(), "我的") == "permission-missing"
    assert code(shelf.create_folder, world.boss, fresh(), " ") == "field-value"
    assert code(shelf.rename_folder, world.stranger, folder, "抢") == "folder-unknown"
    contract = add(world.context, "甲")
    shelf.place(world.boss, contract, Placing(folder))
    assert code(shelf.delete_folder, world.boss, folder) == "folder-not-empty"
    assert [(row.name, count) for row, count in shelf.folders(world.boss)] == [("租约", 1)]
    assert shelf.rename_folder(world.boss, folder, "旧约").name == "旧约"
    assert code(shelf.place, world.boss, contract, Placing(archived=True)) == "contract-not-ended"
    assert code(shelf.place, world.stranger, contract, Placing()) == "contract-unknown"
    shelf.place(world.boss, contract, Placing(tags=("一",)))
    assert (shelf.tags(world.boss), shelf.tags(world.stranger)) == ([("一", 1)], [])
    shelf.delete_folder(world.boss, folder)
    assert shelf.folders(world.boss) == []


def test_how_a_contract_is_kept_is_bounded(world):
    """Tags, class, term and reminders out of their bounds are refused."""
    for placing in (
        Placing(tags=("一", "一")),
        Placing(tags=tuple(str(n) for n in range(21))),
        Placing(tags=("a\nb",)),
        Placing(category=" x"),
        Placing(starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1)),
        Placing(remind_days=(1,)),
        Placing(ends_on=date(2026, 1, 1), remind_days=(367,)),
    ):
        assert code(world.management.shelf.place, world.boss, fresh(), placing) == "field-value"


class Heard:
    """Notices that are written down."""

    def __init__(self):
        self.told = []

    def ending(self, session, contract, shelf, reminder):
        self.told.append((contract.id, reminder.days))


def test_the_end_of_a_term_is_told_once_and_on_its_day(world, clock):
    """Thirty days and one day before; a moved term moves what was not told; what is done is no longer listed."""
    heard = Heard()
    management = Management(world.context, heard)
    contract = add(world.context, "甲")
    placing = Placing(ends_on=date(2026, 5, 1), remind_days=(30, 1))
    management.shelf.place(world.boss, contract, placing)
    clock.now = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
    assert (management.reminders.tick(clock()), management.reminders.listed(world.boss)) == (0, [])
    clock.advance(minutes=1)
    assert (management.reminders.tick(clock()), management.reminders.tick(clock())) == (1, 0)
    assert heard.told == [(contract, 30)]
    ((reminder, shelf),) = management.reminders.listed(world.boss)
    assert (reminder.days, shelf.ends_on) == (30, date(2026, 5, 1))
    assert len(management.reminders.listed(world.boss, due=False)) == 2
    assert management.reminders.listed(world.stranger, due=False) == []
    assert code(management.reminders.done, world.stranger, reminder.id) == "reminder-unknown"
    management.reminders.done(world.boss, reminder.id)
    assert management.reminders.listed(world.boss) == []
    moved = Placing(ends_on=date(2026, 6, 1), remind_days=(1,))
    management.shelf.place(world.boss, contract, moved)
    _, _, planned = management.shelf.placed(world.boss, contract)
    assert [row.due_at for row in planned] == [datetime(2026, 5, 31, tzinfo=UTC)]
    clock.advance(days=61)
    assert management.tick(clock()) >= 1
    assert heard.told[1:] == [(contract, 1)]


def test_text_of_a_pdf_comes_by_the_fonts_own_maps(lease):
    """Typst's two-byte fonts, rare characters too, and a plain Latin font without a map."""
    assert "房屋租赁合同" in folded(text_of(lease))
    assert "arbitration in hangzhou" in folded(text_of(lease))
    assert "王𬭎㛃" in folded(text_of(page("王𬭎㛃", FONTS)))
    with pytest.raises(ValueError, match="cannot be read"):
        text_of(b"no PDF")


def drawn(content, *, cmap=b"", form=b""):
    """A page whose font has two-byte codes and this map, and which may draw a form."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        page_ = made.add_blank_page()
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0)
        if cmap:
            font.ToUnicode = made.make_stream(cmap)
        fonts = pikepdf.Dictionary(F=made.make_indirect(font))
        page_.obj.Resources = pikepdf.Dictionary(Font=fonts)
        if form:
            kind = {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 9, 9]}
            page_.obj.Resources.XObject = pikepdf.Dictionary(X=made.make_stream(form, kind))
        page_.obj.Contents = made.make_stream(content)
        made.save(out)
    return out.getvalue()


CMAP = b"""2 beginbfrange <0001> <0003> <79DF> <0010> <0011> [<4E00> <D840DC00>] endbfrange
1 beginbfrange <0020> <0020> <> endbfrange 1 beginbfchar <0009> <8D41> endbfchar"""


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"BT /F 9 Tf <00010009> Tj ET", "租赁"),
        (b"BT /F 9 Tf [<0001> -50 <0009> -900 <0010>] TJ ET", "租赁 一"),
        (b"BT /F 9 Tf 9 9 Td <0011> ' T* <000200200099> Tj ET", "𠀀 \u79e0"),
        (b"BT /G 9 Tf (ab\377) Tj ET", "ab"),
        (b"/F 9 Tf /X Do /Y Do", "租"),
    ],
)
def test_text_is_read_in_each_way_that_a_page_can_draw_it(content, text):
    """Codes by map and range, spaced arrays, new lines, an unknown font, a form; what has no text is left out."""
    pdf = drawn(content, cmap=CMAP, form=b"/F 9 Tf <0001> Tj")
    assert " ".join(text_of(pdf).split()) == text


def test_text_is_bounded():
    """Sixty thousand characters are read and no more; a form that draws itself ends."""
    assert len(text_of(drawn(b"/F 9 Tf " + b"<00010009> Tj " * 31_000, cmap=CMAP))) == 60_000
    assert text_of(drawn(b"/X Do", cmap=CMAP, form=b"/F 9 Tf <0001> Tj /X Do")).count("租") <= 200


WORDS = st.text(st.sampled_from("租赁合同金甲乙 abcＡ１-,"), max_size=30)


@given(WORDS, WORDS)
def test_whatever_holds_a_chinese_word_has_its_units(before, after):
    """The index never misses: a text with 租赁合同 in it has every unit that a search for it asks."""
    (term,) = terms_of("租赁合同")
    text = f"{before}租赁合同{after}"
    assert term.grams <= grams_of(text)
    assert where_matched(Indexed("", (), folded(text)), [term.text]) == "text"


@given(WORDS)
def test_folding_twice_is_folding_once(text):
    """Queries and texts meet in one form."""
    assert folded(folded(text)) == folded(text)


def test_a_query_is_bounded():
    """At most eight terms of two hundred characters; signs alone are none; a lone character is a unit."""
    assert len(terms_of(" ".join(f"w{n}" for n in range(20)))) == 8
    assert terms_of("-- 。") == ()
    assert [term.grams for term in terms_of("租 ab-c")] == [frozenset("租"), frozenset({"ab", "c"})]
    assert json.dumps(sorted(grams_of("Abc", prefixes=True))) == '["ab", "abc"]'
