"""Chapters 1 to 17."""

WORDS = {
    # 1
    "by_question": "按问题分列的结果",
    "question": "问题",
    "rests_on": "依据与原因",
    "all_its_checks_passed": "本项所依据的核验均一致",
    "marks": "标记：● 核验一致；× 核验不一致；○ 无法判定；◎ 有材料，供法庭判断；– 未提供、不适用或未执行。",
    "by_check": "全部核验项",
    "by_check_note": "下表各项编号（C01—C23）与本报告各处所注依据相同。“证明”一栏仅就核验一致的项目填写。",
    "not_one_word": "本报告分项给出结果，不以一个标记概括全部；“无法判定”既不表示数据被篡改，也不表示未被篡改。",
    # 2
    "standing": "申请人与本案的关系",
    "scope": "核验范围",
    "scope_value": "所提交证据链内事件、文件、签名、时间戳、日志与链上记录的技术核验",
    "log": "透明日志",
    "event_count": "事件数",
    "received_materials": "收到的材料",
    "container": "证据所附的容器",
    "container_kind": "种类",
    "container_package": "证据包",
    "container_certificate": "存证证书",
    "certificate_number": "证书编号",
    "file_count": "文件数",
    "departures": "与规范形式的出入",
    "enclosed_report": "所附报告与本次核验",
    "enclosed_agrees": "结果相同",
    "enclosed_differs": "结果不同，以本次核验为准",
    # 3
    "own_word": "本章除出具机构名称外，均为运营方关于自身的陈述，仅作披露，未经核实。未陈述的，记为“未提供”。",
    "operator": "运营方",
    "uscc": "统一社会信用代码",
    "contact": "联系方式",
    "cac_filing_no": "区块链信息服务备案编号",
    "mlps_no": "网络安全等级保护备案编号",
    "crypto_assessment_no": "商用密码应用安全性评估编号",
    "paid_by": "费用承担方",
    "who_runs_what": "各组成部分的运行方",
    "component": "组成部分",
    "run_by": "运行方",
    "related": "与运营方有关联",
    "component_log": "透明日志",
    "component_tsa": "时间戳机构",
    "component_chain": "区块链节点",
    "component_witness": "见证节点",
    "component_portal": "核验门户",
    "component_ca": "电子认证服务提供者",
    "component_identity": "身份核验服务方",
    "component_sms": "短信服务方",
    "interests": "利害关系",
    "interests_unknown": "运营方未就利害关系作出陈述：未提供。",
    "interests_none": "运营方陈述：与当事人无利害关系。",
    "counterpart": "相对方",
    "relation": "关系",
    # 4
    "documents_note": (
        "下表按事件列出其所记载的文件版本及哈希值。“展示文件”为签署前向签署人展示的版本，“定稿文件”为合同最终形成的版本，"
        "“已签文件”为加入签名后的版本。送检文件与记载是否一致，见核验项 C02。"
    ),
    "document": "文件",
    "digests": "哈希值",
    "hashed_by": "哈希值由谁计算",
    "at_hand": "送检比对",
    "hashed_by_service": "存证服务方",
    "hashed_by_submitter": "提交方（服务方未见原文）",
    "not_at_hand": "原文未送检",
    "sealed_digest": "哈希值已封存，未开启",
    "no_documents": "所示事件均未记载文件。",
    "document_events": "文件的形成、发送与接收",
    "result_of_comparison": "比对结果",
    "role_original": "原始文件",
    "role_shown": "展示文件",
    "role_finalized": "定稿文件",
    "role_signed": "已签文件",
    "role_attachment": "附件",
    "role_archived": "归档文件",
    # 5
    "identity_note": (
        "以下为平台提交的身份核验记录。本次仅核对记录的完整性与相互对应关系，未对自然人身份作独立核实。"
        "个人信息先示状态（OPENED 已开启、WITHHELD 未开启、ERASED 已删除、NEVER HELD 从未持有），再示其值；脱敏版对已开启"
        "的值予以遮盖。"
    ),
    "party": "当事人",
    "party_reference": "本案内的随机编号",
    "no_identity": "未提供身份核验记录。",
    # 6
    "certificates_note": "下表按《电子签名法》第二十一条列出证书应载明的内容；平台未存证的项目记为“未提供”。",
    "no_certificates": "未提供证书签发记录。",
    "esl21": "第二十一条事项",
    "esl21_provider": "（一）电子认证服务提供者名称",
    "esl21_holder": "（二）证书持有人名称",
    "esl21_serial": "（三）证书序列号",
    "esl21_validity": "（四）证书有效期",
    "esl21_key": "（五）电子签名验证数据",
    "esl21_signature": "（六）提供者的电子签名（证书）",
    "esl21_other": "（七）其他内容",
    "key_custody": "电子签名制作数据的控制",
    "key_custody_note": (
        "签名制作数据由谁产生、存放于何处、能否导出、何时销毁，依平台存证的记录列示。是否由签名人专有及控制，由法庭认定。"
    ),
    "no_custody": "未提供签名制作数据产生、存放或销毁的记录。",
    "seals": "电子印章",
    "no_seals": "未提供电子印章记录。",
    # 7
    "intent_note": (
        "以下为签署前展示、告知、同意及意愿确认的记录。记录所载的确认行为是否出于签署人内心真意，不属技术核验范围。"
    ),
    "no_intent": "未提供意愿确认、同意或展示的记录。",
    # 8
    "five_times": (
        "五种时间分列，互不替代：提交方声称时间（自述）、平台接收时间（服务方时钟）、时间戳时间（时间戳机构）、"
        "检查点见证时间（见证方，见第12章）、区块时间（区块头）。前两者为陈述，后三者的信任程度以信任策略为准。"
    ),
    "events_and_times": "事件与时间",
    "actor": "行为人",
    "actor_person": "自然人",
    "actor_organization": "单位",
    "actor_agent": "代理人",
    "actor_admin": "管理员",
    "actor_system": "系统",
    "actor_api_client": "接口程序",
    "not_after": "不晚于",
    "stamped_at": "时间戳时间",
    "witnessed_at": "见证时间",
    "not_before": "不早于",
    "block_time": "区块时间",
    "times_basis": (
        "依据：{checks}。声称时间与接收时间为条目所载陈述；时间戳、见证与区块时间经核验；注明“不受信任”的，策略不信任该来"
        "源。"
    ),
    "events_and_hashes": "事件与哈希",
    "leaf_hash": "叶哈希",
    "previous_leaf": "前一事件的叶哈希",
    "leaf_index": "叶序号",
    "first_of_case": "（首个事件）",
    "hashes_basis": "依据：{checks}。",
    "time_line_alternative": "时间线图：每行一个事件，依次标出声称时间、接收时间、时间戳时间与区块时间。",
    "time_line_caption": "图　时间线（第 {first} 至 {last} 个事件）",
    # 9
    "integrity_note": (
        "核验自文件至公开叶：文件的哈希值与记载比对；每一条目即公开叶所承诺的条目；编号首尾相连；提交方对其陈述签名；所用"
        "算法为策略接受。"
        "方法与《法庭科学 电子数据文件一致性检验规程》（GB/T 29361）以哈希值比对判定数据相同的思路一致。"
    ),
    "sealed_values": "封存值",
    "sealed_note": "个人信息以加盐承诺封存，可逐项开启。每一封存值必有下列状态之一，不留空白。",
    "state": "状态",
    "meaning": "含义",
    "count": "数量",
    # 10
    "signatures_note": (
        "以下为签署事件的记录。对 PDF 文件内签名的密码学核验、签名后改动的识别及签署证书的核验，见本章末的核验项 C13、C14。"
    ),
    "no_signatures": "未提供签署事件的记录。",
    "no_signatures_found": "送检文件中未发现可供核验的电子签名。",
    "signer": "证书所载签名人",
    "signature_itself": "签名",
    "changes_after": "签名后的改动",
    "certificate_then": "当时的证书",
    "existed_by": "不晚于此时存在",
    "changes_unknown": "未能判定改动",
    "changes_found": "发现对所签内容的改动",
    "changes_permitted": "仅有许可的追加（如其后的签名），未发现对所签内容的改动",
    "changes_unclear": "有追加，未能判定是否改动所签内容",
    "changes_none": "未发现对所签内容的改动",
    "signature_heading": "{document} 第 {number} 个签名的证书",
    "certificate_unreadable": "证书未附或无法读取：未提供。",
    "licence": "电子认证服务许可证编号（据信任策略）",
    "test_ca": "测试证书，非依法设立的电子认证服务提供者签发",
    "custody_said": "{custody}（据证据链中的事件）",
    "certificate_status": "签署时的状态",
    "esl13": "《电子签名法》第十三条四项条件",
    "esl13_note": "本表仅列各条件的证据、核验结果与可作说明的主体；电子签名是否可靠，由法庭认定，本报告不作认定。",
    "condition": "条件",
    "evidence": "证据",
    "who_vouches": "由谁说明",
    "events_numbered": "事件 {numbers}",
    "esl13_1": "（一）签名制作数据用于电子签名时，属于电子签名人专有",
    "esl13_2": "（二）签署时签名制作数据仅由电子签名人控制",
    "esl13_3": "（三）签署后对电子签名的任何改动能够被发现",
    "esl13_4": "（四）签署后对数据电文内容和形式的任何改动能够被发现",
    "esl13_1_vouches": "电子认证服务提供者与平台；本报告仅核对记录",
    "esl13_2_vouches": "平台与签名人；本报告仅核对记录",
    "esl13_3_vouches": "任何人可用第17章方法核验",
    "esl13_4_vouches": "任何人可用第17章方法核验",
    # 11
    "timestamps_note": (
        "时间戳依 RFC 3161，加盖于透明日志的检查点之上。时间戳核验一致的，表明在信任该机构的范围内，检查点及其所含各叶不"
        "晚于所述时间存在。"
    ),
    "tokens_as_they_read": "时间戳所载内容",
    "checkpoint": "检查点",
    "checkpoint_number": "检查点 {number}",
    "gen_time": "所载时间",
    "token_facts": "机构、序列号、策略、精度",
    "imprint": "算法与摘要",
    "authority": "自称名称",
    "serial": "序列号",
    "policy_oid": "策略",
    "accuracy": "精度",
    "tokens_note": "上表为时间戳所载原文；是否可信，以核验项 {checks} 及下列逐项结果为准。",
    "no_tokens": "未提供时间戳。",
    "unreadable": "无法读取",
    # 12
    "chain_note": (
        "自条目至链上记录逐步核验：条目→叶→根哈希→检查点→时间戳与链上记录。图中每一箭头注明核验项及其结果。"
        "下列结论仅及于上链之后。"
    ),
    "no_proof_path": "没有检查点覆盖所示事件，无证明路径可示。",
    "proof_path_alternative": "证明路径图：自存证条目经公开叶、根哈希、检查点，至时间戳与区块链记录。",
    "proof_path_caption": "图　第 {seq} 号事件的证明路径（哈希值为缩写，全文见附件）",
    "checkpoints": "检查点",
    "tree_size": "树大小",
    "root_hash": "根哈希",
    "covers": "覆盖事件",
    "covers_events": "{count} 个",
    "is_it_a_blockchain": "是否构成区块链存储：所见事实",
    "is_it_a_blockchain_note": "链的类型与终局性依所附记录与信任策略核验；节点数量、运行方与共识机制仅能由运营方说明。",
    "chain_ids": "链 ID",
    "chain_records": "链上记录数",
    "chain_kind": "链的类型（据信任策略）",
    "chain_dev": "单机测试链",
    "chain_consortium": "联盟链",
    "chain_public": "公有链",
    "finality": "终局性",
    "finality_pinned": "区块列于信任策略",
    "finality_self": "运营方自述",
    "finality_unproven": "未能证明",
    "node_operators": "节点运行方",
    "consensus": "共识机制",
    "node_count": "节点数量",
    # 13
    "times_note": "对每一事件给出经核验的区间：不早于……不晚于……。接收时间为服务方时钟的陈述，不作界限。",
    "delay": "接收至不晚于",
    "delay_note": "接收至“不晚于”的间隔越长，上链前留有的空隙越大；逾一日者以 LATE_ANCHOR 标出。",
    "anomalies": "异常",
    "anomalies_found": "发现 {count} 项需要说明的情况，见下表。",
    "no_anomalies": "未见不同来源的时间相互矛盾，亦未见逾一日的延迟。",
    # 14
    "pre_chain_note": (
        "《人民法院在线诉讼规则》第十八条：当事人提出电子数据上链存储前已不具备真实性，并提供证据证明或者说明理由的，人民"
        "法院应当予以审查。"
        "下表按该条所列六项逐一列示提交方所附材料；未附的，记为“未提供”。"
    ),
    "slot": "事项",
    "material": "材料与结果",
    "slot_source": "一、具体来源",
    "slot_generation": "二、生成机制",
    "slot_storage": "三、存储过程",
    "slot_notarization": "四、公证机构公证",
    "slot_third_party": "五、第三方见证",
    "slot_corroboration": "六、关联印证数据",
    "pre_chain_not_decided": "上链前的真实性，本报告不作认定。",
    # 15
    "environment_note": (
        "按《人民法院在线诉讼规则》第十七条第三、四项所列各目。“运营方陈述”未经核实；“本次核验”列出与该目有关、可由任何人"
        "复现的核验项。"
    ),
    "head": "事项",
    "stated": "运营方陈述",
    "checked_here": "本次核验",
    "no_check_bears": "无对应核验项",
    "head_cleanliness": "清洁性",
    "head_security": "安全性",
    "head_reliability": "可靠性",
    "head_availability": "可用性",
    "head_system_environment": "系统环境",
    "head_technical_security": "技术安全",
    "head_encryption": "加密方式",
    "head_transmission": "数据传输",
    "head_information_verification": "信息验证",
    "stated_by_operator": "运营方的其他陈述",
    "time_source": "时间来源",
    "key_management": "密钥管理",
    "storage_and_custody": "保存与保管",
    "custody": "保管记录",
    "custody_note": "证据链的开立与结束，以及存证后的导出、证明与删除，凡记入证据链的，列示如下。",
    "no_custody_events": "证据链中没有此类事件。",
    # 16
    "limits_note": "本章列明本报告未能证明的事项，与结论同等重要。",
    "not_passed": "未达“核验一致”的核验项",
    "reason": "原因",
    "not_proved_though_passed": "核验一致的各项所不证明的内容",
    "never_proved": "本类技术核验均不能证明的事项",
    "limit_content": "文件内容真实、合法，合同有效。",
    "limit_before": "数据在存证之前未经改动。",
    "limit_off_platform": "平台之外不存在其他文件、约定或沟通。",
    "limit_person": "实施操作的自然人即为名义人本人，且出于真意、未受胁迫。",
    "limit_clock": "行为发生的准确时刻；经核验的仅为时间界限。",
    "limit_future": "所用算法与证书在今后的强度与状态。",
    "limit_first_deposit": "最先存证者即为权利人。",
    # 17
    "repetition_note": (
        "本报告由下列程序依据证据文件与信任策略生成，不使用网络，任何人可在自己的计算机上重复，并应得到相同结果。"
    ),
    "step_1": "取得证据文件、信任策略与待比对的文件，计算其 SHA-256，与附件B比对。",
    "step_2": "信任策略应由核验人自行选定或从独立渠道取得；其指纹列于封面首行。",
    "step_3": "安装核验程序（其源代码公开），断开网络，执行下列命令。",
    "step_4": "将输出的总体结论、各核验项结果与第1章比对。",
    "step_5": "如不信任本程序，可依公开的格式说明另行编写程序，用随附的一致性用例检验。",
    "command": "命令",
    "command_note": (
        "加 --json 可得机器可读的全部结果；加 --pdf 报告.pdf --request report-request.json（附于本文件）可重新生成逐字节"
        "相同的本报告。省略 --at 时以当前时间为核验时间。"
    ),
    "expected": "应得结果",
    "expected_exit": "退出码",
    "expected_overall": "总体结论",
    "verifier": "核验程序",
    "policy": "信任策略",
    "verified_at": "核验时间（UTC）",
    "algorithms": "所用算法与规范",
    "algorithm_digest": "文件与条目的哈希值：SHA-256（FIPS 180-4）、SM3（GB/T 32905）",
    "algorithm_tree": "日志的树、包含证明与一致性证明：RFC 9162",
    "algorithm_note": "检查点与签名：C2SP signed-note、tlog-checkpoint，Ed25519（RFC 8032）",
    "algorithm_stamp": "时间戳：RFC 3161、RFC 5652、RFC 5280",
    "algorithm_chain": "链上记录：以太坊区块头、收据与交易的 Merkle-Patricia 证明，Keccak-256",
    "algorithm_claim": "提交方签名：JWS（RFC 7515），EdDSA 或 ES256",
    "algorithm_json": "规范化：RFC 8785；封存值：RFC 9901 的受限用法",
    "expert_pack": "供有专门知识的人使用的材料",
    "expert_pack_note": (
        "证据包内附证据文件、信任策略与双语说明；核验程序的源代码内附格式规范、测试向量与一致性用例，可据以独立检验本报告"
        "的每一步。"
    ),
}
