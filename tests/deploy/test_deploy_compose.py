"""The compose file describes what the program does; each service's own command runs here, without Docker."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from pathlib import Path, PurePosixPath

import pytest
import typer
import yaml
from zheng_verifier.pdf.fonts import FOLDER as FONTS

from api.cli.main import app
from api.paths import HomePaths
from api.settings import load_settings
from api.web.portal.rendering import FOLDER
from signing.documents.soffice import INSTALL

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
HOME = PurePosixPath("/var/lib/zheng/home")
SECRET = re.compile(r"key|secret|token|password|credential", re.IGNORECASE)


def parse(command):
    """Let the command line parse a command as it would be typed; gives the command that would run."""
    assert command[0] == "zheng"
    found, rest = typer.main.get_command(app), command[1:]
    while hasattr(found, "commands"):
        found, rest = found.commands[rest[0]], rest[1:]
    found.make_context(command[1], list(rest))
    return found.name


@pytest.mark.parametrize("name", SERVICES)
def test_each_command_is_one_of_ours(name):
    """A service runs `zheng` with arguments that it takes, and is called like what it does."""
    assert parse(SERVICES[name]["command"]) == name


@pytest.mark.parametrize("name", SERVICES)
def test_volumes_are_the_folders_of_a_home(name):
    """Every folder that `zheng init` makes right below the home has a volume of its own, and no other has one."""
    mounts = dict(volume.split(":") for volume in SERVICES[name]["volumes"])
    assert set(mounts) == set(COMPOSE["volumes"])
    paths = HomePaths(Path(HOME))
    wanted = {folder for folder in paths.folders() if folder.parent == paths.home}
    assert {Path(target) for target in mounts.values()} == wanted | {paths.home}
    assert all(volume == PurePosixPath(target).name for volume, target in mounts.items())


@pytest.mark.parametrize("name", SERVICES)
def test_the_environment_is_known_and_holds_no_secret(name, monkeypatch):
    """Every variable is a setting of ours and is accepted; none is, or looks like, a secret."""
    environment = SERVICES[name]["environment"]
    for variable in list(os.environ):
        if variable.startswith("ZHENG_"):
            monkeypatch.delenv(variable)
    for variable, value in environment.items():
        monkeypatch.setenv(variable, str(value))
    settings = load_settings()
    assert PurePosixPath(settings.home) == HOME
    assert [text for pair in environment.items() for text in pair if SECRET.search(str(text))] == []
    assert "env_file" not in SERVICES[name]


def test_the_log_is_made_before_anything_works_on_it():
    """`init` ends well before `serve` and `worker` start, and runs once; nobody else opens a port."""
    for name in ("serve", "worker"):
        condition = SERVICES[name]["depends_on"]["init"]["condition"]
        assert condition == "service_completed_successfully"
    assert "depends_on" not in SERVICES["init"]
    assert SERVICES["init"]["restart"] == "no"
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["serve"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["serve"]["ports"])


def test_services_are_held_short():
    """A read-only root, no capabilities, no new privileges; only the worker reaches out, only the service is reached."""
    for service in SERVICES.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
    assert (SERVICES["serve"]["networks"], SERVICES["worker"]["networks"]) == (["public"], ["egress"])
    assert set(COMPOSE["networks"]) == {"public", "egress"}


def test_the_image_builds_from_what_is_here():
    """What the Dockerfile copies exists, it starts `zheng` as another user than root, and Docker may see it."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = [
        line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY ") and "--from" not in line
    ]
    missing = [
        name for names in copied for name in names if not name.startswith("--") and not (ROOT / name).exists()
    ]
    assert copied
    assert missing == []
    user = re.findall(r"^USER (\S+)$", text, re.MULTILINE)
    assert user
    assert user[-1] not in ("root", "0")


def test_the_image_converts_documents():
    """LibreOffice is installed as the converter asks for it, as root; our fonts come by the wheel."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    final = text[text.rindex("\nFROM ") :]
    (installed,) = re.findall(
        r"^RUN apt-get update && apt-get install -y (.+?) && (.+)$", final, re.MULTILINE
    )
    assert f"apt-get install {installed[0]}" == INSTALL
    assert installed[1] == "rm -rf /var/lib/apt/lists/*"
    assert final.index("apt-get install") < final.index("USER ")
    assert "/usr/bin" not in "".join(
        re.findall(r"^ENV .*", final, re.MULTILINE)
    )  # PATH is only ever added to
    assert all("/tmp" in service["tmpfs"] for service in SERVICES.values())
    assert FONTS.is_relative_to(ROOT / "verifier" / "zheng_verifier")
    assert list(FONTS.glob("*.ttf"))


def test_the_wheel_carries_the_pages():
    """What the image installs is the wheel: the portal's templates and files go with it, to where its code looks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included == {name: name for name in ("portal/templates", "portal/static")}
    assert [name for name in included if not any((ROOT / name).iterdir())] == []
    assert FOLDER == ROOT / "portal"


def test_volumes_belong_to_the_user_of_the_image():
    """Every folder that a volume is mounted on is made in the image, and given to the user that runs there."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    (user,) = re.findall(r"^USER (\S+)$", text, re.MULTILINE)
    (made,) = re.findall(
        rf"cd {HOME.parent} && install -d -m 0700 -o {user} -g {user} ((?:[^\n]*\\\n)*[^\n]*)", text
    )
    folders = {str(HOME.parent / name) for name in made.replace("\\", " ").split()}
    assert folders == {target.split(":")[1] for target in SERVICES["serve"]["volumes"]}
    assert text.index("install -d") < text.index(f"USER {user}")


@pytest.fixture
def shell(tmp_path):
    """Run services' own commands with the compose environment, brought to a home and a port of this test."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = []

    class Shell:
        url = f"http://127.0.0.1:{port}"
        home = tmp_path / "home"

        def start(self, name):
            own = {
                key: value for key, value in os.environ.items() if not key.startswith(("ZHENG_", "COVERAGE_"))
            }
            told = {key: str(value) for key, value in SERVICES[name]["environment"].items()}
            adapted = {
                "ZHENG_HOME": str(self.home),
                "ZHENG_SERVER__HOST": "127.0.0.1",
                "ZHENG_SERVER__PORT": str(port),
            }
            command = [str(Path(sys.executable).with_name("zheng")), *SERVICES[name]["command"][1:]]
            log = (tmp_path / f"{name}.log").open("w+b")
            process = subprocess.Popen(
                command,
                cwd=tmp_path,
                env=own | told | adapted,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
            running.append((process, log))
            return process

        def ready(self):
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                    return json.load(answer)
            except (OSError, urllib.error.URLError):
                return None

        def logs(self):
            return "".join(path.read_text() for path in tmp_path.glob("*.log"))

    yield Shell()
    for process, log in running:
        if process.poll() is None:
            process.kill()
            process.wait()
        log.close()


def wait_for(check, seconds, shell):
    deadline = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < deadline, shell.logs()
        time.sleep(0.05)
    return found


def test_the_services_run_together(shell):
    """init to its end, then serve and worker: ready, the health check passes, the log's first head gets anchored."""
    init = shell.start("init")
    assert init.wait(60) == 0, shell.logs()
    serve, worker = shell.start("serve"), shell.start("worker")
    assert wait_for(shell.ready, 60, shell)["status"] == "ready"
    check = SERVICES["serve"]["healthcheck"]["test"]
    assert check[:3] == ["CMD", "python", "-c"]
    code = check[3].replace("http://127.0.0.1:8000", shell.url)
    assert code != check[3]
    subprocess.run([sys.executable, "-c", code], check=True, timeout=20)
    anchored = wait_for(
        lambda: (told := shell.ready()) and told["log"]["unanchored"] == 0 and told, 60, shell
    )
    assert anchored["status"] == "ready"
    assert anchored["log"]["unsigned"] == 0
    for process in (worker, serve):
        process.send_signal(signal.SIGTERM)
    assert (worker.wait(30), serve.wait(30)) == (0, 0), shell.logs()
