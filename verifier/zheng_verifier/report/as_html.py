"""The report as one HTML file that needs nothing else: no script, no picture, no font, nothing fetched; made for paper too.

Its first part is the simple report; the detailed form goes on with the time line and every check. All values are
escaped for HTML after being made safe to print.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape as escape_html
from typing import TypeAlias

from zheng_verifier import taxonomy
from zheng_verifier.errors import escape
from zheng_verifier.report.as_text import Form
from zheng_verifier.report.catalogue import Catalogue, Language, catalogue, explain
from zheng_verifier.report.comparison import describe_comparison
from zheng_verifier.report.conclusions import conclude_axis, say_interval
from zheng_verifier.report.drawings import ROWS_PER_DRAWING, time_line_svg
from zheng_verifier.report.html_style import STYLE
from zheng_verifier.report.marks import mark
from zheng_verifier.report.model import (
    CheckId,
    CheckResult,
    ContainerView,
    DocumentView,
    EventView,
    Finding,
    Report,
    SignatureView,
    Status,
    TimeBound,
)
from zheng_verifier.report.moments import show_time
from zheng_verifier.report.sentences import name_observed, word
from zheng_verifier.report.simple import not_proven
from zheng_verifier.report.structure import DEPENDS_ON

_SHOWN_VALUE = 2_000  # characters
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]{8,12}")
# Nothing may be fetched or run, whatever stood in the evidence.
_CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

Lines: TypeAlias = Iterator[str]


def report_html(report: Report, language: Language = "en", form: Form = "detailed") -> str:
    """Write a report as an HTML document."""
    texts = catalogue(language)
    title = texts.labels["simple_title" if form == "simple" else "title"]
    parts = [*_first_page(report, texts, title)]
    if form == "detailed":
        parts += _detail(report, texts)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_CONTENT_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def _text(value: str) -> str:
    """Make a value from anywhere safe to stand between tags."""
    cut = value if len(value) <= _SHOWN_VALUE else f"{value[:_SHOWN_VALUE]}… ({len(value)})"
    return escape_html(escape(cut))


def _sentence(value: str) -> str:
    """Write a sentence, its moments unbroken."""
    return _MOMENT.sub(r'<span class="moment">\g<0></span>', _text(value))


def _pairs(pairs: Sequence[tuple[str, str]], kind: str = "") -> str:
    """Write a list of names and values; both are escaped already."""
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in pairs)
    return f'<dl class="{kind}">{rows}</dl>' if kind else f"<dl>{rows}</dl>"


def _first_page(report: Report, texts: Catalogue, title: str) -> Lines:
    labels, language, policy = texts.labels, texts.language, report.policy
    dates = ""
    if policy.issued_at is not None and policy.expires is not None:
        issued, expires = show_time(policy.issued_at, language), show_time(policy.expires, language)
        dates = "<br>" + labels["policy_dates"].format(issued=issued, expires=expires)
    yield "<main>"
    yield (
        f'<p class="policy">{labels["policy"]}: SHA-256 <span class="hash">{policy.fingerprint}</span> '
        f"({texts.sources[policy.source]}){dates}</p>"
    )
    yield f"<h1>{title}</h1>"
    yield _pairs(list(_identity(report, texts)))
    yield f'<div class="overall">{texts.overall[report.overall]}'
    yield from (f"<p>{texts.notes[note]}</p>" for note in report.notes)
    if report.refusal is not None:
        yield f"<p>{_text(word(report.refusal.subject, language))}: {_text(explain(report.refusal, language))}</p>"
    if report.container is not None and report.container.enclosed is not None:
        yield f"<p>{_text(word(describe_comparison(report.container.enclosed), language))}</p>"
    yield "</div>"
    yield from _axes(report, texts)
    if report.events:
        yield f"<h2>{labels['interval']}</h2><p>{_sentence(say_interval(report, language))}</p>"
    limits = not_proven(report, language)
    if limits:
        items = "".join(f"<li>{limit}</li>" for limit in limits)
        yield f'<h2>{labels["not_proven"]}</h2><ul class="limits">{items}</ul>'
    yield f'<p class="closing">{texts.closing}</p>'
    yield "</main>"


def _identity(report: Report, texts: Catalogue) -> Iterator[tuple[str, str]]:
    labels = texts.labels
    moment = (
        labels["not_stated"] if report.verified_at is None else show_time(report.verified_at, texts.language)
    )
    yield labels["verified_at"], moment
    yield labels["verifier"], f"{_text(report.verifier)} — {labels['unsigned']}"
    if report.origin is not None and report.case is not None:
        yield labels["log"], _text(report.origin)
        yield labels["case"], _text(report.case)
    for file in report.inputs:
        digest = f'<span class="hash">SHA-256 {file.sha256}</span>'
        yield labels["inputs"], f"{_text(file.name)} · {file.size:,} B {digest}"


def _status(status: Status, texts: Catalogue) -> str:
    return f'<span class="mark" aria-hidden="true">{mark(status)}</span>{texts.statuses[status]}'


def _axes(report: Report, texts: Catalogue) -> Lines:
    if not report.axes:
        return
    labels = texts.labels
    heads = "".join(f'<th scope="col">{labels[name]}</th>' for name in ("axis", "status", "conclusion"))
    yield f'<h2>{labels["axes"]}</h2><table class="axes"><thead><tr>{heads}</tr></thead><tbody>'
    for axis in report.axes:
        said = "".join(f"<p>{_sentence(line)}</p>" for line in conclude_axis(report, axis, texts.language))
        yield (
            f'<tr><th scope="row">{axis.id} {texts.axes[axis.id]}</th>'
            f'<td class="result">{_status(axis.status, texts)}</td><td>{said}</td></tr>'
        )
    yield "</tbody></table>"


# The detailed part


def _detail(report: Report, texts: Catalogue) -> Lines:
    if not report.checks:
        return
    labels = texts.labels
    yield f'<section class="detail"><h1>{labels["page_detailed"]}</h1>'
    if report.container is not None:
        yield from _container(report.container, texts)
    if report.documents:
        yield f"<h2>{labels['documents']}</h2>"
        yield from (_document(document, texts) for document in report.documents)
    if report.signatures:
        yield f"<h2>{labels['signatures']}</h2>"
        yield from (_signature(signature, texts) for signature in report.signatures)
    if report.events:
        yield f"<h2>{labels['time_line']}</h2>"
        for start in range(0, len(report.events), ROWS_PER_DRAWING):
            yield time_line_svg(report.events[start : start + ROWS_PER_DRAWING], texts.language)
    yield f"<h2>{labels['checks']}</h2>"
    for check in report.checks:
        yield from _check(check, texts)
    yield f"<h2>{labels['events']}</h2>"
    yield from (_event(event, texts) for event in report.events)
    yield "</section>"


def _check(check: CheckResult, texts: Catalogue) -> Lines:
    text, labels = texts.checks[check.id], texts.labels
    code = f" · {check.code}" if check.code not in ("", check.status) else ""
    yield (
        f'<h3><span class="id">{check.id}</span>{text.title}'
        f'<span class="status">{_status(check.status, texts)}{_text(code)}</span></h3>'
    )
    rests = ", ".join(DEPENDS_ON.get(check.id, ()))
    meaning = [(labels["proves"], text.proves), (labels["not_proves"], text.not_proves)]
    yield _pairs(meaning + ([(labels["depends"], rests)] if rests else []), "meaning")
    if check.findings:
        yield '<ul class="findings">'
        yield from (_finding(finding, texts) for finding in check.findings)
        yield "</ul>"


def _finding(finding: Finding, texts: Catalogue) -> str:
    language = texts.language
    notable = ' class="notable"' if finding.status is not Status.PASSED or finding.code else ""
    subject, said = _text(word(finding.subject, language)), _text(explain(finding, language))
    code = f" · {_text(finding.code)}" if finding.code not in ("", finding.status) else ""
    parts = [f"{_status(finding.status, texts)}{code}", *(part for part in (subject, said) if part)]
    observed = [
        (_text(name_observed(name, language)), _text(value))
        for name, value in finding.observed.items()
        if value
    ]
    return f"<li{notable}>{' — '.join(parts)}{_pairs(observed, 'observed') if observed else ''}</li>"


def _container(container: ContainerView, texts: Catalogue) -> Lines:
    labels = texts.labels
    about = [labels[f"kind_{container.kind}"]]
    about += [labels[f"edition_{container.edition}"]] if container.edition in ("full", "redacted") else []
    about += [_text(container.number)] if container.number is not None else []
    yield f"<h2>{labels['container']}</h2><p>{' · '.join(about)}</p>"
    if container.departures:
        reasons = ", ".join(f"{texts.codes.get(code, code)} ({code})" for code in container.departures)
        yield f"<p>{labels['departures']}: {_text(reasons)}</p>"
    files = [(_text(file.name), f"{file.size:,} B · {file.sha256}") for file in container.files]
    yield _pairs(files, "observed")


def _document(document: DocumentView, texts: Catalogue) -> str:
    labels = texts.labels
    name = labels["not_supplied"] if document.name is None else _text(document.name)
    pairs = [
        (labels["role"], _text(document.role)),
        (labels["size"], f"{document.size:,} B"),
        ("SHA-256", f'<span class="hash">{document.sha256}</span>'),
        (
            "SM3",
            labels["not_supplied"] if document.sm3 is None else f'<span class="hash">{document.sm3}</span>',
        ),
        (labels["events_named"], ", ".join(map(str, document.events))),
        (labels["observed"], labels["hashed" if document.hashed_by_service else "stated"]),
    ]
    return f'<h3>{name}<span class="status">{_status(document.status, texts)}</span></h3>{_pairs(pairs)}'


def _signature(signature: SignatureView, texts: Catalogue) -> str:
    labels, language = texts.labels, texts.language
    title = f'<span class="id">{signature.number}</span>{_text(signature.document)}'
    code = f" · {_text(signature.code)}" if signature.code else ""
    certificate = _status(signature.certificate, texts)
    if signature.certificate_code:
        certificate += f" · {_text(signature.certificate_code)}"
    pairs = [
        (labels["signer"], _text(signature.signer)),
        (labels["level"], _text(signature.level)),
        (texts.checks[CheckId.C14].title, certificate),
    ]
    if signature.claimed_at is not None:
        pairs.append((labels["claimed"], show_time(signature.claimed_at, language)))
    if signature.existed is not None:
        pairs.append((labels["existed"], _bound(signature.existed, texts)))
    return (
        f'<h3>{title}<span class="status">{_status(signature.status, texts)}{code}</span></h3>{_pairs(pairs)}'
    )


def _event(event: EventView, texts: Catalogue) -> str:
    labels, language = texts.labels, texts.language
    known = None if event.type is None else taxonomy.EVENT_TYPES.get(event.type)
    title = labels["withheld_entry"] if event.type is None else _text(event.type)
    if known is not None:
        title = known.label_zh if language == "zh-CN" else known.label_en
    pairs = [
        (labels[name], show_time(moment, language))
        for name, moment in (("claimed", event.claimed_at), ("received", event.received_at))
        if moment is not None
    ]
    pairs += [
        (labels[name], _bound(bound, texts))
        for name, bound in (
            ("not_before", event.not_before),
            ("not_after", event.not_after),
            ("anchored", event.anchored),
        )
        if bound is not None
    ]
    for name, bounds in (("not_before", event.lower), ("not_after", event.upper)):
        # The best of them stands above; the others show on how many sources it rests.
        pairs += [(labels[name], _bound(bound, texts)) for bound in bounds[1:]]
    for field in event.sealed:
        # The state comes first and the value in quotes, so that no value can speak for its state.
        value = "" if field.value is None else f": “{_text(field.value)}”"
        pairs.append((_text(field.path), f"[{texts.sealed[field.state]}]{value}"))
    return f'<h3><span class="id">{event.seq}</span>{title}</h3>{_pairs(pairs)}'


def _bound(bound: TimeBound, texts: Catalogue) -> str:
    trust = "" if bound.trusted else f", {texts.labels['untrusted']}"
    return f"{show_time(bound.moment, texts.language)} ({_text(word(bound.source, texts.language))}{trust})"
