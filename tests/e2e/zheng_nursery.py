"""A process that has imported the service once and forks `zheng …` from itself: many lives without many imports.

It runs the very entry point of the command line, `api.cli.main.main`, in the child. Jobs come on its standard input,
one JSON object a line, and each is answered by one line:

    {"start": {"arguments", "environment", "folder", "out", "err", "file_limit"?}}    → {"pid"}
    {"wait": PID, "seconds": S}                                                       → {"code"}, null if it still runs
"""

import importlib
import json
import os
import resource
import sys
import time
import traceback

# What the commands import late; a name that moves away makes a life slower, never wrong.
WARM = (
    "api.cli.main",
    "api.operation.checkup",
    "api.cli.demo",
    "api.operation.installation",
    "api.web.serving",
    "api.operation.worker",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)


def live(job):
    """The whole life of a child: what `zheng` does when it is typed."""
    for descriptor, path in ((1, job["out"]), (2, job["err"])):
        target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(target, descriptor)
        os.close(target)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.environ.update(job["environment"])
    os.chdir(job["folder"])
    if job.get("file_limit"):
        limit_file_size(job["file_limit"])
    sys.argv = ["zheng", *job["arguments"]]
    from api.cli.main import main

    main()


def limit_file_size(size):
    """Let no file of this process grow beyond ``size`` bytes: the kernel's stand-in for a full disk (EFBIG).

    The hard limit stays, so that the test can lift the soft one again from outside.
    """
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def start(job):
    """Fork a child that runs one command."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        live(job)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def wait(child, seconds):
    """Give the exit code of a child, negative for a signal; None if it still runs then."""
    deadline = time.monotonic() + seconds
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= deadline:
            return None
        time.sleep(0.005)


def main():
    for name in WARM:
        try:
            importlib.import_module(name)
        except ImportError as error:
            print(f"not warmed: {error}", file=sys.stderr)
    for line in sys.stdin:
        job = json.loads(line)
        answer = (
            {"pid": start(job["start"])} if "start" in job else {"code": wait(job["wait"], job["seconds"])}
        )
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
