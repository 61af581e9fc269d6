"""Organisations, members, contacts, their roles, how they log in, and what they agreed to."""
