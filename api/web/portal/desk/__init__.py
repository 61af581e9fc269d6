"""The desk: pages for an organisation's own members, under `/desk`; forms that work without scripts, but for placing."""
