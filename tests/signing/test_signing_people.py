"""People: accounts once, roles as a table, logging in that tells nothing, agreements by the bytes shown."""

import hashlib
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from people_world import (
    ADMIN_KEY,
    COMPANY,
    OTHER,
    PASSWORD,
    PERSON,
    SEEN,
    STRANGER,
    TENANT,
    World,
    new_id,
    secret_of,
    yes,
)

from signing.database import read, write
from signing.errors import Refused
from signing.people.accounts import NewAccount
from signing.people.agreements import AGREEMENTS, LOCALES, PURPOSES, published
from signing.people.logins import Attempt
from signing.people.profile import Profile, checked, format_profile, parse_profile
from signing.people.roles import INTERNAL, SCOPES, TABLE, TITLES, Role, of_roles
from signing.people.secrets import check_new_password, hash_password, password_matches, totp_code
from signing.people.setup import Answer
from signing.people.throttle import ADDRESS, LOGIN, PAIR, PausedError, Rule
from signing.principal import Permission, Principal


@pytest.fixture
def world(engine, tmp_path, clock):
    return World(engine, tmp_path, clock)


def refused(code, call, /, *args, **options):
    with pytest.raises(Refused) as caught:
        call(*args, **options)
    assert caught.value.code == code, caught.value
    return caught.value


# Roles


ROLE_RULES = [
    (Role.MEMBER, {"use_templates", "send_contracts", "sign"}, {"manage_seals", "manage_members"}),
    (Role.SEAL_ADMIN, {"manage_seals"}, {"manage_all_seals", "approve_seals", "sign"}),
    (Role.EXTERNAL_PERSON, {"sign", "download"}, {"send_contracts", "read_people"}),
    (
        Role.SYSTEM_ADMIN,
        {
            "manage_members",
            "manage_contacts",
            "approve_companies",
            "manage_business_types",
            "manage_all_seals",
            "manage_all_templates",
            "send_contracts",
            "sign",
        },
        {"grant_roles", "manage_organisation", "manage_custody"},
    ),
    (Role.TEMPLATE_ADMIN, {"manage_templates"}, {"manage_all_templates", "manage_seals"}),
    (Role.EXTERNAL_COMPANY, {"sign", "download"}, {"send_contracts"}),
    (Role.REVIEWER, {"review_identities"}, {"approve_companies", "send_contracts"}),
    (Role.SUPER_ADMIN, {each.value for each in Permission}, set()),
]


@pytest.mark.parametrize(("role", "may", "may_not"), ROLE_RULES, ids=[row[0].value for row in ROLE_RULES])
def test_each_of_the_eight_roles_may_what_the_source_says(role, may, may_not):
    """S4-35…42: each role allows what is written of it, and not what is written of others."""
    allowed = {each.value for each in of_roles([role])}
    assert may <= allowed
    assert not may_not & allowed
    assert set(TITLES) == set(Role) == set(TABLE)


@given(st.sets(st.sampled_from(sorted(Role))), st.sets(st.sampled_from(sorted(Role))))
def test_roles_add_up(some, others):
    """Many-to-many: two sets of roles together allow exactly what either allows."""
    assert of_roles(some | others) == of_roles(some) | of_roles(others)


def test_a_key_never_does_what_only_a_person_does():
    """No scope lets a program sign, approve or review: those are acts of a person."""
    everything = frozenset().union(*SCOPES.values())
    assert not everything & {Permission.SIGN, Permission.REVIEW_IDENTITIES, Permission.APPROVE_CONTRACTS}
    key = Principal(TENANT, "api_client", scopes=frozenset({"signing:read", "cases:write"}))
    refused("permission-missing", key.require, Permission.SEND_CONTRACTS)
    refused("account-needed", key.require_account)


def test_a_super_administrator_remains(world):
    """The last super administrator is neither disabled nor stripped of the role; the first of two is."""
    boss = world.administrator()
    refused("last-super-admin", world.people.administration.set_enabled, boss, boss.account, enabled=False)
    refused(
        "last-super-admin",
        world.people.administration.set_roles,
        boss,
        boss.account,
        frozenset({Role.MEMBER}),
    )
    clerk = world.member(roles={Role.SYSTEM_ADMIN})
    refused("permission-missing", world.people.administration.set_enabled, clerk, boss.account, enabled=False)
    refused(
        "permission-missing", world.people.administration.set_roles, clerk, clerk.account, frozenset(Role)
    )
    refused("permission-missing", world.people.setups.invite, clerk, boss.account)
    given_roles = world.people.administration.set_roles(boss, clerk.account, frozenset({Role.SUPER_ADMIN}))
    assert given_roles.roles == {Role.SUPER_ADMIN}
    assert not world.people.administration.set_enabled(
        clerk_as(boss, clerk), boss.account, enabled=False
    ).enabled


def clerk_as(boss, clerk):
    return replace(clerk, roles=boss.roles)


# Accounts


def test_one_account_for_an_id_and_for_an_external_id(world):
    """S4-44: the same creation again gives the same account; another under either id is refused; apps are apart."""
    profile = replace(PERSON, external_id="E-1001")
    new = NewAccount(request=new_id(), kind="person", internal=False, profile=profile)
    create = world.people.accounts.create
    first, fresh = create(ADMIN_KEY, new)
    assert fresh
    assert create(ADMIN_KEY, new) == (first, False)
    assert create(ADMIN_KEY, replace(new, request=new_id())) == (first, False)
    other = replace(profile, name="李四")
    refused("id-reused", create, ADMIN_KEY, replace(new, profile=other))
    refused("external-id-reused", create, ADMIN_KEY, replace(new, request=new_id(), profile=other))
    elsewhere, fresh = create(ADMIN_KEY, replace(new, request=new_id(), app="hr"))
    assert fresh
    assert elsewhere.id != first.id
    assert world.people.accounts.by_external_id(ADMIN_KEY, "hr", "E-1001").id == elsewhere.id
    stranger, fresh = create(STRANGER, new)
    assert fresh
    assert stranger.tenant == OTHER
    registered = world.events(first.dossier)
    assert [each[0] for each in registered] == ["account.registered/1"]
    assert registered[0][1] == {
        "subject_kind": "person",
        "channel": "api",
        "account": first.id,
        "name": "张三",
        "phone": "+8619900000001",
        "email": "a@example.org",
        "ip": "192.0.2.1",
        "user_agent": "Program/1.0",
    }


def test_nothing_personal_lies_open(world):
    """No name, number, address, login name, password or secret stands readable in database or files."""
    made = world.account(replace(PERSON, external_id="EMPLOYEE-77"))
    world.member(name="赵秘书", login="secretary.zhao")
    (_, secret) = world.register(made.id) if made.profile.login else (None, b"\0none")
    stored = world.stored()
    for value in ("张三", "19900000001", "110101199001010000", "a@example.org", "EMPLOYEE-77", "赵秘书",
                  "secretary.zhao", PASSWORD):  # fmt: skip
        assert value.encode() not in stored, value
        assert hashlib.sha256(value.encode()).digest() not in stored, value
    assert secret not in stored


BAD_PROFILES = [
    ({"phone": "13x"}, "/phone"),
    ({"email": "no"}, "/email"),
    ({"name": ""}, "/name"),
    ({"name": " 张三"}, "/name"),
    ({"id_number": ""}, "/id_type"),
    ({"id_number": "12345678"}, "/id_number"),
    ({"uscc": "91110000ma0000000i"}, "/uscc"),
    ({"login": "No Spaces"}, "/login"),
]


@pytest.mark.parametrize(("change", "field"), BAD_PROFILES)
def test_profiles_are_read_strictly(change, field):
    """A value that cannot be what it claims to be is refused, and named."""
    assert refused("field-value", checked, replace(PERSON, **change)).field == field


def test_profiles_come_back():
    """What is sealed is what was given."""
    assert parse_profile(format_profile(PERSON)) == PERSON


def test_business_types_are_granted(world):
    """S4-34: a member works with the business types granted to him; whoever maintains all templates with any."""
    types, clerk = world.people.business_types, world.member()
    made, fresh = types.create(ADMIN_KEY, request=new_id(), code="hr", name="人事", scene="human_resources")
    assert fresh
    refused("code-taken", types.create, ADMIN_KEY, request=new_id(), code="hr", name="x", scene="other")
    refused("field-value", types.create, ADMIN_KEY, request=new_id(), code="b", name="x", scene="poker")
    refused("permission-missing", types.grant, clerk, made.id, clerk.account, granted=True)

    def may(by):
        with read(world.engine) as session:
            types.require(session, by, made.id)

    refused("business-type-not-granted", may, clerk)
    assert types.grant(ADMIN_KEY, made.id, clerk.account, granted=True).accounts == (clerk.account,)
    may(clerk)
    may(ADMIN_KEY)
    refused("business-type-unknown", may, STRANGER)
    types.set_enabled(ADMIN_KEY, made.id, enabled=False)
    refused("business-type-disabled", may, clerk)
    assert types.grant(ADMIN_KEY, made.id, clerk.account, granted=False).accounts == ()


# Logging in


@pytest.fixture
def clerk(world):
    """A registered member: (account, secret of his second factor, recovery codes)."""
    made = world.member(login="clerk", register=False)
    enrolled, secret = world.register(made.id)
    world.clock.advance(minutes=2)
    return made.id, secret, enrolled


def attempt(world, secret, **changes):
    given = Attempt(TENANT, "clerk", PASSWORD, totp_code(secret, world.clock()))
    return replace(given, **changes)


def test_a_code_opens_one_session(world, clerk):
    """The right password and code open a session; the same code never opens a second one, at once or after."""
    account, secret, _ = clerk
    given, opened, failed = attempt(world, secret), [], []

    def log_in():
        try:
            opened.append(world.people.logins.login(given, SEEN))
        except Refused as error:
            failed.append(error.code)

    threads = [threading.Thread(target=log_in) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (len(opened), failed) == (1, ["login-refused"] * 2)
    principal = world.people.sessions.resolve(opened[0].token, SEEN)
    assert (principal.account, principal.roles) == (account, {Role.MEMBER})
    refused("login-refused", world.people.logins.login, given, SEEN)


@pytest.mark.parametrize("steps", [-2, -1, 0, 1, 2])
def test_a_code_is_good_for_one_step_around(world, clerk, steps):
    """RFC 6238: clocks may differ by one step, and no more."""
    _, secret, _ = clerk
    code = totp_code(secret, world.clock() + timedelta(seconds=30 * steps))
    given = attempt(world, secret, code=code)
    if abs(steps) <= 1:
        assert world.people.logins.login(given, SEEN).token.startswith("zs_")
    else:
        refused("login-refused", world.people.logins.login, given, SEEN)


def test_whatever_is_wrong_the_answer_is_the_same(world, clerk, monkeypatch):
    """Unknown name, unknown tenant, wrong password, wrong code, disabled account: one answer, and one Argon2id each."""
    account, secret, _ = clerk
    worked = []
    import signing.people.logins as module

    real = module.password_matches
    monkeypatch.setattr(module, "password_matches", lambda *args: worked.append(1) or real(*args))
    wrong = [{"login": "nobody"}, {"tenant": OTHER}, {"password": "wrong"}, {"code": "000000"},
             {"code": "", "recovery_code": "aaaa-bbbb-cccc-dddd"}]  # fmt: skip
    answers = set()
    for number, change in enumerate(wrong):
        seen = replace(SEEN, ip=f"198.51.100.{number}")
        error = refused("login-refused", world.people.logins.login, attempt(world, secret, **change), seen)
        answers.add((error.code, error.detail, error.field, error.expected))
    world.people.administration.set_enabled(ADMIN_KEY, account, enabled=False)
    refused("login-refused", world.people.logins.login, attempt(world, secret), SEEN)
    assert len(answers) == 1
    assert len(worked) == len(wrong) + 1
    assert not (world.folder / "keys" / OTHER).exists()


def test_failures_pause_and_the_pause_ends(world, clerk):
    """After three failures each costs a pause twice as long; a try in a pause is not judged and does not lengthen it."""
    _, secret, _ = clerk
    waits = []
    for _ in range(6):
        while True:
            try:
                world.people.logins.login(attempt(world, secret, password="wrong"), SEEN)
            except PausedError as paused:
                waits.append(paused.seconds)
                world.clock.advance(seconds=paused.seconds)
            except Refused:
                break
    assert waits == sorted(waits)
    assert len(waits) >= 2
    world.clock.advance(seconds=PAIR.longest)
    assert world.people.logins.login(attempt(world, secret), SEEN)


def test_nobody_locks_a_stranger_out(world, clerk):
    """An attacker from a hundred addresses pauses the login name for newcomers, but not where its owner was before."""
    _, secret, _ = clerk
    home = replace(SEEN, ip="203.0.113.5")
    world.people.logins.login(attempt(world, secret), home)
    paused = 0
    for number in range(100):
        world.clock.advance(seconds=1)
        seen = replace(SEEN, ip=f"2001:db8::{number:x}")
        try:
            world.people.logins.login(attempt(world, secret, password="guess"), seen)
        except PausedError:
            paused += 1
        except Refused:
            pass
    assert paused > 80
    abroad = replace(SEEN, ip="203.0.113.99")
    with pytest.raises(PausedError):
        world.people.logins.login(attempt(world, secret), abroad)
    assert world.people.logins.login(attempt(world, secret), home)
    world.clock.advance(seconds=LOGIN.longest + 1)
    assert world.people.logins.login(attempt(world, secret), abroad)


@given(st.integers(0, 10_000), st.sampled_from([PAIR, LOGIN, ADDRESS, Rule(0, 1, 7, 1)]))
def test_pauses_grow_and_are_bounded(failures, rule):
    """No number of failures costs more than the bound, and one more never costs less."""
    assert 0 <= rule.pause(failures) <= rule.pause(failures + 1) <= rule.longest


def test_sessions_end(world, clerk):
    """A session ends by rest, by age, by its owner, with its account, and is never another's to end."""
    account, secret, enrolled = clerk
    sessions, token = world.people.sessions, enrolled.session.token
    me = sessions.resolve(token, SEEN)
    other = world.member()
    refused("session-unknown", sessions.end, other, me.session)
    refused("session-invalid", sessions.resolve, "zs_" + "A" * 43, SEEN)
    for _ in range(25):
        world.clock.advance(minutes=29)
        try:
            sessions.resolve(token, SEEN)
        except Refused:
            break
    assert world.clock() >= enrolled.session.expires_at - timedelta(minutes=29)
    second = world.people.logins.login(attempt(world, secret), SEEN)
    world.clock.advance(minutes=31)
    refused("session-invalid", sessions.resolve, second.token, SEEN)
    third = world.people.logins.login(attempt(world, secret), SEEN)
    assert [each.id for each in sessions.listed(sessions.resolve(third.token, SEEN))] == [third.id]
    sessions.end(sessions.resolve(third.token, SEEN), third.id)
    refused("session-invalid", sessions.resolve, third.token, SEEN)
    world.clock.advance(minutes=1)
    fourth = world.people.logins.login(attempt(world, secret), SEEN)
    world.people.administration.set_enabled(ADMIN_KEY, account, enabled=False)
    refused("session-invalid", sessions.resolve, fourth.token, SEEN)


def test_recovery(world, clerk):
    """A recovery code stands for the second factor once; a new link replaces password and factor and ends sessions."""
    account, secret, enrolled = clerk
    code = enrolled.recovery_codes[0]
    given = attempt(world, secret, code="", recovery_code=code.upper())
    token = world.people.logins.login(given, SEEN).token
    refused("login-refused", world.people.logins.login, given, SEEN)
    assert world.people.sessions.resolve(token, SEEN)
    _, newer = world.register(account, password="another password 9")
    refused("session-invalid", world.people.sessions.resolve, token, SEEN)
    world.clock.advance(minutes=1)
    refused("login-refused", world.people.logins.login, attempt(world, secret), SEEN)
    good = attempt(world, newer, password="another password 9")
    member = world.people.sessions.resolve(world.people.logins.login(good, SEEN).token, SEEN)
    world.people.logins.confirm_password(member, "another password 9")
    refused("login-refused", world.people.logins.confirm_password, member, PASSWORD)


def test_a_member_who_came_in_is_not_taken_over_by_who_may_only_add_members(world, clerk):
    """A link is a way in: a system administrator makes a newcomer's, another for a colleague takes a super administrator."""
    newcomer = world.member(login="newcomer", register=False)
    other = world.member(login="colleague")
    by = Principal(TENANT, "member", account=clerk[0], roles=frozenset({Role.SYSTEM_ADMIN}), seen=SEEN)
    assert world.people.setups.invite(by, newcomer.id).token
    refused("permission-missing", world.people.setups.invite, by, other.account)
    assert world.people.setups.invite(world.administrator(), other.account).token


def test_a_link_is_good_once_and_registers_nobody_without_agreements(world):
    """Without the agreements nobody is registered; the link is used up by success, age, five wrong codes, a newer link."""
    made, setups = world.member(login="novice", register=False), world.people.setups
    token = setups.invite(ADMIN_KEY, made.id).token

    def answer(given=token, agreements=(), code=None, password=PASSWORD):
        secret = secret_of(setups.begin(given))
        code = code or totp_code(secret, world.clock())
        return setups.finish(Answer(given, password, code, agreements=agreements), SEEN)

    refused("agreement-missing", answer)
    refused("password-weak", answer, password="short")
    refused("password-weak", answer, password="the novice password")
    stale = replace(yes("service_terms"), text_sha256="0" * 64)
    refused("agreement-changed", answer, agreements=[stale, yes("privacy_policy")])
    done = answer(agreements=[yes("service_terms", "en"), yes("privacy_policy")])
    assert len(done.recovery_codes) == 10
    refused("setup-invalid", setups.begin, token)
    accepted = [row for row in world.events(made.dossier) if row[0] == "agreement.accepted/1"]
    assert {row[1]["agreement"] for row in accepted} == {"service_terms", "privacy_policy"}
    assert accepted[0][1]["ip"] == SEEN.ip
    second = setups.invite(ADMIN_KEY, made.id).token
    third = setups.invite(ADMIN_KEY, made.id).token
    refused("setup-invalid", setups.begin, second)
    for _ in range(5):
        refused("code-wrong", answer, third, code="000000")
    refused("setup-invalid", setups.begin, third)
    late = setups.invite(ADMIN_KEY, made.id).token
    world.clock.advance(hours=73)
    refused("setup-invalid", setups.begin, late)


def test_passwords():
    """Argon2id; the same letters typed on another keyboard are the same password."""
    from people_world import CHEAP

    kept = hash_password("na\u0303o-é-passe-9", CHEAP, lambda size: b"s" * size)
    assert kept.startswith("$argon2id$")
    assert password_matches("n\u00e3o-e\u0301-passe-9", kept)
    assert not password_matches("nao-e-passe-9", kept)
    refused("password-weak", check_new_password, "aaaabbbbaaaabbbb", avoid=())


# Agreements and consents


def test_texts_are_what_they_were():
    """A published text never changes: a new wording is a new version. Each stands in both languages."""
    pinned = dict(
        line.split() for line in (Path(__file__).parent / "agreement_digests.txt").read_text().splitlines()
    )
    assert {f"{t.name}.{t.version}.{t.locale}": t.sha256 for t in published()} == pinned
    assert {t.name for t in published()} == {*AGREEMENTS, *PURPOSES}
    for text in published():
        assert {t.locale for t in published() if t.name == text.name} == set(LOCALES)
        for word in ("公证书", "鉴定意见", "不可篡改", "具有法律效力", "legally valid", "tamper-proof"):
            assert word not in text.content.decode()


def test_consents_are_given_and_taken_back(world):
    """One consent for one purpose, with its event; taken back once, by its own; nobody consents for another person."""
    made, agreements = world.account(), world.people.agreements
    given = agreements.consent(ADMIN_KEY, made.id, yes("biometric"))
    assert agreements.consent(ADMIN_KEY, made.id, yes("biometric")) == given
    other = world.member(roles={Role.SYSTEM_ADMIN})
    refused("permission-missing", agreements.consent, other, made.id, yes("biometric"))
    refused("account-unknown", agreements.consent, STRANGER, made.id, yes("biometric"))
    refused("consent-unknown", agreements.withdraw, STRANGER, given.id, action="click")
    refused("agreement-unknown", agreements.consent, ADMIN_KEY, made.id, yes("service_terms"))
    himself = Principal(TENANT, "party", account=made.id, party=new_id(), seen=SEEN)
    ended = agreements.withdraw(himself, given.id, action="click")
    assert agreements.withdraw(himself, given.id, action="click") == ended
    told = world.events(made.dossier)
    assert [row[0] for row in told[1:]] == ["consent.recorded/1", "consent.withdrawn/1"]
    assert told[1][1]["scope"] == ["face"]
    assert told[2][1]["consent_event"] == told[1][3]
    with read(world.engine) as session:
        refused("consent-missing", agreements.require_consent, session, made.id, "biometric")


def test_the_organisation_is_an_account(world):
    """The tenant's own organisation has an account, which only those who may change."""
    organisations = world.people.organisations
    refused("organisation-unknown", organisations.account, ADMIN_KEY)
    made = organisations.describe(ADMIN_KEY, COMPANY, request=new_id())
    again = organisations.describe(ADMIN_KEY, replace(COMPANY, address="北京"), request=new_id())
    assert (again.id, again.profile.address) == (made.id, "北京")
    clerk = world.member(roles={Role.SYSTEM_ADMIN})
    refused("permission-missing", organisations.describe, clerk, COMPANY, request=new_id())
    assert organisations.set_agent(ADMIN_KEY, clerk.account).agent == clerk.account
    refused("field-value", organisations.set_agent, ADMIN_KEY, made.id)
    refused("organisation-unknown", organisations.account, STRANGER)


def test_internal_roles_fit_internal_people(world):
    """No contact is given a role of the house, and no member one of a contact."""
    new = NewAccount(new_id(), "person", internal=False, profile=PERSON, roles=frozenset({Role.MEMBER}))
    refused("role-unfit", world.people.accounts.create, ADMIN_KEY, new)
    outside = frozenset(Role) - INTERNAL
    profile = Profile(name="x")
    refused(
        "role-unfit",
        world.people.accounts.create,
        ADMIN_KEY,
        NewAccount(new_id(), "person", internal=True, profile=profile, roles=outside),
    )


def test_a_partys_session_is_of_one_party(world):
    """Whoever opened a one-time link is that party of that contract, signs and reads, and sends nothing; it can be ended."""
    made, contract, party = world.account(), new_id(), new_id()
    with write(world.engine) as session:
        opened = world.people.sessions.open_party(
            session, TENANT, contract=contract, party=party, account=made.id, seen=SEEN
        )
    found = world.people.sessions.resolve(opened.token, SEEN)
    assert opened.token.startswith("zp_")
    assert (found.kind, found.party, found.contract, found.account) == ("party", party, contract, made.id)
    assert found.may(Permission.SIGN)
    refused("permission-missing", found.require, Permission.SEND_CONTRACTS)
    assert world.people.sessions.listed(found) == []
    with write(world.engine) as session:
        world.people.sessions.end_of_party(session, party)
    refused("session-invalid", world.people.sessions.resolve, opened.token, SEEN)


def test_lists_go_page_by_page(world):
    """Members and contacts are listed apart, in order, each once; an address finds whoever has it."""
    made = [world.account(replace(PERSON, name=f"人{number}")) for number in range(5)]
    world.member(register=False)
    seen, after = [], 0
    while page := world.people.accounts.listed(ADMIN_KEY, internal=False, after=after, limit=2):
        seen += page
        after = page[-1].position
    assert seen == made
    assert len(world.people.accounts.listed(ADMIN_KEY, internal=True)) == 1
    assert world.people.accounts.listed(STRANGER, internal=False) == []
    with read(world.engine) as session:
        for target in ("19900000001", "+8619900000001", "A@example.org"):
            assert world.people.accounts.by_address(session, TENANT, target) == made
        assert world.people.accounts.by_address(session, OTHER, "19900000001") == []


def test_an_erased_person_is_found_no_more(world):
    """After an erasure nobody logs in, no value finds the account, its values are gone, and lists go on without them."""
    from signing.custody.erasure import Erasures
    from signing.people.forgetting import Forgetting

    made, other = world.account(replace(PERSON, external_id="E-9")), world.account()
    _, secret = world.register_as(made, "leaver")
    erasures = Erasures(world.context, world.custody)
    erasures.on_erase(Forgetting(world.people.sessions))
    boss = world.administrator()
    with write(world.engine) as session:
        erasures.erase(session, boss, made.id, basis="request", reason="x", force=True)
    erasures.finish(world.engine)
    refused("erased", world.people.accounts.get, ADMIN_KEY, made.id)
    refused("account-unknown", world.people.accounts.by_external_id, ADMIN_KEY, "default", "E-9")
    refused("login-refused", world.people.logins.login, attempt(world, secret, login="leaver"), SEEN)
    listed = world.people.accounts.listed(ADMIN_KEY, internal=False)
    assert [each.profile.name for each in listed] == ["", other.profile.name]
