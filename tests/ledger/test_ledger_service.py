"""The log as its callers see it: receipts that prove, cases with rules, ids that repeat, tenants that stay apart."""

import dataclasses
import hashlib
import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from ledger_world import NOW, OPERATOR, ORIGIN, World, clock, new_id, sealed, verify_receipt
from zheng_verifier.checkpoint import open_checkpoint
from zheng_verifier.claim import parse_claim
from zheng_verifier.encoding import format_base64url
from zheng_verifier.entry import Submitter, parse_entry, parse_leaf
from zheng_verifier.merkle import leaf_hash, verify_consistency, verify_inclusion
from zheng_verifier.note import format_vkey
from zheng_verifier.taxonomy import check_data

from ledger.errors import (
    BadDepositError,
    CaseClosedError,
    IdReusedError,
    LedgerStoppedError,
    OverloadedError,
    SeqConflictError,
    TypeReservedError,
    TypeUnknownError,
    UnknownCaseError,
    UnknownEventError,
    WrongTenantError,
)
from ledger.fsck import fsck
from ledger.reader import LedgerReader
from ledger.service import create_ledger, open_ledger
from ledger.tiles import parse_entry_bundle


def assert_fsck(world):
    report = fsck(world.settings, random=os.urandom)
    assert report.difference is None, report.difference
    return report


def parse_id(deposit):
    return parse_claim(deposit.claim).id


def test_a_new_log_begins_with_its_own_creation(world):
    """Leaf 0 is log.created, deposited by the service for the operator, naming origin and key."""
    entry = parse_entry(world.ledger.vault.entry(world.ledger.log_case, 1))
    assert parse_leaf(world.ledger.reader.leaf(0)).case == world.ledger.log_case
    assert (entry.claim.type, entry.claim.tenant, entry.submitter.kind) == (
        "log.created/1",
        OPERATOR,
        "service",
    )
    assert entry.claim.data["vkey"] == format_vkey(world.vkey)
    check_data(entry.claim.type, entry.claim.data)
    assert world.ledger.case(OPERATOR, world.ledger.log_case).kind == "log"


def test_a_receipt_is_a_proof(world):
    """The verifier alone, with the log's key, finds the event in a signed tree."""
    (receipt,) = world.deposit(world.make())
    head = verify_receipt(receipt, world.vkey)
    assert receipt.leaf_index < head.size
    assert parse_entry(receipt.entry).received_at == NOW
    assert not receipt.replayed


def test_a_case_numbers_and_chains_its_events(world):
    """seq counts 1, 2, 3, and each leaf names the hash of the one before."""
    receipts = world.deposit(world.make(), world.make()) + world.deposit(world.make())
    leaves = [parse_leaf(item.leaf) for item in world.ledger.reader.case_leaves(world.case)]
    assert [leaf.seq for leaf in leaves] == [1, 2, 3, 4]
    hashes = [leaf_hash(item.leaf) for item in world.ledger.reader.case_leaves(world.case)]
    assert [leaf.prev for leaf in leaves] == [None, *hashes[:-1]]
    assert hashes[-1] == world.ledger.case(world.tenant, world.case).head
    assert [receipt.leaf_index for receipt in receipts] == [2, 3, 4]


def test_every_checkpoint_is_consistent_with_every_later_one(world):
    """The reader's proofs lead from each note to each later one."""
    notes = [world.deposit(*[world.make() for _ in range(count)])[0].checkpoint for count in (1, 3, 1, 7, 2)]
    heads = [open_checkpoint(note, world.vkey).checkpoint.head for note in notes]
    for position, old in enumerate(heads):
        for new in heads[position:]:
            verify_consistency(old=old, new=new, proof=world.ledger.reader.consistency(old.size, new.size))
    assert world.ledger.reader.consistency(0, heads[-1].size) == ()


def test_the_same_deposit_again_gives_its_place_under_a_current_checkpoint(world):
    """Same tenant, id and content: same leaf and entry, replayed, provable under the newest head."""
    deposit = world.make()
    (first,) = world.deposit(deposit)
    (later,) = world.deposit(world.make())
    (again,) = world.deposit(deposit)
    assert (again.leaf_index, again.leaf, again.entry) == (first.leaf_index, first.leaf, first.entry)
    assert again.replayed
    assert again.checkpoint == later.checkpoint
    verify_receipt(again, world.vkey)
    assert world.ledger.status().size == later.leaf_index + 1


def test_a_reused_id_with_other_content_is_refused(world):
    """Nothing is written, and nothing of the earlier event is told."""
    deposit = world.make()
    world.deposit(deposit)
    size = world.ledger.status().size
    with pytest.raises(IdReusedError) as raised:
        world.deposit(world.make(), world.make(event_id=parse_id(deposit), data={"a": 1}))
    assert raised.value.index == 1
    assert "case" not in raised.value.detail
    assert world.ledger.status().size == size
    assert_fsck(world)


def test_the_request_decides_what_the_same_is(world):
    """A service that seals private values makes other salts each time: the request as sent is compared."""
    event_id = new_id()
    one, two = sealed("13800000000"), sealed("13800000000")
    deposits = [
        world.make(
            event_id=event_id,
            event_type="identity.started/1",
            data={"phone": value},
            disclosures=(text,),
            sealed_seen=True,
            request_mac_input=b'{"private":{"phone":"13800000000"}}',
        )
        for value, text in (one, two)
    ]
    (first,), (again,) = world.deposit(deposits[0]), world.deposit(deposits[1])
    assert again.replayed
    assert again.entry == first.entry
    with pytest.raises(IdReusedError):
        world.deposit(
            dataclasses.replace(deposits[1], request_mac_input=b'{"private":{"phone":"13900000000"}}')
        )


def test_no_table_holds_a_digest_of_the_request(world, tmp_path):
    """Neither the plain value nor an unsalted SHA-256 of request, claim or value is in any file of the data folder."""
    value, text = sealed("13800000000")
    content = b'{"phone":"13800000000"}'
    deposit = world.make(
        event_type="identity.started/1", data={"phone": value}, disclosures=(text,), request_mac_input=content
    )
    world.deposit(deposit)
    world.close()
    stored = b"".join(path.read_bytes() for path in world.home.rglob("*") if path.is_file())
    for plain in (b"13800000000", content, text.encode(), deposit.claim):
        digest = hashlib.sha256(plain).digest()
        assert plain not in stored
        for form in (digest, digest.hex().encode(), format_base64url(digest).encode()):
            assert form not in stored


def test_an_id_may_be_used_by_two_tenants(world):
    """Ids are a tenant's own: the other one's event is neither found nor in the way."""
    other = new_id()
    case = world.open_case(tenant=other).case
    event_id = new_id()
    (mine,) = world.deposit(world.make(event_id=event_id))
    (theirs,) = world.deposit(world.make(case, event_id=event_id, tenant=other))
    assert mine.leaf_index != theirs.leaf_index
    assert world.ledger.receipt(other, event_id).leaf == theirs.leaf
    assert world.ledger.receipt(world.tenant, event_id).leaf == mine.leaf


def test_another_tenants_case_is_closed_to_a_tenant(world):
    """Deposits, views and documents of another tenant's case are refused."""
    other = new_id()
    with pytest.raises(WrongTenantError):
        world.deposit(world.make(tenant=other))
    for look in (world.ledger.case, world.ledger.events):
        with pytest.raises(WrongTenantError):
            look(other, world.case)
    with pytest.raises(WrongTenantError):
        world.ledger.store_document(other, world.case, b"x")
    with pytest.raises(WrongTenantError):
        world.ledger.erase(other, world.case)
    with pytest.raises(UnknownEventError):
        world.ledger.receipt(other, parse_id(world.make()))
    assert world.ledger.cases(other) == ()


def test_a_claim_of_another_tenant_or_log_is_refused(world):
    """The same signed words cannot be replayed into another tenant, log or case."""
    deposit = world.make()
    with pytest.raises(WrongTenantError):
        world.ledger.deposit([dataclasses.replace(deposit, tenant=new_id())])
    with pytest.raises(BadDepositError) as raised:
        world.ledger.deposit([world.make(), world.make(log="other.example/log")])
    assert (raised.value.code, raised.value.index) == ("WRONG_LOG", 1)
    with pytest.raises(UnknownCaseError):
        world.deposit(world.make(new_id()))


def test_a_batch_is_all_or_nothing(world):
    """One bad event, named by its index, and none is written; its id is free again."""
    good = world.make()
    size = world.ledger.status().size
    with pytest.raises(UnknownCaseError) as raised:
        world.deposit(good, world.make(new_id()), world.make())
    assert raised.value.index == 1
    assert world.ledger.status().size == size
    (receipt,) = world.deposit(good)
    assert not receipt.replayed
    assert_fsck(world)


def test_one_id_twice_in_a_batch_is_one_event(world):
    """The same event given twice has one place; with other content the batch is refused."""
    deposit = world.make()
    first, second = world.deposit(deposit, deposit)
    assert (first.leaf_index, first.replayed, second.leaf_index, second.replayed) == (2, False, 2, True)
    verify_receipt(second, world.vkey)
    other = world.make()
    with pytest.raises(IdReusedError):
        world.deposit(other, world.make(event_id=parse_id(other), data={"x": 1}))


def test_a_close_names_count_and_head(world):
    """With the wrong count or head it conflicts; with the right ones the case is closed for all but custody."""
    world.deposit(world.make())
    with pytest.raises(SeqConflictError):
        world.deposit(world.close_event(count=1), internal=True)
    with pytest.raises(SeqConflictError):
        world.deposit(world.close_event(head=format_base64url(b"x" * 32)), internal=True)
    world.deposit(world.close_event(), internal=True)
    assert world.ledger.case(world.tenant, world.case).closed
    with pytest.raises(CaseClosedError):
        world.deposit(world.make())
    world.deposit(world.make(event_type="document.archived/1"))
    assert world.ledger.case(world.tenant, world.case).closed
    assert_fsck(world)


def test_an_event_within_the_batch_moves_the_head(world):
    """A close after another event of its own batch names the head before that one, and conflicts."""
    with pytest.raises(SeqConflictError) as raised:
        world.deposit(world.make(), world.close_event(), internal=True)
    assert raised.value.index == 1


def test_reserved_types_are_for_the_service(world):
    """A client may not say what only the service says; the service may."""
    attested = world.make(event_type="evidence.attested/1")
    with pytest.raises(TypeReservedError):
        world.deposit(attested)
    world.deposit(attested, internal=True)


def test_types_have_their_kinds_of_case(world):
    """Log events have no place in a contract's case."""
    with pytest.raises(BadDepositError) as raised:
        world.deposit(world.make(event_type="schema.published/1"), internal=True)
    assert raised.value.code == "WRONG_CASE_KIND"
    claim = world.make(world.ledger.log_case, event_type="schema.published/1", tenant=OPERATOR)
    (receipt,) = world.deposit(claim, internal=True)
    assert parse_leaf(receipt.leaf).seq == 2


def test_unknown_types_and_second_openings_are_refused(world):
    """What the taxonomy does not know, and a case that is open already."""
    with pytest.raises(TypeUnknownError):
        world.ledger.deposit([world.make(event_type="party.danced/1")])
    with pytest.raises(BadDepositError):
        world.deposit(world.make(event_type="case.opened/1", data={"kind": "contract"}), internal=True)


def test_opening_a_case_twice_by_one_id_opens_one(world):
    """The same request gives the same case; other content under the id is refused; a log's case is never opened."""
    event_id = new_id()
    first = world.open_case(event_id=event_id)
    again = world.open_case(event_id=event_id)
    assert (again.case, again.replayed) == (first.case, True)
    with pytest.raises(IdReusedError):
        world.open_case(event_id=event_id, kind="subject")
    with pytest.raises(BadDepositError):
        world.open_case(kind="log")


def test_cases_and_events_are_listed_in_order(world):
    """Pages by the index of opening, and by seq."""
    more = [world.open_case(kind="subject").case for _ in range(3)]
    views = world.ledger.cases(world.tenant)
    assert [view.case for view in views] == [world.case, *more]
    assert [view.case for view in world.ledger.cases(world.tenant, after=views[1].opened_index, limit=1)] == [
        more[1]
    ]
    receipts = world.deposit(*[world.make() for _ in range(4)])
    events = world.ledger.events(world.tenant, world.case, after=1, limit=3)
    assert [event.leaf for event in events] == [receipt.leaf for receipt in receipts[:3]]
    assert [event.entry for event in events] == [receipt.entry for receipt in receipts[:3]]


def test_a_receipt_can_be_had_again(world):
    """Under the newest checkpoint, for the tenant that deposited it."""
    (receipt,) = world.deposit(world.make())
    world.deposit(world.make())
    again = world.ledger.receipt(world.tenant, receipt.event_id)
    assert (again.leaf, again.entry, again.leaf_index) == (receipt.leaf, receipt.entry, receipt.leaf_index)
    verify_receipt(again, world.vkey)
    with pytest.raises(UnknownEventError):
        world.ledger.receipt(world.tenant, new_id())


def test_strange_deposits_are_refused(world):
    """Bytes that are no claim, marks that do not fit, disclosures that open nothing."""
    value, text = sealed("x")
    _, stranger = sealed("y")
    holder = {"event_type": "identity.started/1", "data": {"phone": value}}
    cases = [
        (dataclasses.replace(world.make(), claim=b"{}"), "BAD_CLAIM"),
        (dataclasses.replace(world.make(), claim=world.make().claim + b" "), "BAD_CLAIM"),
        (dataclasses.replace(world.make(), submitter=Submitter("signed")), "BAD_SUBMITTER"),
        (dataclasses.replace(world.make(), submitter=Submitter("api-key", "a..b")), "BAD_SUBMITTER"),
        (dataclasses.replace(world.make(), submitter=Submitter("signed", "a..b")), "BAD_CLAIM"),
        (dataclasses.replace(world.make(), submitter=Submitter("friend")), "BAD_SUBMITTER"),
        (world.make(documents_checked=(0,)), "BAD_CHECKED"),
        (world.make(disclosures=(text,)), "DISCLOSURE_MISMATCH"),
        (world.make(**holder, disclosures=(stranger,)), "DISCLOSURE_MISMATCH"),
        (world.make(**holder, disclosures=(text, text)), "DISCLOSURE_MISMATCH"),
        (world.make(**holder, disclosures=("é",)), "DISCLOSURE_MISMATCH"),
        (world.make(**holder, disclosures=("AA",)), "DISCLOSURE_MISMATCH"),
        (world.make(**holder, sealed_seen=True), "DISCLOSURE_MISMATCH"),
    ]
    for deposit, code in cases:
        with pytest.raises(BadDepositError) as raised:
            world.ledger.deposit([deposit])
        assert (raised.value.code, raised.value.index) == (code, 0)
    world.deposit(world.make(**holder, disclosures=(text,), sealed_seen=True))


def test_erasing_a_person_leaves_the_others_and_every_proof(world):
    """His disclosures are gone, another person's stay, entries and proofs too, and fsck passes."""
    one, two = new_id(), new_id()
    (first,) = world.deposit(world.personal(one))
    (second,) = world.deposit(world.personal(two))
    assert world.ledger.erase(world.tenant, world.case, one) == 1
    vault = world.ledger.vault
    assert [item.text for item in vault.disclosures(world.case, 2)] == [None]
    assert [item.text is not None for item in vault.disclosures(world.case, 3)] == [True]
    assert vault.entry(world.case, 2) == first.entry
    for receipt in (first, second):
        verify_receipt(world.ledger.receipt(world.tenant, receipt.event_id), world.vkey)
    report = assert_fsck(world)
    assert (report.disclosures, report.disclosures_erased, report.keys_destroyed) == (1, 1, 1)
    world.deposit(world.personal(one))
    assert [item.text is not None for item in vault.disclosures(world.case, 4)] == [True]
    world.reopen()
    assert [item.text for item in world.ledger.vault.disclosures(world.case, 2)] == [None]


def test_erasing_a_case_leaves_every_proof(world):
    """Entries are gone, leaves and proofs stay; the case goes on under a new key; its old ids are not told apart."""
    deposit = world.make()
    (receipt,) = world.deposit(deposit)
    world.ledger.erase(world.tenant, world.case)
    assert world.ledger.vault.entry(world.case, 2) is None
    assert [event.entry for event in world.ledger.events(world.tenant, world.case)] == [None, None]
    again = world.ledger.receipt(world.tenant, receipt.event_id)
    assert again.entry is None
    verify_receipt(again, world.vkey)
    verify_receipt(receipt, world.vkey)
    with pytest.raises(IdReusedError):
        world.deposit(deposit)
    (after,) = world.deposit(world.make())
    assert world.ledger.vault.entry(world.case, 3) == after.entry
    report = assert_fsck(world)
    assert (report.entries_erased, report.keys_destroyed) == (2, 1)
    with pytest.raises(BadDepositError):
        world.ledger.erase(OPERATOR, world.ledger.log_case)


def test_documents_are_kept_encrypted(world):
    """Found by case and SHA-256, once; gone when erased; nowhere in plain text."""
    content = b"%PDF-1.7 the very contract"
    sha256 = world.ledger.store_document(world.tenant, world.case, content).result()
    assert world.ledger.store_document(world.tenant, world.case, content).result() == sha256
    assert world.ledger.vault.document(world.case, sha256) == content
    assert world.ledger.vault.document(world.case, b"x" * 32) is None
    assert assert_fsck(world).documents == 1
    files = [path for path in world.settings.blobs.rglob("*") if path.is_file()]
    assert all(content not in path.read_bytes() for path in files)
    world.ledger.erase(world.tenant, world.case)
    assert world.ledger.vault.document(world.case, sha256) is None
    assert assert_fsck(world).documents_erased == 1


def test_another_process_reads_what_is_signed(world):
    """A reader of the file alone: checkpoint, leaves, proofs, tiles of every size, bundles."""
    receipts = world.deposit(*[world.make() for _ in range(300)])
    world.reopen()  # the last note is stored
    reader = LedgerReader.open(world.settings.database)
    head = open_checkpoint(reader.checkpoint(), world.vkey).checkpoint.head
    assert head.size == 302
    for receipt in receipts[::50]:
        index = reader.leaf_index(leaf_hash(receipt.leaf))
        assert index == receipt.leaf_index
        assert reader.leaf(index) == receipt.leaf
        proof = reader.inclusion(index, head.size)
        verify_inclusion(
            leaf_hash(receipt.leaf), index=index, size=head.size, root_hash=head.root_hash, proof=proof
        )
    for width in (1, 100, 256):
        bundle = parse_entry_bundle(reader.entry_bundle(0, width))
        assert bundle == tuple(reader.leaf(index) for index in range(width))
        assert reader.tile(0, 0, width) == b"".join(leaf_hash(entry) for entry in bundle)
    assert len(reader.tile(0, 1, 46)) == 46 * 32
    assert len(reader.tile(1, 0, 1)) == 32
    assert [reader.tile(0, 1, 47), reader.tile(1, 0, 2), reader.tile(2, 0, 1), reader.tile(0, 0, 0)] == [
        None
    ] * 4
    assert [reader.entry_bundle(1, 47), reader.leaf(302), reader.leaf_index(b"x" * 32)] == [None] * 3
    assert reader.signed_sizes()[-1] == 302
    assert open_checkpoint(reader.note(302), world.vkey).checkpoint.size == 302
    assert reader.note(299) is None
    with pytest.raises(ValueError, match="signed"):
        reader.inclusion(0, 303)
    reader.close()


def test_many_threads_get_one_log(world):
    """32 threads, 8 cases, singles and batches and repeats: every receipt proves, seqs have no gap, fsck passes."""
    cases = [world.open_case().case for _ in range(8)]

    def work(number):
        chosen = random.Random(number)
        receipts = []
        for _ in range(12):
            batch = [world.make(chosen.choice(cases)) for _ in range(chosen.randint(1, 4))]
            receipts += world.deposit(*batch)
            if chosen.random() < 0.3:
                receipts += world.deposit(*batch)
        return receipts

    with ThreadPoolExecutor(32) as pool:
        receipts = [receipt for done in pool.map(work, range(32)) for receipt in done]
    for receipt in receipts:
        verify_receipt(receipt, world.vkey)
    fresh = {receipt.leaf_index for receipt in receipts if not receipt.replayed}
    assert len(fresh) == sum(not receipt.replayed for receipt in receipts)
    assert fresh == set(range(world.ledger.status().size)) - set(range(10))
    assert assert_fsck(world).entries == world.ledger.status().size


def test_racing_repeats_are_one_event(world):
    """16 threads send one event: one place, one fresh receipt. With two contents, one content wins."""
    deposit = world.make()
    start = threading.Barrier(16)

    def send(_):
        start.wait()
        return world.deposit(deposit)[0]

    with ThreadPoolExecutor(16) as pool:
        receipts = list(pool.map(send, range(16)))
    assert len({receipt.leaf_index for receipt in receipts}) == 1
    assert sum(not receipt.replayed for receipt in receipts) == 1
    event_id = new_id()

    def send_either(number):
        start.wait()
        try:
            return world.deposit(world.make(event_id=event_id, data={"choice": number % 2}))[0].leaf
        except IdReusedError:
            return None

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(send_either, range(16)))
    assert len(set(outcomes) - {None}) == 1
    assert outcomes.count(None) == 8
    assert_fsck(world)


def test_a_full_queue_pushes_back(tmp_path):
    """More than the queue holds is refused at once, and nothing of it is written."""
    world = World.create(tmp_path / "home")
    world.close()
    settings = dataclasses.replace(world.settings, queue_limit=4, group_limit=2)
    with open_ledger(settings, clock=clock, random=os.urandom) as ledger:
        with pytest.raises(OverloadedError):
            ledger.deposit([world.make() for _ in range(5)])
        answers, refused = [], 0
        for _ in range(200):
            try:
                answers.append(ledger.deposit([world.make(), world.make()]))
            except OverloadedError:
                refused += 1
        for answer in answers:
            for receipt in answer.result():
                verify_receipt(receipt, ledger.vkey)
        assert refused
        assert ledger.status().size == 2 + 2 * len(answers)


def test_a_caller_may_give_up_before_its_turn(world):
    """A cancelled future is either left out whole or written whole."""
    answers = [world.ledger.deposit([world.make()]) for _ in range(50)]
    cancelled = sum(answer.cancel() for answer in answers)
    done = [answer.result() for answer in answers if not answer.cancelled()]
    assert len(done) + cancelled == 50
    world.deposit(world.make())
    assert world.ledger.status().size == 2 + len(done) + 1
    assert world.ledger.status().waiting == 0


def test_closing_answers_those_who_wait(world):
    """Everything accepted before the close is answered, and stored with its note."""
    answers = [world.ledger.deposit([world.make()]) for _ in range(30)]
    world.close()
    heads = [verify_receipt(answer.result()[0], world.vkey) for answer in answers]
    assert not world.settings.database.with_name("ledger.db-wal").exists()
    reader = LedgerReader.open(world.settings.database)
    assert reader.size() == max(head.size for head in heads) == reader.unsigned_size()
    reader.close()
    with pytest.raises(LedgerStoppedError) as raised:
        world.ledger.deposit([world.make()])
    assert raised.value.code == "CLOSED"
    assert_fsck(world)


def test_status_says_what_nobody_else_remembers(world):
    """Versions, sizes, and that nothing outside this machine remembers."""
    status = world.ledger.status()
    assert (status.origin, status.size, status.signed_size, status.stopped) == (ORIGIN, 2, 2, None)
    assert status.warnings == ("nothing outside this machine remembers what was signed",)
    assert status.sqlite_version.count(".") == 2


def test_creating_again_is_opening(world):
    """A second creation changes nothing."""
    origin, vkey = world.ledger.origin, world.vkey
    world.close()
    with create_ledger(world.settings, clock=clock, random=os.urandom) as ledger:
        assert (ledger.origin, ledger.vkey, ledger.status().size) == (origin, vkey, 2)
