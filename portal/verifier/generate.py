# ruff: noqa: INP001  (a script beside the page it serves, not a package)
"""Put the Python verifier's catalogues and event schemas where the HTML verifier is built from: one catalogue for both.

Run by ``make verifier``. With ``--check`` nothing is written, and the exit code tells whether the files are up to date.
"""

import json
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from zheng_verifier import taxonomy
from zheng_verifier.checks.verdict import REQUIRED, TOUCHING
from zheng_verifier.report.catalogue import LANGUAGES, Catalogue, catalogue
from zheng_verifier.report.marks import MARKS
from zheng_verifier.report.model import AxisId, CheckId
from zheng_verifier.report.sentences import BY_LANGUAGE
from zheng_verifier.report.structure import DEPENDS_ON

FOLDER = Path(__file__).resolve().parent / "src" / "generated"
_MODEL = 'import("../report/model.ts")'
# What a reader of schemas needs and a verifier does not.
_LEFT_OUT = ("description", "$schema", "$id", "$defs", "x-kinds", "x-pii")


def _texts(texts: Catalogue) -> dict[str, Any]:
    return {
        "checks": {
            check.value: {"title": each.title, "proves": each.proves, "not_proves": each.not_proves}
            for check, each in texts.checks.items()
        },
        "axes": {axis.value: text for axis, text in texts.axes.items()},
        "statuses": {status.value: text for status, text in texts.statuses.items()},
        "overall": {overall.value: text for overall, text in texts.overall.items()},
        "sources": {source.value: text for source, text in texts.sources.items()},
        "sealed": dict(texts.sealed),
        "codes": dict(texts.codes),
        "labels": dict(texts.labels),
        "notes": dict(texts.notes),
        "closing": texts.closing,
        "sentences": dict(BY_LANGUAGE[texts.language]),
    }


def _bare(node: Any, *, top: bool = True) -> Any:
    """Leave out what is not checked: descriptions and, below the top, labels."""
    if isinstance(node, list):
        return [_bare(item, top=False) for item in node]
    if not isinstance(node, Mapping):
        return node
    dropped = _LEFT_OUT if top else (*_LEFT_OUT, "x-label-zh", "x-label-en")
    kept = {}
    for name, value in node.items():
        if name == "properties":  # names of fields are no keywords
            kept[name] = {field: _bare(child, top=False) for field, child in value.items()}
        elif name not in dropped:
            kept[name] = _bare(value, top=False)
    return kept


def _module(name: str, kind: str, value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=False)
    return f"// Made by generate.py; not to be edited.\n\nexport const {name}: {kind} = {text};\n".encode()


def _constant(name: str, kind: str, value: Any) -> bytes:
    return f"\nexport const {name}: {kind} = {json.dumps(value, ensure_ascii=False)};\n".encode()


def _checks(behind: Mapping[AxisId, tuple[CheckId, ...]]) -> dict[str, list[str]]:
    return {axis.value: [check.value for check in checks] for axis, checks in behind.items()}


def build() -> dict[str, bytes]:
    """Make every generated file in memory, by name."""
    folder = files(taxonomy).joinpath("schemas")
    names = sorted(file.name for file in folder.iterdir())
    schemas = [_bare(json.loads(folder.joinpath(name).read_bytes())) for name in names]
    texts = {language: _texts(catalogue(language)) for language in LANGUAGES}
    marks = {status.value: mark for status, mark in MARKS.items()}
    depends = {check.value: [other.value for other in others] for check, others in DEPENDS_ON.items()}
    return {
        "schemas.ts": _module("SCHEMAS", "readonly { readonly [keyword: string]: unknown }[]", schemas),
        "catalogue.ts": _module(
            "CATALOGUES",
            'Readonly<Record<"zh-CN" | "en", import("../report/words.ts").Catalogue>>',
            texts,
        )
        + _constant("DEPENDS_ON", "Readonly<Record<string, readonly string[]>>", depends)
        + _constant(
            "REQUIRED", f"Readonly<Record<{_MODEL}.AxisId, readonly {_MODEL}.CheckId[]>>", _checks(REQUIRED)
        )
        + _constant(
            "TOUCHING", f"Partial<Record<{_MODEL}.AxisId, readonly {_MODEL}.CheckId[]>>", _checks(TOUCHING)
        )
        + _constant("MARKS", f"Readonly<Record<{_MODEL}.Status, string>>", marks),
    }


def main(arguments: list[str]) -> int:
    """Write the files, or compare them; gives the exit code."""
    stale = []
    for name, data in build().items():
        path = FOLDER / name
        if path.exists() and path.read_bytes() == data:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    if stale and "--check" in arguments:
        print(f"not up to date: {', '.join(stale)}: run `make verifier`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
