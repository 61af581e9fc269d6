"""Nesting is bounded by ourselves, whatever recursion limit other libraries have set."""

import sys
import threading
import time

import pytest
from zheng_verifier.canonical import BUNDLE_LIMITS, Limits, parse_json
from zheng_verifier.errors import MalformedError

LIMITS = Limits(max_bytes=4 << 20, max_depth=10, max_string=4 << 20)


@pytest.fixture
def high_limit():
    """The limit that py_ecc sets when it is imported."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    yield
    sys.setrecursionlimit(before)


def code_in_thread(data):
    """Parse on a thread's small stack, and give the code of the refusal."""
    codes = []

    def run():
        try:
            parse_json(data, LIMITS)
        except MalformedError as error:
            codes.append(error.code)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return codes


@pytest.mark.parametrize("data", [b"[" * 100_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000])
def test_deep_input_does_not_end_the_process(high_limit, data):
    """A hundred thousand brackets are refused before the decoder recurses."""
    assert code_in_thread(data) == ["TOO_DEEP"]


def test_many_shallow_brackets_are_fine():
    """Width is no depth, and brackets in strings are text."""
    data = b"[" + b",".join(b'{"a":["]]]}}}[[[[{{{\\"["]}' for _ in range(500)) + b"]"
    assert len(parse_json(data, LIMITS)) == 500


@pytest.mark.parametrize("data", [b'"' + b'\\"' * 500_000, b"[" * 201 + b'"' + b"\\" * 500_001])
def test_unclosed_strings_take_linear_time(data):
    """A string that never ends is passed over once."""
    started = time.monotonic()
    with pytest.raises(MalformedError):
        parse_json(b"[" * 150 + b"{" * 100 + data, LIMITS)
    assert time.monotonic() - started < 2


def test_limit_above_the_safe_depth_is_kept():
    """A caller who allows more than the safe depth gets it."""
    assert parse_json(b"[" * 250 + b"]" * 250, Limits(1000, 300, 10))
    with pytest.raises(MalformedError):
        parse_json(b"[" * 301 + b"]" * 301, Limits(1000, 300, 10))
    assert BUNDLE_LIMITS.max_depth < 200
