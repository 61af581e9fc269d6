"""The example on docs/spec/anchor.md is true."""

import json
import re
from pathlib import Path

from zheng_verifier.ethereum.anchor import compute_log_id
from zheng_verifier.ethereum.event import TOPIC, parse_event
from zheng_verifier.ethereum.receipt import Log

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/spec/anchor.md").read_text()
VALID = json.loads((ROOT / "verifier/tests/data/anchor/valid.json").read_text())


def block(name):
    """Give the page's fenced block of this name."""
    found = re.search(rf"```{name}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found.group(1).strip()


def test_the_log_id_of_the_example_is_computed_from_its_parts():
    """Chain id, contract, creator and vkey on the page lead to the log id on the page, which the vector has too."""
    chain = VALID["chain"]
    assert f"chain {chain['chain_id']}" in PAGE
    assert chain["contract"] in PAGE
    assert chain["creator"] in PAGE
    log_id = compute_log_id(
        chain_id=chain["chain_id"],
        contract=bytes.fromhex(chain["contract"]),
        creator=bytes.fromhex(chain["creator"]),
        vkey=block("vkey"),
    )
    assert log_id.hex() == block("log-id") == chain["log_id"]


def test_the_event_of_the_example_reads_as_the_page_says():
    """The page's words are topics and data of an event with the vector's head and note."""
    words = [bytes.fromhex(line.split()[0]) for line in block("event").splitlines()]
    event = parse_event(Log(bytes.fromhex(VALID["chain"]["contract"]), tuple(words[:4]), b"".join(words[4:])))
    assert words[0] == TOPIC
    assert (event.tree_size, event.prev_tree_size) == (1_000_003, 1_000_000)
    assert event.log_id.hex() == VALID["chain"]["log_id"]
    assert {"root_hash": event.root_hash.hex(), "size": event.tree_size} == VALID["head"]
    assert event.note.hex() == VALID["note_digest"]
    assert event.publisher.hex() in VALID["chain"]["publishers"]


def test_every_code_of_the_checks_is_on_the_page():
    """Each error code that the Ethereum modules raise, but for malformed input, is explained on the page."""
    sources = (ROOT / "verifier/zheng_verifier/ethereum").glob("*.py")
    raised = re.compile(r'(?:Verification|Insufficient|Uncheckable)Error\(\s*"([A-Z_]+)"')
    codes = {code for path in sources for code in raised.findall(path.read_text())}
    assert len(codes) > 12
    assert {code for code in codes if code not in PAGE} == set()
