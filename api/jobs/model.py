"""What a job is: asked for once, done once, and open about how far it is.

A job is a row of api.db; the durable queue carries its id and nothing else. No name, no value and no document of a
case is in a job: the request names sealed values by their place, and documents by their digest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class JobKind(StrEnum):
    """What the job makes."""

    PACKAGE = "package"
    REPORT = "report"


class JobState(StrEnum):
    """How far a job is. ``SEALED`` and ``FAILED`` are for ever."""

    ACCEPTED = "accepted"
    COLLECTING = "collecting"
    VERIFYING = "verifying"
    RENDERING = "rendering"
    SEALED = "sealed"
    FAILED = "failed"

    @property
    def final(self) -> bool:
        """Tell whether nothing more will happen."""
        return self in (JobState.SEALED, JobState.FAILED)


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` steps are done; ``step`` names the one that is being done."""

    done: int
    total: int
    step: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came out: SHA-256 and size of the file, until when it is kept, and how many sealed values it opens."""

    sha256: bytes
    size: int
    opened: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """One job. ``request`` is canonical JSON; jobs of one ``series`` (32 bytes) ask for the same thing of one case.

    ``trouble`` is the code of what stands in the way: for now, or for good if the state is FAILED.
    """

    id: str
    tenant: str
    case: str
    kind: JobKind
    request_id: str
    request: bytes
    series: bytes
    version: int
    state: JobState
    progress: Progress
    trouble: str | None
    created_at: datetime
    updated_at: datetime
    result: Result | None
    superseded_by: str | None


@dataclass(frozen=True, slots=True)
class Advice:
    """What a trouble is and what to do about it, in both languages."""

    en: str
    zh: str


TROUBLES: Mapping[str, Advice] = {
    "anchor-pending": Advice(
        "The newest entry of the case is being time-stamped and anchored; nothing is to be done.",
        "案卷最新条目正在加盖时间戳并上链,无须操作。",
    ),
    "tsa-unavailable": Advice(
        "No time-stamping authority answered. It is asked again; nothing is dated by our own clock. If this job failed,"
        " see that an authority can be reached, then ask again under a new id.",
        "时间戳机构未应答。系统将重试,不以本机时钟代替。若任务已失败,请确认时间戳机构可达后,以新的 id 重新申请。",
    ),
    "signer-unavailable": Advice(
        "The log cannot sign just now, so the export cannot be recorded. It is tried again. If this job failed, ask"
        " again under a new id when `/readyz` is ready.",
        "日志暂不能签名,导出无法入链记录,系统将重试。若任务已失败,请待 /readyz 恢复后以新的 id 重新申请。",
    ),
    "storage": Advice(
        "The file could not be written. The operator must make room on the disk; then ask again under a new id.",
        "文件无法写入。请运营方清理磁盘空间后,以新的 id 重新申请。",
    ),
    "case-too-large": Advice(
        "The case has more events than one bundle holds. Fetch its events page by page.",
        "案卷事件数超过单个证据包上限,请分页获取事件。",
    ),
    "package-too-large": Advice(
        "Bundle and documents together are larger than a package may be. Ask again with fewer documents.",
        "证据与文件合计超过证据包上限,请减少随附文件后重新申请。",
    ),
    "policy-missing": Advice(
        "The installation publishes no trust policy. The operator runs `zheng init` again, then ask under a new id.",
        "本系统未发布信任策略。请运营方重新执行 zheng init 后,以新的 id 重新申请。",
    ),
    "check-failed": Advice(
        "The finished file did not pass the verifier and is not given out. The operator runs `zheng fsck` and looks.",
        "成品未通过核验程序,不予提供。请运营方执行 zheng fsck 并查明原因。",
    ),
    "work-lost": Advice(
        "A file of the unfinished work is gone. Ask again under a new id.",
        "任务的中间文件丢失,请以新的 id 重新申请。",
    ),
    "internal": Advice(
        "Something went wrong on our side; the log of the service has it under the job's id. Ask again under a new id.",
        "服务内部错误,日志以任务编号记录。请以新的 id 重新申请。",
    ),
}


class JobFailure(Exception):  # noqa: N818 - the end of a job, not of the program
    """The job cannot be done; ``code`` is one of ``TROUBLES``. Trying again would not help."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class JobWaits(Exception):  # noqa: N818 - a state of the world outside
    """The job cannot go on for now; ``code`` is one of ``TROUBLES``. It is tried again, for hours."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
