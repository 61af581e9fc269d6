"""How everything here is measured: candidates take turns in one run, so that a busy machine is busy for all of them."""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Figure:
    """What one candidate took or gave, over all rounds; ``unit`` says of what."""

    unit: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    def write(self) -> dict[str, Any]:
        """Write median and spread, rounded to what the measurement can tell."""
        low, high = min(self.values), max(self.values)
        return {
            "unit": self.unit,
            "median": _rounded(self.median),
            "lowest": _rounded(low),
            "highest": _rounded(high),
            "rounds": len(self.values),
        }

    def __str__(self) -> str:
        """Write it for people."""
        told = self.write()
        return f"{told['median']:g} {self.unit} [{told['lowest']:g}..{told['highest']:g}]"


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def take_turns(candidates: Mapping[str, Callable[[], float]], *, rounds: int, unit: str) -> dict[str, Figure]:
    """Call each candidate once a round, in turn; each gives its value of that round."""
    values: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, measure in candidates.items():
            values[name].append(measure())
    return {name: Figure(unit, tuple(found)) for name, found in values.items()}


def timed(act: Callable[[], object], *, repeat: int = 1, scale: float = 1e3) -> Callable[[], float]:
    """Make a measure of one act: its time, on average over ``repeat`` calls, in milliseconds unless ``scale`` says else."""

    def measure() -> float:
        began = time.perf_counter()
        for _ in range(repeat):
            act()
        return (time.perf_counter() - began) * scale / repeat

    return measure


def machine() -> dict[str, Any]:
    """Say on what kind of machine this ran, and how busy it was; not which one."""
    model = ""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = lines[0].partition(":")[2].strip() if lines else ""
    return {
        "cpus": os.cpu_count(),
        "cpu": model or platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "load_at_start": round(os.getloadavg()[0], 2),
    }


class Report:
    """Collects what a script found, prints it, and writes it to ``results/<name>.json``."""

    def __init__(self, name: str, what: str) -> None:
        self._name = name
        self._body: dict[str, Any] = {
            "benchmark": name,
            "what": what,
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "machine": machine(),
            "figures": {},
        }
        print(f"{name}: {what}")

    def add(self, title: str, figures: Mapping[str, Figure], *, compared: str, more_is_better: bool) -> None:
        """Record one comparison: the first figure is ours, and set against each one that is not.

        A ratio above 1 means that ours is the better one.
        """
        ours = next(iter(figures.values()))
        written: dict[str, Any] = {}
        print(f"  {title}   ({compared})")
        for name, figure in figures.items():
            written[name] = figure.write()
            line = f"    {name:<42} {figure}"
            if not name.startswith("zheng"):
                ratio = ours.median / figure.median
                written[name]["ours_compared"] = _rounded(ratio if more_is_better else 1 / ratio)
                line += f"   ours is {written[name]['ours_compared']:g} times as good"
            print(line)
        self._body["figures"][title] = {"compared": compared, "candidates": written}

    def note(self, name: str, value: object) -> None:
        """Record a plain fact beside the figures."""
        self._body.setdefault("facts", {})[name] = value
        print(f"  {name}: {value}")

    def write(self) -> None:
        """Write the results."""
        RESULTS.mkdir(exist_ok=True)
        text = json.dumps(self._body, ensure_ascii=False, indent=2, sort_keys=False)
        (RESULTS / f"{self._name}.json").write_text(text + "\n", encoding="utf-8")


def environment(**settings: str) -> dict[str, str]:
    """Give the environment without settings of the machine's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHENG_")}
    return kept | {"ZHENG_LOG_LEVEL": "warning", "ZHENG_SERVER__PORT": "0"} | settings


def zheng(folder: Path, *arguments: str, **settings: str) -> Any:
    """Run a `zheng` command with ``--json`` to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments, "--json"],
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    if done.returncode:
        raise RuntimeError(f"zheng {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def serving(command: list[str], folder: Path, **settings: str) -> Iterator[str]:
    """Run a server that prints ``{"url"}`` once it listens; ended with the block."""
    with server(command, folder, **settings) as (url, _):
        yield url


@contextmanager
def server(command: list[str], folder: Path, **settings: str) -> Iterator[tuple[str, int]]:
    """As ``serving``; gives the number of the process too."""
    process = subprocess.Popen(
        command, cwd=folder, env=environment(**settings), stdout=subprocess.PIPE, text=True
    )
    try:
        if process.stdout is None:
            raise RuntimeError("the server has no output")
        yield json.loads(process.stdout.readline())["url"], process.pid
    finally:
        process.terminate()
        process.communicate(timeout=30)


@contextmanager
def demonstration() -> Iterator[Path]:
    """Play the main job in a folder that goes away; gives the folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        zheng(folder, "demo")
        yield folder
