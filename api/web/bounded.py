"""Runs `zheng_verifier` under hard limits of the kernel. A program of its own: `python -I bounded.py …`.

The parent could set limits between fork and exec, but code there runs in a copy of a threaded process; so the
child limits itself, before it has read anything a stranger sent.
"""

import resource
import runpy
import sys


def limit(memory: int, seconds: int) -> None:
    """Bound address space (bytes) and processor time; forbid writing files, core dumps and child processes."""
    for kind, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(kind, (value, value))


if __name__ == "__main__":
    limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.argv[:] = ["zheng-verify", *sys.argv[3:]]
    runpy.run_module("zheng_verifier", run_name="__main__", alter_sys=False)
