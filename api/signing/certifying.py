"""Certification of signers put together: the authority, the pool of keys, and who tells the time of signatures."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from zheng_verifier.policy import TrustedCa

from api.operation.authorities import open_authorities
from api.signed_http import SignedHttp
from api.signing.ca_http import MAX_ANSWER, HttpCa
from api.signing.status_http import StatusHttp
from api.signing.timestamps import InstallationTimestamper
from api.times import Clock, Random
from signing.certificates.keys import KeyPool
from signing.certificates.ports import CertificateAuthority
from signing.certificates.profiles import Profiles
from signing.certificates.service import Certificates
from signing.certificates.succession import Succession
from signing.certificates.testca import LocalTestCa, trusted_ca
from signing.context import Context
from signing.custody.service import Custody
from signing.pades import Tokens

if TYPE_CHECKING:
    from api.settings import Settings
    from api.signing.settings import CaSettings

CA_PATH = "/v1/signing/ca"


@dataclass(frozen=True, slots=True)
class Authorities:
    """``present`` certifies; ``test`` is the test authority of this installation, None if it never certified here."""

    present: CertificateAuthority
    test: LocalTestCa | None
    http: HttpCa | None = None

    def close(self) -> None:
        """Close what they hold open."""
        if self.test is not None:
            self.test.close()
        if self.http is not None:
            self.http.close()


def open_certification(settings: "Settings", *, clock: Clock, random: Random) -> Authorities:
    """Open the authority that the settings choose, and beside another the test authority, if it certified before.

    Raises:
        ValueError, OSError: the settings name what cannot be used.
    """
    if settings.signing.ca.authority == "test":
        test = _open_test(settings, clock=clock, random=random)
        return Authorities(test, test)
    http = _open_http(settings.signing.ca, clock=clock, random=random)
    if trusted_ca(settings.paths.signing_ca) is None:
        return Authorities(http, None, http)
    test = _open_test(settings, clock=clock, random=random)
    return Authorities(Succession(http, test), test, http)


def trusted_authorities(settings: "Settings") -> tuple[TrustedCa, ...]:
    """Say what the trust policy says of the authorities that certify here or did, without opening them.

    Raises:
        ValueError, OSError: a root cannot be read.
    """
    test = trusted_ca(settings.paths.signing_ca)
    chosen = settings.signing.ca
    present = () if chosen.authority == "test" else (_described(chosen),)
    return (*present, *(() if test is None else (test,)))


def _described(chosen: "CaSettings") -> TrustedCa:
    if chosen.roots is None:
        raise ValueError("an authority over HTTP needs its roots")
    roots = x509.load_pem_x509_certificates(chosen.roots.read_bytes())
    if any(root.issuer != root.subject for root in roots):
        raise ValueError(
            f"{chosen.roots}: roots sign themselves; what is between comes with the certificates"
        )
    return TrustedCa(
        chosen.name,
        tuple(root.public_bytes(Encoding.DER) for root in roots),
        (chosen.one_time_policy, chosen.long_term_policy),
        chosen.licence or None,
        chosen.country,
        test=chosen.test,
    )


def _open_http(chosen: "CaSettings", *, clock: Clock, random: Random) -> HttpCa:
    if chosen.secret is None:
        raise ValueError("an authority over HTTP needs a file with the shared secret")
    trusted = _described(chosen)
    status = StatusHttp(responder=chosen.ocsp, lists=chosen.crls, timeout=chosen.timeout, clock=clock)
    http = SignedHttp(
        "a certification authority",
        url=chosen.url,
        secret=chosen.secret.read_bytes().strip(),
        timeout=chosen.timeout,
        most=MAX_ANSWER,
        clock=clock,
        random=random,
    )
    return HttpCa(
        http,
        status,
        trusted=trusted,
        policies={"one_time": chosen.one_time_policy, "long_term": chosen.long_term_policy},
        patience=chosen.patience,
        clock=clock,
    )


def _open_test(settings: "Settings", *, clock: Clock, random: Random) -> LocalTestCa:
    """Open the test authority, made if it is missing; its certificates name this installation's public address."""
    chosen = settings.signing.certificates
    return LocalTestCa(
        settings.paths.signing_ca,
        base_url=settings.public_url + CA_PATH,
        clock=clock,
        random=random,
        lives={
            "one_time": timedelta(minutes=chosen.one_time_minutes),
            "long_term": timedelta(days=chosen.long_term_days),
        },
    )


def certificates_of(
    settings: "Settings", context: Context, custody: Custody, authority: CertificateAuthority
) -> Certificates:
    """Make the service of signers' keys."""
    chosen = settings.signing.certificates
    pool = KeyPool(context, custody, {"ecdsa_p256": chosen.pool})
    profiles = Profiles(person=chosen.person, organization=chosen.organization)
    return Certificates(context, custody, authority, pool, profiles)


def tokens_of(settings: "Settings", *, clock: Clock, random: Random) -> Tokens:
    """Give what asks the installation's time-stamping authorities in turn."""
    authorities = open_authorities(settings, clock=clock, random=random)
    return Tokens(tuple(InstallationTimestamper(each) for each in authorities), random)
