"""Tile paths and contents against C2SP's and Tessera's own facts and a log that Tessera wrote."""

import json

import pytest
from zheng_verifier.checkpoint import open_checkpoint
from zheng_verifier.errors import MalformedError
from zheng_verifier.merkle import leaf_hash
from zheng_verifier.note import parse_vkey

from ledger.tiles import (
    MAX_ENTRY_BYTES,
    TilePath,
    available_width,
    format_entry_bundle,
    format_tile_path,
    parse_entry_bundle,
    parse_tile_path,
    tile_nodes,
)
from ledger.tree import NodeId, grow


@pytest.fixture(scope="module")
def facts(vectors):
    return json.loads((vectors("tlog-tiles") / "layout-facts.json").read_text())


def test_paths_are_written_and_read_as_tessera_does(facts):
    """Hash tiles and entry bundles, full and partial."""
    for fact in facts["tile_path"]:
        tile = TilePath(fact["level"], fact["index"], fact["partial"] or 256)
        assert format_tile_path(tile) == fact["path"]
        assert parse_tile_path(fact["path"]) == tile
    for fact in facts["entries_path"]:
        tile = TilePath(None, fact["n"], fact["partial"] or 256)
        assert format_tile_path(tile) == fact["path"]
        assert parse_tile_path(fact["path"]) == tile


def test_path_of_an_entry_is_that_of_its_bundle(facts):
    """Which bundle holds an index in a tree of some size."""
    for fact in facts["entries_path_for_index"]:
        number = fact["index"] // 256
        width = available_width(None, number, fact["tree_size"])
        assert format_tile_path(TilePath(None, number, width)) == fact["path"]


def test_strange_paths_are_refused_as_tessera_does(facts):
    """One spelling a tile: groups of three, a level up to 63, a width from 1 to 255."""
    for fact in facts["parse_tile_path"]:
        path = f"tile/{fact['level']}/{fact['index']}"
        if fact["ok"]:
            want = fact["want"]
            assert parse_tile_path(path) == TilePath(want["level"], want["index"], want["partial"] or 256)
        else:
            with pytest.raises(MalformedError):
                parse_tile_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/x000/001",
        "tile/00/001",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/01",
        "/tile/0/001",
        "tile/0/001\n",
        "tile/entries/１23",
        "tile/0/1",
        "tile/entries/",
        "tile/64/001",
        "tile/0/001.p/999",
    ],
)
def test_other_spellings_are_refused(path):
    """Leading zeros, full tiles as partial ones, other digits."""
    with pytest.raises(MalformedError):
        parse_tile_path(path)


def test_widths_follow_from_the_size(facts):
    """70,000 leaves: 273 full tiles and one of 112 at level 0, and so on."""
    for fact in facts["tiles_for_size"]:
        for level in range(3):
            counts = fact.get(f"level{level}", {"full": 0, "partial": 0})
            full = sum(available_width(level, index, fact["tree_size"]) == 256 for index in range(300))
            assert full == counts["full"]
            assert available_width(level, full, fact["tree_size"]) == counts["partial"]
            assert available_width(level, full + 1, fact["tree_size"]) == 0


def test_bundles_are_read_as_tessera_does(facts):
    """Lengths of two bytes; an end within one or within an entry is refused."""
    for fact in facts["entry_bundle_parse"]:
        data = bytes.fromhex(fact["hex"])
        if fact["ok"]:
            entries = tuple(bytes.fromhex(entry) for entry in fact["entries_hex"])
            assert parse_entry_bundle(data) == entries
            assert format_entry_bundle(entries) == data
        else:
            with pytest.raises(MalformedError):
                parse_entry_bundle(data)


def test_an_entry_too_long_is_refused():
    """65,535 bytes fit, one more does not."""
    entry = b"x" * MAX_ENTRY_BYTES
    assert parse_entry_bundle(format_entry_bundle([entry])) == (entry,)
    with pytest.raises(MalformedError):
        format_entry_bundle([entry + b"x"])


def test_tesseras_log_is_ours(vectors):
    """From its entries our tree makes its tiles and the root of each of its checkpoints."""
    folder = vectors("tlog-tiles") / "tessera-log"
    vkey = parse_vkey((folder.parent / "tessera-log.vkey").read_text().strip())
    entries = parse_entry_bundle((folder / "tile/entries/000.p/15").read_bytes())
    for size in range(1, 16):
        assert format_entry_bundle(entries[:size]) == (folder / f"tile/entries/000.p/{size}").read_bytes()
        growth = grow(0, (), [leaf_hash(entry) for entry in entries[:size]])
        nodes = dict(growth.nodes)
        tile = b"".join(nodes[node] for node in tile_nodes(TilePath(0, 0, size)))
        assert tile == (folder / f"tile/0/000.p/{size}").read_bytes()
        note = (folder / f"checkpoint.{size}").read_bytes()
        assert open_checkpoint(note, vkey, origin="example.com/log/testdata").checkpoint.head == growth.head


def test_a_tile_holds_the_nodes_eight_levels_up():
    """Level 1 of the tiles is level 8 of the tree."""
    assert tile_nodes(TilePath(1, 2, 2)) == (NodeId(8, 512), NodeId(8, 513))
    assert tile_nodes(TilePath(None, 0, 1)) == (NodeId(0, 0),)


def test_a_second_spelling_of_a_path_is_refused():
    """A level that no tree has, and groups that a smaller number would not need."""
    for path in ("tile/99/000", "tile/0/x000/001"):
        with pytest.raises(MalformedError):
            parse_tile_path(path)


def test_a_tile_is_as_wide_as_the_tree_reaches():
    """Full below the edge, partial at it, and nothing beyond (C2SP tlog-tiles: 70,000 leaves)."""
    widths = [
        available_width(level, index, 70_000)
        for level, index in ((0, 272), (0, 273), (0, 274), (1, 1), (2, 0))
    ]
    assert widths == [256, 112, 0, 17, 1]


def test_entries_that_end_within_a_length_or_an_entry_are_refused():
    """A bundle of entries is used up to its last byte."""
    for data in (b"\x00", b"\x00\x03ab"):
        with pytest.raises(MalformedError):
            parse_entry_bundle(data)
