"""What everybody may ask, without a key: the operator's policy, the log's head, and verification."""

from collections.abc import Sequence

from zheng_verifier.canonical import JsonObject

from zheng_client.answers import Answer
from zheng_client.http import JSON, Http

_NOTE = "text/plain"
_BYTES = "application/octet-stream"


class Public:
    """Questions to the service. What it answers of verification is its own word, signed; judge it offline too."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def policy(self) -> bytes:
        """Get the trust policy the operator publishes: his own view of whom to trust."""
        return self._http.fetch("/v1/policy", JSON)

    def statement(self) -> JsonObject:
        """Get what the operator says of himself; nobody verified it."""
        return self._http.get("/v1/statement").value

    def checkpoint(self) -> bytes:
        """Get the newest signed head of the log: a C2SP note."""
        return self._http.fetch("/checkpoint", _NOTE)

    def certificate(self, number: str) -> JsonObject:
        """Ask how a certificate of deposit stands."""
        return self._http.get(f"/v1/certificates/{number}").value

    def verify(
        self, file: bytes, *, documents: Sequence[bytes] = (), policy: bytes | None = None
    ) -> JsonObject:
        """Have a package, a bundle or a certificate's PDF verified by the service; gives its signed report."""
        files = [("file", ("evidence", file, _BYTES))]
        files += [("document", ("document", each, _BYTES)) for each in documents]
        if policy is not None:
            files.append(("policy", ("policy.json", policy, JSON)))
        return Answer(
            self._http.send("POST", "/v1/verify", files=files, headers={"Accept": JSON}).json()
        ).value

    def find_document(self, digest: str, *, algorithm: str = "sha256") -> JsonObject:
        """Ask where a document's digest (hex) was deposited; gives a signed answer, found or not."""
        return self._http.post("/v1/verify", {"algorithm": algorithm, "digest": digest}).value
