"""C18: what was checked of each person, by whom, and whether the records about one party agree with one another.

It is the platform's word throughout: no record carries a receipt signed by the provider. What the check can show is that
the records are there, that they were kept, and that account, phone, name and certificate of a party do not contradict one
another, nor name several persons. That nobody impersonated him it cannot show. A record by a simulator names nobody.
"""

from collections.abc import Iterator

from zheng_verifier.canonical import JsonValue
from zheng_verifier.checks.case import Fact, Facts, Match, compare
from zheng_verifier.checks.certificate_subject import compare_subject
from zheng_verifier.checks.evidence import failed, indeterminate, not_applicable, not_provided, passed
from zheng_verifier.encoding import format_time
from zheng_verifier.report.model import Finding, say
from zheng_verifier.sealed import is_sealed

_VERIFIED = ("identity.person_verified", "identity.organization_verified")
_RECORDS = (*_VERIFIED, "identity.bound")


def check_identities(facts: Facts) -> list[Finding]:
    """Judge every record of an identity, and the links of every party that signed (C18)."""
    records = facts.named(*_RECORDS)
    findings = [_judge_record(record) for record in records]
    for party in facts.signers:
        findings.extend(_judge_party(facts, party))
    findings.extend(_judge_authority(facts))
    if findings:
        return findings
    if facts.kind in ("subject", "log"):
        return [not_applicable("NO_SIGNER", say("the_case"), say("identity.no_signer"))]
    return [not_provided("IDENTITY_NOT_PROVIDED", say("the_case"), say("identity.none"))]


def _judge_record(record: Fact) -> Finding:
    observed = {
        name: text
        for name in ("party", "method", "provider", "level", "result", "verified_at")
        if (text := record.text(name)) is not None
    } | {"received_at": format_time(record.entry.received_at)}
    if record.simulated:
        return indeterminate("SIMULATED_IDENTITY", record.subject, say("identity.simulated"), **observed)
    if record.name == "identity.bound":
        return indeterminate("IDENTITY_ELSEWHERE", record.subject, say("identity.elsewhere"), **observed)
    return passed(record.subject, say("identity.record"), **observed)


def _judge_party(facts: Facts, party: str) -> Iterator[Finding]:
    subject = say("identity.party", party=party)
    mine = [record for record in facts.named(*_RECORDS) if record.text("party") == party]
    signed = [fact for fact in facts.named("party.signed") if fact.text("party") == party]
    if not mine:
        yield not_provided("IDENTITY_NOT_PROVIDED", subject, say("identity.none_of_party"))
    elif mine[0].seq > signed[0].seq:
        events = say("identity.two", one=mine[0].subject, other=signed[0].subject)
        yield indeterminate("IDENTITY_AFTER_SIGNING", subject, say("identity.after_signing", events=events))
    links = [*_persons(mine), *_names(facts, mine, party), *_phones(facts, mine, party)]
    links.extend(_accounts(facts, mine, party))
    for fact in signed:
        links.extend(_certificates(facts, fact))
    yield from (_judge_link(one, other, field, match) for one, other, field, match in links)
    issued = {each.seq: each for fact in signed for each in _issued(facts, fact)}
    yield from (finding for each in issued.values() for finding in _judge_subject(each, mine))


_Link = tuple[Fact, Fact, str, Match]
_Value = tuple[Fact, "JsonValue | None"]


def _judge_link(one: Fact, other: Fact, field: str, match: Match) -> Finding:
    """Judge one comparison: what is sealed cannot be compared, and is neither a pass nor a failure."""
    subject = say("identity.two", one=one.subject, other=other.subject)
    detail = say(f"identity.link_{field}")
    if match is Match.SAME:
        return passed(subject, detail)
    if match is Match.OTHER and field in ("person", "number"):
        return indeterminate("SEVERAL_PERSONS", subject, say("identity.several"))
    if match is Match.OTHER:
        return failed(
            "NAME_MISMATCH" if field == "name" else "LINK_BROKEN", subject, say(f"identity.broken_{field}")
        )
    return indeterminate("CANNOT_COMPARE", subject, say("identity.sealed", link=detail))


def _known_name(record: Fact) -> str:
    return "organization_name" if record.name == "identity.organization_verified" else "name"


def _is_organization(record: Fact) -> bool:
    return record.name == "identity.organization_verified" or record.text("subject_kind") == "organization"


def _persons(mine: list[Fact]) -> Iterator[_Link]:
    """All records of a party name one person, and one organisation if he acts for one: by name and by number."""
    for kind in (False, True):
        group = [record for record in mine if _is_organization(record) is kind]
        yield from _alike([(record, record.value(_known_name(record))) for record in group], "person")
    numbers: dict[str, list[_Value]] = {}
    for record in mine:
        if record.name == "identity.organization_verified":
            numbers.setdefault("uscc", []).append((record, record.value("uscc")))
        else:
            numbers.setdefault(record.text("id_type") or "", []).append((record, record.value("id_number")))
    for pairs in numbers.values():
        yield from _alike(pairs, "number")


def _alike(pairs: list[_Value], field: str) -> Iterator[_Link]:
    """Compare each value with the first that is opened."""
    given = [(record, value) for record, value in pairs if value is not None]
    given.sort(key=lambda pair: is_sealed(pair[1]))
    for record, value in given[1:]:
        yield given[0][0], record, field, compare(given[0][1], value)


def _names(facts: Facts, mine: list[Fact], party: str) -> Iterator[_Link]:
    """The name in the contract is a name that was verified of the party: an organisation's, or its agent's."""
    for created in facts.named("contract.created"):
        for name in _written(created, party):
            pairs = [(record, compare(name, record.value(_known_name(record)))) for record in mine]
            yield from _best(created, pairs, "name")


def _written(created: Fact, party: str) -> list[JsonValue]:
    """Give the names of a party as a contract writes them."""
    return [
        each["name"] for each in created.objects("parties") if each.get("party") == party and "name" in each
    ]


def _phones(facts: Facts, mine: list[Fact], party: str) -> Iterator[_Link]:
    """The one-time password went to the phone that was verified, of the person whom the contract names."""
    named = _named_in_contract(facts, mine, party)
    for sent in facts.named("intent.challenge_sent"):
        if sent.text("party") == party and sent.text("method") == "otp_sms":
            pairs = [(record, compare(sent.value("target"), record.value("phone"))) for record in mine]
            yield from _best(sent, [_of_named(*pair, named) for pair in pairs], "phone")


def _named_in_contract(facts: Facts, mine: list[Fact], party: str) -> dict[int, Match]:
    """Tell for each record of a person, by its number, whether the contract names him; empty if it names none of them."""
    written = [name for created in facts.named("contract.created") for name in _written(created, party)]
    found: dict[int, Match] = {}
    for record in mine:
        matches = {compare(name, record.value(_known_name(record))) for name in written}
        found[record.seq] = next((m for m in (Match.SAME, Match.OTHER) if m in matches), Match.UNKNOWN)
    persons = [record for record in mine if not _is_organization(record)]
    return found if any(found[record.seq] is Match.SAME for record in persons) else {}


def _of_named(record: Fact, match: Match, named: dict[int, Match]) -> tuple[Fact, Match]:
    """Let a phone count as far as its own record is of the person named: another's is not compared, a sealed one's open."""
    whose = named.get(record.seq, Match.SAME)
    if whose is Match.OTHER:
        return record, Match.ABSENT
    return record, Match.UNKNOWN if whose is Match.UNKNOWN and match is Match.SAME else match


def _accounts(facts: Facts, mine: list[Fact], party: str) -> Iterator[_Link]:
    """The account that began or was bound to the check is one that was registered in this case."""
    registered = facts.named("account.registered")
    begun = [fact for fact in facts.named("identity.started") if fact.text("party") == party]
    for fact in (*begun, *(record for record in mine if record.name == "identity.bound")):
        pairs = [
            (account, compare(fact.value("account"), account.value("account"))) for account in registered
        ]
        yield from _best(fact, pairs, "account")


def _best(fact: Fact, pairs: list[tuple[Fact, Match]], field: str) -> Iterator[_Link]:
    """Of several records one that agrees is enough; it is broken only if all are known and none agrees."""
    for wanted in (Match.SAME, Match.UNKNOWN, Match.OTHER):
        for other, match in pairs:
            if match is wanted:
                yield fact, other, field, match
                return


def _certificates(facts: Facts, signed: Fact) -> Iterator[_Link]:
    """The certificate that signed was issued in this case for that key and to that party."""
    for issued in _issued(facts, signed):
        if compare(issued.value("party"), signed.value("party")) is Match.OTHER:
            yield signed, issued, "party", Match.OTHER
        yield signed, issued, "certificate", compare(issued.value("certificate"), signed.value("certificate"))


def _issued(facts: Facts, signed: Fact) -> list[Fact]:
    """Give the certificates that were issued before a signature, for its key."""
    key = signed.text("key")
    issued = facts.before(signed).named("certificate.issued")
    return [each for each in issued if key is not None and each.text("key") == key]


def _judge_subject(issued: Fact, mine: list[Fact]) -> Iterator[Finding]:
    """The certificate was issued under a verified name; what is masked or written otherwise is not decided."""
    known = [record for record in mine if record.value(_known_name(record)) is not None]
    if not known or issued.value("subject") is None:
        return
    subject = issued.text("subject")
    names = [name for record in known if (name := record.text(_known_name(record))) is not None]
    where, link = issued.subject, say("identity.link_subject")
    match = Match.UNKNOWN if subject is None else compare_subject(subject, names)
    if match is Match.SAME:
        yield passed(where, link)
    elif subject is None or len(names) < len(known):
        yield indeterminate("CANNOT_COMPARE", where, say("identity.sealed", link=link))
    elif match is Match.UNKNOWN:
        yield indeterminate("SUBJECT_UNCLEAR", where, say("identity.subject_unclear", subject=subject))
    else:
        yield failed("NAME_MISMATCH", where, say("identity.broken_subject"))


def _judge_authority(facts: Facts) -> Iterator[Finding]:
    """Who acts for an organisation, or takes over a signing, does so by an authority: named, or not provided."""
    for record in facts.named("identity.organization_verified"):
        agent = record.text("agent_event")
        person = facts.by_id(agent) if agent is not None else None
        if agent is not None and (
            person is None or person.name not in ("identity.person_verified", "identity.bound")
        ):
            state = failed if facts.complete_before(record) else indeterminate
            yield state("LINK_BROKEN", record.subject, say("identity.agent_unknown"))
        if record.text("method") != "legal_rep_face":  # else the representative himself acted
            yield _authority(record)
    for delegated in facts.named("party.delegated"):
        yield _authority(delegated)


def _authority(fact: Fact) -> Finding:
    if fact.value("authorization") is None:
        return not_provided("AUTHORITY_NOT_PROVIDED", fact.subject, say("identity.no_authority"))
    return passed(fact.subject, say("identity.authority"))
