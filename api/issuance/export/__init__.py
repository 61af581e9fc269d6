"""Exports of a case: packages and reports, from the order to the file that is offered."""
