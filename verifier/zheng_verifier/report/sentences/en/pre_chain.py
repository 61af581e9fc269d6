"""Sentences of C21: the six points of Art. 18 of the rules on online litigation."""

SENTENCES = {
    "pre_chain.source": "source",
    "pre_chain.generation": "how it was made",
    "pre_chain.storage": "how it was kept",
    "pre_chain.notarization": "notarisation",
    "pre_chain.third_party": "witness by a third party",
    "pre_chain.corroboration": "corroborating data",
    "pre_chain.nothing": "no event of the case provides material for this",
    "pre_chain.material": "material: {events}; as the platform records, for the court to weigh",
    "pre_chain.contested": "a party refused to sign as not being the one meant or not authorised",
}
