"""The signing pipeline: from a person's identity to a signed contract, each step recorded as evidence.

A sibling of ``ledger`` and ``anchor``: it imports ``zheng_verifier`` and libraries, and reaches the evidence service only
through the port ``signing.dossier.ports.Notary``. Its own state lies in one SQLite database (``signing.database``) and
in encrypted files; a step of a contract and the evidence of it are written in one transaction.
"""
