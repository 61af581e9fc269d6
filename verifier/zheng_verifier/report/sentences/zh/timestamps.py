"""Sentences of C11: time-stamp tokens."""

SENTENCES = {
    "timestamps.token": "时间戳 {position}，{checkpoint}",
    "timestamps.test": "该时间戳机构为测试环境",
}
