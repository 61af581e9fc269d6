"""Sentences of C07 about a stolen log key."""

SENTENCES = {
    "compromise.stolen": "已知该密钥失窃，且没有证据表明该签名早于失窃通知",
    "compromise.window": "签名时间介于声称的密钥失窃与可证明的通知之间",
    "compromise.before": "签名早于密钥失窃",
}
