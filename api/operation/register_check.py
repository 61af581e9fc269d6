"""Holds the register of certificates against the log: each change at its place, and in its cases none beside them."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing

from zheng_verifier.claim import Claim
from zheng_verifier.deposit_certificate.record import parse_record
from zheng_verifier.entry import parse_entry, parse_leaf
from zheng_verifier.errors import EvidenceError

from api.accounts.store import ApiStore, StoredCertificate
from api.issuance.register import CertificateRegister, Change
from api.settings import Settings
from api.times import now
from ledger.database import open_reader
from ledger.keystore import KeyStore
from ledger.reader import LedgerReader
from ledger.vault import Vault

_ABOUT_CERTIFICATES = "evidence.certificate_"


def check_register(settings: Settings, store: ApiStore, reader: LedgerReader) -> Iterator[str]:
    """Name every record that is none, every PDF that is gone, every change that log and register tell differently.

    A change that waits for the log is no difference. Entries that were erased say nothing any more.
    """
    register = CertificateRegister(store.engine, clock=now, random=os.urandom)
    certificates = {each.number: each for each in store.certificates()}
    for certificate in certificates.values():
        try:
            parse_record(certificate.document)
        except EvidenceError as error:
            yield f"certificate {certificate.number}: {error}"
        if not (settings.paths.certificates / f"{certificate.number}.pdf").is_file():
            yield f"certificate {certificate.number}: its PDF is gone"
    changes = register.changes()
    placed = {change.leaf_index: change for change in changes if change.leaf_index is not None}
    waiting = {change.event_id for change in changes if change.leaf_index is None}
    claims = dict(_claims(settings, reader, {each.case_id for each in certificates.values()}))
    for index, claim in claims.items():
        about = claim is not None and claim.type.startswith(_ABOUT_CERTIFICATES)
        if claim is not None and about and index not in placed and claim.id not in waiting:
            yield f"leaf {index} is {claim.type}, of which the register of certificates knows nothing"
    for place, change in placed.items():
        claim = claims.get(place)
        erased = place in claims and claim is None
        if not erased and (claim is None or not _tells(claim, change, certificates[change.number])):
            yield f"certificate {change.number}: leaf {place} does not say that it was {change.kind.value}"


def _tells(claim: Claim, change: Change, certificate: StoredCertificate) -> bool:
    """Tell whether a claim records this change of this certificate."""
    digest = hashlib.sha256(certificate.document).hexdigest()
    return (claim.type, claim.case, claim.data.get("number"), claim.data.get("certificate_sha256")) == (
        f"{_ABOUT_CERTIFICATES}{change.kind.value}/1",
        certificate.case_id,
        change.number,
        digest,
    )


def _claims(settings: Settings, reader: LedgerReader, cases: set[str]) -> Iterator[tuple[int, Claim | None]]:
    """Give the claims of these cases with their places; None for an entry that was erased."""
    engine = open_reader(settings.paths.ledger_db)
    try:
        with closing(KeyStore(settings.paths.vault_keys, os.urandom, writable=False)) as keys:
            vault = Vault(engine, keys, settings.paths.blobs)
            for case in sorted(cases):
                for leaf in reader.case_leaves(case):
                    data = vault.entry(case, parse_leaf(leaf.leaf).seq)
                    yield leaf.index, None if data is None else parse_entry(data).claim
    finally:
        engine.dispose()
