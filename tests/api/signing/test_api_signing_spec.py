"""The page about the pipeline's API: its routes are those that are served, and its example runs."""

import io
import re
import runpy
import time
from pathlib import Path

import httpx
import pikepdf

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "spec" / "signing.md"


def test_the_routes_of_the_page_are_those_of_the_program():
    """`make vectors` would change nothing."""
    generate = runpy.run_path(str(ROOT / "docs" / "generate_signing.py"))
    assert PAGE.read_text("utf-8").partition(generate["MARKER"] + "\n")[2] == generate["generated"]()


def test_the_example_of_the_page_runs(world, tenant, tmp_path, monkeypatch, capsys):
    """Both blocks, word for word: a contract is made, sent, seen, confirmed and signed, and prints what the page says."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        out = io.BytesIO()
        pdf.save(out)
    (tmp_path / "lease.pdf").write_bytes(out.getvalue())
    monkeypatch.chdir(tmp_path)
    for name, value in {"URL": "http://zheng.test", "API_KEY": tenant.key, "TENANT": tenant.id}.items():
        monkeypatch.setenv(f"ZHENG_{name}", value)
    original = httpx.Client.__init__

    def connected(self, **options):
        original(self, **options | {"transport": world.transport()})

    def received(asked):
        world.services.signing.delivery.sending.run("sms")
        texts = tenant.get("/v1/signing/simulators/sms?to=13900000041").json()["data"]
        (found,) = set(re.findall(r"/s#(\S{43})" if "#" in asked else r"验证码为 (\d{6})", texts[-1]["text"]))
        return found

    monkeypatch.setattr(httpx.Client, "__init__", connected)
    monkeypatch.setattr(time, "sleep", lambda _seconds: world.drain_signing())
    monkeypatch.setattr("builtins.input", received)
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
        exec(compile(block, str(PAGE), "exec"), {})
    printed = [line for line in capsys.readouterr().out.splitlines() if " request " not in line]
    assert printed == ["signing waiting_for_others", "signed completed"]
