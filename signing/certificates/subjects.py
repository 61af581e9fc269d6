"""The name in a certificate, and what is done where libraries cannot read it.

asn1crypto, which our verifier and pyHanko read certificates with, compares names by RFC 4518 with the tables of Unicode
3.2 and refuses younger characters, such as 𬭎 (Unicode 8.0), which stand in names on identity cards. A certificate with
such a common name could be made, and then not be verified. So its common name says who it is in another way, romanised or
by the party's reference, and that it does; the name as written stands in an extension of our own, which is not compared.
"""

from dataclasses import dataclass
from typing import Literal

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.x509.oid import NameOID, ObjectIdentifier

from signing.errors import Refused
from signing.lines import is_line

ARC = "2.25.122891168052256122675071689568994080721"
"""Our arc: of UUID 5c73fa61-2c86-48d2-b782-026f12ea37d1. .1 and .2: policies of the test authority; .3: see below."""

NAME_AS_WRITTEN = ObjectIdentifier(f"{ARC}.3")
"""Extension, UTF8String, not critical: the subject's name as it writes it, where the common name is another."""

MAX_NAME = 64  # characters: ub-common-name and ub-organization-name (RFC 5280, appendix A.1)
_UNIT = "TEST 测试"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate is for. ``reference`` is the party's, random for its case; ``romanised`` may be empty."""

    name: str
    kind: Literal["person", "organization"]
    reference: str
    romanised: str = ""

    @property
    def common_name(self) -> str:
        """The name as written if certificates can carry it, else a form that says it is another."""
        if len(self.name) <= MAX_NAME and is_readable(self.name):
            return self.name
        other = f"{self.romanised} (romanised)"
        if self.romanised and len(other) <= MAX_NAME and other.isascii():
            return other
        return f"Signer {self.reference[:8]} (name in extension)"

    @property
    def is_written_otherwise(self) -> bool:
        """Whether the common name is not the name as written."""
        return self.common_name != self.name


def check_name(subject: Subject) -> None:
    """Refuse what is no name.

    Raises:
        Refused: certificate-request-refused.

    """
    if not subject.name.strip() or not is_line(subject.name) or len(subject.name) > 200:
        raise Refused("certificate-request-refused", "the subject has no name that could be certified")


def distinguished_name(subject: Subject, *, test: bool) -> x509.Name:
    """Write the subject's name; that of a test authority says TEST."""
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "CN")]
    if subject.kind == "organization" and not subject.is_written_otherwise:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, subject.name))
    if test:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _UNIT))
    parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, subject.reference))
    parts.append(x509.NameAttribute(NameOID.COMMON_NAME, subject.common_name))
    return x509.Name(parts)


def is_readable(name: str) -> bool:
    """Tell whether asn1crypto can compare a name."""
    try:
        _ = asn1_x509.Name.build({"common_name": name}).hashable
    except ValueError:
        return False
    return True
