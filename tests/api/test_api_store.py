"""api.db: keys shown once, digests kept, tenants apart; migrations lead to the models."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from api.accounts.apikeys import make_key, parse_key
from api.accounts.store import ApiStore, StoredCertificate, StoreError, SubmitterKey
from api.database import HISTORIES, MIGRATIONS, metadata_of, migrate, open_api_engine, sqlite_url
from api.issuance.register import CertificateRegister

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TENANT = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
CASE = "33333333-3333-4333-8333-333333333333"


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "api.db"
    migrate(sqlite_url(path), "api")
    store = ApiStore.open(path, clock=lambda: NOW, random=Random(7).randbytes)
    yield store
    store.close()


# What Alembic cannot compare, tests/api/signing/test_api_signing_migration.py does.
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.parametrize("history", HISTORIES)
def test_history_equals_metadata(history, tmp_path):
    """Running a history gives the very tables its package declares, and once more changes nothing."""
    path = tmp_path / "x.db"
    migrate(sqlite_url(path), history)
    migrate(sqlite_url(path), history)
    engine = open_api_engine(path)
    with engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), metadata_of(history))
    engine.dispose()
    assert difference == []
    assert list((MIGRATIONS / history).glob("0001_*.py"))


def test_api_db_is_rollback_journal_and_full(store):
    """api.db may be written by several processes: DELETE journal; EXTRA (3) syncs its folder too."""
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 3


def test_secret_is_nowhere_in_the_database(store, tmp_path):
    """What is stored of a key is a digest: the shown text is not in the file."""
    store.create_tenant(TENANT, "Platform")
    new, _ = store.create_key(TENANT, label="ci", scopes=frozenset({"events:write"}), lifetime=None)
    secret = new.text[-43:]
    assert secret.encode() not in (tmp_path / "api.db").read_bytes()
    assert store.find_key(parse_key(new.text)).key_id == new.key_id


def test_wrong_secret_and_unknown_id_find_nothing(store):
    """A right id with a wrong secret is as unknown as a wrong id."""
    store.create_tenant(TENANT, "Platform")
    new, _ = store.create_key(TENANT, label="", scopes=frozenset(), lifetime=None)
    other = make_key(Random(9).randbytes)
    wrong = parse_key(f"zk_live_{new.key_id}_{other.text[-43:]}")
    assert store.find_key(wrong) is None
    assert store.find_key(parse_key(other.text)) is None


@pytest.mark.parametrize(
    "text", ["", "zk_live_", "zk_test_" + "a" * 16 + "_" + "b" * 43, "x" * 10_000, "zk_live_é"]
)
def test_what_cannot_be_a_key_is_none(text):
    """Anything of another form is not looked up at all."""
    assert parse_key(text) is None


def test_key_life(store):
    """Expiry is counted from the making; revocation stays at its first moment; use is noted by the day."""
    store.create_tenant(TENANT, "Platform")
    new, key = store.create_key(
        TENANT, label="a", scopes=frozenset({"cases:write"}), lifetime=timedelta(days=1)
    )
    assert key.expires_at == NOW + timedelta(days=1)
    store.touch_key(new.key_id)
    revoked = store.revoke_key(new.key_id)
    assert revoked.revoked_at == NOW
    assert store.revoke_key(new.key_id) == revoked
    assert revoked.last_used == NOW.replace(hour=0)
    assert store.keys(TENANT) == (revoked,)
    assert store.keys(OTHER) == ()


def test_unknown_tenant_and_key_are_refused(store):
    """A key needs its tenant, a revocation its key."""
    with pytest.raises(StoreError) as caught:
        store.create_key(TENANT, label="", scopes=frozenset(), lifetime=None)
    assert caught.value.code == "TENANT_UNKNOWN"
    with pytest.raises(StoreError) as caught:
        store.revoke_key("nope")
    assert caught.value.code == "KEY_UNKNOWN"


def test_submitter_key_is_recorded_once_whoever_comes_at_once(store):
    """Two registrations of one key that end at the same moment: one row, and no one is told of a failure."""
    store.create_tenant(TENANT, "Platform")
    key = SubmitterKey(TENANT, "k" * 43, b"spki", "Org", 9, CASE, NOW)
    together = threading.Barrier(4)

    def add(_):
        together.wait()
        store.add_submitter_key(key)

    for _ in range(5):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(add, range(4)))
        assert store.submitter_keys() == (key,)
        with store.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM submitter_key")


def test_submitter_keys_and_certificates_round_trip(store):
    """What is put in comes out, in the order of the log."""
    store.create_tenant(TENANT, "Platform")
    key = SubmitterKey(TENANT, "k" * 43, b"spki", "Org", 9, CASE, NOW)
    store.add_submitter_key(key)
    store.add_submitter_key(key)
    assert store.submitter_keys() == (key,)
    assert store.submitter_key(TENANT, key.kid) == key
    assert store.submitter_key(OTHER, key.kid) is None
    certificate = StoredCertificate("ZC-1", TENANT, CASE, CASE, NOW, b"{}")
    register = CertificateRegister(store.engine, clock=lambda: NOW, random=os.urandom)
    assert register.enter(certificate)
    assert store.certificate("ZC-1") == certificate
    assert store.certificate_by_request(TENANT, CASE) == certificate
    assert store.certificate_by_request(OTHER, CASE) is None
    assert store.certificate("ZC-2") is None


def test_external_reference_stays_with_its_tenant(store):
    """The first reference stays, and another tenant cannot read it."""
    store.create_tenant(TENANT, "Platform")
    store.set_external_ref(TENANT, CASE, "HT-2026-1")
    store.set_external_ref(TENANT, CASE, "other")
    assert store.external_refs(TENANT, (CASE,)) == {CASE: "HT-2026-1"}
    assert store.external_refs(OTHER, (CASE,)) == {}
