"""Chapter 17: how anyone repeats the verification offline, and what he must then see."""

import shlex

from zheng_verifier.encoding import format_time
from zheng_verifier.pdf.evidence_report.blocks import Block, Items, Listing, Paragraph, Section
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.report.model import CheckId, Overall, PolicySource

EXIT_CODES = {Overall.CONSISTENT: 0, Overall.INCONSISTENT: 1, Overall.UNREADABLE: 2, Overall.INCOMPLETE: 3}
_ALGORITHMS = (
    ("algorithm_digest", (CheckId.C02, CheckId.C03)),
    ("algorithm_tree", (CheckId.C06, CheckId.C08)),
    ("algorithm_note", (CheckId.C07,)),
    ("algorithm_stamp", (CheckId.C11,)),
    ("algorithm_chain", (CheckId.C09, CheckId.C10)),
    ("algorithm_claim", (CheckId.C05,)),
    ("algorithm_json", (CheckId.C03,)),
)


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    report = desk.input.report
    policy = report.policy
    expected = (
        ("expected_exit", str(EXIT_CODES[report.overall]), ()),
        ("expected_overall", desk.texts.overall[report.overall], ()),
        ("verifier", report.verifier, ()),
        ("policy", f"SHA-256 {policy.fingerprint}\n{desk.texts.sources[policy.source]}", ()),
        ("verified_at", format_time(report.verified_at) if report.verified_at else None, ()),
    )
    return [
        Paragraph(desk.say("repetition_note")),
        Items(tuple(desk.say(f"step_{number}") for number in range(1, 6))),
        Section(desk.say("command")),
        Listing(("pip install zheng-verifier", *command(desk))),
        Paragraph(desk.say("command_note")),
        Section(desk.say("expected")),
        desk.facts(expected),
        Section(desk.say("algorithms")),
        Items(tuple(f"{desk.say(key)} ({', '.join(checks)})" for key, checks in _ALGORITHMS)),
        Section(desk.say("expert_pack")),
        Paragraph(desk.say("expert_pack_note")),
    ]


def command(desk: Desk) -> list[str]:
    """Write the exact command of this verification, one option a line."""
    report, files = desk.input.report, desk.input.files
    # The first input is the evidence; what follows are the documents as they were named to the verifier.
    documents = files.documents or tuple(file.name for file in report.inputs[1:])
    options = [
        f"--policy {shlex.quote(files.policy)}",
        *([] if report.policy.source is PolicySource.USER else [f"--policy-source {report.policy.source}"]),
        *([] if files.statement is None else [f"--statement {shlex.quote(files.statement)}"]),
        *(f"--document {shlex.quote(desk.cut(name))}" for name in documents),
        *([f"--at {format_time(report.verified_at)}"] if report.verified_at is not None else []),
        f"--language {desk.language}",
    ]
    evidence = files.evidence or report.inputs[0].name
    lines = [f"zheng-verify {shlex.quote(desk.cut(evidence))}", *(f"  {option}" for option in options)]
    return [*(f"{line} \\" for line in lines[:-1]), lines[-1]]
