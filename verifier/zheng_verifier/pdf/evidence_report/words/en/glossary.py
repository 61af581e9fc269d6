"""Annexes F and G: terms, and the rules the chapters follow."""

GLOSSARY = (
    ("deposit", "存证", "to fix data or their digest by a stated method, so that it can be verified later"),
    (
        "verification",
        "核验",
        "to compute again by a published method and compare: consistent, not consistent, or undecided",
    ),
    ("case", "证据链", "events that follow one another by number and hash"),
    ("entry", "条目", "the submitter's statement with what the service added on receipt; erasable"),
    (
        "leaf",
        "叶",
        "the public record: case, number, hash of the leaf before, hash of the entry; no personal data",
    ),
    ("digest", "哈希值", "a value of fixed length computed from data; other data have another value"),
    ("root hash", "根哈希", "a value computed from all leaves; if one leaf changes, it changes"),
    ("checkpoint", "检查点", "the log's signed commitment to a tree size and root hash"),
    (
        "inclusion proof",
        "包含证明",
        "hashes that lead from a leaf to the root and show that it is in the tree",
    ),
    ("consistency proof", "一致性证明", "shows that a larger tree grew from a smaller one by appending only"),
    ("time-stamp token", "时间戳", "an authority's signature over a digest and a time (RFC 3161)"),
    ("on-chain recording", "上链", "writing a checkpoint's root hash into a transaction of a blockchain"),
    ("finality", "终局性", "on what it rests that a block is not replaced any more"),
    ("single-machine test chain", "单机测试链", "a chain that one party runs on one machine: its own word"),
    (
        "trust policy",
        "信任策略",
        "chosen by the verifier's user: which keys, authorities, contracts and algorithms to trust",
    ),
    ("sealed value", "封存值", "a personal value replaced by a salted commitment, opened one by one"),
    ("witness cosignature", "见证", "an independent party's signature over a checkpoint"),
    (
        "authenticity before deposit",
        "上链前真实性",
        "whether data were true before deposit: beyond technical verification",
    ),
)
SOURCES = (
    ("Electronic Signature Law of the PRC, Arts. 5, 6, 8, 13, 21", "chapters 4, 6, 10"),
    ("Online Litigation Rules of the People's Courts, Arts. 16–19", "chapters 3, 9, 12, 14, 15, 17"),
    ("Provisions on Cases of Internet Courts (SPC), Art. 11", "chapters 9, 15, 17"),
    (
        "Provisions on Evidence in Civil Procedure (SPC), Arts. 14, 19, 36, 87, 90, 93, 94",
        "order of chapters; chapters 3, 15, 16; annex A",
    ),
    ("SF/T 0076-2020, deposit of electronic data", "chapters 4, 17"),
    ("GB/T 29361-2023, consistency of electronic data files", "chapter 9"),
    ("GB/T 32905, SM3 hash algorithm", "chapters 4, 17"),
    ("ETSI EN 319 102-1, words for results of signature validation", "chapters 1, 10"),
    ("RFC 9162, C2SP signed-note, tlog-checkpoint", "chapter 12"),
    ("RFC 3161, RFC 5652, RFC 5280", "chapter 11"),
    ("RFC 8785, RFC 9901", "chapter 9"),
)
