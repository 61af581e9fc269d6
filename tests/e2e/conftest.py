"""One nursery for all end-to-end tests; each test has an installation of its own."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "verifier" / "tests"))

from e2e_house import House, Nursery  # the paths above lead there
from makers.pdf_text import pages_text


@pytest.fixture(scope="session")
def nursery():
    """Forks `zheng …`; whatever still runs in the end is killed."""
    made = Nursery()
    yield made
    made.close()


@pytest.fixture
def new_house(nursery, tmp_path):
    """Make installations that are not initialised yet; their processes end with the test."""
    made = []

    def house(name="house", **environment):
        made.append(House(nursery, tmp_path / name, **environment))
        return made[-1]

    yield house
    for each in made:
        each.end()


@pytest.fixture(scope="session")
def pdf_text():
    """Give the text of a PDF, without white space: the reader that the verifier's tests use."""
    return lambda pdf: "".join(pages_text(pdf))
