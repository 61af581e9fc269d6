"""Institutions from settings: one `match`, where a new kind is added."""

from collections.abc import Iterable, Mapping
from typing import assert_never

from api.institutions.institution_http import HttpInstitution
from api.institutions.ports import Institution
from api.institutions.settings import (
    HttpInstitutionSettings,
    InstitutionSettings,
    SimulatedInstitutionSettings,
)
from api.institutions.simulator import SimulatedInstitution
from api.settings import SettingsError
from api.times import Clock, Random


def open_institutions(
    settings: Iterable[InstitutionSettings],
    *,
    clock: Clock,
    random: Random,
) -> Mapping[str, Institution]:
    """Give the institutions by their names.

    Raises:
        SettingsError: two of one name; an address or a secret that cannot be used or read.
    """
    opened: dict[str, Institution] = {}
    for each in settings:
        if each.name in opened:
            raise SettingsError(f"two institutions are called {each.name}")
        try:
            opened[each.name] = _open(each, clock=clock, random=random)
        except (OSError, ValueError) as error:
            raise SettingsError(f"institution {each.name}: {error}") from error
    return opened


def _open(settings: InstitutionSettings, *, clock: Clock, random: Random) -> Institution:
    match settings:
        case SimulatedInstitutionSettings():
            return SimulatedInstitution(
                settings.name, settings.institution, clock=clock, delay=settings.delay
            )
        case HttpInstitutionSettings():
            return HttpInstitution(
                name=settings.name,
                kind=settings.institution,
                url=settings.url,
                account=settings.account,
                secret=settings.secret.read_bytes().strip(),
                timeout=settings.timeout,
                max_body=settings.max_body,
                clock=clock,
                random=random,
            )
        case _:
            assert_never(settings)
