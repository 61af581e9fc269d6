"""Chapters 18 and 19: the fixed sentences of evidence-norms §4.4, and the undertaking of its App. C."""

WORDS = {
    "concludes_same_file": (
        "经计算，送检文件的SHA-256值、SM3值与存证记录记载的相应值一致，可以判定送检文件与存证时提交的数据相同。"
    ),
    "concludes_other_file": (
        "经计算，送检文件的哈希值与存证记录不一致，送检文件不是存证时提交的数据，或提交后发生过改变。"
    ),
    "concludes_failed": "经核验不一致：{reason}。",
    "concludes_undecided": "因{reason}，本项本次无法判定；这不表示数据被篡改，也不表示未被篡改。",
    "concludes_not_after": "事件{seq}（{label}）：有证据表明其哈希值不晚于{moment}已经存在。",
    "concludes_between": "事件{seq}（{label}）：有证据表明其哈希值不晚于{moment}已经存在；并且不早于{earliest}。",
    "concludes_recorded": (
        "该数据的哈希值经包含证明归入检查点根值，该根值记载于链ID为{chain}的区块链高度{height}、交易{transaction}，经本次"
        "技术核验一致。"
    ),
    "concludes_after_upload": "上述结论仅及于上链之后。",
    "concludes_signatures_hold": "各电子签名：密码学核验通过；签名后未发现对所签内容的改动；签署证书经核验有效。",
    "concludes_signature": (
        "第{number}个电子签名（{document}）：密码学核验{result}；签名后{changes}；签署证书在{moment}的核验{certificate}。"
    ),
    "outcome_passed": "通过",
    "outcome_failed": "未通过（{code}）",
    "outcome_undecided": "无法判定（{code}）",
    "concludes_no_signature": "送检材料中没有电子签名，本项不适用。",
    "concludes_control": "签名制作数据是否由签名人专有及控制，依据见第5—7章，由法庭认定。",
    "concludes_record": "平台提交的记录显示：事件{seq}（{label}），{facts}，平台接收时间{received}。",
    "concludes_not_the_person": "本次仅核对记录的完整性与相互对应关系，未对自然人身份作独立核实。",
    "concludes_contiguous": "提交的事件序号1至{last}连续，与结束事件记载的数量一致；未见缺失。",
    "concludes_before": "上链前真实性：提交方就六项中的{count}项提供了材料（见第14章），本报告不作认定。",
    "concludes_stated": "运营方已就自身及各组成部分的运行方作出陈述（见第3章）；是否中立，由法庭认定。",
    "concludes_not_stated": "运营方未就独立性作出陈述：未提供。",
    "closing_heading": "结语",
    "closing": "以上为技术核验结果，可由任何人按第17章方法复现；有相反证据的，以法院查明为准。",
    "statement": (
        "本报告仅就所收材料作技术核验，说明数据固定之后的完整性及所列时间之前相应哈希值已经存在，不证明数据内容真实、合法，"
        "不证明上链前未经改动，"
        "不证明签署人身份或意思表示；不属于公证文书，也不属于司法鉴定文书。证据的采信由人民法院或仲裁机构依法认定。"
    ),
    "undertaking_heading": "承诺书",
    "undertaking_note": "以下由出具人本人填写并签名；未签名的，仅为程序生成的底稿。",
    "undertaking": (
        "出具人依据所附材料及第17章所列方法完成本报告，所述数据来源及过程属实；与当事人有无利害关系如下所填；"
        "愿就报告所涉技术问题向法庭作出说明。"
    ),
    "form_name": "出具人姓名",
    "form_position": "职务",
    "form_competence": "专业资格",
    "form_relation": "与当事人的关系",
    "form_date": "日期",
    "form_sign": "签名",
}
