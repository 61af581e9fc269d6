"""Sentences of C07 about witnesses."""

SENTENCES = {
    "witnesses.over": "witness {name} over the {checkpoint}",
    "witnesses.all": "witnesses",
    "witnesses.none": (
        "no witness that the policy names has cosigned, and the policy asks for none: "
        "nothing shows that others saw the same log"
    ),
    "witnesses.too_few": (
        "the policy asks for {needed} witnesses over one checkpoint; at most {most} are shown"
    ),
}
