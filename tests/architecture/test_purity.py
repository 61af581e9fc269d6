"""Pure modules know no clock, no randomness, no files, no environment, no network: held by their syntax trees.

Pure are all modules of floor 0 but those excepted below, and the modules of tests/pure_modules.txt. The imports are
also held by import-linter (`make floors`); what is no import (``open``, ``print``, ``datetime.now``) only shows here.
"""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FLOOR_0 = ROOT / "verifier" / "zheng_verifier"
LISTED = [
    line.strip()
    for line in (ROOT / "tests" / "pure_modules.txt").read_text().splitlines()
    if line.strip() and not line.startswith("#")
]

# Each exception: what it may do, and no more. "*" is a shell: the rules do not apply to it at all.
EXCEPTIONS = {
    "cli.py": {"*"},  # the command line: opens files, prints, asks for the time
    "__main__.py": {"*"},
    "pdf": {"*"},  # the extra zheng-verifier[pdf]: fonts are files, Typst is a compiler
    "pdf_signatures/bounded.py": {"import io"},  # a file in memory, as pyHanko wants it
    "taxonomy/catalogue.py": {
        "import importlib.resources",
        "files",
        "iterdir",
        "read_bytes",
    },  # its own schemas, once
}

MODULES = {
    "clock": {"time", "sched", "calendar", "zoneinfo"},
    "randomness": {"random", "secrets", "uuid"},
    "files": {
        "os",
        "io",
        "pathlib",
        "shutil",
        "tempfile",
        "glob",
        "fileinput",
        "mmap",
        "zipfile",
        "tarfile",
        "dbm",
        "sqlite3",
    },
    "environment": {
        "sys",
        "platform",
        "locale",
        "getpass",
        "site",
        "sysconfig",
        "importlib",
        "ctypes",
        "logging",
        "atexit",
        "signal",
    },
    "network": {
        "socket",
        "ssl",
        "http",
        "urllib",
        "ftplib",
        "smtplib",
        "socketserver",
        "asyncio",
        "selectors",
        "webbrowser",
    },
    "processes": {"subprocess", "multiprocessing", "threading", "concurrent", "queue"},
}
BUILTINS = {
    "open",
    "print",
    "input",
    "exec",
    "eval",
    "compile",
    "__import__",
    "breakpoint",
    "id",
    "hash",
    "globals",
    "exit",
    "quit",
}
ATTRIBUTES = {
    *("now", "utcnow", "today", "localtime", "gmtime", "perf_counter", "monotonic"),
    *(
        "uuid1",
        "uuid4",
        "uuid6",
        "uuid7",
        "urandom",
        "token_bytes",
        "token_hex",
        "generate_private_key",
        "get_random_bytes",
    ),
    *("read_text", "read_bytes", "write_text", "write_bytes", "iterdir", "unlink", "mkdir"),
    *("environ", "getenv", "stdout", "stderr", "stdin"),
}
# In io, these read and write memory only.
IN_MEMORY = {"BytesIO", "StringIO"}


def violations(source: str) -> set[str]:
    """Name everything in a module's source that a pure module does not do."""
    tree = ast.parse(source)
    bound = _bound_names(tree)
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {f"import {alias.name}" for alias in node.names if _banned(alias.name)}
        elif isinstance(node, ast.ImportFrom) and not node.level and _banned(node.module or ""):
            if node.module == "io" and {alias.name for alias in node.names} <= IN_MEMORY:
                continue
            found.add(f"import {node.module}")
        elif isinstance(node, ast.Name) and node.id in BUILTINS - bound:
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found |= _of_attribute(node)
        elif isinstance(node, ast.Call):
            found |= _of_call(node)
    return found


def _banned(module: str) -> bool:
    return any(module.partition(".")[0] in names for names in MODULES.values())


def _bound_names(tree: ast.AST) -> set[str]:
    """Names a module defines itself: a parameter called ``id`` is no call of the builtin."""
    bound = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name)
    return bound


def _of_attribute(node: ast.Attribute) -> set[str]:
    if node.attr not in ATTRIBUTES:
        return set()
    # A value's own member (self.now) is an argument that was handed in.
    return set() if isinstance(node.value, ast.Name) and node.value.id == "self" else {node.attr}


def _of_call(node: ast.Call) -> set[str]:
    """Calls that are impure by their arguments: local time zones, attributes by name."""
    function = node.func
    if isinstance(function, ast.Name) and function.id == "getattr" and len(node.args) > 1:
        name = node.args[1]
        if not isinstance(name, ast.Constant) or name.value in ATTRIBUTES | BUILTINS:
            return {"getattr"}
    if isinstance(function, ast.Name) and function.id == "files":
        return {"files"}
    if not isinstance(function, ast.Attribute):
        return set()
    if function.attr == "astimezone" and not node.args and not node.keywords:
        return {"astimezone"}  # the machine's own time zone
    if function.attr == "fromtimestamp" and len(node.args) + len(node.keywords) < 2:
        return {"fromtimestamp"}
    return set()


def excepted(path: str) -> set[str]:
    """Give what a module of floor 0 may do."""
    return next(
        (allowed for name, allowed in EXCEPTIONS.items() if path == name or path.startswith(f"{name}/")),
        set(),
    )


FLOOR_0_MODULES = [
    path.relative_to(FLOOR_0).as_posix()
    for path in sorted(FLOOR_0.rglob("*.py"))
    if "*" not in excepted(path.relative_to(FLOOR_0).as_posix())
]


@pytest.mark.parametrize("module", FLOOR_0_MODULES)
def test_floor_0_is_pure(module):
    """No module of the verifier but its shells does what a pure module does not do."""
    assert violations((FLOOR_0 / module).read_text("utf-8")) - excepted(module) == set()


@pytest.mark.parametrize("module", LISTED)
def test_listed_modules_are_pure(module):
    """Nor does any module of the list. A module that does not exist fails here: the list holds no wishes."""
    assert violations((ROOT / module).read_text("utf-8")) == set()


def test_floor_0_is_found():
    """The test looks at the modules it is about."""
    assert {"merkle.py", "entry.py", "checks/__init__.py", "timestamp/verify.py", "ethereum/trie.py"} <= set(
        FLOOR_0_MODULES
    )


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_no_exception_is_stale(name):
    """An exception names a module that exists and uses all that is allowed to it."""
    path = FLOOR_0 / name
    assert path.exists()
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    done = set().union(*(violations(file.read_text("utf-8")) for file in files))
    assert done
    assert "*" in EXCEPTIONS[name] or done == EXCEPTIONS[name]


def test_the_linter_holds_the_same_modules():
    """The import-linter contract for pure modules names floor 0 and the same list."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (contract,) = [item for item in config["contracts"] if item["type"] == "forbidden"]
    dotted = [module.removesuffix(".py").replace("/", ".") for module in LISTED]
    assert contract["source_modules"] == ["zheng_verifier", *dotted]


# --- the test tested: each forbidden thing is found --------------------------------------------------------

FORBIDDEN = {
    "from datetime import datetime\ndatetime.now()": "now",
    "from datetime import datetime as d, UTC\nd.now(UTC)": "now",
    "import datetime\nclock = datetime.datetime.utcnow": "utcnow",
    "from datetime import date\ndate.today()": "today",
    "def f(moment): return moment.astimezone()": "astimezone",
    "from datetime import datetime\ndatetime.fromtimestamp(0)": "fromtimestamp",
    "import time\ntime.time()": "import time",
    "from time import monotonic": "import time",
    "import random": "import random",
    "def f():\n import secrets": "import secrets",
    "from os import urandom": "import os",
    "import os.path": "import os.path",
    "import uuid\nuuid.uuid4()": "uuid4",
    "from uuid import uuid4": "import uuid",
    "key = ec.generate_private_key(curve)": "generate_private_key",
    "open('x')": "open",
    "f = open": "open",
    "import io\nio.open('x')": "import io",
    "from io import FileIO": "import io",
    "from pathlib import Path\nPath('x').read_bytes()": "import pathlib",
    "def f(path): return path.write_text('x')": "write_text",
    "from importlib.resources import files\nfiles('x')": "files",
    "import os\nos.environ['HOME']": "environ",
    "import sys\nsys.stdout.write('x')": "stdout",
    "print('x')": "print",
    "input()": "input",
    "import socket": "import socket",
    "import urllib.request": "import urllib.request",
    "import asyncio": "import asyncio",
    "import subprocess": "import subprocess",
    "import threading": "import threading",
    "import logging": "import logging",
    "eval('open')": "eval",
    "__import__('os')": "__import__",
    "getattr(datetime, 'now')()": "getattr",
    "def f(name): return getattr(datetime, name)": "getattr",
    "hash('x')": "hash",
    "id(object())": "id",
}
ALLOWED = [
    "from datetime import UTC, datetime\ndatetime.fromtimestamp(0, UTC)\ndatetime.strptime('x', 'y')",
    "from io import BytesIO\nBytesIO(b'x')",
    "def f(id, hash): return id, hash",
    "def f(clock): return clock()",
    "class A:\n def open(self): return self.now",
    "def f(moment, zone): return moment.astimezone(zone)",
    "from ledger.time import x\nfrom . import os_like",
    "getattr(entry, 'claim')",
    "'open print datetime.now'",
]


@pytest.mark.parametrize(("source", "what"), FORBIDDEN.items())
def test_each_forbidden_use_is_found(source, what):
    """The rules find what they are for."""
    assert what in violations(source)


@pytest.mark.parametrize("source", ALLOWED)
def test_what_is_pure_is_let_through(source):
    """And nothing else."""
    assert violations(source) == set()
