"""Tenants, API keys and submitters' keys: who may do what, in a small database of its own."""
