"""Signed PDFs: the shared vectors, our own maker's, and what one played service sealed or had signed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from makers import signed_pdfs as maker
from model import FAILED, INDETERMINATE, PASSED, Item, Verdict
from served import Service

# What the expectations of the vectors are in terms of EN 319 102-1, where the status of certificates is not asked for.
_EXPECTED = {
    "valid": Verdict(PASSED),
    "valid-at-timestamp": Verdict(PASSED),
    "untrusted": Verdict(INDETERMINATE),
    "indeterminate": Verdict(INDETERMINATE),
    "weak": Verdict(INDETERMINATE),
    "altered": Verdict(FAILED),
    "modified": Verdict(FAILED),
    "reject": Verdict(FAILED),
    "malformed": Verdict(FAILED),
    "revoked": Verdict(FAILED),
}
_BROKEN = ("altered", "malformed")
STATUS = ("B-LT", "B-LTA")


def of_vectors(folder: Path) -> Iterator[Item]:
    """The shared vectors, as their own list judges them."""
    if not folder.is_dir():
        return
    for case in json.loads((folder / "cases.json").read_text()):
        crls = tuple(folder / name for name in case.get("crls_given") or ())
        yield Item(
            case["id"],
            folder / case["file"],
            _EXPECTED[case["expect"]],
            datetime.fromisoformat(case["validate_at"]),
            roots=tuple(folder / name for name in case["trust"]),
            crls=crls,
            options={
                "level": case.get("level"),
                "whole": case["expect"] not in _BROKEN,
                "status": bool(crls) or case.get("level") in STATUS,
            },
        )


def of_maker(work: Path) -> Iterator[Item]:
    """Our own maker's: each level, and what happened to such files afterwards."""
    roots = (work / "signer-root.der", work / "stamp-root.der")
    roots[0].write_bytes(maker.root().der)
    roots[1].write_bytes(maker.tsa_root().der)
    good, bad = Verdict(PASSED), Verdict(FAILED)
    timed, lasting = maker.standard("B-T"), maker.standard("B-LT")
    revoked = maker.crls((77, maker.SIGNED_AT.replace(day=1), None))
    made = {
        "pkcs7": (maker.standard("PKCS7"), good, "PKCS7"),
        "b-b": (maker.standard("B-B"), good, "B-B"),
        "b-t": (timed, good, "B-T"),
        "b-lt": (lasting, good, "B-LT"),
        "b-lta": (maker.standard("B-LTA"), good, "B-LTA"),
        "form-filled": (maker.update(lasting, maker.fill), good, "B-LT"),
        "page-written-over": (maker.update(lasting, maker.add_text), bad, "B-LT"),
        "page-written-over-when-certified": (
            maker.update(maker.sign(maker.pdf(), certify=maker.fields.MDPPerm.NO_CHANGES), maker.add_text),
            bad,
            "B-B",
        ),
        "byte-changed": (timed.replace(b"TEST contract", b"TEST contrast"), bad, "B-T"),
        "bytes-behind-the-signature": (timed + b"\n% more\n", bad, "B-T"),
        "revoked-before": (maker.store(timed, crls=(*revoked, maker.tsa_crl())), bad, "B-LT"),
    }
    for name, (data, expected, level) in made.items():
        file = work / f"maker-{name}.pdf"
        file.write_bytes(data)
        options = {"level": level, "whole": name != "byte-changed", "status": level in STATUS}
        yield Item(f"maker-{name}", file, expected, maker.NOW, roots=roots, options=options)


def of_service(service: Service) -> Iterator[Item]:
    """What a service sealed, and what the parties of its case signed with certificates of its test authority."""
    sealed = Item(
        "service-certificate", service.certificate, Verdict(PASSED), service.at, roots=service.roots
    )
    yield replace(sealed, options={"level": "B-LTA", "whole": True, "status": True})
    for name, level in (("signed-by-1", "B-LT"), ("signed", "B-LTA")):
        file = service.folder / "demo" / "documents" / f"{name}.pdf"
        options = {"level": level, "whole": True, "status": True}
        yield Item(f"service-{name}", file, Verdict(INDETERMINATE), service.at, options=options)


def of_pipeline(service: Service) -> Iterator[Item]:
    """Each of the three signatures of the contract that was signed through the pipeline, under its test authorities."""
    file = service.folder / "demo" / "documents" / "signed.pdf"
    roots = (*service.ca_roots, *service.tsa_roots)
    for number in (1, 2, 3):
        options = {"level": "B-LTA", "whole": True, "status": True, "signature": number}
        yield Item(
            f"pipeline-signature-{number}", file, Verdict(PASSED), service.at, roots=roots, options=options
        )


def demanding(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The same where the status of certificates is demanded: what says nothing of it is not enough."""
    return tuple(
        replace(item, expected=Verdict(INDETERMINATE))
        if item.expected.word == PASSED and not item.options["status"]
        else item
        for item in items
    )


def arithmetic(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The same where only digest and signature are asked about."""
    return tuple(replace(i, expected=Verdict(PASSED if i.options["whole"] else FAILED)) for i in items)


def levels(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The same where the question is the level; those without a stated one are left out."""
    return tuple(replace(i, expected=Verdict(str(i.options["level"]))) for i in items if i.options["level"])
