"""Every refusal of the HTTP API: one table, code -> status, type and titles (RFC 9457).

The ``type`` is ``urn:zheng:problem:<code>`` and never changes; titles and details may. ``field`` is a JSON
Pointer (RFC 6901) into the request, ``expected`` says what would be right. Nothing here names another tenant,
a file, or a stack frame.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from zheng_verifier.canonical import JsonObject

TYPE_PREFIX = "urn:zheng:problem:"
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table."""

    status: int
    title_en: str
    title_zh: str


KINDS: Mapping[str, Kind] = {
    # The bytes of the request
    "body-too-large": Kind(413, "The body is too large", "请求体过大"),
    "body-timeout": Kind(408, "The body did not arrive in time", "请求体接收超时"),
    "media-type-unsupported": Kind(415, "This media type is not accepted here", "不支持的媒体类型"),
    "json-malformed": Kind(400, "The body is not the JSON expected here", "请求体不是所要求的 JSON"),
    "json-invalid-utf8": Kind(400, "The body is not UTF-8", "请求体不是合法的 UTF-8"),
    "json-duplicate-name": Kind(400, "An object names a member twice", "JSON 对象成员重复"),
    "json-too-deep": Kind(400, "The JSON is nested too deeply", "JSON 嵌套过深"),
    "json-not-a-number": Kind(400, "NaN and Infinity are not JSON", "NaN、Infinity 不是合法的 JSON"),
    "json-float": Kind(400, "Numbers are integers here", "此处的数值只能是整数"),
    "json-integer-range": Kind(400, "An integer lies beyond ±(2^53−1)", "整数超出 ±(2^53−1)"),
    "json-lone-surrogate": Kind(400, "A string holds half a surrogate pair", "字符串含孤立的代理项"),
    "json-forbidden-character": Kind(400, "A string holds a forbidden character", "字符串含禁用字符"),
    "json-null": Kind(400, "There is no null: leave the member out", "不接受 null:没有的成员请省略"),
    "json-name": Kind(400, "A member name is not allowed", "成员名称不合规范"),
    "string-too-long": Kind(400, "A string is too long", "字符串过长"),
    "not-canonical": Kind(
        400, "The bytes are not in canonical form (RFC 8785)", "字节不是规范形式 (RFC 8785)"
    ),
    # The members of the request
    "field-unknown": Kind(422, "A member is not known here", "未知字段"),
    "field-missing": Kind(422, "A member is missing", "缺少字段"),
    "field-type": Kind(422, "A member has the wrong type", "字段类型错误"),
    "field-value": Kind(422, "A member has a value that is not allowed", "字段取值不合规范"),
    "parameter-invalid": Kind(422, "A parameter of the request is not allowed", "请求参数不合规范"),
    # What is said about time, cases and events
    "clock-skew": Kind(
        422, "The claimed time is more than 24 hours off our clock", "声称时间与本机时钟相差超过 24 小时"
    ),
    "case-unknown": Kind(404, "There is no such case", "案卷不存在"),
    "case-closed": Kind(
        409, "The case is closed; only custody events may follow", "案卷已关闭,只接受保管类事件"
    ),
    "case-head-mismatch": Kind(409, "The close does not name the head of the case", "关闭事件与案卷链头不符"),
    "case-too-large": Kind(
        422, "The case has too many events for one bundle", "案卷事件过多,无法打包为一个证据包"
    ),
    "event-unknown": Kind(404, "There is no such event", "事件不存在"),
    "id-reused": Kind(409, "This id was used for other content", "该 id 已用于其他内容"),
    "certificate-unknown": Kind(404, "There is no such certificate", "证书不存在"),
    "proof-pending": Kind(409, "This level of proof is not reached yet", "该级别的证明尚未形成"),
    "job-unknown": Kind(404, "There is no such job", "任务不存在"),
    "submission-unknown": Kind(404, "There is no such submission", "送交记录不存在"),
    "job-unfinished": Kind(409, "The job is not finished", "任务尚未完成"),
    "file-gone": Kind(410, "The file is no longer kept", "文件已不再保存"),
    "type-unknown": Kind(422, "There is no such event type", "未知的事件类型"),
    "type-reserved": Kind(422, "Only the service may deposit this type", "该事件类型仅限本服务使用"),
    "personal-data-plain": Kind(422, "A personal value must be sealed", "个人信息必须密封提交"),
    "secret-refused": Kind(
        422, "A secret is never accepted, not even sealed", "不接受任何秘密信息(口令、密钥等)"
    ),
    "free-text": Kind(422, "Free text has no place in event data", "事件数据不接受自由文本"),
    "disclosure-mismatch": Kind(422, "A disclosure does not open the sealed value", "披露值与密封摘要不符"),
    "claim-wrong-log": Kind(422, "The claim addresses another log", "声明指向其他日志"),
    "claim-wrong-tenant": Kind(422, "The claim names another tenant", "声明指向其他租户"),
    "claim-wrong-case": Kind(422, "The claim names another case", "声明指向其他案卷"),
    "jws-invalid": Kind(422, "The signature does not hold over the claim", "签名与声明不符"),
    "jws-key-unknown": Kind(422, "No such submitter key is registered", "提交方密钥未登记"),
    "key-proof-invalid": Kind(422, "Possession of the key was not shown", "未能证明持有该密钥"),
    "batch-empty": Kind(422, "The batch holds no event", "批量请求为空"),
    "batch-too-large": Kind(422, "The batch holds too many events", "批量请求事件过多"),
    # Who asks
    "key-missing": Kind(401, "An API key is needed", "需要 API 密钥"),
    "key-invalid": Kind(401, "The API key is not known", "API 密钥无效"),
    "key-expired": Kind(401, "The API key has expired", "API 密钥已过期"),
    "key-revoked": Kind(401, "The API key was revoked", "API 密钥已吊销"),
    "scope-missing": Kind(403, "The API key does not allow this", "API 密钥权限不足"),
    "caller-wrong": Kind(403, "This is not for callers of this kind", "该类调用方不可进行此操作"),
    "permission-missing": Kind(403, "Your roles do not allow this", "角色权限不足"),
    "account-needed": Kind(403, "This is done by a person with an account", "此操作须由有账号的人员进行"),
    "request-header-missing": Kind(
        403, "A header that shows your own page asked is missing", "缺少本站请求标头"
    ),
    "session-invalid": Kind(401, "There is no such session, or it has ended", "会话不存在或已结束"),
    "rate-limited": Kind(429, "Too many requests from this address", "请求过于频繁"),
    # People and identities
    "login-refused": Kind(401, "Login name, password or code is wrong", "登录名、口令或动态验证码不正确"),
    "login-paused": Kind(429, "Too many tries; wait", "尝试次数过多,请稍候"),
    "setup-invalid": Kind(410, "The link is unknown, was used, or is over", "设置链接不存在、已使用或已失效"),
    "code-wrong": Kind(422, "The one-time code is wrong", "动态验证码不正确"),
    "password-weak": Kind(422, "The password is too easy to guess", "口令过于简单"),
    "session-unknown": Kind(404, "There is no such session of yours", "会话不存在"),
    "account-unknown": Kind(404, "There is no such account", "账号不存在"),
    "account-disabled": Kind(409, "The account is kept out", "账号已停用"),
    "organisation-unknown": Kind(404, "The organisation's profile was not set yet", "单位资料尚未设置"),
    "login-taken": Kind(409, "Another account has this login name", "登录名已被使用"),
    "external-id-reused": Kind(409, "Another account has this external id", "该外部用户编号已用于其他账号"),
    "role-unfit": Kind(422, "This role does not fit this account", "角色不适用于该账号"),
    "last-super-admin": Kind(409, "A super administrator has to remain", "须至少保留一名超级管理员"),
    "code-taken": Kind(409, "Another business type has this code", "业务类型代码已被使用"),
    "business-type-unknown": Kind(404, "There is no such business type", "业务类型不存在"),
    "business-type-disabled": Kind(409, "The business type is no longer used", "业务类型已停用"),
    "business-type-not-granted": Kind(403, "The business type is not granted to you", "未获该业务类型授权"),
    "agreement-unknown": Kind(404, "There is no such text", "协议文本不存在"),
    "agreement-changed": Kind(409, "Another version of the text holds now", "协议文本已更新,请重新确认"),
    "agreement-missing": Kind(409, "An agreement has to be accepted first", "须先同意相关协议"),
    "agreement-required": Kind(
        403, "The agreements that hold now have to be accepted first", "请先同意现行协议"
    ),
    "consent-unknown": Kind(404, "There is no such consent", "同意记录不存在"),
    "consent-missing": Kind(409, "A separate consent is needed first", "须先取得单独同意"),
    "method-unknown": Kind(422, "There is no such way of checking", "不支持的核验方式"),
    "identity-incomplete": Kind(409, "The account lacks what is compared", "账号缺少核验所需信息"),
    "identity-unknown": Kind(404, "There is no such check", "核验记录不存在"),
    "identity-state": Kind(409, "The check is in another state", "核验状态不允许此操作"),
    "attempts-exhausted": Kind(409, "Too many checks failed today", "当日核验失败次数过多"),
    "agent-unverified": Kind(409, "The acting person is verified first", "须先核验经办人"),
    "agent-not-representative": Kind(
        409, "The legal representative himself has to act", "须由法定代表人本人办理"
    ),
    "material-unfit": Kind(422, "This material cannot be used", "材料不合要求"),
    "amount-wrong": Kind(409, "This is not the amount", "金额不符"),
    "provider-unavailable": Kind(503, "The provider does not answer just now", "核验服务方暂无响应"),
    "four-eyes": Kind(403, "Somebody else has to decide this", "须由他人审核"),
    # Documents and templates
    "document-unknown": Kind(404, "There is no such document", "文件不存在"),
    "document-kind": Kind(415, "The content is no PDF, DOCX or DOC", "文件内容不是 PDF、DOCX 或 DOC"),
    "document-name": Kind(422, "The name does not say what the content is", "文件名与内容不符"),
    "document-too-large": Kind(413, "The document is too large", "文件过大"),
    "document-malformed": Kind(422, "The document is not well-formed", "文件结构不合规范"),
    "document-limit": Kind(422, "The document asks for more than is given to one", "文件超出处理限制"),
    "document-encrypted": Kind(422, "The document is encrypted", "文件已加密"),
    "document-active": Kind(422, "The document contains something that runs", "文件含有可执行的动作或脚本"),
    "document-macros": Kind(422, "The document contains macros", "文件含有宏"),
    "document-embedded": Kind(422, "The document carries other files or objects", "文件嵌有其他文件或对象"),
    "document-external": Kind(422, "The document takes content from outside itself", "文件引用外部内容"),
    "document-form": Kind(422, "The document is a form that can be filled in", "文件含有可填写的表单域"),
    "document-hidden": Kind(
        422, "The document shows different things to different readers", "文件含有隐藏图层"
    ),
    "document-signed": Kind(422, "The document is signed already", "文件已含有签名"),
    "document-characters": Kind(
        422, "The document has characters that cannot be printed", "文件含有无法显示的字符"
    ),
    "document-unfinished": Kind(409, "The document has no such version yet", "文件尚无该版本"),
    "document-changed": Kind(409, "The document has changed meanwhile", "文件已发生变化"),
    "converter-missing": Kind(503, "No converter for this kind is installed", "未安装文件转换程序"),
    "conversion-failed": Kind(422, "The document could not be converted", "文件转换失败"),
    "control-invalid": Kind(422, "A control is not as it has to be", "控件设置不合规范"),
    "control-outside": Kind(422, "A control lies outside the page", "控件超出页面范围"),
    "control-overlap": Kind(422, "Two controls cover one another", "控件相互重叠"),
    "value-unknown": Kind(422, "There is no such control to fill in", "没有该填写项"),
    "value-missing": Kind(422, "A value is needed", "缺少填写内容"),
    "value-invalid": Kind(422, "A value is not one that may stand there", "填写内容不合规范"),
    "value-overflow": Kind(422, "A value does not fit its place", "填写内容超出控件范围"),
    "values-missing": Kind(409, "First fill in what was left to you", "请先填写留给您填写的内容"),
    "form-field-unknown": Kind(404, "The document has no such field", "文件中没有该填写域"),
    "form-field-taken": Kind(409, "The field is filled in already", "该填写域已有内容"),
    "template-unknown": Kind(404, "There is no such template", "模板不存在"),
    "template-archived": Kind(409, "The template is no longer used", "模板已停用"),
    "template-changed": Kind(409, "The template has another version by now", "模板已有新版本"),
    # Seals
    "seal-unknown": Kind(404, "There is no such seal", "印章不存在"),
    "seal-text-invalid": Kind(422, "This text cannot stand on a seal", "文字不能用于印章"),
    "seal-text-too-long": Kind(422, "The text does not fit on the seal", "文字过长,印章容纳不下"),
    "seal-glyph-missing": Kind(422, "The font lacks a character", "字库缺少该字"),
    "seal-design-invalid": Kind(422, "Such a seal is not drawn", "不支持的印章规格"),
    "seal-picture-invalid": Kind(422, "The picture cannot be used as a seal", "印章图片不合要求"),
    "signature-drawing-invalid": Kind(
        422, "The drawing cannot be used as a signature", "手写签名数据不合要求"
    ),
    "seal-state-wrong": Kind(409, "The seal's state does not allow this", "印章当前状态不允许此操作"),
    "seal-not-kept": Kind(403, "Another administrator keeps this seal", "该印章由其他管理员维护"),
    "official-seal-exists": Kind(409, "The organisation has an official seal", "单位已有公章"),
    "seal-disabled": Kind(409, "The seal is not in force", "印章未启用"),
    "seal-not-granted": Kind(403, "The use of the seal is not granted", "未获用印授权"),
    "seal-use-not-approved": Kind(409, "The use of the seal is not approved", "用印尚未审批通过"),
    "grant-unknown": Kind(404, "There is no such grant", "授权不存在"),
    "grant-revoked": Kind(409, "The grant was taken back before", "授权已撤销"),
    "use-request-unknown": Kind(404, "There is no such request to use a seal", "用印申请不存在"),
    "use-request-decided": Kind(409, "The request was decided before", "用印申请已处理"),
    "reason-missing": Kind(422, "A reason is needed", "须填写理由"),
    # The act of signing
    "document-not-viewed": Kind(409, "The document was not shown to this party", "尚未向该方展示文件"),
    "too-many-terms": Kind(422, "Too many terms are marked", "标注的条款过多"),
    "terms-missing": Kind(422, "Every highlighted term has to be noted", "须逐条确认所标出的条款"),
    "terms-unread": Kind(503, "The documents are still being searched for terms", "文件条款检索尚未完成"),
    "terms-not-acknowledged": Kind(409, "Highlighted terms were not noted", "尚未确认所标出的条款"),
    "signature-place-missing": Kind(
        409, "The document has no place for this signature", "文件中没有该方的签署位置"
    ),
    "signature-not-chosen": Kind(409, "Choose a seal or a signature first", "请先选择印章或签名"),
    "seal-needed": Kind(409, "The document asks for a seal", "该处须加盖印章"),
    "method-unavailable": Kind(422, "This party cannot confirm in this way", "该方不能使用此核验方式"),
    "factor-not-allowed": Kind(
        403, "The sender asks for another way of confirming", "发起方要求以其他方式核验意愿"
    ),
    "identity-required": Kind(
        403, "The identity of this party has to be verified first", "须先完成身份认证,方可签署"
    ),
    "demand-unmeetable": Kind(
        422, "This party could not confirm in any way that is allowed", "该签署方无法以所要求的方式核验意愿"
    ),
    "challenge-too-soon": Kind(429, "Another challenge can be asked for later", "请求过于频繁,请稍后再试"),
    "challenge-unknown": Kind(404, "There is no such challenge", "意愿核验不存在"),
    "challenge-closed": Kind(409, "The challenge was answered or replaced", "该意愿核验已完成或已被替换"),
    "challenge-expired": Kind(409, "The challenge is too old", "意愿核验已过期"),
    "answer-wrong": Kind(422, "The answer is wrong", "验证未通过"),
    "too-many-attempts": Kind(409, "Too many wrong answers", "错误次数过多"),
    "code-not-sent": Kind(503, "The code could not be sent", "验证码发送失败"),
    "face-unavailable": Kind(503, "The comparison of faces cannot be begun now", "人脸核验暂不可用"),
    "face-undecided": Kind(409, "The comparison of faces has no result yet", "人脸核验尚无结果"),
    # Search and order
    "query-empty": Kind(422, "There is no word to look for", "没有可检索的词"),
    "folder-unknown": Kind(404, "There is no such folder", "文件夹不存在"),
    "folder-taken": Kind(409, "Another folder has this name", "文件夹名称已存在"),
    "folder-not-empty": Kind(409, "Contracts are in this folder", "文件夹非空"),
    "contract-not-ended": Kind(409, "A contract is archived once it has ended", "合同尚未结束,不能归档"),
    "reminder-unknown": Kind(404, "There is no such reminder", "提醒不存在"),
    # What stands in the way on our side
    "signer-unavailable": Kind(
        503, "The log cannot sign just now; send the same again", "日志暂不能签名,请以相同 id 重试"
    ),
    "ledger-stopped": Kind(
        503, "The log has stopped and waits for its operator", "日志已停止,等待运营方处理"
    ),
    "busy": Kind(503, "Too much to do just now; send the same again", "服务繁忙,请稍后重试"),
    "bundle-unreadable": Kind(422, "The file to verify could not be read", "待核验文件无法读取"),
    "verify-limit": Kind(422, "Verification needs more than this service gives", "核验超出本服务的资源限制"),
    # The signing pipeline
    "erased": Kind(410, "What was kept here was erased", "所保存的内容已被删除"),
    "notary-unavailable": Kind(
        503,
        "The evidence service cannot be reached just now; send the same again",
        "存证服务暂不可用,请稍后重试",
    ),
    # Contracts
    "contract-unknown": Kind(404, "There is no such contract", "合同不存在"),
    "contract-state": Kind(409, "The contract's state does not allow this", "合同当前状态不允许此操作"),
    "contract-changed": Kind(409, "Somebody else changed the contract meanwhile", "合同已被他人更改"),
    "business-number-used": Kind(
        409, "The business number names a contract with other content", "业务编号已用于内容不同的合同"
    ),
    "parties-invalid": Kind(422, "The parties or their order are not possible", "签署方或签署顺序不合规范"),
    "party-unknown": Kind(404, "The contract has no such party", "合同无此签署方"),
    "party-state": Kind(409, "The party has acted, or is not at this step", "该签署方已处理或尚未到此步骤"),
    "party-renamed": Kind(
        409,
        "A party was verified under another name than the contract has",
        "签署方的认证名称与合同所载不一致",
    ),
    "not-your-turn": Kind(409, "It is not this party's turn", "尚未轮到该签署方"),
    "document-missing": Kind(
        409, "The contract has no document ready to be signed", "合同没有可供签署的文件"
    ),
    "signatures-missing": Kind(409, "Not everybody has signed", "尚有签署方未签署"),
    "approvers-missing": Kind(409, "No approvers are named", "未指定审批人"),
    "approval-missing": Kind(409, "The contract is not approved", "合同尚未审批通过"),
    "approval-decided": Kind(409, "This was decided before", "已作出审批决定"),
    "deadline-passed": Kind(409, "The deadline for signing has passed", "已超过签署截止时间"),
    "deadline-ahead": Kind(409, "The deadline has not come", "尚未到签署截止时间"),
    "deadline-invalid": Kind(422, "The deadline is not possible", "签署截止时间不合规范"),
    "void-unfounded": Kind(409, "There is no sufficient ground for voidness", "作废依据不足"),
    "void-unasked": Kind(409, "Nobody asked for the contract to be void", "无人提出作废"),
    "batch-unknown": Kind(404, "There is no such batch", "批次不存在"),
    "batch-started": Kind(409, "The batch has other rows already", "批次已有其他数据行"),
    "batch-malformed": Kind(422, "The rows of the batch cannot be read", "批次数据无法读取"),
    # What is kept, and messages
    "custody-unknown": Kind(404, "There is nothing kept under this id", "该编号下没有保存内容"),
    "file-unknown": Kind(404, "There is no file with this digest here", "没有该摘要的文件"),
    "file-too-large": Kind(413, "The file is too large to keep", "文件过大,无法保存"),
    "case-held": Kind(409, "A litigation hold stands on this", "该内容处于诉讼保全状态"),
    "hold-unknown": Kind(404, "There is no such hold", "没有该保全记录"),
    "case-in-pipeline": Kind(
        409, "The signing pipeline keeps this case; erase it there", "该案由签署系统保管,须在签署系统中删除"
    ),
    "retention-running": Kind(409, "This has to be kept longer", "保存期限尚未届满"),
    "deposits-waiting": Kind(409, "Evidence of this is still to be deposited", "尚有证据等待存证"),
    "contract-running": Kind(409, "The contract is being signed", "合同正在签署"),
    "link-invalid": Kind(410, "This link is not good, or not any more", "链接无效或已失效"),
    "notification-unknown": Kind(404, "There is no such message", "没有该通知"),
    "resent-too-soon": Kind(429, "A message was sent to this party just now", "刚刚已发送,请稍后再试"),
    "simulator-unknown": Kind(404, "No simulator is configured here", "未启用模拟器"),
    # Signing PDF documents
    "pdf-too-large": Kind(413, "The PDF is too large", "PDF 文件过大"),
    "pdf-unreadable": Kind(422, "The file cannot be read as a PDF", "文件无法作为 PDF 读取"),
    "pdf-encrypted": Kind(422, "The PDF is encrypted", "PDF 文件已加密"),
    "pdf-unsupported": Kind(
        422, "The PDF uses something that programs show differently", "PDF 使用了各软件显示不一的结构"
    ),
    "pdf-too-complex": Kind(422, "Reading the PDF needs more than it may", "PDF 结构过于复杂"),
    "pdf-locked": Kind(409, "An earlier signer locked the PDF", "PDF 已被在先签署人锁定"),
    "pdf-changed": Kind(
        409, "An earlier signature in the PDF does not hold", "PDF 中在先的签名未通过完整性核验"
    ),
    "pdf-unsigned": Kind(409, "The PDF has no signature", "PDF 中没有签名"),
    "signature-field-unknown": Kind(404, "There is no such signature field", "签名域不存在"),
    "signature-field-taken": Kind(409, "The signature field is signed already", "签名域已签署"),
    # Keys and certificates of signers
    "certificate-request-refused": Kind(
        422, "The authority refuses the certificate request", "认证机构拒绝该证书申请"
    ),
    "certificate-not-believed": Kind(
        502, "The authority's answer is not what was asked for", "认证机构的答复与申请不符，未予采信"
    ),
    "certificate-revoked": Kind(409, "The signer's certificate is revoked", "签署人证书已吊销"),
    "certificate-expired": Kind(
        409, "The signer's certificate is not valid at this time", "签署人证书不在有效期内"
    ),
    "signing-key-unknown": Kind(404, "There is no such signing key or certificate", "签名密钥或证书不存在"),
    "signing-key-gone": Kind(410, "The signing key was destroyed", "签名密钥已销毁"),
    "authority-unavailable": Kind(503, "The certification authority does not answer", "认证机构暂不可用"),
    # HTTP itself
    "not-found": Kind(404, "There is nothing here", "资源不存在"),
    "method-not-allowed": Kind(405, "This method is not allowed here", "不允许的请求方法"),
    "not-acceptable": Kind(406, "None of the accepted media types can be given", "无法提供所接受的媒体类型"),
    "request-invalid": Kind(400, "The request cannot be understood", "请求无法理解"),
    "internal": Kind(500, "Something went wrong on our side", "服务内部错误"),
}

# Codes of `zheng_verifier.errors.MalformedError` raised by the JSON profile and the claim reader.
FORMAT_CODES: Mapping[str, str] = {
    "TOO_LARGE": "body-too-large",
    "TOO_DEEP": "json-too-deep",
    "STRING_TOO_LONG": "string-too-long",
    "DUPLICATE_NAME": "json-duplicate-name",
    "INVALID_UTF8": "json-invalid-utf8",
    "NOT_A_NUMBER": "json-not-a-number",
    "FLOAT": "json-float",
    "INTEGER_RANGE": "json-integer-range",
    "LONE_SURROGATE": "json-lone-surrogate",
    "FORBIDDEN_CHARACTER": "json-forbidden-character",
    "NULL": "json-null",
    "MEMBER_NAME": "json-name",
    "CANONICALIZATION_MISMATCH": "not-canonical",
    "FIELD_MISSING": "field-missing",
    "UNKNOWN_FIELD": "field-unknown",
    "WRONG_TYPE": "field-type",
    "TOO_MANY": "field-value",
}

# Starlette's own refusals.
STATUS_CODES: Mapping[int, str] = {
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "body-too-large",
    415: "media-type-unsupported",
    422: "parameter-invalid",
    429: "rate-limited",
}


class ProblemError(Exception):
    """A refusal on its way to the client; ``code`` is a row of the table.

    ``detail`` is one English sentence about this occurrence, ``field`` a JSON Pointer, ``expected`` what would be
    right, ``index`` the failing place of a batch.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        field: str | None = None,
        expected: str | None = None,
        index: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.kind = KINDS[code]
        self.detail = detail
        self.field = field
        self.expected = expected
        self.index = index
        self.headers = dict(headers or {})

    def at(self, index: int) -> "ProblemError":
        """Give the same refusal, naming the place in a batch where it arose."""
        field = f"/events/{index}{self.field or ''}"
        return ProblemError(
            self.code, self.detail, field=field, expected=self.expected, index=index, headers=self.headers
        )


def prefers_chinese(accept_language: str) -> bool:
    """Tell whether the first known language of an `Accept-Language` header is Chinese."""
    for part in accept_language.split(","):
        tag = part.partition(";")[0].strip().lower()
        if tag.startswith("zh"):
            return True
        if tag.startswith("en"):
            return False
    return False


def problem_document(problem: ProblemError, *, request_id: str, chinese: bool) -> JsonObject:
    """Give the members of the problem document (RFC 9457 §3.1, ours after)."""
    kind = problem.kind
    document: JsonObject = {
        "type": TYPE_PREFIX + problem.code,
        "title": kind.title_zh if chinese else kind.title_en,
        "status": kind.status,
        "detail": problem.detail or kind.title_en,
        "request_id": request_id,
    }
    if problem.field is not None:
        document["field"] = problem.field
    if problem.expected is not None:
        document["expected"] = problem.expected
    if problem.index is not None:
        document["index"] = problem.index
    return document
