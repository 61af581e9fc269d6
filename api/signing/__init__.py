"""The signing pipeline within the service: its settings, its objects put together, its adapters, its threads."""
