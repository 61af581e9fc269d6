"""The tests of search and order once more, on PostgreSQL: what is found is the same (needs its server programs)."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from test_signing_management import (  # noqa: F401  # run here with the engine below
    lease,
    test_a_word_of_two_characters_is_found_in_title_party_and_text_in_this_order,
    test_an_erased_contract_is_gone_from_the_index,
    test_english_is_found_whatever_its_case_and_width,
    test_filters_narrow_a_list,
    test_folders_are_the_tenants_own_and_go_only_when_empty,
    test_one_finds_what_one_may_see,
    test_pages_go_on_where_the_last_one_ended,
    test_the_end_of_a_term_is_told_once_and_on_its_day,
    test_the_index_follows_changes_and_tells_how_far_it_is,
    test_the_index_holds_no_word_and_nothing_of_another_tenant,
    world,
)

from signing.tables import METADATA

pytestmark = pytest.mark.torture


def programs():
    found = shutil.which("initdb")
    return None if found is None else Path(found).resolve().parent


@pytest.fixture(scope="module")
def server():
    """A server of its own that only listens on a socket in its folder; it does not run as root."""
    binaries = programs()
    if binaries is None:
        pytest.skip("no PostgreSQL server programs here")
    folder = Path(tempfile.mkdtemp(prefix="zheng-pg-"))
    user = "nobody" if os.geteuid() == 0 else None
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)

    def run(program, *arguments):
        subprocess.run(
            [binaries / program, *arguments], check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL
        )

    data = folder / "data"
    run("initdb", "-D", str(data), "-U", "zheng", "--no-sync", "-E", "UTF8", "--locale=C")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    yield folder
    run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture
def engine(server):
    made = create_engine(f"postgresql+psycopg://zheng@/postgres?host={server}")
    METADATA.drop_all(made)
    METADATA.create_all(made)
    yield made
    made.dispose()
