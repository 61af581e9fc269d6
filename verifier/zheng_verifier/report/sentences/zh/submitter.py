"""Sentences of C05: the submitter's signature."""

SENTENCES = {
    "submitter.pinned": "密钥由核验人的信任策略指定",
    "submitter.registered": "密钥依运营方的登记",
    "submitter.service": "服务方自身的陈述",
    "submitter.by_api_key": "凭 API 密钥存证，未附提交方签名",
    "submitter.by_service": "由服务方存证，未附提交方签名",
    "submitter.key_unknown": "该密钥既未由信任策略指定，也未登记于该租户名下",
    "submitter.no_place": "其在日志中的位置未知（见 C06）",
    "submitter.key_not_in_force": "签名成立，但该密钥在日志的该位置不在有效状态",
}
