"""The document security store (ISO 32000-2 §12.8.4.3): what a reader needs later, added as a revision of its own."""

from asn1crypto import crl, ocsp, x509
from pyhanko.sign.validation.dss import DocumentSecurityStore

from signing.pades.examine import refusing
from signing.pades.ports import ValidationData
from signing.pades.writer import AppendingWriter


def add_validation_data(pdf: bytes, data: ValidationData) -> bytes:
    """Append what the file does not hold yet; gives the same bytes if there is nothing to add.

    Raises:
        Refused: what reading the file runs into.

    """
    with refusing():
        writer = AppendingWriter(pdf)
        store = DocumentSecurityStore.supply_dss_in_writer(
            writer,
            None,  # no VRI: later readers do not need it, and EN 319 142-1 §5.4.2.3 advises against it
            certs=[x509.Certificate.load(der) for der in data.certificates],
            crls=[crl.CertificateList.load(der) for der in data.crls],
            ocsps=[ocsp.OCSPResponse.load(der) for der in data.ocsps],
        )
        return writer.finish() if store.modified else pdf
