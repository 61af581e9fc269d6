"""Ethereum evidence, checked without a node: the contract's event, its receipt, its block.

    rlp.py  keccak.py            bytes
    trie.py                      Merkle-Patricia proofs
    header.py receipt.py transaction.py    what a block commits to
    event.py                     TreeHeadAnchored of the EvidenceAnchor contract
    anchor.py                    the whole proof, checks C09 and C10

Specification: docs/spec/anchor.md.
"""
