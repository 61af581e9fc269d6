"""Durable jobs: what takes longer than a request, survives a crash, and is done once."""
