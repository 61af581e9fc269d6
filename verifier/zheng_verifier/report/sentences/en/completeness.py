"""Sentences of C20: the events that a case requires, and their order; the rules are those of the taxonomy."""

from zheng_verifier.taxonomy.sequence import SEQUENCE_RULES

SENTENCES = {
    "completeness.no_opening": "the opening of the case is not shown: what it requires is not known",
    "completeness.nothing_required": "the opening requires no event, and none is out of order",
    "completeness.required": "required event {type}",
    "completeness.shown_as": "shown: {event}",
    "completeness.missing": "the case is closed and wholly shown, and there is none",
    "completeness.not_shown": "not shown; the case is not closed or not wholly shown",
    "completeness.overdue": "it was to be closed by {moment}, and no closing event is shown",
    "completeness.all_signed": "every party that is said to have signed did, in an event of the case",
    "completeness.not_signed": "party {party} is said to have signed, and no event before shows it",
} | {f"order.{rule.code}": rule.statement_en for rule in SEQUENCE_RULES}
