"""The five times of an event, kept apart: claimed, received, time-stamp, witness, block; here the checked ones."""

from zheng_verifier.report.model import EventView, TimeBound

TOKEN, WITNESS = "times.tsa", "times.witness"
"""The sentences that name a bound's source: an authority's time-stamp, a witness's cosignature."""


def bound_from(view: EventView, source: str) -> TimeBound | None:
    """Give the tightest upper bound that rests on this kind of source, one that the policy trusts before others."""
    found = [bound for bound in view.upper if bound.source.key == source]
    return next((bound for bound in found if bound.trusted), next(iter(found), None))
