"""A neighbour over HTTP on loopback, whose next answer a test chooses: signed, or worse."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from api.signed_http import NONCE, SIGNATURE, TIME, signature

SECRET = b"a shared secret of thirty-two bytes or more"


class SignedPeer:
    """Answers each request with ``answer`` (or the bytes ``raw``) about what ``about`` reads from path and body."""

    def __init__(self, about: Callable[[str, bytes], Mapping[str, Any]], answer: Mapping[str, Any]) -> None:
        self.requests: list[tuple[str, str, Any, bytes]] = []
        self._about = about
        self.status, self.answer = 200, dict(answer)
        self.raw: bytes | None = None
        self.secret, self.nonce = SECRET, ""
        self.headers: dict[str, str] = {}
        self.wait, self.pause = 0.0, 0.0
        """Seconds before the answer, and after each of its bytes."""

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        self.requests.append((handler.command, handler.path, handler.headers, body))
        time.sleep(self.wait)
        content = self.raw
        if content is None:
            content = json.dumps({**self._about(handler.path, body), **self.answer}).encode()
        sent = handler.headers[TIME], self.nonce or handler.headers[NONCE]
        handler.send_response(self.status)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header(SIGNATURE, signature(self.secret, str(self.status), handler.path, *sent, content))
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        step = 1 if self.pause else 1 << 16
        for start in range(0, len(content), step):
            handler.wfile.write(content[start : start + step])
            time.sleep(self.pause)


@contextmanager
def serving(peer: SignedPeer, port: int) -> Iterator[SignedPeer]:
    """Let a peer answer at a port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with suppress(BrokenPipeError, ConnectionResetError):
                peer.respond(self)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    ThreadingHTTPServer.allow_reuse_address = True
    running = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield peer
    running.shutdown()
    running.server_close()
    thread.join()
