"""Sentences of C07 about witnesses."""

SENTENCES = {
    "witnesses.over": "见证方 {name} 对{checkpoint}的见证",
    "witnesses.all": "见证方",
    "witnesses.none": "策略所列的见证方均未共同签名，策略也未要求见证：没有材料说明他人看到的是同一日志",
    "witnesses.too_few": "策略要求同一检查点有 {needed} 个见证方，所示最多为 {most} 个",
}
