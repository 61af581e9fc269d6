"""Sentences that conclude an axis (evidence-norms §4.4); the values in them come from the checks."""

SENTENCES = {
    "conclusion.a1_records": "所附存证条目与公开日志所承诺的内容一致。",
    "conclusion.a1_sha256": (
        "经计算，送检文件的SHA-256值与存证记录记载的相应值一致，可以判定送检文件与存证时提交的数据相同。"
    ),
    "conclusion.a1_sha256_sm3": (
        "经计算，送检文件的SHA-256值、SM3值与存证记录记载的相应值一致，可以判定送检文件与存证时提交的数据相同。"
    ),
    "conclusion.a1_files": "已比对的文件（{count} 份）：{names}。",
    "conclusion.more": "另有 {count} 份见详版报告",
    "conclusion.a2_more": "另有 {count} 个事件的起止时间见详版报告。",
    "conclusion.a4_more": "另有 {count} 个电子签名的核验结果见详版报告。",
    "conclusion.a1_missing": "事件记载而未提供的文件（{count} 份）：{names}。",
    "conclusion.a1_differs": (
        "经计算，送检文件的哈希值与存证记录不一致，送检文件不是存证时提交的数据，或提交后发生过改变。"
    ),
    "conclusion.a2": "有证据表明所示 {count} 个事件的哈希值不晚于{moment}已经存在。",
    "conclusion.a2_event": "事件 {seq}：不早于{lower}，不晚于{upper}。",
    "conclusion.a3": (
        "该数据的哈希值经包含证明归入检查点根值，该根值记载于链 {chain} 高度 {block}、交易 {transaction}，"
        "经本次技术核验一致。"
    ),
    "conclusion.a3_after": "上述结论仅及于上链之后。",
    "conclusion.a4": (
        "{document} 第 {number} 个电子签名（{signer}）：密码学核验{verdict}；{changes}；签署证书{certificate}。"
    ),
    "conclusion.a4_holds": "通过",
    "conclusion.a4_broken": "未通过（{code}）",
    "conclusion.a4_open": "无法判定（{code}）",
    "conclusion.a4_unchanged": "签名后未发现对所签内容的改动",
    "conclusion.a4_changed": "签名后发现对所签内容的改动",
    "conclusion.a4_not_judged": "签名后有无改动未能判定",
    "conclusion.a4_certificate_at": "在{moment}的核验结果为{status}",
    "conclusion.a4_certificate": "的核验结果为{status}",
    "conclusion.a4_unnamed": "所示事件均未提及的电子签名（{count} 个）：{names}。",
    "conclusion.a4_custody": "签名制作数据是否由签名人专有及控制，由法庭认定。",
    "conclusion.persons": (
        "平台提交的记录显示了所采用的方法、服务方、时间与结果；本次仅核对记录的完整性与相互对应关系，"
        "未对自然人身份作独立核实。"
    ),
    "conclusion.a7": "提交的事件序号1至{last}连续，与结束事件记载的数量一致；未见缺失。",
    "conclusion.a8": "上链前真实性：提交方就六项中的{count}项提供了材料，本报告不作认定。",
    "conclusion.a9": "运营方已就平台情况与利害关系作出陈述；本报告仅予列示，未作核实。",
    "conclusion.failed": "经核验，下列各项不一致：{reasons}。",
    "conclusion.indeterminate": ("因{reasons}，本项本次无法判定；这不表示数据被篡改，也不表示未被篡改。"),
    "conclusion.not_provided": "本项未作核验：{reasons}。",
    "conclusion.skipped": "所依据的检查未成立，本项未执行：{reasons}。",
    "conclusion.not_applicable": "所提交的材料不涉及本项。",
    "conclusion.reason": "{meaning}（{check}）",
    "conclusion.interval": "所示事件全部形成：不早于{lower}，不晚于{upper}。",
    "conclusion.interval_upper": "所示事件全部形成：不晚于{upper}；下限未提供。",
    "conclusion.interval_none": "没有受信任的时间来源覆盖全部事件，不能给出时间区间。",
}
