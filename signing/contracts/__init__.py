"""Contracts: their states, whose turn it is, deadlines, approval, and starting many at once."""
