"""What a sender demands of a party before it may sign: an identity checked at a level, and by what it confirms (pure)."""

from dataclasses import dataclass

from signing.assurance import DEMANDABLE, LEVELS, NOTHING, enough
from signing.errors import Refused
from signing.people.profile import SubjectKind

FACTORS = ("otp_sms", "otp_email", "password", "face")
_CODES = {"sms": "otp_sms", "email": "otp_email"}


@dataclass(frozen=True, slots=True)
class Demand:
    """The least level of identity (``none``: nothing is asked) and the factors allowed; none named: any that works."""

    identity: str = NOTHING
    factors: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        """The factors as rows keep them."""
        return " ".join(self.factors)

    def allows(self, factor: str) -> bool:
        """Tell whether a party may confirm by a factor."""
        return not self.factors or factor in self.factors


FREE = Demand()
"""Nothing is demanded."""


@dataclass(frozen=True, slots=True)
class Means:
    """What is known of how a party could confirm: ``channel`` of its address; ``member``: an internal account.

    ``account``: it has one, or gets one when its identity is checked.
    """

    channel: str
    kind: SubjectKind
    account: bool
    member: bool

    @property
    def factors(self) -> tuple[str, ...]:
        """The factors by which such a party could confirm."""
        person = self.kind == "person"
        code = (_CODES[self.channel],) if self.channel in _CODES else ()
        password = ("password",) if self.member and person else ()
        return (*code, *password, *(("face",) if self.account and person else ()))


def demand_of(identity: str, factors: str) -> Demand:
    """Give a demand as rows keep it."""
    return Demand(identity, tuple(factors.split()))


def check_demand(demand: Demand, where: str, *, acts: bool, signs: bool) -> None:
    """Refuse a demand that says nothing sensible; ``where`` is the party's JSON Pointer.

    Raises:
        Refused: field-value: no such level or factor, one named twice, or asked of a party that does not act or sign.
    """
    if demand.identity not in DEMANDABLE:
        raise Refused("field-value", "", f"{where}/identity_level", ", ".join(LEVELS))
    if demand.identity != NOTHING and not acts:
        raise Refused("field-value", "A copy recipient shows no identity.", f"{where}/identity_level")
    if len(set(demand.factors)) != len(demand.factors) or set(demand.factors) - set(FACTORS):
        raise Refused("field-value", "", f"{where}/factors", f"each once, of {', '.join(FACTORS)}")
    if demand.factors and not signs:
        raise Refused("field-value", "Only who signs confirms by a factor.", f"{where}/factors")


def check_meetable(demand: Demand, means: Means, field: str) -> None:
    """Refuse a demand that this party could not meet whatever it does; ``field`` is the JSON Pointer to blame.

    Raises:
        Refused: demand-unmeetable, naming what it could confirm by.
    """
    if demand.factors and not set(demand.factors) & set(means.factors):
        expected = ", ".join(means.factors) or "an address for a code"
        raise Refused("demand-unmeetable", "This party could not confirm so.", field, expected)


def require_level(held: str, demand: Demand) -> None:
    """Let a party pass whose identity was checked at least at the level demanded.

    Raises:
        Refused: identity-required, naming the level.
    """
    if not enough(held, demand.identity):
        raise Refused(
            "identity-required",
            "The identity of this party is checked before it signs.",
            expected=f"{demand.identity} or higher, not {held}",
        )


def require_factor(demand: Demand, factor: str) -> None:
    """Let a factor pass that the sender allows.

    Raises:
        Refused: factor-not-allowed, naming those that are.
    """
    if not demand.allows(factor):
        raise Refused(
            "factor-not-allowed",
            "The sender asks for another way of confirming.",
            "/method",
            ", ".join(demand.factors),
        )
