"""Chapter 16: what this report does not show: every check that did not pass, and what no passed check proves."""

from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Items, Paragraph, Section, Table
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.report.model import CheckId, Status

STANDING_LIMITS = ("content", "before", "off_platform", "person", "clock", "future", "first_deposit")


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    open_checks = [check for check in desk.input.report.checks if check.status is not Status.PASSED]
    proved = [check.id for check in desk.input.report.checks if check.status is Status.PASSED]
    rows = tuple(
        (
            Cell(f"{check.id} {desk.texts.checks[check.id].title}", "strong"),
            desk.status(check.status),
            desk.explained(check.code) if check.code else desk.say("dash"),
        )
        for check in open_checks
    )
    return [
        Paragraph(desk.say("limits_note")),
        *(Paragraph(desk.say(f"notice_{key}"), "notice") for key in weaknesses(desk)),
        Section(desk.say("not_passed")),
        Table((desk.say("check"), desk.say("result"), desk.say("reason")), (32, 22, 46), rows),
        Section(desk.say("not_proved_though_passed")),
        Items(tuple(f"{check}{desk.say('colon')}{desk.texts.checks[check].not_proves}" for check in proved)),
        Section(desk.say("never_proved")),
        Items(tuple(desk.say(f"limit_{name}") for name in STANDING_LIMITS)),
    ]


def weaknesses(desk: Desk) -> list[str]:
    """Name what a reader must know before anything else: a test chain, a test authority, a policy from the package."""
    codes = {finding.code for check in (CheckId.C10, CheckId.C11) for finding in desk.result(check).findings}
    # Only where nothing better carries the result: beside a trusted chain a test chain does no harm.
    return [
        *(["test_chain"] if "SELF_ASSERTED" in codes and not desk.passed(CheckId.C10) else []),
        *(["test_tsa"] if "TEST_TSA" in codes and not desk.passed(CheckId.C11) else []),
        *(["own_policy"] if "POLICY_FROM_PACKAGE" in desk.input.report.notes else []),
    ]
