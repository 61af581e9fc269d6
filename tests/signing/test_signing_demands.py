"""What can be demanded of a party at all, and what meets a demand: levels and factors as plain values."""

import pytest

from signing.assurance import DEMANDABLE, LEVELS, enough, highest
from signing.contracts.demands import (
    FACTORS,
    FREE,
    Demand,
    Means,
    check_demand,
    check_meetable,
    demand_of,
    require_factor,
    require_level,
)
from signing.errors import Refused


def refused(code, operation, *arguments):
    with pytest.raises(Refused) as caught:
        operation(*arguments)
    assert caught.value.code == code
    return caught.value


def test_a_level_is_reached_by_itself_and_by_those_above():
    """In the order none, low, substantial, high, of which none demands nothing."""
    for place, level in enumerate(DEMANDABLE):
        assert [enough(held, level) for held in DEMANDABLE] == [at >= place for at in range(4)]
        assert highest((level, "none")) == level
    assert highest(LEVELS) == "high"


@pytest.mark.parametrize(
    ("demand", "acts", "signs", "field"),
    [
        (Demand("absolute"), True, True, "/p/identity_level"),
        (Demand("low"), False, False, "/p/identity_level"),
        (Demand(factors=("otp_sms", "otp_sms")), True, True, "/p/factors"),
        (Demand(factors=("telepathy",)), True, True, "/p/factors"),
        (Demand(factors=("otp_sms",)), True, False, "/p/factors"),
    ],
)
def test_a_demand_that_says_nothing_sensible_is_refused(demand, acts, signs, field):
    """The member that is wrong is named."""
    told = refused("field-value", lambda: check_demand(demand, "/p", acts=acts, signs=signs))
    assert told.field == field


def test_a_sensible_demand_passes_and_is_kept_as_rows_have_it():
    """Of approvers a level, of signers both, of copies nothing."""
    both = Demand("high", ("otp_sms", "face"))
    check_demand(both, "/p", acts=True, signs=True)
    check_demand(Demand("low"), "/p", acts=True, signs=False)
    check_demand(FREE, "/p", acts=False, signs=False)
    assert demand_of(both.identity, both.written) == both
    assert demand_of("none", "") == FREE


@pytest.mark.parametrize(
    ("means", "factors"),
    [
        (Means("sms", "person", account=False, member=False), ("otp_sms",)),
        (Means("email", "person", account=True, member=False), ("otp_email", "face")),
        (Means("portal", "person", account=True, member=True), ("password", "face")),
        (Means("portal", "organization", account=True, member=True), ()),
        (Means("sms", "organization", account=False, member=False), ("otp_sms",)),
    ],
)
def test_what_a_party_could_confirm_by_decides_what_may_be_demanded(means, factors):
    """A demand passes if one of its factors is possible, or none is named; else those that are possible are told."""
    assert means.factors == factors
    check_meetable(FREE, means, "/p")
    for factor in FACTORS:
        if factor in factors:
            check_meetable(Demand(factors=(factor,)), means, "/p")
            continue
        told = refused("demand-unmeetable", check_meetable, Demand(factors=(factor,)), means, "/p/factors")
        assert (told.field, told.expected) == ("/p/factors", ", ".join(factors) or "an address for a code")


def test_what_is_demanded_is_required():
    """A lower level and another factor are refused by codes of their own; without a demand everything passes."""
    require_level("none", FREE)
    require_level("high", Demand("substantial"))
    told = refused("identity-required", require_level, "low", Demand("substantial"))
    assert told.expected == "substantial or higher, not low"
    require_factor(FREE, "face")
    require_factor(Demand(factors=("face",)), "face")
    told = refused("factor-not-allowed", require_factor, Demand(factors=("otp_sms",)), "face")
    assert (told.field, told.expected) == ("/method", "otp_sms")
