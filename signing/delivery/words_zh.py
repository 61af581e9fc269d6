"""What messages say in Chinese. The same names as in ``words_en``; the text of each is what its template's digest covers."""

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "greeting": "{name}，您好：",
        "greeting_nobody": "您好：",
        "deadline": "截止时间：{deadline}",
        "link_note": "链接仅供您本人使用，请勿转发；打开一次后失效，如需再次进入，可在页面上重新获取。",
        "link_plain": "若无法点击，请将以下链接复制到浏览器打开：",
        "footer": "本邮件由证（Zheng）电子合同服务受{sender}委托自动发送，请勿直接回复。如您与此无关，请忽略本邮件。",
        "sign_request.subject": "请签署：《{title}》",
        "sign_request.body": "{sender}邀请您签署《{title}》。请阅读全文，确认无误后再签署。",
        "sign_request.action": "查看并签署",
        "sign_request.sms": "【证】{sender}邀请您签署《{title}》，截止{deadline}。仅供本人使用：{link}",
        "reminder.subject": "提醒：请签署《{title}》",
        "reminder.body": "{sender}发起的《{title}》仍在等待您签署。",
        "reminder.action": "查看并签署",
        "reminder.sms": "【证】{sender}发起的《{title}》仍待您签署，截止{deadline}。仅供本人使用：{link}",
        "completion.subject": "已完成：《{title}》",
        "completion.body": "《{title}》各方均已签署。您可以查看、下载签署后的文件，并自行核验。",
        "completion.action": "查看合同",
        "completion.sms": "【证】《{title}》各方均已签署，查看：{link}",
        "copy.subject": "抄送：《{title}》",
        "copy.body": "{sender}将《{title}》抄送给您，供您查阅。您无需签署。",
        "copy.action": "查看合同",
        "copy.sms": "【证】{sender}将《{title}》抄送给您，查看：{link}",
        "rejection.subject": "已被拒签：《{title}》",
        "rejection.body": "《{title}》已被一方拒绝签署，签署流程就此结束。您无需再作任何操作。",
        "rejection.sms": "【证】《{title}》已被一方拒绝签署，流程结束。",
        "void_request.subject": "请答复是否同意作废：《{title}》",
        "void_request.body": "{sender}请您同意《{title}》作废。请在页面上查看理由；是否同意由您决定，不同意时无需任何操作。",
        "void_request.action": "查看并决定",
        "void_request.sms": "【证】{sender}请您同意《{title}》作废，是否同意由您决定。仅供本人使用：{link}",
        "term_ending.subject": "合同期限即将届满：《{title}》",
        "term_ending.body": "{sender}的合同《{title}》期限至{day}届满，请及时安排续签、终止等事宜。登录工作台可查看该合同。",
        "term_ending.action": "在工作台查看",
        "term_ending.sms": "【证】合同《{title}》期限至{day}届满，请登录工作台查看：{link}",
        "withdrawal.subject": "已撤回或作废：《{title}》",
        "withdrawal.body": "{sender}发起的《{title}》已撤回或作废。您无需再作任何操作。",
        "withdrawal.sms": "【证】{sender}发起的《{title}》已撤回或作废。",
    }
)
