"""What messages say in English. The same names as in ``words_zh``; the text of each is what its template's digest covers."""

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "greeting": "Dear {name},",
        "greeting_nobody": "Good day,",
        "deadline": "To be done by: {deadline}",
        "link_note": "The link is for you alone; please do not pass it on. It opens once; a new one can be had on the page.",
        "link_plain": "If it cannot be clicked, please copy this link into a browser:",
        "footer": (
            "This mail was sent automatically by the Zheng contract service on behalf of {sender}; replies are not read. "
            "If it does not concern you, please disregard it."
        ),
        "sign_request.subject": "Please sign: {title}",
        "sign_request.body": "{sender} asks you to sign “{title}”. Please read it all, and sign if you agree.",
        "sign_request.action": "Read and sign",
        "sign_request.sms": "[Zheng] {sender} asks you to sign “{title}” by {deadline}. For you alone: {link}",
        "reminder.subject": "Reminder: please sign {title}",
        "reminder.body": "“{title}”, sent by {sender}, still waits for your signature.",
        "reminder.action": "Read and sign",
        "reminder.sms": "[Zheng] “{title}” from {sender} still waits for you, by {deadline}. For you alone: {link}",
        "completion.subject": "Completed: {title}",
        "completion.body": "All parties have signed “{title}”. You can read, download and verify the signed document.",
        "completion.action": "See the contract",
        "completion.sms": "[Zheng] All parties have signed “{title}”. See it: {link}",
        "copy.subject": "Copy: {title}",
        "copy.body": "{sender} sends you a copy of “{title}” to read. You need not sign anything.",
        "copy.action": "See the contract",
        "copy.sms": "[Zheng] {sender} sends you a copy of “{title}”: {link}",
        "rejection.subject": "Refused: {title}",
        "rejection.body": "A party refused to sign “{title}”, which ends its signing. You need not do anything more.",
        "rejection.sms": "[Zheng] A party refused to sign “{title}”; its signing has ended.",
        "void_request.subject": "Do you agree that it is void? {title}",
        "void_request.body": (
            "{sender} asks you to agree that “{title}” is void. The page says why. It is for you to decide; "
            "if you do not agree, you need do nothing."
        ),
        "void_request.action": "Read and decide",
        "void_request.sms": "[Zheng] {sender} asks you to agree that “{title}” is void. You decide. For you alone: {link}",
        "term_ending.subject": "The term ends soon: {title}",
        "term_ending.body": (
            "The term of “{title}”, a contract of {sender}, ends on {day}. Please see to its renewal or its end in time. "
            "You can see the contract at the desk, after logging in."
        ),
        "term_ending.action": "See it at the desk",
        "term_ending.sms": "[Zheng] The term of “{title}” ends on {day}. Log in and see it: {link}",
        "withdrawal.subject": "Withdrawn or voided: {title}",
        "withdrawal.body": "“{title}”, sent by {sender}, was withdrawn or voided. You need not do anything more.",
        "withdrawal.sms": "[Zheng] “{title}” from {sender} was withdrawn or voided.",
    }
)
