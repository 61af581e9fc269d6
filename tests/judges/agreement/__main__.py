"""`make agreement`: have every judge at hand judge the same files, and write docs/agreement.md and docs/agreement.json.

Fails where a difference has no explanation (explanations.toml), or an explanation no difference. Never run in CI.
"""

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "verifier" / "tests")]

import corpus_evidence  # noqa: E402  (the paths above lead there)
import corpus_pdf  # noqa: E402
import corpus_tokens  # noqa: E402
import judge_evidence  # noqa: E402
import judge_java  # noqa: E402
import judge_openssl  # noqa: E402
import judge_ours  # noqa: E402
import judge_pyhanko  # noqa: E402
import judge_structure  # noqa: E402
from explained import explain  # noqa: E402
from model import NOT_APPLICABLE, PASSED, Item, Table, Verdict  # noqa: E402
from page import write  # noqa: E402
from served import Service, play  # noqa: E402

VECTORS = Path(os.environ.get("ZHENG_VECTORS", ROOT.parent / "shared" / "vectors"))
WORK = ROOT / ".cache" / "agreement"
OURS, HTML, DSS, PYHANKO, OPENSSL, PDFSIG = "ours", "HTML verifier", "EU DSS", "pyHanko", "OpenSSL", "pdfsig"


def evidence() -> Table:
    """The overall word of every conformance case."""
    items = corpus_evidence.conformance()
    found = {
        OURS: judge_evidence.overall(judge_evidence.ask_ours(items), items),
        HTML: judge_evidence.overall(judge_evidence.ask_html(items), items),
    }
    return _table("evidence", items, found)


def containers(service: Service) -> Table:
    """The container of every package."""
    conforming = tuple(corpus_evidence.packages(corpus_evidence.conformance()))
    others = (*corpus_evidence.judged_by_dss(WORK), *corpus_evidence.of_service(service))
    items = (*conforming, *others)
    asked = judge_java.ask_dss("container", others)
    # The authority of the conformance cases signs by Ed25519, so that they are the same in every run; DSS has none of it.
    not_asked = [Verdict(NOT_APPLICABLE) for _ in conforming]
    found = {
        OURS: judge_evidence.containers(judge_evidence.ask_ours(items), items),
        HTML: judge_evidence.containers(judge_evidence.ask_html(items), items),
        DSS: [*not_asked, *(each.own for each in asked)],
        f"{DSS}, status not demanded": [*not_asked, *(each.undemanding for each in asked)],
    }
    return _table("containers", items, found)


def signatures(service: Service) -> list[Table]:
    """The first signature of every PDF: as a whole, with and without its status, by arithmetic, and its level."""
    made = (*corpus_pdf.of_vectors(VECTORS / "signed-pdf"), *corpus_pdf.of_maker(WORK))
    items = (*made, *corpus_pdf.of_service(service))
    asked = judge_java.ask_dss("pdf", items)
    demanding = {
        OURS: judge_ours.ask_about_signatures(items, demand=True),
        PYHANKO: judge_pyhanko.ask_about_signatures(items, demand=True),
        DSS: [each.own for each in asked],
    }
    lenient = {
        OURS: judge_ours.ask_about_signatures(items, demand=False),
        PYHANKO: judge_pyhanko.ask_about_signatures(items, demand=False),
        DSS: [each.undemanding for each in asked],
    }
    arithmetic = {
        OURS: judge_ours.ask_about_arithmetic(items),
        OPENSSL: judge_openssl.ask_about_signatures(items),
        PDFSIG: judge_structure.ask_pdfsig(items),
    }
    stated = corpus_pdf.levels(items)
    formats = {item.name: each.format for item, each in zip(items, asked, strict=True)}
    levels = {
        OURS: judge_ours.ask_about_levels(stated),
        DSS: [_level(formats[item.name]) for item in stated],
    }
    return [
        _table("signatures", corpus_pdf.demanding(items), demanding),
        _table("signatures-without-status", items, lenient),
        _table("arithmetic", corpus_pdf.arithmetic(items), arithmetic),
        _table("levels", stated, levels),
    ]


def signers(service: Service) -> list[Table]:
    """Every signature of a file that three have signed through the pipeline: as a whole, and its level."""
    items = tuple(corpus_pdf.of_pipeline(service))
    asked = judge_java.ask_dss("pdf", items)
    found = {
        OURS: judge_ours.ask_about_signatures(items, demand=True),
        DSS: [each.own for each in asked],
        f"{DSS}, status not demanded": [each.undemanding for each in asked],
    }
    levels = {OURS: judge_ours.ask_about_levels(items), DSS: [_level(each.format) for each in asked]}
    return [_table("signers", items, found), _table("signers-levels", corpus_pdf.levels(items), levels)]


def _level(form: str) -> Verdict:
    """Write a level of EU DSS as we do; it has more names for what is no PAdES baseline signature."""
    for start, ours in (("PAdES-BASELINE-", "B-"), ("PAdES_BASELINE_", "B-"), ("PKCS7", "PKCS7")):
        if form.startswith(start):
            return Verdict(ours if ours == "PKCS7" else ours + form.removeprefix(start))
    return Verdict(form or NOT_APPLICABLE)


def time_stamps(service: Service) -> list[Table]:
    """Every RFC 3161 token, with and without the status of the authority's certificate."""
    made = (*corpus_tokens.of_vectors(VECTORS / "rfc3161", WORK), *corpus_tokens.of_makers(WORK))
    items = (*made, *corpus_tokens.of_service(service, WORK))
    asked = judge_java.ask_dss("token", corpus_tokens.without_response(items, WORK))
    lenient = {
        OURS: judge_ours.ask_about_tokens(items, demand=False),
        PYHANKO: judge_pyhanko.ask_about_tokens(items),
        OPENSSL: judge_openssl.ask_about_tokens(items),
        DSS: [each.undemanding for each in asked],
    }
    demanding = {OURS: judge_ours.ask_about_tokens(items, demand=True), DSS: [each.own for each in asked]}
    return [
        _table("time-stamps", items, lenient),
        _table("time-stamps-with-status", corpus_tokens.demanding(items), demanding),
    ]


def papers(service: Service) -> Table:
    """What the service wrote as PDF."""
    items = tuple(Item(file.stem, file, Verdict(PASSED)) for file in service.papers)
    found = {"qpdf": judge_structure.ask_qpdf(items), "veraPDF": judge_java.ask_verapdf(items)}
    return _table("papers", items, found)


def _table(name: str, items: tuple[Item, ...], found: dict[str, list[Verdict]]) -> Table:
    return Table(name, items, {judge: tuple(verdicts) for judge, verdicts in found.items()})


def main() -> int:
    """Judge everything; gives 1 where something is not explained."""
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    service = play(WORK.parent / "agreement-service")
    tables = [
        evidence(),
        containers(service),
        *signatures(service),
        *signers(service),
        *time_stamps(service),
        papers(service),
    ]
    explained = explain(tables)
    write(ROOT / "docs", tables, explained)
    for trouble in explained.troubles:
        print(trouble, file=sys.stderr)
    return 1 if explained.troubles else 0


if __name__ == "__main__":
    sys.exit(main())
