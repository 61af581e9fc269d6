"""``zheng-verify``: exit codes, what it reads and prints, and that it opens no socket and no file besides."""

import json
import os
import runpy
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from makers import signed_pdfs
from makers.universe import CONTRACT_FILE, OURS, SIGNED_FILE, edit_proof, standard
from zheng_verifier import cli
from zheng_verifier.bundle import format_bundle
from zheng_verifier.canonical import POLICY_LIMITS, Limits, format_json, parse_json
from zheng_verifier.cli import main
from zheng_verifier.policy import format_policy
from zheng_verifier.report.drawings.words import WORDS
from zheng_verifier.report.model import Overall

VERIFIER = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((VERIFIER / "zheng_verifier/report/detailed.schema.json").read_text())
FORMS_LIMITS = Limits(max_bytes=8 << 20, max_depth=16, max_string=8 << 20)
AT = "2026-06-01T00:00:00.000Z"


@pytest.fixture
def files(tmp_path):
    """An honest bundle, a false one, one that is none; policy and documents."""
    bundle = standard().bundle()
    token = standard().marks[0][1].tokens[0]
    (tmp_path / "honest.json").write_bytes(format_bundle(bundle))
    (tmp_path / "false.json").write_bytes(format_bundle(edit_proof(1, tokens=(token,))(bundle)))
    (tmp_path / "none.json").write_bytes(b"{}")
    (tmp_path / "policy.json").write_bytes(format_policy(OURS.policy(standard())))
    (tmp_path / "contract.pdf").write_bytes(CONTRACT_FILE)
    (tmp_path / "signed.pdf").write_bytes(SIGNED_FILE)
    return tmp_path


def arguments(files, *bundles, more=()):
    documents = [f"--document={files / name}" for name in ("contract.pdf", "signed.pdf")]
    return [
        *(str(files / b) for b in bundles),
        *documents,
        f"--policy={files / 'policy.json'}",
        f"--at={AT}",
        *more,
    ]


@pytest.mark.parametrize(
    ("bundles", "code"),
    [
        (["honest.json"], 3),
        (["false.json"], 1),
        (["none.json"], 2),
        (["missing.json"], 2),
        (["honest.json", "none.json"], 2),
        (["honest.json", "missing.json"], 2),
        (["missing.json", "none.json", "honest.json", "false.json"], 1),
    ],
)
def test_the_exit_code_is_the_worst(files, capsysbinary, bundles, code):
    """1 before 2 before 3; a bundle that cannot be read hides no inconsistent one."""
    assert main(arguments(files, *bundles)) == code
    printed = capsysbinary.readouterr()
    shown = [name for name in bundles if name != "missing.json"]
    assert printed.out.decode().count("Trust policy: SHA-256") == len(shown)
    assert (b"missing.json" in printed.err) == ("missing.json" in bundles)


def test_consistent_evidence_exits_with_0(files, monkeypatch, capsysbinary):
    """No evidence reaches the word today, so the report is given the word here."""
    judged = cli.verify_any
    monkeypatch.setattr(
        cli,
        "verify_any",
        lambda *args, **named: replace(judged(*args, **named), overall=Overall.CONSISTENT),
    )
    assert main(arguments(files, "honest.json")) == 0
    assert capsysbinary.readouterr().err == b""


def test_json_is_one_line_a_bundle(files, capsysbinary):
    """Each line is a report of the schema that names its file."""
    main(arguments(files, "honest.json", "false.json", "none.json", more=["--json"]))
    reports = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    for report in reports:
        jsonschema.Draft202012Validator(SCHEMA).validate(report)
    assert [report["inputs"][0]["name"] for report in reports] == ["honest.json", "false.json", "none.json"]
    assert [report["overall"] for report in reports] == ["INCOMPLETE", "INCONSISTENT", "UNREADABLE"]


@pytest.mark.parametrize("form", ["simple", "detailed"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_report_is_text_json_or_html(files, capsysbinary, form, language):
    """One page or every check, in each format and language; JSON keeps its schema."""
    more = [f"--report={form}", f"--language={language}"]
    main(arguments(files, "honest.json", more=more))
    text = capsysbinary.readouterr().out.decode()
    assert ("C23" in text) == (form == "detailed")
    main(arguments(files, "honest.json", more=[*more, "--format=html"]))
    page = capsysbinary.readouterr().out.decode()
    assert page.startswith("<!doctype html>")
    assert f'<html lang="{language}">' in page
    main(arguments(files, "honest.json", more=[*more, "--format=json"]))
    schema = json.loads((VERIFIER / f"zheng_verifier/report/{form}.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(json.loads(capsysbinary.readouterr().out))


def test_a_diagnostic_report_is_judged_again(files, capsysbinary):
    """Without the documents: the same report, also by the command line, and whose word it is."""
    main(arguments(files, "honest.json", more=["--report=diagnostic"]))
    (files / "diagnostic.json").write_bytes(capsysbinary.readouterr().out.removesuffix(b"\n"))
    main(arguments(files, "honest.json", more=["--json"]))
    judged = capsysbinary.readouterr().out
    policy = f"--policy={files / 'policy.json'}"
    assert main([str(files / "diagnostic.json"), "--replay", policy, f"--at={AT}", "--json"]) == 3
    said = json.loads(capsysbinary.readouterr().out)
    assert said.pop("notes") == ["REPLAYED"]
    assert said == {name: value for name, value in json.loads(judged).items() if name != "notes"}


def test_a_statement_goes_with_a_bundle(files, capsysbinary):
    """C22 judges it; what does not parse is named there, and nothing else hangs on it."""
    (files / "statement.json").write_bytes(b"[]")
    main(arguments(files, "honest.json", more=["--json", f"--statement={files / 'statement.json'}"]))
    checks = {check["id"]: check for check in json.loads(capsysbinary.readouterr().out)["checks"]}
    assert (checks["C22"]["status"], checks["C22"]["code"]) == ("FAILED", "FORMAT_FAILURE")


def test_what_is_no_diagnostic_report_is_named(files, capsysbinary):
    """Unreadable: exit code 2, and a word on why."""
    assert main(arguments(files, "honest.json", more=["--replay"])) == 2
    assert b"diagnostic/v1" in capsysbinary.readouterr().err


def test_what_cannot_be_opened_gives_no_diagnostic_report(files, capsysbinary):
    """Nothing was looked at, and nothing is printed that could be taken for it."""
    (files / "broken.zip").write_bytes(b"PK\x03\x04")
    assert main(arguments(files, "broken.zip", more=["--report=diagnostic"])) == 2
    printed = capsysbinary.readouterr()
    assert printed.out == b""
    assert b"broken.zip cannot be opened" in printed.err


@pytest.mark.parametrize("more", [["--report=diagnostic", "--format=html"], ["--format=html"]])
def test_forms_that_do_not_go_together_are_refused(files, capsysbinary, more):
    """A diagnostic page, and one page for two files."""
    with pytest.raises(SystemExit, match="2"):
        main(arguments(files, "honest.json", "false.json", more=more))
    assert b"zheng-verify: error" in capsysbinary.readouterr().err


def test_the_report_speaks_chinese(files, capsysbinary):
    """By choice; English otherwise."""
    main(arguments(files, "honest.json", more=["--language=zh-CN"]))
    assert capsysbinary.readouterr().out.decode().startswith("信任策略")


def test_a_policy_from_the_package_is_named_so(files, capsysbinary):
    """Said by the user, since no file can say it of itself."""
    main(arguments(files, "honest.json", more=["--policy-source=package"]))
    assert "taken from the thing under test" in capsysbinary.readouterr().out.decode().splitlines()[0]


def test_without_a_time_the_clock_is_asked(files, capsysbinary):
    """The command line alone knows a clock."""
    main([argument for argument in arguments(files, "honest.json") if not argument.startswith("--at")])
    assert "Verified at (verifier's own clock): 20" in capsysbinary.readouterr().out.decode()


@pytest.mark.parametrize(
    "change",
    [
        ["--policy=/nowhere/policy.json"],
        ["--document=/nowhere/document.pdf"],
        ["--document=/"],
        ["--at=yesterday"],
    ],
)
def test_what_is_not_readable_is_usage(files, capsys, change):
    """Policy, document or time: exit 2, a message, no report."""
    assert main([*arguments(files, "honest.json"), *change]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("zheng-verify: ")


@pytest.mark.parametrize("bad", [[], ["x.json"], ["--policy=x"], ["x.json", "--policy=x", "--at"]])
def test_usage_errors_exit_with_2(bad):
    """Argparse's own code is ours, too."""
    with pytest.raises(SystemExit) as caught:
        main(bad)
    assert caught.value.code == 2


def test_files_beyond_their_limits_are_not_read(files, capsys, monkeypatch):
    """No digest of half a file is ever shown."""
    (files / "policy.json").write_bytes(b" " * (POLICY_LIMITS.max_bytes + 1))
    assert main(arguments(files, "honest.json")) == 2
    assert "is larger than" in capsys.readouterr().err
    monkeypatch.setattr(cli, "MAX_DOCUMENT_BYTES", 3)
    (files / "policy.json").write_bytes(b"[]")
    assert main(arguments(files, "honest.json")) == 2
    assert "contract.pdf" in capsys.readouterr().err


def test_the_checkout_verifies_without_installation(files):
    """``python verifier FILE …``, as in the README."""
    command = [sys.executable, "-W", "error", str(VERIFIER), *arguments(files, "honest.json")]
    result = subprocess.run(command, capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (3, b"")
    module = [sys.executable, "-W", "error", "-m", "zheng_verifier", *arguments(files, "honest.json")]
    again = subprocess.run(module, capture_output=True, check=False, cwd=VERIFIER)
    assert (again.returncode, again.stdout) == (3, result.stdout)


def test_the_module_runs_the_command_line(monkeypatch, capsys):
    """``python -m zheng_verifier`` without arguments is a usage error."""
    monkeypatch.setattr(sys, "argv", ["zheng-verify"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("zheng_verifier", run_name="__main__")
    assert caught.value.code == 2
    assert "usage: zheng-verify" in capsys.readouterr().err


AUDIT = """
import sys, os
allowed, named = tuple(sys.argv[1].split(os.pathsep)), set(sys.argv[2].split(os.pathsep))
def hook(event, args):
    if event.startswith("socket."):
        os.write(2, f"SOCKET {event}".encode()); os._exit(99)
    if event == "open" and isinstance(args[0], (str, bytes)):
        path = os.path.abspath(os.fsdecode(args[0]))
        writing = isinstance(args[1], str) and set(args[1]) & set("wax+")
        if writing or (path not in named and not path.startswith(allowed)):
            os.write(2, f"OPEN {path} {args[1]}".encode()); os._exit(98)
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"):
        os.write(2, f"PROCESS {event}".encode()); os._exit(97)
sys.addaudithook(hook)
sys.dont_write_bytecode = True
if len(sys.argv) > 3 and sys.argv[3] == "provoke":
    import socket
    socket.socket()
from zheng_verifier.cli import main
sys.exit(main(sys.argv[3:]))
"""


def audited(files, *bundles, more=()):
    """Run in a process of its own that dies at the first socket, process, or file that nobody named."""
    given = arguments(files, *bundles, more=more)
    named = [argument.split("=", 1)[-1] for argument in given]
    allowed = sorted(
        {*map(os.path.realpath, sys.path[1:]), *sys.path[1:], sys.prefix, sys.base_prefix, str(VERIFIER)}
    )
    command = [sys.executable, "-W", "error", "-c", AUDIT, os.pathsep.join(filter(None, allowed))]
    return [*command, os.pathsep.join(named), *given]


def test_it_opens_no_socket_and_no_file_that_was_not_named(files):
    """Under an audit hook, through C11 and all: only the files of the command line, the package and the library."""
    result = subprocess.run(
        audited(files, "honest.json", "false.json"), capture_output=True, check=False, cwd="/"
    )
    assert (result.returncode, result.stderr) == (1, b"")
    provoked = audited(files, "honest.json")
    provoked[7:] = ["provoke"]
    assert subprocess.run(provoked, capture_output=True, check=False).returncode == 99


def test_libraries_that_read_pdfs_do_not_speak_for_us(files):
    """pyHanko logs what it finds odd in a PDF; nothing of it is printed, and other loggers are left alone."""
    odd = signed_pdfs.standard("B-B").replace(b"startxref\n", b"startxref ")
    (files / "signed.pdf").write_bytes(odd)
    script = "import logging, sys; {}from zheng_verifier.examined import Document, examine_document; "
    script += "examine_document(Document('', open(sys.argv[1], 'rb').read())); logging.getLogger('other').warning('heard')"
    for shell, heard in (("", False), ("import zheng_verifier.cli; ", True)):
        command = [sys.executable, "-c", script.format(shell), str(files / "signed.pdf")]
        said = subprocess.run(command, capture_output=True, check=True).stderr
        assert said.endswith(b"heard\n")
        assert (said == b"heard\n") is heard
    command = [sys.executable, "-m", "zheng_verifier", *arguments(files, "honest.json")]
    result = subprocess.run(command, capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (1, b"")


def test_it_runs_without_any_network(files):
    """In a network namespace that has not even an interface."""
    isolation = ["unshare", "--map-root-user", "--net"]
    try:
        probe = subprocess.run([*isolation, "true"], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("network namespaces are not permitted here")
    if probe.returncode != 0:
        pytest.skip("network namespaces are not permitted here")
    command = [*isolation, sys.executable, str(VERIFIER), *arguments(files, "honest.json")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 3


def test_time_stamps_ask_no_clock(files):
    """With the system's clock unusable the result is the same: certificates are judged at genTime."""
    script = """
import sys, time, datetime
real = datetime.datetime
class Clockless(real):
    @classmethod
    def now(cls, tz=None): raise AssertionError("asked for the time")
    utcnow = today = now
from zheng_verifier import cli
import pyhanko_certvalidator.context, pyhanko_certvalidator.validate, pyhanko_certvalidator.path
for module in list(sys.modules.values()):
    if getattr(module, "datetime", None) is real and module is not datetime:
        module.datetime = Clockless
def stopped(*_): raise AssertionError("asked for the time")
time.time = stopped
sys.exit(cli.main(sys.argv[1:]))
"""
    command = [sys.executable, "-c", script, *arguments(files, "honest.json")]
    result = subprocess.run(command, capture_output=True, check=False, cwd=VERIFIER)
    assert (result.returncode, result.stderr) == (3, b"")


def test_all_forms_say_the_same(files, capsysbinary):
    """``--report all`` is one object with the very reports that are printed one at a time, and of the JSON profile."""
    assert main(arguments(files, "honest.json", more=("--report", "all"))) == 3
    written = capsysbinary.readouterr().out
    assert parse_json(written, FORMS_LIMITS)
    forms = json.loads(written)
    for form in ("simple", "detailed", "diagnostic"):
        main(arguments(files, "honest.json", more=("--report", form, "--json")))
        assert forms[form] == json.loads(capsysbinary.readouterr().out)
    last = len(standard().bundle().events)
    for key, language in (("zh", "zh-CN"), ("en", "en")):
        for kind in ("html", "text"):
            main(arguments(files, "honest.json", more=("--format", kind, "--language", language)))
            assert forms[kind][key] == capsysbinary.readouterr().out.decode()
        drawn = forms["drawings"][key]
        assert drawn["time_line"][0] in forms["html"][key]
        assert f"<title>{WORDS[language]['proof_path'].format(seq=last)}</title>" in drawn["proof_path"]


def test_all_forms_draw_only_what_there_is(files, capsysbinary):
    """An event without a proof has no path to draw; who has no events has no time line either."""
    bundle = json.loads((files / "honest.json").read_bytes())
    (files / "unproven.json").write_bytes(format_json(bundle | {"proofs": []}))
    main(arguments(files, "unproven.json", more=("--report", "all")))
    drawn = json.loads(capsysbinary.readouterr().out)["drawings"]["en"]
    assert (len(drawn["time_line"]), "proof_path" in drawn) == (1, False)


def test_all_forms_of_what_cannot_be_opened_lack_the_diagnostic_one(files, capsysbinary):
    """Where nothing was looked at there is nothing to judge again; all in one is JSON and nothing else."""
    (files / "broken.asice").write_bytes(b"PK\x03\x04")
    assert main(arguments(files, "broken.asice", more=("--report", "all"))) == 2
    forms = json.loads(capsysbinary.readouterr().out)
    assert forms.keys() == {"zheng", "simple", "detailed", "html", "text", "drawings"}
    assert forms["drawings"] == {"zh": {"time_line": []}, "en": {"time_line": []}}
    with pytest.raises(SystemExit):
        main(arguments(files, "honest.json", more=("--report", "all", "--format", "html")))
