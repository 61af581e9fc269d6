"""Chapter 2: who asks, in what standing, for what, and what was received."""

from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Section, Table
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.report.model import CheckId


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    request, report = desk.input.request, desk.input.report
    return [
        desk.facts(
            (
                ("applicant", request.applicant, ()),
                ("standing", request.standing, ()),
                ("purpose", request.purpose, ()),
                ("case_caption", request.case_caption, ()),
                ("scope", desk.say("scope_value"), ()),
                ("case", report.case, (CheckId.C03,)),
                ("log", report.origin, (CheckId.C07,)),
                ("event_count", str(len(desk.case.events)), (CheckId.C04,)),
            )
        ),
        *_container(desk),
        Section(desk.say("received_materials")),
        Table(
            (desk.say("file"), desk.say("bytes"), "SHA-256"),
            (30, 14, 56),
            tuple(
                (desk.cut(file.name), Cell(f"{file.size:,}", "number"), Cell(grouped(file.sha256), "number"))
                for file in report.inputs
            ),
        ),
    ]


def _container(desk: Desk) -> list[Block]:
    """Say what the evidence came in, and whether a report enclosed in it agrees with this one."""
    container = desk.input.report.container
    if container is None:
        return []
    compared = container.enclosed
    enclosed = "none" if compared is None else "enclosed_agrees" if compared.agrees else "enclosed_differs"
    return [
        Section(desk.say("container")),
        desk.facts(
            (
                ("container_kind", desk.say(f"container_{container.kind}"), (CheckId.C01,)),
                ("edition", container.edition and desk.say(f"edition_{container.edition}"), (CheckId.C01,)),
                ("certificate_number", container.number, (CheckId.C01,)),
                ("file_count", str(len(container.files)), (CheckId.C01,)),
                (
                    "departures",
                    desk.say("comma").join(container.departures) or desk.say("none"),
                    (CheckId.C01,),
                ),
                ("enclosed_report", desk.say(enclosed), (CheckId.C01,)),
            )
        ),
    ]


def grouped(digits: str, size: int = 8) -> str:
    """Write hexadecimal in groups, so that two digests can be compared by eye."""
    return " ".join(digits[start : start + size] for start in range(0, len(digits), size))
