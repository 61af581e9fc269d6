"""Writes the tables of docs/spec/taxonomy.md from the schemas; ``--check`` compares and changes nothing.

What stands above the marker is written by hand, all below it by this script (`make vectors`).
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from zheng_verifier.taxonomy import EVENT_TYPES, EventType, Field, schema_file_name
from zheng_verifier.taxonomy.sequence import SEQUENCE_RULES

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from docs.generated_page import bring  # noqa: E402  # the path above leads there

PAGE = ROOT / "docs" / "spec" / "taxonomy.md"
MARKER = "<!-- Below this line: written by docs/generate_taxonomy.py. -->\n"
SCHEMAS = "../../verifier/zheng_verifier/taxonomy/schemas"


def _who(event: EventType) -> str:
    marks = [*(["service"] if event.reserved else []), *(["custody"] if event.custody else [])]
    return ", ".join(marks) or "–"


def _overview() -> Iterator[str]:
    yield "## All types"
    yield ""
    yield f"{len(EVENT_TYPES)} types. *service*: only the service deposits it. *custody*: it may follow `case.closed`."
    yield ""
    yield "| type | 中文 | English | cases | marks | personal fields (required in bold) |"
    yield "|---|---|---|---|---|---|"
    for event in EVENT_TYPES.values():
        personal = ", ".join(
            f"**{field.path[1:]}**" if field.required else field.path[1:]
            for field in event.fields
            if field.pii == "P1"
        )
        anchor = event.type.replace(".", "").replace("/", "")
        yield (
            f"| [`{event.type}`](#{anchor}) | {event.label_zh} | {event.label_en} | {', '.join(event.kinds)} "
            f"| {_who(event)} | {personal.replace('/*/', '[].') or '–'} |"
        )
    yield ""


def _class(field: Field) -> str:
    return "P0, sealable" if field.sealable and field.pii == "P0" else field.pii


def _event(event: EventType) -> Iterator[str]:
    name = schema_file_name(event.type)
    yield f"### {event.type}"
    yield ""
    yield f"{event.label_zh}. {event.description}"
    yield f"[`{name}`]({SCHEMAS}/{name}), SHA-256 `{event.schema_sha256}`"
    yield ""
    yield "| field | required | class | 中文 | English | meaning |"
    yield "|---|---|---|---|---|---|"
    for field in event.fields:
        path = field.path[1:].replace("/*/", "[].").replace("/", ".")
        yield (
            f"| `{path}` | {'yes' if field.required else 'no'} | {_class(field)} | {field.label_zh} "
            f"| {field.label_en} | {field.description} |"
        )
    yield ""


def _rules() -> Iterator[str]:
    yield "## Order rules"
    yield ""
    yield "| code | 规则 | rule |"
    yield "|---|---|---|"
    for rule in SEQUENCE_RULES:
        yield f"| `{rule.code}` | {rule.statement_zh} | {rule.statement_en} |"
    yield ""


def generated() -> str:
    """Give all that stands below the marker."""
    lines = [*_rules(), *_overview(), "## Fields", ""]
    for event in EVENT_TYPES.values():
        lines += _event(event)
    return "\n".join(lines)


def main() -> int:
    """Write the page anew, or with ``--check`` say whether it is up to date (exit 1: it is not)."""
    return bring(PAGE, MARKER, generated(), source="the schemas")


if __name__ == "__main__":
    sys.exit(main())
