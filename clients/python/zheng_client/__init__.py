"""A client of Zheng: deposits evidence, has contracts signed, and believes no receipt that it has not checked.

    with Client(url, api_key, key=SubmitterKey.generate()) as zheng:
        zheng.evidence.register_key()
        case = zheng.evidence.open_case("contract", required=["contract.completed"]).case
        zheng.evidence.deposit(case, "contract.expired/1", {...})

``evidence`` deposits, ``issuance`` has bundles, certificates, packages and reports made, ``public`` asks what everybody
may ask, ``signing`` speaks to the signing pipeline. Every call is synchronous and safe to repeat with the same ``id``.
"""

from zheng_client.client import Client
from zheng_client.errors import ProblemError, ServiceUnreachableError, UnprovenError, ZhengError
from zheng_client.keys import SubmitterKey
from zheng_client.model import Case, Deposited, Job, SeenDocument

__all__ = [
    "Case",
    "Client",
    "Deposited",
    "Job",
    "ProblemError",
    "SeenDocument",
    "ServiceUnreachableError",
    "SubmitterKey",
    "UnprovenError",
    "ZhengError",
]
