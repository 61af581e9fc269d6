"""The committed file is what the sources build, byte for byte, and asks for nothing but itself."""

import base64
import hashlib
import re
import subprocess
import sys

from html_cases import FILE, VERIFIER


def test_the_catalogue_is_that_of_the_python_verifier():
    """Words and schemas are generated from Python, and are up to date."""
    done = subprocess.run(
        [sys.executable, VERIFIER / "generate.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_file_is_what_the_sources_build():
    """esbuild and the libraries are pinned: anyone can build it again and compare."""
    done = subprocess.run(
        ["node", "build.js", "--check"], cwd=VERIFIER, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_sources_hold_their_types():
    """TypeScript, strict."""
    done = subprocess.run(
        ["node_modules/.bin/tsc", "--noEmit"], cwd=VERIFIER, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_unit_tests_of_the_core_pass(core):
    """Canonical JSON, Merkle proofs, RLP, SM3, ZIP and words, by Node's own test runner and the shared vectors."""
    done = subprocess.run(["node", "--test", core / "tests.mjs"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_page_names_no_resource_and_forbids_the_network():
    """One script and one style, both named by their hashes; nothing else may load, and nothing refers outside."""
    html = FILE.read_text()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy[1].split("; "))
    assert rules["default-src"] == "'none'"
    for tag in ("script", "style"):
        bodies = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert len(bodies) == 1
        digest = base64.b64encode(hashlib.sha256(bodies[0].encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"
    assert re.findall(r'\b(?:src|href|action)="', html.partition("<script>")[0]) == []
    assert not re.search(r"\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts)\b", html)
