"""Beginning a check: who may, of whom, by which way, with whose consent, after which other check."""

from datetime import timedelta

from sqlmodel import Session, func, select
from zheng_verifier.canonical import JsonObject, format_json

from signing.context import Context
from signing.dossier.model import Event
from signing.errors import Refused
from signing.identity.check import NewCheck
from signing.identity.details import details_of
from signing.identity.methods import Method
from signing.identity.ports import IdentityProvider
from signing.identity.settling import Settling, keep_details
from signing.identity.tables import CheckRow
from signing.identity.verification import verification_of
from signing.people.accounts import Account, Accounts
from signing.people.actors import actor_in
from signing.people.agreements import Agreements
from signing.principal import Permission, Principal

ANSWER_BY = {
    "started": timedelta(minutes=10),
    "pending": timedelta(hours=24),
    "confirming": timedelta(hours=72),
}
_COLLECT_BY = timedelta(hours=24)


class Beginning:
    """Writes checks that may begin, within the caller's transaction."""

    def __init__(
        self,
        context: Context,
        accounts: Accounts,
        agreements: Agreements,
        settling: Settling,
        provider: IdentityProvider,
    ) -> None:
        self._context = context
        self._accounts = accounts
        self._agreements = agreements
        self._settling = settling
        self._provider = provider

    def begin(self, session: Session, principal: Principal, new: NewCheck, method: Method) -> CheckRow:
        """Write a check that may begin.

        Raises:
            Refused: permission-missing, account-unknown, method-unknown, identity-incomplete, consent-missing,
                agent-unverified, agent-not-representative, attempts-exhausted.
        """
        account = self._accounts.find(session, principal.tenant, new.account)
        if principal.account not in (account.id, account.agent):
            principal.require(Permission.VERIFY_OTHERS)
        if account.kind != method.kind:
            raise Refused("method-unknown", "This way is not for accounts of this kind.", field="/method")
        details = details_of(account, method, bank_card=new.bank_card)
        agent = self._agent(session, account, method) if account.kind == "organization" else None
        for purpose in method.consents:
            self._agreements.require_consent(session, account.id, purpose)
        if not self._settling.attempts_left(session, account.id):
            raise Refused("attempts-exhausted", "Too many checks failed today.")
        now, collecting = self._context.clock(), bool({"frames", "files"} & set(method.needs))
        custody = self._context.custody
        row = CheckRow(
            id=new.id,
            position=(session.exec(select(func.max(CheckRow.position))).one() or 0) + 1,
            tenant=principal.tenant,
            account=account.id,
            content=self.content(principal.tenant, new),
            kind=method.kind,
            method=method.name,
            level=method.level,
            state="collecting" if collecting else "started",
            provider="reviewer" if method.reviewed else self._provider.name,
            simulated=not method.reviewed and self._provider.simulated,
            details=b"",
            txn=custody.seal(session, account.id, b""),
            agent_check=agent,
            started_by=principal.account or principal.name or principal.kind,
            started_event=self._record_start(session, principal, account, method),
            started_at=now,
            answer_by=now + (_COLLECT_BY if collecting else ANSWER_BY["started"]),
        )
        keep_details(self._context, session, row, details)
        session.flush()
        return row

    def _agent(self, session: Session, account: Account, method: Method) -> str:
        """First the person who acts, then the company (S1-23): give the check of the person."""
        agent = None
        if account.agent is not None:
            agent = verification_of(
                self._context, session, self._accounts.find(session, account.tenant, account.agent)
            )
        if agent is None or account.agent is None:
            raise Refused("agent-unverified", "The person who acts for the company is verified first.")
        if method.name == "legal_rep_face":
            if agent.details.name != account.profile.legal_representative:
                raise Refused(
                    "agent-not-representative", "The legal representative himself acts in this way."
                )
            for purpose in ("identity_verification", "biometric"):
                self._agreements.require_consent(session, account.agent, purpose)
        return agent.check

    def _record_start(self, session: Session, principal: Principal, account: Account, method: Method) -> str:
        data: JsonObject = {"subject_kind": method.kind, "level": method.level, "methods": [method.name]}
        private: JsonObject = {"account": account.id} | principal.seen.private
        actor = actor_in(session, account.dossier, principal, self._context.uuid)
        event = Event("identity.started/1", data, private=private, actor=actor)
        return self._context.recorder.record(session, account.dossier, event)

    def content(self, tenant: str, new: NewCheck) -> bytes:
        """Give a keyed digest of the request: a card number is guessable, so no plain hash of it is kept."""
        value: JsonObject = {
            "account": new.account,
            "method": new.method,
            "bank_card": new.bank_card,
            "bank_account": new.bank_account,
            "eid_token": new.eid_token,
            "alipay_code": new.alipay_code,
        }
        return self._context.custody.blind(tenant, "identity-check", format_json(value).decode())
