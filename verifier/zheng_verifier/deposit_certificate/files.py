"""The files that a certificate of deposit carries in itself (docs/spec/certificate.md)."""

from dataclasses import dataclass

RECORD_FILE, BUNDLE_FILE = "certificate.json", "bundle.json"


@dataclass(frozen=True, slots=True)
class Attached:
    """The two files of a certificate, as they lie in it; nothing in them is parsed yet."""

    record: bytes
    bundle: bytes
