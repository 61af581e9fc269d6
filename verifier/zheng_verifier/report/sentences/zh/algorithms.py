"""Sentences of C23: algorithms under the policy."""

SENTENCES = {
    "algorithms.name": "{name}",
    "algorithms.not_listed": "信任策略未列入该算法",
    "algorithms.no_moment": "既无可信时间戳，也未给出核验时间",
    "algorithms.outside": "不在信任策略接受该算法的期间内",
}
