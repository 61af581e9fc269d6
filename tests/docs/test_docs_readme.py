"""What the README shows is so: its commands exist and run, its verdict is the demonstration's, its links lead somewhere."""

import re
import shlex
import subprocess
import urllib.parse

import pytest
import typer
from demo_case import ROOT, ZHENG_VERIFY

from api.cli.main import app

README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^#{1,6} +(?P<title>.+?) *#*$", re.MULTILINE)
FOREIGN = (
    ".venv",
    "node_modules",
    ".git",
    "build",
    ".pytest_cache",
    ".hypothesis",
    ".mypy_cache",
    ".ruff_cache",
)


def pages():
    """Every Markdown page of the repository."""
    found = [path for path in ROOT.rglob("*.md") if not set(FOREIGN) & set(path.relative_to(ROOT).parts)]
    return sorted(found)


def blocks(language):
    return [block["body"] for block in FENCE.finditer(README) if block["language"] == language]


def commands(language):
    """The commands of all blocks of one language, without comments."""
    lines = "".join(blocks(language)).splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def anchor(title):
    """The fragment by which hosts of Git repositories address a heading."""
    text = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", title).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def test_the_first_screen_has_the_two_commands():
    """`make run` and `make test` stand within the first screen, and the Makefile has both."""
    first_screen = README.splitlines()[:40]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("run", "test"):
        assert any(line.startswith(f"make {target} ") for line in first_screen)
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert any(line.startswith("Overall: ") for line in first_screen)


def test_make_knows_how_to_reach_the_commands():
    """Each target that the README names can be made from what is here: make finds a rule for every step."""
    for words in [
        line.split() for block in blocks("") for line in block.splitlines() if line.startswith("make ")
    ]:
        done = subprocess.run(
            ["make", "--dry-run", words[1]], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_the_commands_exist():
    """Every `zheng` command of the README is one, and takes the arguments that stand there."""
    named = [words for words in commands("sh") if words[0] == "zheng"]
    assert len(named) >= 6
    for words in named:
        command, rest = typer.main.get_command(app), words[1:]
        while hasattr(command, "commands"):
            assert rest[0] in command.commands, words
            command, rest = command.commands[rest[0]], rest[1:]
        command.make_context(words[1], rest)  # parses, and raises on what is unknown or missing


def test_the_verify_command_runs_on_the_demonstration(played_demo):
    """The block of `zheng-verify`, word for word, in the folder where the demonstration was made: exit code 3."""
    (command,) = [words for words in commands("sh") if words[0] == "zheng-verify"]
    done = subprocess.run(
        [ZHENG_VERIFY, *command[1:]],
        cwd=played_demo.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (3, "")
    assert "Overall: INCOMPLETE" in done.stdout


def test_the_verdict_is_the_one_that_is_shown(played_demo):
    """Each line of the excerpt stands in the real report, in this order and unbroken but where it shows `…`."""
    (excerpt,) = [body for body in blocks("") if body.startswith("Overall:")]
    shown = excerpt.splitlines()
    real = played_demo.output.splitlines()
    at, skipped = real.index(shown[0]), False
    for line in shown:
        if line.strip() == "…":
            skipped = True
            continue
        found = real.index(line, at)
        assert skipped or found == at, f"the report has {real[at]!r} where the README shows {line!r}"
        at, skipped = found + 1, False


def test_exit_codes_are_the_verifiers():
    """The README's sentence on exit codes is that of the program's own help."""
    done = subprocess.run([ZHENG_VERIFY, "--help"], capture_output=True, text=True, check=True, timeout=60)
    told = " ".join(done.stdout.split())
    for part in ("0 consistent", "1 inconsistent", "2 unreadable", "3 incomplete"):
        assert part in README
        assert part in told


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    """Every relative link and image of every page is there, and the heading too where one is named."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    broken = []
    for link in LINK.finditer(text):
        parsed = urllib.parse.urlsplit(link["target"])
        if parsed.scheme:
            continue
        target = (page.parent / urllib.parse.unquote(parsed.path)).resolve() if parsed.path else page
        if not target.exists() or not target.is_relative_to(ROOT):
            broken.append(link["target"])
        elif parsed.fragment and target.suffix == ".md":
            titles = HEADING.finditer(FENCE.sub("", target.read_text(encoding="utf-8")))
            if parsed.fragment not in {anchor(title["title"]) for title in titles}:
                broken.append(link["target"])
    assert broken == []


def test_images_are_images():
    """The pictures of the README are PNG files."""
    images = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README)
    assert images
    for image in images:
        assert (ROOT / image).read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
