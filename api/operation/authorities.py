"""Time-stamping authorities from settings: one `match`, where a new kind is added."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from zheng_verifier.timestamp import TrustedTsa

from anchor.ports import TimestampAuthority
from anchor.tsa_http import HttpLimits, HttpTsa
from anchor.tsa_local import LocalTsa
from api.settings import HttpTsaSettings, LocalTsaSettings, Settings, SettingsError, TsaSettings
from api.times import Clock, Random


@dataclass(frozen=True, slots=True)
class NamedAuthority:
    """An authority to ask, what our published policy says of it, and revocation data of its certificates, if at hand."""

    driver: TimestampAuthority
    trusted: TrustedTsa
    crls: Callable[[], tuple[bytes, ...]] = tuple


def open_authorities(settings: Settings, *, clock: Clock, random: Random) -> tuple[NamedAuthority, ...]:
    """Make the drivers of all authorities, each with what our policy says of it."""
    return tuple(_authority(each, settings, clock=clock, random=random) for each in settings.tsas)


def _authority(tsa: TsaSettings, settings: Settings, *, clock: Clock, random: Random) -> NamedAuthority:
    match tsa:
        case LocalTsaSettings():
            local = LocalTsa(settings.paths.tsa, clock=clock, random=random, name=tsa.name)
            return NamedAuthority(local, local.trusted, local.crls)
        case HttpTsaSettings():
            limits = HttpLimits(deadline=tsa.timeout, private_addresses=tsa.private_addresses)
            return NamedAuthority(HttpTsa(tsa.name, tsa.url, limits=limits), _trusted(tsa))
        case _:
            assert_never(tsa)


def _trusted(tsa: HttpTsaSettings) -> TrustedTsa:
    """Say what our policy says of an authority.

    Raises:
        SettingsError: its roots cannot be read.
    """
    try:
        roots = x509.load_pem_x509_certificates(tsa.roots.read_bytes())
    except (OSError, ValueError) as error:
        raise SettingsError(f"{tsa.roots}: not a PEM file with the roots of {tsa.name}") from error
    return TrustedTsa(
        name=tsa.name,
        roots=tuple(root.public_bytes(Encoding.DER) for root in roots),
        pins=(),
        policy_oids=tsa.policy_oids,
        imprint_algs=tsa.imprint_algs,
        test=tsa.test,
    )
