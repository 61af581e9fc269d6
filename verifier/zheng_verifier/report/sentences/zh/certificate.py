"""Sentences of C01 on a certificate of deposit: its record, its seal, and what is only said in it."""

SENTENCES = {
    "certificate.record": "证书记录（certificate.json）",
    "certificate.member": "证书记录，{member} 项",
    "certificate.agrees": "所附证明能够显示的 {count} 项数值与记录全部一致",
    "certificate.differs": "记录为 {said}，所附证明为 {shown}",
    "certificate.seal": "电子签章",
    "certificate.no_seal": "证书未加盖电子签章：仅签发机构知悉的内容无人担保",
    "certificate.other_signatures": "除唯一的签章外另有签名：{fields}",
    "certificate.seal_holds": "签章覆盖整份证书，签章之后未见改动",
    "certificate.seal_broken": "签章不成立：证书并非签章时的证书",
    "certificate.partial": "签章只覆盖文件的一部分",
    "certificate.unclear": "无法判断签章之后是否有改动",
    "certificate.changed": "签章之后有改动：{change}",
    "certificate.seal_time": "签章时间戳",
    "certificate.no_time": "没有时间戳机构说明签章时间",
    "certificate.issuer": "签章所示签发机构",
    "certificate.no_moment": "没有可据以判断签章证书的时间",
    "certificate.unknown_issuer": "信任策略不认识签章者：{certificate}",
    "certificate.test_issuer": "由 {issuer} 的测试身份签章，对外人不能说明任何事实",
    "certificate.known_issuer": "由 {issuer} 以证书 {certificate} 签章",
    "certificate.statements": "签发机构的陈述",
    "certificate.no_record": "没有可读的记录，无法列出其陈述",
    "certificate.only_said": (
        "下列各项仅为签发机构的陈述，所附证明不能显示：{members}。页面由记录生成，此处未读取页面。"
        "证书现状（有效、已被替代、已作废）以登记簿为准：{url}"
    ),
}
