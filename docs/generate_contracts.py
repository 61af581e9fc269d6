"""Writes the tables of docs/spec/contracts.md from `signing.contracts`; ``--check`` compares and changes nothing.

What stands above the marker is written by hand, all below it by this script (`make vectors`).
"""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from docs.generated_page import bring  # noqa: E402  # the path above leads there
from signing.contracts.guards import GUARDS  # noqa: E402
from signing.contracts.order import PARTY_TRANSITIONS, PartyRole  # noqa: E402
from signing.contracts.states import FINAL, STATE_LABELS, ContractState  # noqa: E402
from signing.contracts.transitions import TRANSITIONS, Transition  # noqa: E402

PAGE = ROOT / "docs" / "spec" / "contracts.md"
MARKER = "<!-- Below this line: written by docs/generate_contracts.py. -->\n"


def _list(values: object, *, code: bool = True) -> str:
    quote = "`" if code else ""
    return ", ".join(f"{quote}{value}{quote}" for value in values) or "–"  # type: ignore[attr-defined]


def _row(row: Transition) -> str:
    sources = "every state from `signing` on" if set(row.sources) >= FINAL else _list(row.sources)
    target = "the same" if set(row.sources) >= FINAL else f"`{row.target}`"
    return (
        f"| `{row.step}` | {sources} | {target} | {_list(row.who, code=False)} | {_list(row.guards)} "
        f"| {_list(row.events)} | {row.notice or '–'} |"
    )


def generated() -> str:
    """Give all that stands below the marker."""
    return "\n".join([*_states(), *_steps(), *_guards(), *_parties()])


def _states() -> Iterator[str]:
    yield from ("## States", "", "| state | 中文 | English | final |", "|---|---|---|---|")
    for name, (zh, en) in STATE_LABELS.items():
        final = (
            "yes"
            if name in FINAL
            else "as `signing` stands for one viewer"
            if name.startswith("wait")
            else "no"
        )
        yield f"| `{name}` | {zh} | {en} | {final} |"
    yield ""


def _steps() -> Iterator[str]:
    yield from ("## Steps", "")
    yield "`*`: any number; an event of a family is written `identity.*`. The message is sent after the step is durable."
    yield from (
        "",
        "| step | from | to | who | guards | events, in this order | message |",
        "|---|---|---|---|---|---|---|",
    )
    yield f"| `create` | – | `{ContractState.DRAFT}` | sender | – | `contract.created`, `document.*` | – |"
    yield from (_row(row) for row in TRANSITIONS)
    yield ""


def _guards() -> Iterator[str]:
    yield from ("## Guards", "", "| guard | refused with | what is said |", "|---|---|---|")
    yield from (f"| `{guard}` | `{rule.code}` | {rule.sentence} |" for guard, rule in GUARDS.items())
    yield ""


def _parties() -> Iterator[str]:
    yield from ("## Parties", "", "| act | from | to | roles |", "|---|---|---|---|")
    for row in PARTY_TRANSITIONS:
        roles = [role for role in PartyRole if role in row.roles]
        yield f"| `{row.act}` | {_list(row.sources)} | `{row.target}` | {_list(roles, code=False)} |"
    yield ""


def main() -> int:
    """Write the page anew, or with ``--check`` say whether it is up to date (exit 1: it is not)."""
    return bring(PAGE, MARKER, generated(), source="the tables")


if __name__ == "__main__":
    sys.exit(main())
