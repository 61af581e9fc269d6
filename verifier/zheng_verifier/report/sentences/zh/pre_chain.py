"""Sentences of C21: the six points of Art. 18 of the rules on online litigation."""

SENTENCES = {
    "pre_chain.source": "具体来源",
    "pre_chain.generation": "生成机制",
    "pre_chain.storage": "存储过程",
    "pre_chain.notarization": "公证机构公证",
    "pre_chain.third_party": "第三方见证",
    "pre_chain.corroboration": "关联印证数据",
    "pre_chain.nothing": "没有事件就此提供材料",
    "pre_chain.material": "材料：{events}；均为平台记录，由法庭判断",
    "pre_chain.contested": "有一方以非本人、无权或与己无关为由拒绝签署",
}
