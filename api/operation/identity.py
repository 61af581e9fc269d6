"""Which log an installation is: read from the policy it publishes, so that nothing has to be opened."""

from zheng_verifier.policy import parse_policy

from anchor.commitment import LogIdentity
from api.errors import NotInitialisedError
from api.issuance.policy_export import read_policy
from api.settings import Settings


def log_identity(settings: Settings) -> LogIdentity:
    """Give the log of an installation, as its published policy names it.

    Raises:
        NotInitialisedError: there is no policy: `zheng init` has not run to its end.
    """
    data = read_policy(settings.paths.policy)
    if data is None:
        raise NotInitialisedError(f"no installation in {settings.home}: run `zheng init` first")
    log = parse_policy(data).logs[0]
    return LogIdentity(log.origin, log.keys[0].key)
