"""Runs a program under hard limits of the kernel and without a network. A program of its own: `python -I confined.py …`.

The parent could do this between fork and exec, but code there runs in a copy of a threaded process; so the child
confines itself, before it has read anything a stranger sent. Arguments: memory (bytes), processor time (s), largest file
(bytes), open files, `module NAME ARGUMENTS…` or `program PATH ARGUMENTS…`.
"""

import ctypes
import os
import platform
import resource
import runpy
import struct
import sys

# linux/audit.h, linux/seccomp.h, linux/prctl.h; socket(2) and the calls that could reach it otherwise.
# 425 is io_uring_setup; 0x40000029 is socket as x32 programs call it.
_ARCHITECTURES = {"x86_64": (0xC000003E, 41, (425, 0x40000029)), "aarch64": (0xC00000B7, 198, (425,))}
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_KILL, _ALLOW, _DENY = 0x80000000, 0x7FFF0000, 0x00050000 | 13  # EACCES
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_AF_UNIX = 1


def limit(memory: int, seconds: int, largest: int, files: int) -> None:
    """Bound address space, processor time, files written and open; forbid core dumps."""
    for kind, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, largest),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, files),
    ):
        resource.setrlimit(kind, (value, value))


def cut_off() -> bool:
    """Let this process and all it starts open no socket but those within the machine's own file system.

    False where the kernel or the processor is another: the caller's other measures have to do.
    """
    known = _ARCHITECTURES.get(platform.machine())
    if not sys.platform.startswith("linux") or known is None:
        return False
    architecture, socket_call, others = known
    # A filter of classic BPF over struct seccomp_data: number at 0, architecture at 4, first argument at 16.
    program = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        *((_EQUAL, len(others) + 2 - place, 0, number) for place, number in enumerate(others)),
        (_EQUAL, 0, 3, socket_call),
        (_LOAD, 0, 0, 16),
        (_EQUAL, 1, 0, _AF_UNIX),
        (_RETURN, 0, 0, _DENY),
        (_RETURN, 0, 0, _ALLOW),
    ]
    code = b"".join(struct.pack("=HBBI", *each) for each in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    described = struct.pack(
        "@HxxxxxxP" if struct.calcsize("P") == 8 else "@HxxP", len(program), ctypes.addressof(buffer)
    )
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    return bool(
        libc.prctl(_SET_SECCOMP, _FILTER, ctypes.create_string_buffer(described, len(described)), 0, 0) == 0
    )


def main(arguments: list[str]) -> None:
    """Confine this process and become the program."""
    memory, seconds, largest, files = (int(each) for each in arguments[:4])
    kind, name, *rest = arguments[4:]
    cut_off()
    limit(memory, seconds, largest, files)
    if kind == "program":
        os.execv(name, [name, *rest])  # noqa: S606  # the path is the operator's
    sys.argv[:] = [name, *rest]
    runpy.run_module(name, run_name="__main__", alter_sys=False)


if __name__ == "__main__":
    main(sys.argv[1:])
