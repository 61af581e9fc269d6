"""A submission to an institution: asked for once, given once, and open about how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from api.institutions.ports import Acknowledgement, Content, InstitutionKind
from api.jobs.model import Advice


class SubmissionState(StrEnum):
    """How a submission stands. ``ACCEPTED`` and ``REFUSED`` are for ever.

    ``PENDING``: it has not left, or the institution has it and has not decided. ``UNKNOWN``: it left, and no answer came
    yet; it is asked for, and given again under the same business id if the institution never had it.
    """

    PENDING = "pending"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    REFUSED = "refused"

    @property
    def final(self) -> bool:
        """Tell whether the institution has answered."""
        return self in (SubmissionState.ACCEPTED, SubmissionState.REFUSED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be given: to whom, and which bytes. ``sha256`` and ``sm3`` have 32 bytes each, ``size`` is in bytes."""

    institution: str
    kind: InstitutionKind
    simulated: bool
    content: Content
    package: str | None
    media_type: str
    size: int
    sha256: bytes
    sm3: bytes
    checkpoint: bytes | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """One submission. ``id`` is its business id at the institution; ``left``: it may have arrived there.

    ``recorded``: the log says what was accepted; the answer's bytes (``answer_sha256``) lie in the vault from then on.
    """

    id: str
    tenant: str
    case: str
    request_id: str
    wanted: Wanted
    state: SubmissionState
    trouble: str | None
    created_at: datetime
    updated_at: datetime
    acknowledged: Acknowledgement | None
    answer_sha256: bytes | None
    left: bool
    recorded: bool

    @property
    def finished(self) -> bool:
        """Tell whether nothing is left to do."""
        return self.state is SubmissionState.REFUSED or self.recorded


TROUBLES: Mapping[str, Advice] = {
    "institution-unavailable": Advice(
        "The institution cannot be reached, so nothing was given to it yet. It is tried again.",
        "暂时无法连接该机构,证据尚未送出,系统将重试。",
    ),
    "answer-lost": Advice(
        "The evidence left and no valid answer came. The institution is asked what became of it; under no circumstances"
        " is it given a second one under another number.",
        "证据已送出但未收到有效应答。系统将以同一编号向该机构查询,不会以其他编号重复送交。",
    ),
    "institution-deciding": Advice(
        "The institution has the evidence and has not decided yet. It is asked again.",
        "该机构已收到证据,尚未作出受理决定,系统将再次查询。",
    ),
    "institution-silent": Advice(
        "The institution did not answer for so long that it is no longer asked. The same request, with the same id, asks"
        " again.",
        "该机构长时间未应答,已停止查询。以相同 id 重新提交同一请求即可继续查询。",
    ),
    "institution-gone": Advice(
        "The settings no longer name this institution. The operator names it again; then send the same request once more.",
        "当前设置中已无该机构。请运营方恢复设置后,以相同 id 重新提交。",
    ),
    "package-gone": Advice(
        "The package is no longer kept and did not leave. Have a new one made, and ask under a new id.",
        "证据包已不再保存且尚未送出。请重新制作证据包,并以新的 id 提交。",
    ),
    "signer-unavailable": Advice(
        "The institution answered; the log cannot sign just now, so its answer cannot be recorded. It is tried again.",
        "机构已应答;日志暂不能签名,应答尚未入链记录,系统将重试。",
    ),
    "storage": Advice(
        "The answer could not be written. The operator must make room on the disk; then send the same request again.",
        "应答无法写入。请运营方清理磁盘空间后,以相同 id 重新提交。",
    ),
    "internal": Advice(
        "Something went wrong on our side; the log of the service has it under the submission's id. Send the same"
        " request again.",
        "服务内部错误,日志以送交编号记录。请以相同 id 重新提交。",
    ),
}
# With these the queue has let go of a submission; the same request takes it up again.
GIVEN_UP = frozenset({"institution-silent", "institution-gone", "package-gone", "storage", "internal"})
