"""Seals: drawn as vectors, put in force by two people, used under a grant, each use recorded."""
