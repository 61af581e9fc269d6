"""api.db behind plain calls: tenants, API keys, submitter keys, certificates, external references.

Synchronous on purpose: the HTTP side runs these in threads. Every call is one transaction.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col, delete, select

from api.accounts.apikeys import NewKey, PresentedKey, make_key
from api.accounts.models import (
    ApiKeyRow,
    CertificateRow,
    ExternalRefRow,
    SeenDocumentRow,
    SubmitterKeyRow,
    TenantRow,
)
from api.database import open_api_engine
from api.times import Clock, Random, days, from_millis, millis

_NO_DIGEST = bytes(32)


class StoreError(Exception):
    """A call that the store refuses; ``code`` is stable, the text says what to do."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Tenant:
    id: str
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of an API key, without its secret. ``last_used`` is a day, not a moment."""

    key_id: str
    tenant_id: str
    label: str
    scopes: frozenset[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used: datetime | None


@dataclass(frozen=True, slots=True)
class SubmitterKey:
    """A registered signing key: ``kid`` is base64url SHA-256 of ``spki`` (DER)."""

    tenant_id: str
    kid: str
    spki: bytes
    organisation: str
    registered_index: int
    event_id: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StoredCertificate:
    """A certificate of deposit as issued: ``document`` is its canonical JSON."""

    number: str
    tenant_id: str
    case_id: str
    request_id: str
    issued_at: datetime
    document: bytes


@dataclass(frozen=True, slots=True)
class SeenDocument:
    """Bytes that the service hashed itself: ``size`` and 32-byte digests."""

    size: int
    sha256: bytes
    sm3: bytes


class ApiStore:
    """The one way to api.db. Durable when a call returns; safe to use from several threads and processes."""

    def __init__(self, engine: Engine, *, clock: Clock, random: Random) -> None:
        self._engine = engine
        self._clock = clock
        self._random = random

    @classmethod
    def open(cls, path: Path, *, clock: Clock, random: Random) -> "ApiStore":
        """Open a migrated api.db."""
        return cls(open_api_engine(path), clock=clock, random=random)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @property
    def engine(self) -> Engine:
        """The engine, for the derived indexes that live in the same file."""
        return self._engine

    # Tenants

    def create_tenant(self, tenant_id: str, name: str) -> Tenant:
        """Record a tenant under a given UUID; the same again gives the one recorded."""
        with Session(self._engine) as session:
            row = session.get(TenantRow, tenant_id)
            if row is None:
                row = TenantRow(id=tenant_id, name=name, created_at=millis(self._clock()))
                session.add(row)
                session.commit()
            return _tenant(row)

    def tenants(self) -> tuple[Tenant, ...]:
        """All tenants, oldest first."""
        with Session(self._engine) as session:
            rows = session.exec(select(TenantRow).order_by(col(TenantRow.created_at), col(TenantRow.id)))
            return tuple(_tenant(row) for row in rows)

    def tenant(self, tenant_id: str) -> Tenant | None:
        with Session(self._engine) as session:
            row = session.get(TenantRow, tenant_id)
            return None if row is None else _tenant(row)

    # API keys

    def create_key(
        self, tenant_id: str, *, label: str, scopes: frozenset[str], lifetime: timedelta | None
    ) -> tuple[NewKey, ApiKey]:
        """Make a key and keep its digest. The text in the answer is shown once and cannot be read again.

        Raises:
            StoreError: TENANT_UNKNOWN.
        """
        now = self._clock()
        new = make_key(self._random)
        with Session(self._engine) as session:
            if session.get(TenantRow, tenant_id) is None:
                raise StoreError("TENANT_UNKNOWN", f"there is no tenant {tenant_id}: see `zheng tenant list`")
            row = ApiKeyRow(
                key_id=new.key_id,
                tenant_id=tenant_id,
                digest=new.digest,
                label=label,
                scopes=" ".join(sorted(scopes)),
                created_at=millis(now),
                expires_at=None if lifetime is None else millis(now + lifetime),
            )
            session.add(row)
            session.commit()
            return new, _api_key(row)

    def keys(self, tenant_id: str | None = None) -> tuple[ApiKey, ...]:
        """All keys, or those of one tenant, oldest first; revoked ones too."""
        statement = select(ApiKeyRow).order_by(col(ApiKeyRow.created_at), col(ApiKeyRow.key_id))
        if tenant_id is not None:
            statement = statement.where(ApiKeyRow.tenant_id == tenant_id)
        with Session(self._engine) as session:
            return tuple(_api_key(row) for row in session.exec(statement))

    def find_key(self, presented: PresentedKey) -> ApiKey | None:
        """Give the key whose secret was presented; None for an unknown id and for a wrong secret alike."""
        with Session(self._engine) as session:
            row = session.get(ApiKeyRow, presented.key_id)
            # The comparison is made in both cases, so that its time tells nothing about the id.
            same = hmac.compare_digest(_NO_DIGEST if row is None else row.digest, presented.digest)
            return _api_key(row) if row is not None and same else None

    def touch_key(self, key_id: str) -> None:
        """Note the day a key was last used; at most one write for each key and day."""
        today = days(self._clock())
        with Session(self._engine) as session:
            row = session.get(ApiKeyRow, key_id)
            if row is not None and row.last_used_day != today:
                row.last_used_day = today
                session.add(row)
                session.commit()

    def revoke_key(self, key_id: str) -> ApiKey:
        """Revoke a key from now on; the same again changes nothing.

        Raises:
            StoreError: KEY_UNKNOWN.
        """
        with Session(self._engine) as session:
            row = session.get(ApiKeyRow, key_id)
            if row is None:
                raise StoreError("KEY_UNKNOWN", f"there is no key {key_id}: see `zheng key list`")
            if row.revoked_at is None:
                row.revoked_at = millis(self._clock())
                session.add(row)
                session.commit()
            return _api_key(row)

    # Submitter keys

    def add_submitter_key(self, key: SubmitterKey) -> None:
        """Record a key whose registration stands in the log; the same again, at once or later, changes nothing."""
        row = SubmitterKeyRow(
            tenant_id=key.tenant_id,
            kid=key.kid,
            spki=key.spki,
            organisation=key.organisation,
            registered_index=key.registered_index,
            event_id=key.event_id,
            created_at=millis(key.created_at),
        )
        with Session(self._engine) as session:
            session.connection().execute(
                insert(SubmitterKeyRow).values(row.model_dump()).on_conflict_do_nothing()
            )
            session.commit()

    def submitter_key(self, tenant_id: str, kid: str) -> SubmitterKey | None:
        """Give a tenant's key by its ``kid``."""
        with Session(self._engine) as session:
            row = session.get(SubmitterKeyRow, (tenant_id, kid))
            return None if row is None else _submitter_key(row)

    def submitter_keys(self) -> tuple[SubmitterKey, ...]:
        """All registered keys in the order of the log."""
        statement = select(SubmitterKeyRow).order_by(col(SubmitterKeyRow.registered_index))
        with Session(self._engine) as session:
            return tuple(_submitter_key(row) for row in session.exec(statement))

    # Certificates and external references

    def certificate(self, number: str) -> StoredCertificate | None:
        """Give a certificate by its number."""
        with Session(self._engine) as session:
            row = session.get(CertificateRow, number)
            return None if row is None else _certificate(row)

    def certificate_by_request(self, tenant_id: str, request_id: str) -> StoredCertificate | None:
        """Give the certificate that a tenant's request made before."""
        statement = select(CertificateRow).where(
            CertificateRow.tenant_id == tenant_id, CertificateRow.request_id == request_id
        )
        with Session(self._engine) as session:
            row = session.exec(statement).first()
            return None if row is None else _certificate(row)

    def certificates(self) -> tuple[StoredCertificate, ...]:
        """All certificates, oldest first."""
        statement = select(CertificateRow).order_by(col(CertificateRow.issued_at), col(CertificateRow.number))
        with Session(self._engine) as session:
            return tuple(_certificate(row) for row in session.exec(statement))

    def certificates_of_case(self, tenant_id: str, case_id: str) -> tuple[StoredCertificate, ...]:
        """Give the certificates of a tenant's case, newest first."""
        statement = (
            select(CertificateRow)
            .where(CertificateRow.tenant_id == tenant_id, CertificateRow.case_id == case_id)
            .order_by(col(CertificateRow.issued_at).desc(), col(CertificateRow.number))
        )
        with Session(self._engine) as session:
            return tuple(_certificate(row) for row in session.exec(statement))

    def set_external_ref(self, tenant_id: str, case_id: str, reference: str) -> None:
        """Remember the platform's own name of a case; the first one stays."""
        with Session(self._engine) as session:
            if session.get(ExternalRefRow, case_id) is None:
                session.add(ExternalRefRow(case_id=case_id, tenant_id=tenant_id, reference=reference))
                session.commit()

    def external_refs(self, tenant_id: str, case_ids: tuple[str, ...]) -> dict[str, str]:
        """Give the references of those cases of a tenant that have one."""
        statement = select(ExternalRefRow).where(
            ExternalRefRow.tenant_id == tenant_id, col(ExternalRefRow.case_id).in_(case_ids)
        )
        with Session(self._engine) as session:
            return {row.case_id: row.reference for row in session.exec(statement)}

    # Documents that were sent to be hashed

    def add_seen_document(self, tenant_id: str, case_id: str, document: SeenDocument) -> None:
        """Remember that the bytes of a document were here, for the deposits of this case that name it."""
        with Session(self._engine) as session:
            if session.get(SeenDocumentRow, (case_id, document.sha256)) is None:
                session.add(
                    SeenDocumentRow(
                        case_id=case_id,
                        sha256=document.sha256,
                        tenant_id=tenant_id,
                        sm3=document.sm3,
                        size=document.size,
                        seen_at=millis(self._clock()),
                    )
                )
                session.commit()

    def seen_document(self, tenant_id: str, case_id: str, sha256: bytes) -> SeenDocument | None:
        """Give what was hashed here for a case, by its SHA-256."""
        with Session(self._engine) as session:
            row = session.get(SeenDocumentRow, (case_id, sha256))
            if row is None or row.tenant_id != tenant_id:
                return None
            return SeenDocument(row.size, row.sha256, row.sm3)

    def forget_case(self, case_id: str) -> None:
        """Forget what is kept here of a case that is erased: the platform's name of it, digests of its documents."""
        with Session(self._engine) as session:
            session.exec(delete(ExternalRefRow).where(col(ExternalRefRow.case_id) == case_id))
            session.exec(delete(SeenDocumentRow).where(col(SeenDocumentRow.case_id) == case_id))
            session.commit()


def _tenant(row: TenantRow) -> Tenant:
    return Tenant(row.id, row.name, from_millis(row.created_at))


def _api_key(row: ApiKeyRow) -> ApiKey:
    return ApiKey(
        key_id=row.key_id,
        tenant_id=row.tenant_id,
        label=row.label,
        scopes=frozenset(row.scopes.split()),
        created_at=from_millis(row.created_at),
        expires_at=None if row.expires_at is None else from_millis(row.expires_at),
        revoked_at=None if row.revoked_at is None else from_millis(row.revoked_at),
        last_used=None if row.last_used_day is None else from_millis(row.last_used_day * 86_400_000),
    )


def _submitter_key(row: SubmitterKeyRow) -> SubmitterKey:
    return SubmitterKey(
        tenant_id=row.tenant_id,
        kid=row.kid,
        spki=row.spki,
        organisation=row.organisation,
        registered_index=row.registered_index,
        event_id=row.event_id,
        created_at=from_millis(row.created_at),
    )


def _certificate(row: CertificateRow) -> StoredCertificate:
    return StoredCertificate(
        number=row.number,
        tenant_id=row.tenant_id,
        case_id=row.case_id,
        request_id=row.request_id,
        issued_at=from_millis(row.issued_at),
        document=row.document,
    )
