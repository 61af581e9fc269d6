"""The cover: number, applicant, purpose, issuer, date, edition; the policy it rests on before anything else."""

from zheng_verifier.canonical import JsonObject
from zheng_verifier.pdf.evidence_report.chapters.limits import weaknesses
from zheng_verifier.pdf.evidence_report.desk import Desk


def write_cover(desk: Desk) -> JsonObject:
    """Write the cover for the template."""
    request, policy = desk.input.request, desk.input.report.policy
    rows = (
        ("report_no", request.report_no),
        ("version", str(request.version)),
        ("applicant", request.applicant),
        ("case_caption", request.case_caption),
        ("purpose", request.purpose),
        ("case", desk.case.bundle.case),
        ("issuer", desk.input.issuer),
        ("created", desk.moment(request.created)),
        ("edition", desk.say(f"edition_{request.edition}")),
    )
    return {
        "policy": desk.say(
            "policy_line", fingerprint=policy.fingerprint, source=desk.texts.sources[policy.source]
        ),
        "title": desk.say("report_title"),
        "subtitle": desk.say("report_subtitle"),
        "rows": [[desk.say(key), desk.given(value)] for key, value in rows],
        "overall": desk.texts.overall[desk.input.report.overall],
        "notices": [desk.say(f"notice_{key}") for key in weaknesses(desk)],
        "qr_note": desk.say("qr_note_url" if request.verify_url is not None else "qr_note"),
        "not_a_notary": desk.say("cover_note"),
    }


def qr_text(desk: Desk) -> str:
    """Give what the code on the cover says: the address of verification, or the report's number and case."""
    request = desk.input.request
    return request.verify_url or f"{request.report_no} v{request.version} {desk.case.bundle.case}"
