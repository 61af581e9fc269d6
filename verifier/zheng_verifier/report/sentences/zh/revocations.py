"""Sentences of C17: what is known against keys and papers."""

SENTENCES = {
    "revocations.knowledge": "吊销信息截至 {moment} 签发的策略",
    "revocations.too_old": "策略签发早于最后一个事件的存证：不能知道其后的通知",
    "revocations.current": "策略签发晚于最后一个事件的存证，已列明其所知的通知",
    "revocations.other_key": "日志自身的证据链声明此类密钥已失控：{kind}",
    "revocations.rotated": "提交方密钥已更换",
    "revocations.later": "提交方密钥在其于本证据链的全部签名之后被吊销",
    "revocations.earlier": "提交方密钥在其于本证据链的某一签名之前被吊销，或其位置未知",
    "revocations.trust_ended": "策略仅信任其在 {moment} 之前签发的时间戳",
    "revocations.tsa_retired": "时间戳机构 {name} 已停用：{reason}",
    "revocations.certificate": "签署证书在签署时已被吊销",
    "revocations.certificate_later": "签署证书在签署之后被吊销",
    "revocations.paper": "存证证书 {number} 不再有效；其所涉证据另行判定",
}
