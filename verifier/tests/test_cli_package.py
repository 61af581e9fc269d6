"""``zheng-verify`` on packages: one door for every file, and the policy in the package for who has no other."""

import pytest
from makers.packages import bundle, package, policy
from zheng_verifier.cli import main

AT = "--at=2026-06-01T00:00:00.000Z"


@pytest.fixture
def files(tmp_path):
    """A package, the bundle by itself, a policy."""
    (tmp_path / "package.asice").write_bytes(package())
    (tmp_path / "bundle.json").write_bytes(bundle())
    (tmp_path / "policy.json").write_bytes(policy())
    return tmp_path


def test_a_package_is_verified_with_its_documents(files, capsysbinary):
    """No further file is needed."""
    assert main([str(files / "package.asice"), f"--policy={files / 'policy.json'}", AT]) == 3
    printed = capsysbinary.readouterr().out.decode()
    assert "C01" in printed
    assert "package.asice/documents/" in printed


def test_who_has_no_policy_may_take_the_one_in_the_package(files, capsysbinary):
    """He has to say so; the first line names it, and the overall word is capped."""
    assert main([str(files / "package.asice"), "--policy-source=package", AT]) == 3
    assert "taken from the thing under test" in capsysbinary.readouterr().out.decode().splitlines()[0]


def test_a_bundle_holds_no_policy(files, capsysbinary):
    """So there is none to take out of it."""
    assert main([str(files / "bundle.json"), "--policy-source=package", AT]) == 2
    assert b"NOT_A_ZIP" in capsysbinary.readouterr().err


@pytest.mark.parametrize("options", [[], ["--policy-source=package", "--replay"]])
def test_no_policy_is_never_assumed(files, options, capsys):
    """Without a word about it nothing is verified."""
    with pytest.raises(SystemExit) as caught:
        main([str(files / "package.asice"), *options])
    assert caught.value.code == 2
    assert "--policy is needed" in capsys.readouterr().err
