"""Business types (S4-9, S4-34, S4-52): what contracts and templates are about, and which accounts work with each."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from signing.assurance import DEMANDABLE, NOTHING
from signing.context import Context
from signing.database import read, write
from signing.errors import Refused
from signing.people.tables import AccountRow, BusinessTypeGrantRow, BusinessTypeRow
from signing.principal import Permission, Principal

SCENES = ("human_resources", "supply_chain", "education", "government", "real_estate", "finance", "other")


@dataclass(frozen=True, slots=True)
class BusinessType:
    """A business type and the accounts it is granted to; ``code`` is the tenant's own short name of it.

    ``identity_level``: whoever signs its contracts is verified at least so; ``none``: nothing is demanded.
    """

    id: str
    code: str
    name: str
    scene: str
    enabled: bool
    accounts: tuple[str, ...]
    identity_level: str = NOTHING


class BusinessTypes:
    """Creates business types and grants them."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def create(
        self,
        principal: Principal,
        *,
        request: str,
        code: str,
        name: str,
        scene: str,
        identity_level: str = NOTHING,
    ) -> tuple[BusinessType, bool]:
        """Create a business type under the client's id; the second value tells whether it is new.

        Raises:
            Refused: permission-missing, field-value, id-reused, code-taken.
        """
        principal.require(Permission.MANAGE_BUSINESS_TYPES)
        if scene not in SCENES:
            raise Refused("field-value", field="/scene", expected="one of " + ", ".join(SCENES))
        _check_level(identity_level)
        with write(self._context.engine) as session:
            known = session.get(BusinessTypeRow, request)
            if known is not None:
                if (known.tenant, known.code, known.name, known.scene) != (
                    principal.tenant, code, name, scene,
                ):  # fmt: skip
                    raise Refused("id-reused", "This id was used for another business type.")
                return _load(session, known), False
            taken = session.exec(
                select(BusinessTypeRow.id).where(
                    BusinessTypeRow.tenant == principal.tenant, BusinessTypeRow.code == code
                )
            ).first()
            if taken is not None:
                raise Refused("code-taken", "Another business type has this code.", field="/code")
            row = BusinessTypeRow(
                id=request,
                tenant=principal.tenant,
                code=code,
                name=name,
                scene=scene,
                identity_level=identity_level,
                created_at=self._context.clock(),
            )
            session.add(row)
            session.flush()
            return _load(session, row), True

    def listed(self, principal: Principal) -> Sequence[BusinessType]:
        """List the tenant's business types by code.

        Raises:
            Refused: permission-missing.
        """
        principal.require(Permission.READ_PEOPLE)
        with read(self._context.engine) as session:
            rows = session.exec(
                select(BusinessTypeRow)
                .where(BusinessTypeRow.tenant == principal.tenant)
                .order_by(col(BusinessTypeRow.code))
            )
            return [_load(session, row) for row in rows]

    def set_enabled(self, principal: Principal, business_type: str, *, enabled: bool) -> BusinessType:
        """Let a business type be used for new contracts, or no longer.

        Raises:
            Refused: permission-missing, business-type-unknown.
        """
        principal.require(Permission.MANAGE_BUSINESS_TYPES)
        with write(self._context.engine) as session:
            row = _row(session, principal.tenant, business_type)
            row.enabled = enabled
            session.add(row)
            return _load(session, row)

    def demand(self, principal: Principal, business_type: str, identity_level: str) -> BusinessType:
        """Set the level of identity demanded of whoever signs; contracts that were sent stay as they are.

        Raises:
            Refused: permission-missing, business-type-unknown, field-value.
        """
        principal.require(Permission.MANAGE_BUSINESS_TYPES)
        _check_level(identity_level)
        with write(self._context.engine) as session:
            row = _row(session, principal.tenant, business_type)
            row.identity_level = identity_level
            session.add(row)
            return _load(session, row)

    def identity_level(self, session: Session, tenant: str, business_type: str) -> str:
        """Give the level of identity that a business type demands, within a transaction.

        Raises:
            Refused: business-type-unknown.
        """
        return _row(session, tenant, business_type).identity_level

    def grant(self, principal: Principal, business_type: str, account: str, *, granted: bool) -> BusinessType:
        """Grant a business type to an account, or take it back.

        Raises:
            Refused: permission-missing, business-type-unknown, account-unknown.
        """
        principal.require(Permission.MANAGE_BUSINESS_TYPES)
        with write(self._context.engine) as session:
            row = _row(session, principal.tenant, business_type)
            grantee = session.get(AccountRow, account)
            if grantee is None or grantee.tenant != principal.tenant or not grantee.internal:
                raise Refused("account-unknown", "There is no such member.")
            held = session.get(BusinessTypeGrantRow, (business_type, account))
            if held is None and granted:
                session.add(
                    BusinessTypeGrantRow(
                        business_type=business_type,
                        account=account,
                        tenant=principal.tenant,
                        granted_by=principal.account or principal.name,
                        granted_at=self._context.clock(),
                    )
                )
            elif held is not None and not granted:
                session.delete(held)
            session.flush()
            return _load(session, row)

    def require(self, session: Session, principal: Principal, business_type: str) -> None:
        """Let whoever works with a business type pass: by grant, or because he maintains all of them.

        Raises:
            Refused: business-type-unknown, business-type-disabled, business-type-not-granted.
        """
        row = _row(session, principal.tenant, business_type)
        if not row.enabled:
            raise Refused("business-type-disabled", "This business type is no longer used.")
        if principal.may(Permission.MANAGE_ALL_TEMPLATES):
            return
        if principal.account is None or not session.get(
            BusinessTypeGrantRow, (business_type, principal.account)
        ):
            raise Refused("business-type-not-granted", "This business type is not granted to you.")


def _check_level(level: str) -> None:
    if level not in DEMANDABLE:
        raise Refused("field-value", field="/identity_level", expected="one of " + ", ".join(DEMANDABLE))


def _row(session: Session, tenant: str, business_type: str) -> BusinessTypeRow:
    row = session.get(BusinessTypeRow, business_type)
    if row is None or row.tenant != tenant:
        raise Refused("business-type-unknown", "There is no such business type.")
    return row


def _load(session: Session, row: BusinessTypeRow) -> BusinessType:
    accounts = session.exec(
        select(BusinessTypeGrantRow.account)
        .where(BusinessTypeGrantRow.business_type == row.id)
        .order_by(col(BusinessTypeGrantRow.account))
    )
    return BusinessType(
        row.id, row.code, row.name, row.scene, row.enabled, tuple(accounts), row.identity_level
    )
