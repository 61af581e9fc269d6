"""Our names are ours: no other distribution owns them, no test folder shadows them, the wheels hold what they must.

Two distributions with one top-level name overwrite each other in silence, and ours are plain words.
"""

import ast
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SERVICE = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
VERIFIER = tomllib.loads((ROOT / "verifier" / "pyproject.toml").read_text("utf-8"))
CLIENT = tomllib.loads((ROOT / "clients" / "python" / "pyproject.toml").read_text("utf-8"))
PACKAGES = {
    **{name: ROOT / name for name in SERVICE["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]},
    **{
        name: ROOT / "verifier" / name
        for name in VERIFIER["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    },
    **{
        name: ROOT / "clients" / "python" / name
        for name in CLIENT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    },
}
OURS = {SERVICE["project"]["name"], VERIFIER["project"]["name"], CLIENT["project"]["name"]}


def foreign_owners(distributions):
    """Name each (distribution, file) of somebody else that lies under one of our top-level names."""
    return {
        (distribution.metadata["Name"], str(file))
        for distribution in distributions
        if distribution.metadata["Name"] not in OURS
        for file in distribution.files or []
        if file.parts[0] in PACKAGES or file.parts[0] in {f"{name}.py" for name in PACKAGES}
    }


def test_no_other_distribution_owns_our_names():
    """None of what is installed here puts a file under api, ledger, anchor, signing, zheng_client or zheng_verifier."""
    assert foreign_owners(metadata.distributions()) == set()


def test_a_foreign_owner_would_be_found(tmp_path):
    """The guard sees a distribution that brings a package of ours."""
    info = tmp_path / "intruder-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: intruder\nVersion: 1.0\n")
    (info / "RECORD").write_text("ledger/__init__.py,,\nintruder/__init__.py,,\nanchor.py,,\n")
    found = foreign_owners(metadata.distributions(path=[str(tmp_path)]))
    assert found == {("intruder", "ledger/__init__.py"), ("intruder", "anchor.py")}


def test_our_names_are_not_in_the_standard_library():
    """Nor would a later import of it find our folder."""
    assert not PACKAGES.keys() & set(sys.stdlib_module_names)


def test_our_packages_are_the_ones_that_are_imported():
    """What the tests import is this tree, or a wheel of it, and no namespace of somebody else."""
    for name in PACKAGES:
        spec = __import__("importlib.util").util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        assert Path(spec.origin).name == "__init__.py"


def test_every_package_is_in_a_wheel():
    """A folder with modules at the top of the tree is listed in a wheel, or it would work here and nowhere else."""
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")} | {
        path.parent.name
        for project in ("verifier", "clients/python")
        for path in (ROOT / project).glob("*/__init__.py")
    }
    assert set(PACKAGES) == folders


def test_nothing_in_a_package_is_ignored_by_git():
    """The wheel is built without what git ignores: data beside modules must not be among it."""
    if not (ROOT / ".git").exists():
        ignored = (ROOT / ".gitignore").read_text().split()
        assert not {"*.json", "*.typ", "*.ttf", "*.txt"} & set(ignored)
        return
    files = [
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES.values()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin"],
        input="\n".join(files),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, done.stdout) == (1, "")


DATA = {
    "zheng_verifier": ["taxonomy/schemas/case.opened.1.json", "pdf/fonts/OFL.txt"],
    "anchor": ["contract_artifact.json"],
    "api": ["issuance/certificate/certificate.typ"],
}


@pytest.mark.parametrize(
    ("package", "file"), [(package, file) for package, files in DATA.items() for file in files]
)
def test_data_lies_within_the_packages(package, file):
    """What is read at run time is beside the module that reads it, so the wheel holds it."""
    assert (PACKAGES[package] / file).is_file()


def test_every_folder_with_modules_is_a_package():
    """A forgotten __init__.py makes a namespace: imports work here, mypy and wheels differ."""
    for package in PACKAGES.values():
        folders = {path.parent for path in package.rglob("*.py") if "__pycache__" not in path.parts}
        # Alembic loads revisions by path; its folders are no packages.
        missing = {
            folder
            for folder in folders
            if not (folder / "__init__.py").is_file() and "migrations" not in folder.parts
        }
        assert missing == set()


def test_test_folders_are_no_packages_and_names_are_unique():
    """A package under tests/ would become `ledger` itself; two files of one name are one module to some tools."""
    tests = [
        path for folder in (ROOT / "tests", ROOT / "verifier" / "tests") for path in folder.rglob("*.py")
    ]
    assert not [path for path in tests if path.name == "__init__.py"]
    names = [path.name for path in tests if path.name != "conftest.py"]
    assert sorted(names) == sorted(set(names))


def test_floor_0_tests_import_floor_0_only():
    """The verifier's tests run where only the verifier is installed."""
    above = set(PACKAGES) - {"zheng_verifier"}
    for path in (ROOT / "verifier" / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            assert not {name.split(".")[0] for name in names} & above, path.name
