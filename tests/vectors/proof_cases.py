"""Vectors of Merkle proofs, notes, checkpoints and tlog-proof files (docs/spec/checkpoint.md, docs/spec/proofs.md)."""

import hashlib

from cases import (
    FALSE,
    INDEX,
    LEAF,
    LEAVES,
    MALFORMED,
    OK,
    ORIGIN,
    OTHER,
    OTHER_VKEY,
    UNCHECKABLE,
    VKEY,
    WITNESS,
    Case,
    case,
    checkpoint_body,
    checkpoint_note,
    growth,
    log_line,
    path,
    root,
)
from zheng_verifier.encoding import format_base64
from zheng_verifier.merkle import leaf_hash
from zheng_verifier.note import NoteSignature, format_note, format_vkey, key_id
from zheng_verifier.tlog_proof import TlogProof, format_tlog_proof


def _flip(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def _hex(items: list[bytes]) -> list[str]:
    return [item.hex() for item in items]


def inclusion_cases() -> list[Case]:
    """Make the cases: every leaf of trees of 1 to 11 leaves, and what goes wrong with leaf 4 of 11."""

    def made(
        name: str,
        expect: str,
        code: str = "",
        *,
        index: int = 4,
        size: int = 11,
        leaf: bytes | None = None,
        head: bytes | None = None,
        proof: list[bytes] | None = None,
    ) -> Case:
        return case(
            name,
            expect,
            code=code,
            index=index,
            size=size,
            leaf_hash=(leaf_hash(LEAVES[4]) if leaf is None else leaf).hex(),
            root_hash=(root(LEAVES) if head is None else head).hex(),
            proof=_hex(path(4, LEAVES) if proof is None else proof),
        )

    good = [
        made(
            f"leaf {index} of {size}",
            OK,
            index=index,
            size=size,
            leaf=leaf_hash(LEAVES[index]),
            head=root(LEAVES[:size]),
            proof=path(index, LEAVES[:size]),
        )
        for size in (1, 2, 3, 4, 5, 7, 8, 11)
        for index in range(size)
    ]
    proof = path(4, LEAVES)
    return [
        *good,
        made("another leaf", FALSE, "INCLUSION_FAILURE", leaf=leaf_hash(b"TEST another")),
        made("another root", FALSE, "INCLUSION_FAILURE", head=leaf_hash(b"TEST another")),
        made("neighbour's index", FALSE, "INCLUSION_FAILURE", index=5),
        made("hashes in reverse order", FALSE, "INCLUSION_FAILURE", proof=proof[::-1]),
        *(
            made(
                f"bit of hash {at} flipped",
                FALSE,
                "INCLUSION_FAILURE",
                proof=[*proof[:at], _flip(proof[at]), *proof[at + 1 :]],
            )
            for at in range(len(proof))
        ),
        made("node taken for a leaf", MALFORMED, "PROOF_LENGTH", leaf=root(LEAVES[4:6]), proof=proof[1:]),
        made("last hash missing", MALFORMED, "PROOF_LENGTH", proof=proof[:-1]),
        made("one hash too many", MALFORMED, "PROOF_LENGTH", proof=[*proof, proof[0]]),
        made("no hashes", MALFORMED, "PROOF_LENGTH", proof=[]),
        made("index of the size", MALFORMED, "FORMAT_FAILURE", index=11),
        made("index below 0", MALFORMED, "FORMAT_FAILURE", index=-1),
        made("size of 0", MALFORMED, "FORMAT_FAILURE", index=0, size=0, proof=[]),
        made("hash of 31 bytes", MALFORMED, "FORMAT_FAILURE", proof=[proof[0][:-1], *proof[1:]]),
        made(
            "empty root and leaf", MALFORMED, "FORMAT_FAILURE", index=0, size=1, leaf=b"", head=b"", proof=[]
        ),
    ]


def consistency_cases() -> list[Case]:
    """Make the cases: pairs of sizes up to 11, and what goes wrong between 6 and 11."""

    def made(
        name: str,
        expect: str,
        code: str = "",
        *,
        old: int = 6,
        new: int = 11,
        old_root: bytes | None = None,
        new_root: bytes | None = None,
        proof: list[bytes] | None = None,
    ) -> Case:
        return case(
            name,
            expect,
            code=code,
            old_size=old,
            new_size=new,
            old_root=(root(LEAVES[:old]) if old_root is None else old_root).hex(),
            new_root=(root(LEAVES[:new]) if new_root is None else new_root).hex(),
            proof=_hex(growth(6, LEAVES) if proof is None else proof),
        )

    pairs = [
        (1, 1),
        (1, 2),
        (1, 11),
        (2, 4),
        (2, 3),
        (3, 4),
        (3, 7),
        (4, 8),
        (5, 11),
        (6, 11),
        (7, 8),
        (8, 11),
        (10, 11),
    ]
    proof = growth(6, LEAVES)
    fork = [*LEAVES[:5], b"TEST forked", *LEAVES[6:]]
    return [
        *(
            made(f"{old} to {new}", OK, old=old, new=new, proof=growth(old, LEAVES[:new]))
            for old, new in pairs
        ),
        made(
            "forked before the old size",
            FALSE,
            "CONSISTENCY_FAILURE",
            new_root=root(fork),
            proof=growth(6, fork),
        ),
        made(
            "roots exchanged", FALSE, "CONSISTENCY_FAILURE", old_root=root(LEAVES), new_root=root(LEAVES[:6])
        ),
        *(
            made(
                f"bit of hash {at} flipped",
                FALSE,
                "CONSISTENCY_FAILURE",
                proof=[*proof[:at], _flip(proof[at]), *proof[at + 1 :]],
            )
            for at in range(len(proof))
        ),
        made("one size, two roots", FALSE, "CONSISTENCY_FAILURE", old=11, old_root=root(fork), proof=[]),
        made("last hash missing", MALFORMED, "PROOF_LENGTH", proof=proof[:-1]),
        made("one hash too many", MALFORMED, "PROOF_LENGTH", proof=[*proof, proof[0]]),
        made("equal sizes with a proof", MALFORMED, "PROOF_LENGTH", old=11, proof=proof),
        made(
            "old root before the proof of a whole subtree",
            MALFORMED,
            "PROOF_LENGTH",
            old=8,
            proof=[root(LEAVES[:8]), *growth(8, LEAVES)],
        ),
        made("from the empty tree", MALFORMED, "FORMAT_FAILURE", old=0, proof=[]),
        made("sizes out of order", MALFORMED, "FORMAT_FAILURE", old=11, new=6),
        made("hash of 33 bytes", MALFORMED, "FORMAT_FAILURE", proof=[proof[0] + b"\x00", *proof[1:]]),
    ]


def note_cases() -> list[Case]:
    """Make the cases: a note, and the keys known to its reader."""
    text = "TEST note\n\nwith an empty line\n"
    own, other = log_line(text), log_line(text, OTHER)
    plain = format_note(text, [own])

    def made(
        name: str, expect: str, note: bytes, code: str = "", vkeys: tuple = (VKEY,), verified: int = 1
    ) -> Case:
        facts = {"verified": verified} if expect == OK else {}
        return case(name, expect, note, code, vkeys=[format_vkey(key) for key in vkeys], **facts)

    line = plain.decode().splitlines()[-1]
    bad = {
        "no signature": text.encode(),
        "no empty line": f"TEST note\n{line}\n".encode(),
        "no last line feed": plain[:-1],
        "carriage return": plain.replace(b"\n", b"\r\n"),
        "control character": plain.replace(b"TEST note", b"TEST\x07note"),
        "hyphen for the dash": plain.replace("— ".encode(), b"- "),
        "two blanks": plain.replace("— ".encode(), "—  ".encode()),
        "padding left out": plain.replace(b"=\n", b"\n"),
        "text after the signatures": plain + b"more\n",
        "plus in a name": format_note(text, [NoteSignature("a+b", bytes(4), bytes(64)), own]),
        "key id without signature": format_note(text, [NoteSignature("name", bytes(4), b""), own]),
    }
    return [
        made("one signature", OK, plain),
        made("two known keys", OK, format_note(text, [own, other]), vkeys=(VKEY, OTHER_VKEY), verified=2),
        made("unknown lines around", OK, format_note(text, [WITNESS, own, WITNESS])),
        made("line repeated", OK, format_note(text, [own, own])),
        made("text changed", FALSE, plain.replace(b"empty", b"Empty"), "SIG_CRYPTO_FAILURE"),
        made(
            "second known key lies",
            FALSE,
            format_note(text, [own, NoteSignature(OTHER_VKEY.name, OTHER_VKEY.key_id, own.signature)]),
            "SIG_CRYPTO_FAILURE",
            (VKEY, OTHER_VKEY),
        ),
        made(
            "signature of 63 bytes",
            FALSE,
            format_note(text, [NoteSignature(own.name, own.key_id, own.signature[:-1])]),
            "SIG_CRYPTO_FAILURE",
        ),
        made("no known key", UNCHECKABLE, plain, "KEY_UNKNOWN", (OTHER_VKEY,)),
        made(
            "same name, another id",
            UNCHECKABLE,
            format_note(text, [NoteSignature(own.name, bytes(4), own.signature)]),
            "KEY_UNKNOWN",
        ),
        made("not UTF-8", MALFORMED, b"\xff" + plain, "INVALID_UTF8"),
        made("101 lines", MALFORMED, format_note(text, [own] * 101), "TOO_MANY"),
        *(made(name, MALFORMED, data, "FORMAT_FAILURE") for name, data in bad.items()),
    ]


def vkey_cases() -> list[Case]:
    """Make the cases; each input is read as a verifier key."""
    text = format_vkey(VKEY)
    name, identifier, key = text.split("+", 2)
    cosigner = b"\x04" + VKEY.public_key
    return [
        case("Ed25519", OK, text.encode(), key_id=VKEY.key_id.hex()),
        case(
            "type of a cosignature",
            UNCHECKABLE,
            f"{name}+{key_id(name, 4, VKEY.public_key).hex()}+{format_base64(cosigner)}".encode(),
            "UNKNOWN_ALGORITHM",
        ),
        case("name changed", MALFORMED, text.replace("TEST", "test").encode(), "FORMAT_FAILURE"),
        case("id in upper case", MALFORMED, f"{name}+{identifier.upper()}+{key}".encode(), "FORMAT_FAILURE"),
        case(
            "key of another id",
            MALFORMED,
            f"{name}+{OTHER_VKEY.key_id.hex()}+{key}".encode(),
            "FORMAT_FAILURE",
        ),
        case("key cut off", MALFORMED, f"{name}+{identifier}+{key[:-4]}".encode(), "FORMAT_FAILURE"),
        case("blank in the name", MALFORMED, ("a " + text).encode(), "FORMAT_FAILURE"),
        case("no key", MALFORMED, f"{name}+{identifier}".encode(), "FORMAT_FAILURE"),
    ]


def checkpoint_cases() -> list[Case]:
    """Make the cases: a note that is opened as a checkpoint of the log by the log's key."""
    body = checkpoint_body(11)
    plain = checkpoint_note(11)

    def made(name: str, expect: str, note: bytes, code: str = "", **facts: object) -> Case:
        return case(name, expect, note, code, vkey=format_vkey(VKEY), origin=ORIGIN, **facts)

    def signed(text: str) -> bytes:
        return format_note(text, [log_line(text)])

    facts = {"size": 11, "root_hash": root(LEAVES).hex(), "note_digest": hashlib.sha256(plain).hexdigest()}
    bad = {
        "size with a leading zero": signed(body.replace("\n11\n", "\n011\n")),
        "size below 0": signed(body.replace("\n11\n", "\n-11\n")),
        "size of 2^63": signed(body.replace("\n11\n", f"\n{2**63}\n")),
        "root of 31 bytes": signed(f"{ORIGIN}\n11\n{format_base64(root(LEAVES)[:31])}\n"),
        "root without padding": signed(body.replace("=\n", "\n")),
        "two lines": signed(f"{ORIGIN}\n11\n"),
        "no origin": signed("\n" + body.split("\n", 1)[1]),
        "two lines by the log": format_note(body, [log_line(body), log_line(body)]),
    }
    extended = signed(body + "TEST extension\n")
    return [
        made("eleven leaves", OK, plain, **facts),
        made("cosigned", OK, format_note(body, [WITNESS, log_line(body), WITNESS]), **facts),
        made(
            "with an extension line",
            OK,
            extended,
            **(facts | {"note_digest": hashlib.sha256(extended).hexdigest()}),
        ),
        made(
            "no leaves",
            OK,
            checkpoint_note(0),
            size=0,
            root_hash=root([]).hex(),
            note_digest=hashlib.sha256(checkpoint_note(0)).hexdigest(),
        ),
        made("size changed", FALSE, plain.replace(b"\n11\n", b"\n10\n"), "SIG_CRYPTO_FAILURE"),
        made("of another log", FALSE, checkpoint_note(11, "zheng.example/TEST/other"), "WRONG_LOG"),
        made("by another key", UNCHECKABLE, format_note(body, [log_line(body, OTHER)]), "KEY_UNKNOWN"),
        made("by a witness only", UNCHECKABLE, format_note(body, [WITNESS]), "KEY_UNKNOWN"),
        *(made(name, MALFORMED, data, "FORMAT_FAILURE") for name, data in bad.items()),
    ]


def tlog_proof_cases() -> list[Case]:
    """Make the cases: a proof file for the second leaf, opened by the log's key."""
    note = checkpoint_note(11)
    proof = TlogProof(INDEX, tuple(path(INDEX, LEAVES)), note)
    file = format_tlog_proof(proof)
    text = file.decode()

    def made(name: str, expect: str, data: bytes, code: str = "", leaf: bytes = LEAF) -> Case:
        facts = {"leaf_hash": leaf_hash(leaf).hex(), "vkey": format_vkey(VKEY), "origin": ORIGIN}
        return case(name, expect, data, code, **facts)

    def with_(**changes: object) -> bytes:
        fields = {"index": proof.index, "hashes": proof.hashes, "checkpoint": note, "extra": None} | changes
        return format_tlog_proof(TlogProof(**fields))

    body = checkpoint_body(11)
    bad = {
        "another magic": text.replace("@v1", "@v2", 1),
        "carriage return": text.replace("\n", "\r\n", 1),
        "index left out": text.replace(f"index {INDEX}\n", ""),
        "index with a leading zero": text.replace(f"index {INDEX}", f"index 0{INDEX}"),
        "extra after index": text.replace(f"index {INDEX}\n", f"index {INDEX}\nextra AAAA\n"),
        "extra without padding": text.replace("index", "extra AA\nindex", 1),
        "hash of 31 bytes": text.replace(format_base64(proof.hashes[0]), format_base64(proof.hashes[0][:31])),
        "no checkpoint": text.split("\n\n", maxsplit=1)[0] + "\n\n",
        "no empty line": text.split("\n\n", maxsplit=1)[0] + "\n",
        "index beyond the tree": with_(index=11).decode(),
    }
    return [
        made("leaf 1 of 11", OK, file),
        made("with extra", OK, with_(extra=b"TEST hint")),
        made("only leaf", OK, with_(index=0, hashes=(), checkpoint=checkpoint_note(1)), leaf=LEAVES[0]),
        made("another leaf", FALSE, file, "INCLUSION_FAILURE", leaf=LEAVES[0]),
        made("neighbour's index", FALSE, with_(index=0), "INCLUSION_FAILURE"),
        made("hashes in reverse order", FALSE, with_(hashes=proof.hashes[::-1]), "INCLUSION_FAILURE"),
        made("size changed", FALSE, file.replace(b"\n11\n", b"\n12\n"), "SIG_CRYPTO_FAILURE"),
        made(
            "checkpoint of another log",
            FALSE,
            with_(checkpoint=checkpoint_note(11, "zheng.example/TEST/other")),
            "WRONG_LOG",
        ),
        made(
            "checkpoint by another key",
            UNCHECKABLE,
            with_(checkpoint=format_note(body, [log_line(body, OTHER)])),
            "KEY_UNKNOWN",
        ),
        made("checkpoint of another size", MALFORMED, with_(checkpoint=checkpoint_note(2)), "PROOF_LENGTH"),
        made("last hash missing", MALFORMED, with_(hashes=proof.hashes[:-1]), "PROOF_LENGTH"),
        made("64 hashes", MALFORMED, with_(hashes=(bytes(32),) * 64), "TOO_MANY"),
        *(made(name, MALFORMED, data.encode(), "FORMAT_FAILURE") for name, data in bad.items()),
    ]
