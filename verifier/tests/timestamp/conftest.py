"""The maker of time-stamp tokens, for the tests of this folder."""

import pytest
from makers.tokens import Maker


@pytest.fixture(scope="session")
def maker() -> Maker:
    return Maker()
