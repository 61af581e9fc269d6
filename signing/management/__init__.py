"""Finding and keeping contracts: search, folders, tags, archive, terms and their reminders, figures."""
