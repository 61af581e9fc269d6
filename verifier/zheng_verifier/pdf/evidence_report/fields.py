"""What an event says, field by field: labels of the taxonomy, values, and for sealed values always their state."""

from collections.abc import Iterator, Sequence

from zheng_verifier import taxonomy
from zheng_verifier.canonical import JsonValue, format_json
from zheng_verifier.masking import mask_email, mask_id_number, mask_name, mask_phone
from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Row, Section, Table
from zheng_verifier.pdf.evidence_report.case import Event
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.report.model import CheckId, SealedField
from zheng_verifier.sealed import is_sealed

_NAMES = ("name", "delegate_name", "legal_representative")
_ONE_LINE = 40
_OWN_TABLES = 40
_ORGANIZATIONS = ("organization_name", "uscc")


def event_sections(
    desk: Desk, events: Sequence[Event], checks: tuple[CheckId, ...] = (), *, compact: bool = False
) -> list[Block]:
    """Show events with every field: each in a table of its own, or all in one if ``compact`` or where they are many."""
    if not events:
        return []
    if len(events) <= _OWN_TABLES and not compact:
        return [block for event in events for block in _event_section(desk, event, checks)]
    basis = Cell(desk.basis(CheckId.C03, *checks), "quiet")
    return [
        Table(
            (desk.say("event"), desk.say("received_at"), desk.say("content"), desk.say("basis")),
            (18, 14, 54, 14),
            tuple(
                (
                    Cell(f"{event.view.seq} {desk.label(event)}", "strong"),
                    Cell(desk.moment(event.view.received_at), "number"),
                    Cell(desk.say("semicolon").join(map(": ".join, event_fields(desk, event))), "code"),
                    basis,
                )
                for event in events
            ),
        )
    ]


def _event_section(desk: Desk, event: Event, checks: tuple[CheckId, ...]) -> list[Block]:
    head = desk.say("event_heading", seq=event.view.seq, label=desk.label(event))
    return [Section(head), _event_table(desk, event, checks)]


def _event_table(desk: Desk, event: Event, checks: tuple[CheckId, ...]) -> Table:
    basis = Cell(desk.basis(CheckId.C03, *checks), "quiet")
    rows: list[Row] = [
        (Cell(desk.say("received_at"), "strong"), desk.moment(event.view.received_at), basis),
        (Cell(desk.say("claimed_at"), "strong"), desk.moment(event.view.claimed_at), basis),
        *((Cell(label, "strong"), Cell(value, "code"), basis) for label, value in event_fields(desk, event)),
    ]
    return Table((desk.say("item"), desk.say("content"), desk.say("basis")), (24, 56, 20), tuple(rows))


def event_fields(desk: Desk, event: Event) -> Iterator[tuple[str, str]]:
    """Give label and printed value of every field of an event's data, in the order of its schema."""
    data = {} if event.claim is None else event.claim.data
    known = taxonomy.EVENT_TYPES.get(event.view.type or "")
    labels = {field.path: field for field in known.fields} if known is not None else {}
    order = {path: position for position, path in enumerate(labels)}
    sealed = {field.path.removeprefix("/data"): field for field in event.view.sealed}
    found = [*_leaves(data, "")]
    found.sort(key=lambda item: order.get(_general(item[0]), len(order)))
    for path, value in found:
        field = labels.get(_general(path))
        label = path if field is None else field.label_zh if desk.language == "zh-CN" else field.label_en
        number = _position(path)
        name = f"{label} {number}" if number else label
        yield name, _sealed(desk, path, sealed[path]) if path in sealed else _plain(desk, value)


def _leaves(value: JsonValue, path: str) -> Iterator[tuple[str, JsonValue]]:
    """Walk down to plain values and sealed ones; a list of plain values is one of them."""
    if isinstance(value, dict) and not is_sealed(value):
        for name, child in value.items():
            yield from _leaves(child, f"{path}/{name}")
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for position, child in enumerate(value):
            yield from _leaves(child, f"{path}/{position}")
    else:
        yield path, value


def _general(path: str) -> str:
    return "/".join("*" if part.isdigit() else part for part in path.split("/"))


def _position(path: str) -> str:
    return ".".join(str(int(part) + 1) for part in path.split("/") if part.isdigit())


def _plain(desk: Desk, value: JsonValue) -> str:
    if isinstance(value, bool):
        return desk.say("yes") if value else desk.say("no")
    if isinstance(value, list):
        return desk.cut(desk.say("comma").join(_plain(desk, item) for item in value)) or desk.say("none")
    if isinstance(value, str) and value in desk.case.parties:
        return f"{desk.party(value)} ({value})"
    return desk.cut(value if isinstance(value, str) else format_json([value])[1:-1].decode())


def _sealed(desk: Desk, path: str, field: SealedField) -> str:
    """Show the state first and the value after it, so that no value can speak for its state."""
    state = desk.say(f"state_{field.state}")
    if field.value is None:
        return state
    name = path.rpartition("/")[2]
    value = masked(name, field.value, desk.say("masked")) if desk.redacted else field.value
    between = " " if len(value) <= _ONE_LINE else "\n"
    return f"{state}{between}{desk.cut(value)}"


def masked(name: str, value: str, otherwise: str) -> str:
    """Mask an opened personal value by its field's name; a field without a mask of its own is ``otherwise``."""
    if name in _ORGANIZATIONS:
        return value
    if name in _NAMES:
        return mask_name(value)
    if name == "id_number":
        return mask_id_number(value)
    if name in ("phone", "target") and "@" not in value:
        return mask_phone(value)
    if name in ("email", "target"):
        return mask_email(value)
    return otherwise
