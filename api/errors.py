"""Why an installation cannot do what was asked; the texts say what to do."""


class NotInitialisedError(Exception):
    """The folder holds no installation yet, or one that `zheng init` has not finished."""


class WorkerRunningError(Exception):
    """Another process has anchor.db and the chain."""


class PortInUseError(OSError):
    """Nobody can listen there."""


class IssuerKeyError(Exception):
    """A key or certificate that papers are sealed or signed with cannot be used as it is."""
