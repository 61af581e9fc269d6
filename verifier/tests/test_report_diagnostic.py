"""Diagnostic reports: judged again they give the report that the files give, under any policy."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from makers import signed_pdfs
from makers.conformance import FOLDER
from makers.universe import DOCUMENTS, OURS, Document, minute, run, standard
from zheng_verifier import report as report_package
from zheng_verifier.canonical import format_json, parse_canonical
from zheng_verifier.checks import PolicyInput, verify_bundle
from zheng_verifier.checks.any import verify_any
from zheng_verifier.checks.replay import replay
from zheng_verifier.encoding import parse_time
from zheng_verifier.errors import MalformedError, UncheckableError
from zheng_verifier.examined import ExaminedContainer, ExaminedFile
from zheng_verifier.policy import format_policy
from zheng_verifier.report.diagnostic import DIAGNOSTIC_LIMITS, format_diagnostic, parse_diagnostic
from zheng_verifier.report.model import Overall, PolicySource

CASES = sorted(path.parent.name for path in FOLDER.glob("*/expected.json"))
SCHEMA = json.loads((Path(report_package.__file__).parent / "diagnostic.schema.json").read_text())
AT = minute(60 * 24 * 28)


def verified(name):
    folder = FOLDER / name
    options = json.loads((folder / "expected.json").read_text())["options"]
    policy = PolicyInput(
        (folder / "policy.json").read_bytes(), PolicySource(options.get("policy-source", "user"))
    )
    at = parse_time(options["at"])
    documents = [Document(path.name, path.read_bytes()) for path in sorted(folder.glob("*.pdf"))]
    evidence = next(path for path in folder.iterdir() if path.name in ("bundle.json", "package.asice"))
    data = evidence.read_bytes()
    return verify_any(data, documents=documents, policy=policy, at=at, name=evidence.name), policy, at


def replayed(report):
    """What replaying makes of a report: the note, and no more than INCOMPLETE."""
    overall = Overall.INCOMPLETE if report.overall is Overall.CONSISTENT else report.overall
    return replace(report, overall=overall, notes=(*report.notes, "REPLAYED"))


@pytest.mark.parametrize("name", CASES)
def test_replaying_gives_the_same_report(name):
    """Of every conformance case, under its own policy: equal but for the note. What cannot be opened was not looked at."""
    report, policy, at = verified(name)
    if report.examined is None:
        assert report.overall is Overall.UNREADABLE
        return
    diagnostic = format_diagnostic(report.examined)
    assert replay(diagnostic, policy=policy, at=at) == replayed(report)
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(diagnostic))


def test_another_policy_gives_what_the_files_would_give_under_it():
    """Judged under a policy that trusts nobody, without the documents' bytes: as if verified anew."""
    honest = run()
    other = PolicyInput(format_policy(replace(OURS.policy(standard()), tsas=(), chains=())))
    again = replay(format_diagnostic(honest.examined), policy=other, at=AT)
    anew = verify_bundle(honest.examined.bundle, documents=DOCUMENTS, policy=other, at=AT)
    assert again == replayed(anew)
    assert again.overall is Overall.INCOMPLETE
    assert again.axes != honest.axes


def test_no_bytes_of_a_document_are_in_it():
    """Only its digests, so that it can be given to somebody who may not read the contract."""
    diagnostic = format_diagnostic(run().examined)
    for document in DOCUMENTS:
        assert document.data not in diagnostic


def test_what_could_not_be_read_is_examined_too():
    """A bundle that is none stays what it was, and is refused again."""
    refused = verify_bundle(b"\xff", policy=PolicyInput(format_policy(OURS.policy(standard()))), at=AT)
    assert replay(
        format_diagnostic(refused.examined),
        policy=PolicyInput(format_policy(OURS.policy(standard()))),
        at=AT,
    ) == replayed(refused)


def with_container():
    files = (ExaminedFile("zheng/bundle.json", 3, "ab" * 32), ExaminedFile("mimetype", 1, "cd" * 32, b"x"))
    container = ExaminedContainer("package", "case.asice", 9, "ef" * 32, files, ("NOT_CANONICAL",))
    return replace(run().examined, container=container)


def test_a_container_goes_along():
    """Its files, with the bytes of those that a check reads, and why it is not the canonical file."""
    examined = with_container()
    data = format_diagnostic(examined)
    assert parse_diagnostic(data) == examined
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(data))
    assert examined.container.file("mimetype").data == b"x"
    assert examined.container.file("none") is None


@pytest.mark.parametrize(
    "edit",
    [
        lambda body: body.pop("bundle"),
        lambda body: body.update(more="x"),
        lambda body: body["bundle"].update(data="*"),
        lambda body: body["bundle"].update(more="x"),
        lambda body: body["documents"][0].update(size=-1),
        lambda body: body["documents"][0]["digests"].update(sha256="ab"),
        lambda body: body["documents"][0]["digests"].update(md5="ab"),
        lambda body: body["documents"][0].update(more="x"),
        lambda body: body["container"].update(kind="letter"),
        lambda body: body["container"].update(departures=[1]),
        lambda body: body["container"]["files"][0].update(sha256="AB" * 32),
        lambda body: body["container"]["files"][0].update(more=1),
        lambda body: body["container"].update(more=1),
    ],
)
def test_other_forms_are_refused(edit):
    """Closed at every level: an error, never a report over something else."""
    body = parse_canonical(format_diagnostic(with_container()), DIAGNOSTIC_LIMITS)
    edit(body)
    with pytest.raises(MalformedError):
        parse_diagnostic(format_json(body))


def test_another_version_is_not_read():
    """UNKNOWN_VERSION: it may be true, it cannot be read here."""
    body = parse_canonical(format_diagnostic(run().examined), DIAGNOSTIC_LIMITS)
    with pytest.raises(UncheckableError, match="UNKNOWN_VERSION"):
        parse_diagnostic(format_json(body | {"zheng": "diagnostic/v2"}))


def test_signatures_of_a_pdf_go_along_as_facts():
    """Not the file: what its signatures are, and the certificates in it, so that others can judge them."""
    signed = Document("signed.pdf", signed_pdfs.standard("B-B"))
    report = run(documents=[*DOCUMENTS, signed])
    diagnostic = format_diagnostic(report.examined)
    assert report.examined.documents[-1].signatures.signatures
    assert signed.data not in diagnostic
    policy = PolicyInput(format_policy(OURS.policy(standard())))
    assert replay(diagnostic, policy=policy, at=AT).signatures == report.signatures
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(diagnostic))


def test_the_operators_statement_goes_along():
    """With the rest of what was looked at."""
    examined = replace(run().examined, statement=b"{}")
    assert parse_diagnostic(format_diagnostic(examined)) == examined
