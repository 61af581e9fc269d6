"""One nursery for all end-to-end tests; each test has an installation of its own."""

import importlib.util
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from e2e_house import House, Nursery  # the path above leads there


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
    """Give the text of a PDF, without white space: the reader that the tests of the certificate use."""
    path = Path(__file__).parent.parent / "api" / "paper" / "conftest.py"
    spec = importlib.util.spec_from_file_location("paper_conftest", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module._text
