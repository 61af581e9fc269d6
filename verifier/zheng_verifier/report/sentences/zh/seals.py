"""Sentences of C15: electronic seals."""

SENTENCES = {
    "seals.none": "未见用印",
    "seals.record": "平台关于印章的记录；本证据链中未见用印",
    "seals.object": "电子印章数据（GB/T 38540）",
    "seals.no_object": "未附带有制章者签名的印章数据：上述记录仅为平台陈述",
    "seals.not_supported": "其中含有或声称含有印章数据；本版本不能读取",
    "seals.no_use": "其所指的用印事件并不是用印事件",
    "seals.other_use": "{event}属于另一方或另一文件",
    "seals.signature": "{event}为同一方、同一文件",
    "seals.not_created": "没有事件说明印章的制作",
    "seals.sealed": "有值已封存，无法与{event}比对",
    "seals.other_image": "印模与{event}所记载的不同",
    "seals.same_image": "印模与{event}所记载的相同",
    "seals.no_approval": "未记载用印审批",
    "seals.unknown_approval": "其所指的审批事件并不是在其之前的用印审批",
    "seals.other_approval": "{event}审批的是另一印章或另一文件",
    "seals.approved": "{event}审批的即该印章用于该文件",
    "seals.no_grant": "未见印章使用授权",
    "seals.out_of_grant": "不在授权（{event}）的期间内",
    "seals.granted": "{event}将其授予该方经核验的人员，且在期间内",
    "seals.other_grantee": "{event}授予的人员不是该方经核验的人员",
}
