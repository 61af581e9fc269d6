"""The artifact in the tree is what the pinned compiler makes of the sources in the tree."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from zheng_verifier.ethereum.event import SIGNATURE, TOPIC
from zheng_verifier.ethereum.keccak import keccak256

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = ROOT / "contracts_sol"


@pytest.fixture(scope="module")
def artifact():
    return json.loads((CONTRACTS / "artifact/EvidenceAnchor.json").read_text())


def test_the_sources_compile_to_the_artifact():
    """The npm solc of the lock file, run now, gives both copies of the artifact byte for byte."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed: the contract cannot be compiled to compare it with its artifact")
    if not (CONTRACTS / "node_modules/solc").is_dir():
        pytest.fail("the compiler is not installed: run `npm ci --ignore-scripts` in contracts_sol")
    run = subprocess.run(
        ["node", "compile.js", "--check"], cwd=CONTRACTS, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_the_packages_copy_is_the_artifact():
    """The copy that installed services read is the artifact, byte for byte."""
    copy = ROOT / "anchor/contract_artifact.json"
    assert copy.read_bytes() == (CONTRACTS / "artifact/EvidenceAnchor.json").read_bytes()


def test_the_artifact_is_of_these_sources_and_settings(artifact):
    """Source hashes, target, optimizer and the missing metadata hash are as promised; keys are sorted."""
    for name, digest in artifact["sourceHashes"].items():
        assert digest == "0x" + keccak256((CONTRACTS / name).read_bytes()).hex()
    settings = artifact["compiler"]["settings"]
    assert settings["evmVersion"] == "paris"
    assert settings["metadata"] == {"appendCBOR": False, "bytecodeHash": "none"}
    assert settings["optimizer"]["enabled"] is True
    assert artifact["compiler"]["version"].startswith("0.8.37+")
    text = (CONTRACTS / "artifact/EvidenceAnchor.json").read_text()
    assert text == json.dumps(artifact, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def test_the_code_hash_is_the_deployed_codes(artifact, chain):
    """What the chain stores under the contract's address hashes to the code hash that policies name."""
    deployed = bytes(chain.w3.eth.get_code(chain.contract.address))
    assert deployed.hex() == artifact["deployedBytecode"][2:]
    assert keccak256(deployed).hex() == artifact["codeHash"][2:]


def test_a_log_takes_two_slots(artifact):
    """Root, and administrator, size and flags: 64 bytes a log."""
    types = artifact["storageLayout"]["types"]
    assert types["t_struct(Log)_storage"]["numberOfBytes"] == "64"
    assert [item["label"] for item in artifact["storageLayout"]["storage"]] == [
        "_logs",
        "_pendingAdmins",
        "_publishers",
    ]


def test_the_verifier_looks_for_the_events_signature(artifact):
    """The topic in the verifier is the hash of the event's signature in the ABI, with the same indexed parts."""
    (event,) = [item for item in artifact["abi"] if item.get("name") == "TreeHeadAnchored"]
    signature = f"TreeHeadAnchored({','.join(part['type'] for part in event['inputs'])})"
    assert signature == SIGNATURE
    assert keccak256(signature.encode()) == TOPIC
    assert [part["name"] for part in event["inputs"] if part["indexed"]] == ["logId", "treeSize", "publisher"]


def test_the_lock_file_pins_and_names_no_other_registry():
    """Every npm package is pinned by hash, and no address but the public registry's stands in the lock file."""
    text = (CONTRACTS / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    assert all(package["integrity"].startswith("sha512-") for name, package in packages.items() if name)
    assert all(
        url.startswith("https://registry.npmjs.org/") for url in re.findall(r'"resolved": "([^"]*)"', text)
    )
    wanted = packages[""]["devDependencies"] | packages[""]["optionalDependencies"]
    assert all(re.fullmatch(r"[0-9.]+", version) for version in wanted.values())
