"""Which certificate a signer gets, and how long a pause lasts after the clock was set back."""

from datetime import UTC, datetime, timedelta

import pytest

from signing.certificates.profiles import BY_DEFAULT, Holding, Profiles
from signing.waiting import left

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ONCE = Holding("one_time", None)


@pytest.mark.parametrize(
    ("profiles", "kind", "account", "holding"),
    [
        (BY_DEFAULT, "person", "a", ONCE),
        (BY_DEFAULT, "organization", "a", Holding("long_term", "a")),
        (BY_DEFAULT, "organization", None, ONCE),
        (Profiles("long_term", "one_time"), "person", "a", Holding("long_term", "a")),
        (Profiles("long_term", "one_time"), "person", None, ONCE),
        (Profiles("long_term", "one_time"), "organization", "a", ONCE),
    ],
)
def test_a_lasting_key_stays_with_an_account_alone(profiles, kind, account, holding):
    """Whoever has no account gets a key for one signature, whatever the operator chose."""
    assert profiles.of(kind, account) == holding


@pytest.mark.parametrize(("ahead", "remaining"), [(-1, 0), (0, 0), (1, 1), (60, 60), (61, 0), (86_400, 0)])
def test_what_is_left_of_a_pause_of_a_minute(ahead, remaining):
    """Nothing of one that is over, and nothing of one that ends further off than it could: the clock was set back."""
    until = NOW + timedelta(seconds=ahead)
    assert left(until, NOW, timedelta(minutes=1)) == timedelta(seconds=remaining)
