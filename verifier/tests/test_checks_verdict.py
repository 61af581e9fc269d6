"""From checks to axes to the overall word: every combination, not only those that evidence gives today."""

import itertools

import pytest
from makers.universe import AT, outcome, run
from zheng_verifier.checks.verdict import REQUIRED, TOUCHING, judge_axes, judge_overall
from zheng_verifier.report.model import (
    AxisId,
    AxisResult,
    CheckId,
    CheckResult,
    Overall,
    PolicySource,
    Status,
)

DECIDING = (AxisId.A1, AxisId.A2, AxisId.A3, AxisId.A4)
OTHERS = tuple(axis for axis in AxisId if axis not in DECIDING)


def axes_of(statuses, others=Status.PASSED):
    pairs = [*zip(DECIDING, statuses, strict=True), *((axis, others) for axis in OTHERS)]
    return [AxisResult(axis, status, ()) for axis, status in pairs]


def test_the_word_over_every_combination_of_axes():
    """CONSISTENT needs A1–A3 PASSED and A4 PASSED or not applicable, a policy in force, not from the package."""
    for statuses in itertools.product(Status, repeat=4):
        for source, current in itertools.product(PolicySource, (True, False)):
            word = judge_overall(axes_of(statuses), source=source, policy_current=current)
            good = statuses[:3] == (Status.PASSED,) * 3
            good = good and statuses[3] in (Status.PASSED, Status.NOT_APPLICABLE)
            good = good and current and source is not PolicySource.PACKAGE
            if Status.FAILED in statuses:
                assert word is Overall.INCONSISTENT
            else:
                assert word is (Overall.CONSISTENT if good else Overall.INCOMPLETE)


@pytest.mark.parametrize("status", Status)
def test_the_other_axes_never_change_the_word(status):
    """A5–A9 stand beside the word: they neither raise nor lower it."""
    for statuses in ((Status.PASSED,) * 4, (Status.INDETERMINATE,) * 4, (Status.FAILED,) * 4):
        before = judge_overall(axes_of(statuses), source=PolicySource.USER, policy_current=True)
        after = judge_overall(axes_of(statuses, status), source=PolicySource.USER, policy_current=True)
        assert before is after


def checks_with(**changes):
    return [
        CheckResult(check, changes.get(check.value, Status.PASSED), "CODE" * (check.value in changes), ())
        for check in CheckId
    ]


@pytest.mark.parametrize(
    ("axis", "check"),
    [(axis, check) for axis in AxisId for check in (*REQUIRED[axis], *TOUCHING.get(axis, ()))],
)
def test_an_axis_fails_with_each_check_that_it_names(axis, check):
    """Required or only touching: FAILED fails the axis, and the axis says by which check."""
    judged = {result.id: result for result in judge_axes(checks_with(**{check.value: Status.FAILED}))}
    assert judged[axis].status is Status.FAILED
    assert judged[axis].codes == (f"{check}:CODE",)


@pytest.mark.parametrize("status", [Status.INDETERMINATE, Status.SKIPPED, Status.NOT_PROVIDED])
@pytest.mark.parametrize("axis", AxisId)
def test_an_axis_passes_only_with_every_required_check(axis, status):
    """One required check that is not PASSED decides the axis; a touching one does not."""
    for check in REQUIRED[axis]:
        judged = {result.id: result for result in judge_axes(checks_with(**{check.value: status}))}
        assert judged[axis].status is status
    for check in TOUCHING.get(axis, ()):
        judged = {result.id: result for result in judge_axes(checks_with(**{check.value: status}))}
        assert judged[axis].status is Status.PASSED


def test_what_does_not_apply_does_not_decide():
    """A required check that does not apply is left out; an axis of which nothing applies does not apply."""
    judged = {r.id: r for r in judge_axes(checks_with(C02=Status.NOT_APPLICABLE, C13=Status.NOT_APPLICABLE))}
    assert (judged[AxisId.A1].status, judged[AxisId.A4].status) == (Status.PASSED, Status.PASSED)
    nothing = checks_with(C13=Status.NOT_APPLICABLE, C14=Status.NOT_APPLICABLE)
    assert {r.id: r for r in judge_axes(nothing)}[AxisId.A4].status is Status.NOT_APPLICABLE


def test_no_word_is_consistent_while_a_required_check_is_not_passed():
    """Over all checks and statuses: CONSISTENT never stands above anything but PASSED in A1–A3."""
    for check, status in itertools.product(CheckId, Status):
        results = checks_with(**{check.value: status})
        word = judge_overall(judge_axes(results), source=PolicySource.USER, policy_current=True)
        needed = {needed for axis in DECIDING for needed in REQUIRED[axis]}
        if check in needed and status not in (Status.PASSED, Status.NOT_APPLICABLE):
            assert word is not Overall.CONSISTENT


def test_the_best_honest_result_lacks_only_the_electronic_signatures():
    """A1–A3 pass under trusted authority, chain and policy; the files are no real PDFs, and so the word is INCOMPLETE."""
    report = run()
    assert [outcome(report, axis)[0] for axis in ("A1", "A2", "A3")] == ["PASSED"] * 3
    assert outcome(report, "A4")[0] == "INDETERMINATE"
    assert report.overall is Overall.INCOMPLETE
    assert {check.code for check in report.checks if check.id in (CheckId.C13, CheckId.C14)} == {
        "FORMAT_FAILURE",
        "NO_SIGNATURE",
    }
    signed = [
        AxisResult(axis.id, Status.PASSED, ()) if axis.id is AxisId.A4 else axis for axis in report.axes
    ]
    assert judge_overall(signed, source=PolicySource.USER, policy_current=True) is Overall.CONSISTENT


def test_a_policy_from_the_package_caps_the_word():
    """The same evidence under the same bytes of policy: CONSISTENT is out of reach, and a note says why."""
    report = run(source=PolicySource.PACKAGE)
    assert "POLICY_FROM_PACKAGE" in report.notes
    assert report.overall is Overall.INCOMPLETE


@pytest.mark.parametrize(
    ("at", "note"),
    [
        (None, "NO_VERIFICATION_TIME"),
        (AT.replace(year=2031), "POLICY_NOT_IN_FORCE"),
        (AT.replace(year=2025), "POLICY_NOT_IN_FORCE"),
    ],
)
def test_a_policy_not_shown_to_be_in_force_caps_the_word(at, note):
    """Expired, not yet issued, or no time at all: noted."""
    report = run(at=at)
    assert report.notes == (note,)
    assert report.overall is Overall.INCOMPLETE
