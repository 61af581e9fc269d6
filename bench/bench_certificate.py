"""The certificate of deposit as PDF, for the demonstration's case: gathering what it says, typesetting, sealing.

Compared in turns with a limit: an empty page by the same compiler with the same fonts, as PDF/A-3b too.
"""

from datetime import UTC, datetime
from pathlib import Path

from measuring import Report, demonstration, take_turns, timed
from zheng_verifier.checks import PolicyInput, verify_certificate
from zheng_verifier.deposit_certificate.record import format_record
from zheng_verifier.pdf.render import render_pdf

from api.issuance.certificate.render import render_certificate
from api.issuance.issuing import Statement, certificate_data
from api.services import open_services
from api.settings import Settings

ROUNDS = 15
EMPTY = '#set document(title: "empty")\n#set text(font: "Noto Sans SC", lang: "en")\n.\n'


def main() -> None:
    """Play the demonstration, print its certificate again and again, and write the results."""
    report = Report("certificate", "one page with QR code, attached JSON and two weights of a Chinese font")
    with demonstration() as folder:
        measure(report, folder)
    report.write()


def measure(report: Report, folder: Path) -> None:
    """Let certificate and empty page take turns."""
    moment = datetime.now(UTC)
    with open_services(Settings(home=folder / "zheng-home")) as services:
        tenant = services.store.tenants()[-1].id
        case = services.ledger.cases(tenant)[-1].case

        def gather() -> Statement:
            return certificate_data(
                services, tenant=tenant, case=case, number="JE82-K3SZ-P32V-2R29-5", evidence_name="Lease"
            )

        made = gather()
        record = format_record(made.record)
        page = render_certificate(record, made.bundle)
        sealed = services.issuer.seal(page)
        report.note("bytes", {"page": len(page), "sealed": len(sealed.pdf), "level": sealed.level})
        policy = PolicyInput(services.settings.paths.policy.read_bytes())

        def whole() -> object:
            said = gather()
            return services.issuer.seal(render_certificate(format_record(said.record), said.bundle))

        figures = take_turns(
            {
                "zheng: a certificate, from the log to the sealed page": timed(whole),
                "zheng: gather what it says, verification included": timed(gather),
                "zheng: typeset the certificate": timed(lambda: render_certificate(record, made.bundle)),
                "zheng: seal it (B-LTA, local authority)": timed(lambda: services.issuer.seal(page)),
                "zheng: verify it again": timed(
                    lambda: verify_certificate(sealed.pdf, policy=policy, at=moment)
                ),
                "limit: an empty page": timed(lambda: render_pdf(EMPTY, inputs={}, created=moment)),
            },
            rounds=ROUNDS,
            unit="ms",
        )
        report.add("a certificate", figures, compared="in turns, one process", more_is_better=False)


if __name__ == "__main__":
    main()
