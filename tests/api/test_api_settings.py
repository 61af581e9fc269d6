"""Settings are closed, frozen and read once."""

from pathlib import Path

import pytest

from api.paths import HomePaths
from api.settings import HttpTsaSettings, SettingsError, load_settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    import os

    for name in list(os.environ):
        if name.startswith("ZHENG_"):
            monkeypatch.delenv(name)


def test_defaults_are_an_embedded_installation():
    """Without any variable: loopback, the embedded chain, the local TSA."""
    settings = load_settings()
    assert settings.server.host == "127.0.0.1"
    assert [tsa.kind for tsa in settings.tsas] == ["local"]
    assert [chain.kind for chain in settings.chains] == ["embedded"]
    assert settings.public_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize("name", ["ZHENG_HOEM", "ZHENG_SERVERR__PORT", "zheng_foo"])
def test_unknown_top_level_name_is_refused(monkeypatch, name):
    """A misspelt variable stops the start and is named, with the known ones."""
    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsError, match=f"{name}.*ZHENG_HOME"):
        load_settings()


def test_unknown_name_inside_a_section_is_refused(monkeypatch):
    """A misspelling inside a section is refused by the section."""
    monkeypatch.setenv("ZHENG_SERVER__PROT", "1")
    with pytest.raises(SettingsError, match=r"(?i)prot"):
        load_settings()


def test_names_of_other_programs_are_let_be(monkeypatch):
    """ZHENG_VECTORS and the client's variables are no settings and no error."""
    monkeypatch.setenv("ZHENG_VECTORS", "/nowhere")
    monkeypatch.setenv("ZHENG_API_KEY", "zk_live_x")
    load_settings()


def test_bad_value_does_not_print_the_input(monkeypatch):
    """A refused value is not repeated: it may be a secret put in the wrong place."""
    monkeypatch.setenv("ZHENG_SERVER__PORT", "hunter2")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "hunter2" not in str(caught.value)


def test_lists_are_json_with_a_kind(monkeypatch):
    """TSAs are a tagged union read from JSON."""
    monkeypatch.setenv(
        "ZHENG_TSAS",
        '[{"kind":"http","name":"a","url":"http://127.0.0.1:1/","roots":"/r.pem","policy_oids":["1.2.3"]}]',
    )
    (tsa,) = load_settings().tsas
    assert isinstance(tsa, HttpTsaSettings)
    assert tsa.timeout == 20.0


def test_settings_and_sections_are_frozen():
    """Nothing can be changed after the start."""
    settings = load_settings()
    with pytest.raises(ValueError):
        settings.home = Path("/x")
    with pytest.raises(ValueError):
        settings.server.port = 1


def test_override_wins_over_environment(monkeypatch):
    """What the command line says wins."""
    monkeypatch.setenv("ZHENG_HOME", "/a")
    assert load_settings(home=Path("/b")).paths.ledger_db == Path("/b/data/ledger.db")


def test_folders_are_closed_to_others(tmp_path):
    """Every folder is made with mode 0700."""
    paths = HomePaths(tmp_path / "home")
    paths.create()
    paths.create()
    assert {oct(folder.stat().st_mode & 0o777) for folder in paths.folders()} == {"0o700"}
