"""What the READMEs show is so: their commands exist and run, their verdict is the demonstration's, links lead somewhere."""

import re
import subprocess
import urllib.parse

import pytest
import typer
from demo_case import ZHENG_VERIFY
from docs_pages import FENCE, IMAGE, LINK, ROOT, assert_excerpt, blocks, commands, headings

from api.cli.main import app

README = (ROOT / "README.md").read_text(encoding="utf-8")
README_ZH = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
BOTH = pytest.mark.parametrize("readme", [README, README_ZH], ids=["en", "zh-CN"])
MAX_PICTURE = 400_000  # bytes: pages are read on slow lines, too
FOREIGN = (
    ".venv",
    "node_modules",
    ".git",
    ".cache",
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


def anchor(title):
    """The fragment by which hosts of Git repositories address a heading."""
    text = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", title).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


@BOTH
def test_the_first_screen_has_the_two_commands(readme):
    """`make run` and `make test` stand within the first screen, and the Makefile has both."""
    first_screen = readme.splitlines()[:40]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("run", "test"):
        assert any(line.startswith(f"make {target} ") for line in first_screen)
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert any(line.startswith("Overall: ") for line in first_screen)


def test_make_knows_how_to_reach_the_commands():
    """Each target that the README names can be made from what is here: make finds a rule for every step."""
    for words in [
        line.split()
        for block in blocks(README, "")
        for line in block.splitlines()
        if line.startswith("make ")
    ]:
        done = subprocess.run(
            ["make", "--dry-run", words[1]], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_the_commands_exist():
    """Every `zheng` command of the README is one, and takes the arguments that stand there."""
    named = [words for words in commands(README) if words[0] == "zheng"]
    assert len(named) >= 10
    for words in named:
        command, rest = typer.main.get_command(app), words[1:]
        while hasattr(command, "commands"):
            assert rest[0] in command.commands, words
            command, rest = command.commands[rest[0]], rest[1:]
        command.make_context(words[1], rest)  # parses, and raises on what is unknown or missing


def test_both_languages_show_the_same():
    """The same commands, the same output, the same headings by number and level, the same links but to each other."""
    assert commands(README) == commands(README_ZH)
    assert blocks(README, "")[1:] == blocks(README_ZH, "")[1:]
    assert [level for level, _ in headings(README)] == [level for level, _ in headings(README_ZH)]

    def targets(page):
        own = ("README.md", "README.zh-CN.md")
        found = {
            re.sub(r"-(?:zh|en)(?:-phone)?\.png$", ".png", link["target"]) for link in LINK.finditer(page)
        }
        return found - set(own)

    assert targets(README) == targets(README_ZH)


def test_the_verify_command_runs_on_the_demonstration(played_demo):
    """The block of `zheng-verify`, word for word, in the folder where the demonstration was made: exit code 3."""
    (command,) = [words for words in commands(README) if words[0] == "zheng-verify"]
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


@BOTH
def test_the_verdict_is_the_one_that_is_shown(readme, played_demo):
    """Each line of the excerpt stands in the real report, in this order and unbroken but where it shows `…`."""
    (excerpt,) = [body for body in blocks(readme, "") if body.startswith("Overall:")]
    assert_excerpt(excerpt, played_demo.output)


@BOTH
def test_exit_codes_are_the_verifiers(readme):
    """The README's sentence on exit codes is that of the program's own help."""
    done = subprocess.run([ZHENG_VERIFY, "--help"], capture_output=True, text=True, check=True, timeout=60)
    told = " ".join(done.stdout.split())
    for part in ("0 consistent", "1 inconsistent", "2 unreadable", "3 incomplete"):
        assert part in readme
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
            titles = headings(target.read_text(encoding="utf-8"))
            if parsed.fragment not in {anchor(title) for _, title in titles}:
                broken.append(link["target"])
    assert broken == []


def test_images_are_images():
    """The pictures of all pages are PNG files, none larger than a slow line bears."""
    shown = {
        (page.parent / image["target"]).resolve()
        for page in pages()
        for image in IMAGE.finditer(FENCE.sub("", page.read_text(encoding="utf-8")))
    }
    assert len(shown) > 5
    for path in sorted(shown):
        assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n"), path.name
        assert path.stat().st_size < MAX_PICTURE, path.name
