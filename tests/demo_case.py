"""The demonstration, played once in a test session: `zheng demo` as a newcomer runs it, in a folder of its own."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ZHENG = Path(sys.executable).with_name("zheng")
ZHENG_VERIFY = Path(sys.executable).with_name("zheng-verify")


def demo_environment(**settings):
    """The environment without any setting of the machine's own; the service takes a free port."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZHENG_", "COVERAGE_"))}
    return kept | {"ZHENG_SERVER__PORT": "0", "ZHENG_LOG_LEVEL": "debug"} | settings


@dataclass(frozen=True)
class PlayedDemo:
    """What `zheng demo` left behind: everything below ``folder``, what it printed, and how long it took."""

    folder: Path
    exit_code: int
    output: str
    logs: str
    seconds: float

    @property
    def evidence(self):
        return self.folder / "demo"

    @property
    def home(self):
        return self.folder / "zheng-home"

    @property
    def documents(self):
        return sorted((self.evidence / "documents").iterdir())


def run_demo(folder, *arguments):
    """Run `zheng demo` in ``folder``."""
    began = time.monotonic()
    done = subprocess.run(
        [ZHENG, "demo", *arguments],
        cwd=folder,
        env=demo_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,  # a minute of processor, on machines that do more than this
    )
    return PlayedDemo(folder, done.returncode, done.stdout, done.stderr, time.monotonic() - began)
