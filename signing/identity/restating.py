"""Tells in a contract's case what was verified of a party: the same check, the provider's same number, the same flags.

An unverified party has no such event: nothing is said where nothing was checked (S3-4). For a company the person who
acts for it is told first (S1-23). Only a phone number that the provider compared is told, so that a one-time password
sent elsewhere is seen not to have gone to it.
"""

from dataclasses import dataclass, replace

from sqlmodel import Session

from signing.context import Context
from signing.dossier.model import Event
from signing.errors import Refused
from signing.identity.settling import told
from signing.identity.tables import CheckRow, RestatementRow
from signing.identity.verification import Verification, verification_of
from signing.people.accounts import Account, Accounts


@dataclass(frozen=True, slots=True)
class Restated:
    """What the contract's case now says of a party: level ``none`` and no event if nothing is verified.

    ``agent_event`` is of the person who acts for a company. ``verification`` is the one relied on.
    """

    level: str
    event: str | None = None
    agent_event: str | None = None
    verification: Verification | None = None


def restate(
    context: Context,
    accounts: Accounts,
    session: Session,
    *,
    dossier: str,
    tenant: str,
    account: str,
    party: str,
) -> Restated:
    """Record a party's verification in a dossier, within the caller's transaction; again is the same as once.

    Raises:
        Refused: account-unknown, case-closed.
    """
    found = accounts.find(session, tenant, account)
    held = verification_of(context, session, found)
    if held is None:
        return Restated("none")
    agent_event = None
    if found.kind == "organization":
        agent_event = _tell(
            context, session, dossier, party, _agent_check(context, accounts, session, found, held), None
        )
    event = _tell(context, session, dossier, party, held.check, agent_event)
    return Restated(held.level, event, agent_event, held)


def _agent_check(
    context: Context, accounts: Accounts, session: Session, company: Account, held: Verification
) -> str:
    """Give the check of whoever acts for the company now; if he is not verified, of him who had it verified."""
    if company.agent is not None:
        acting = verification_of(context, session, accounts.find(session, company.tenant, company.agent))
        if acting is not None:
            return acting.check
    row = session.get(CheckRow, held.check)
    if row is None or row.agent_check is None:
        raise Refused("agent-unverified", "The person who acts for the company is verified first.")
    return row.agent_check


def _tell(
    context: Context, session: Session, dossier: str, party: str, check: str, agent_event: str | None
) -> str:
    known = session.get(RestatementRow, (dossier, party, check))
    if known is not None:
        return known.event
    row = session.get(CheckRow, check)
    if row is None or row.result is None:
        raise Refused("identity-unknown", "There is no such check.")
    event: Event = told(context, session, row, party=party, result=row.result)
    if agent_event is not None:
        event = replace(event, data=event.data | {"agent_event": agent_event})
    told_by = context.recorder.record(session, dossier, event)
    session.add(RestatementRow(dossier=dossier, party=party, check_id=check, event=told_by))
    session.flush()
    return told_by
