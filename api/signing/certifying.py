"""Certification of signers put together: the authority, the pool of keys, and who tells the time of signatures."""

from datetime import timedelta
from typing import TYPE_CHECKING

from api.operation.authorities import open_authorities
from api.signing.timestamps import InstallationTimestamper
from api.times import Clock, Random
from signing.certificates.keys import KeyPool
from signing.certificates.profiles import Profiles
from signing.certificates.service import Certificates
from signing.certificates.testca import LocalTestCa
from signing.context import Context
from signing.custody.service import Custody
from signing.pades import Tokens

if TYPE_CHECKING:
    from api.settings import Settings

CA_PATH = "/v1/signing/ca"


def open_authority(settings: "Settings", *, clock: Clock, random: Random) -> LocalTestCa:
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
    settings: "Settings", context: Context, custody: Custody, authority: LocalTestCa
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
