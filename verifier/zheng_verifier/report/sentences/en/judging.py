"""Sentences that several checks of the case share."""

SENTENCES = {
    "case.too_many": "more than {limit} events: their relations are not looked at",
}
