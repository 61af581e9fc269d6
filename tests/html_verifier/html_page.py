"""The page in Chromium, without a network, used as a person uses it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from html_cases import FILE
from playwright.sync_api import Page


class Verifier:
    """The page, used as a person uses it: files chosen, button pressed, result read."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console", lambda message: self.errors.append(message.text) if message.type == "error" else None
        )
        page.goto(FILE.as_uri())

    def verify(
        self,
        evidence: tuple[str, bytes],
        policy: bytes,
        documents: Sequence[tuple[str, bytes]] = (),
        options: Mapping[str, str] | None = None,
        statement: bytes | None = None,
    ) -> dict[str, Any]:
        """Verify and give the machine-readable result."""
        page, chosen = self.page, options or {}
        page.locator("#clear").click()
        page.set_input_files("#policy", [_payload("policy.json", policy)])
        page.set_input_files("#evidence", [_payload(*evidence)])
        if documents:
            page.set_input_files("#documents", [_payload(*document) for document in documents])
        if statement is not None:
            page.set_input_files("#statement", [_payload("statement.json", statement)])
        page.check(f"#source-{chosen.get('policy-source', 'user')}")
        page.fill("#at", chosen["at"])
        page.locator("#start").click()
        text = page.locator("#json").text_content(timeout=20_000)
        assert text is not None
        result: dict[str, Any] = json.loads(text)
        return result


def _payload(name: str, data: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}
