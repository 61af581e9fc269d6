"""The peer of `bench_deposits`: what a platform would write first: FastAPI, one SQLite insert an event, no evidence."""

import json
import socket
import sys
import threading
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pysqlite3 import dbapi2
from starlette.concurrency import run_in_threadpool

app = FastAPI()
lock = threading.Lock()
database = dbapi2.connect(
    str(Path(sys.argv[1]) / "plain.db"), check_same_thread=False, isolation_level=None, timeout=10
)
database.execute("PRAGMA journal_mode = WAL")
database.execute("PRAGMA synchronous = FULL")
database.execute("CREATE TABLE event (id TEXT PRIMARY KEY, case_id TEXT NOT NULL, body TEXT NOT NULL)")


def insert(event_id: str, case: str, body: str) -> None:
    """Store one event durably."""
    with lock:
        database.execute("INSERT INTO event VALUES (?, ?, ?)", (event_id, case, body))


@app.post("/v1/cases/{case}/events", status_code=201)
async def deposit(case: str, request: Request) -> JSONResponse:
    """Take an event as it comes."""
    body = await request.json()
    event_id = body["claim"]["id"]
    await run_in_threadpool(insert, event_id, case, json.dumps(body))
    return JSONResponse({"id": event_id, "case": case}, 201)


if __name__ == "__main__":
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(json.dumps({"url": f"http://127.0.0.1:{listener.getsockname()[1]}"}), flush=True)
    server.run(sockets=[listener])
