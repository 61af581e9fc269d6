"""The eight roles of S4-35…42 and what each may do: one table.

Roles and accounts are many-to-many: whoever has several roles may do what any of them allows. A role says what may be
done at all; with which seal, template or business type is asked of their grants.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What an account is in its tenant; names as in S4-35…42."""

    SUPER_ADMIN = "super_admin"  # 超级管理员: made when the tenant is set up; everything
    MEMBER = "member"  # 普通用户: the default of every internal account
    SEAL_ADMIN = "seal_admin"  # 印章管理员: the seals he made
    SYSTEM_ADMIN = "system_admin"  # 系统管理员: people, contacts, business types, seals, templates
    TEMPLATE_ADMIN = "template_admin"  # 模板管理员: templates of business types granted to him
    REVIEWER = "reviewer"  # 审核专员: judges identities by hand
    EXTERNAL_PERSON = "external_person"  # 外部个人联系人: signs, views, downloads
    EXTERNAL_COMPANY = "external_company"  # 外部企业联系人: the same for a company, after approval


INTERNAL = frozenset(Role) - {Role.EXTERNAL_PERSON, Role.EXTERNAL_COMPANY}
TITLES: Mapping[Role, tuple[str, str]] = MappingProxyType(
    {
        Role.SUPER_ADMIN: ("超级管理员", "super administrator"),
        Role.MEMBER: ("普通用户", "member"),
        Role.SEAL_ADMIN: ("印章管理员", "seal administrator"),
        Role.SYSTEM_ADMIN: ("系统管理员", "system administrator"),
        Role.TEMPLATE_ADMIN: ("模板管理员", "template administrator"),
        Role.REVIEWER: ("审核专员", "reviewer"),
        Role.EXTERNAL_PERSON: ("外部个人联系人", "external person"),
        Role.EXTERNAL_COMPANY: ("外部企业联系人", "external company"),
    }
)


class Permission(StrEnum):
    """One thing that may be done."""

    MANAGE_ORGANISATION = "manage_organisation"  # change the tenant's profile
    MANAGE_MEMBERS = "manage_members"  # create internal accounts, disable them, end their sessions
    GRANT_ROLES = "grant_roles"
    MANAGE_CONTACTS = "manage_contacts"  # create and change external persons and companies
    READ_PEOPLE = "read_people"
    MANAGE_BUSINESS_TYPES = "manage_business_types"  # create them and grant them to accounts
    VERIFY_OTHERS = "verify_others"  # start an identity check of an account that is not one's own
    REVIEW_IDENTITIES = "review_identities"
    APPROVE_COMPANIES = "approve_companies"  # the review of external companies (S4-41)
    MANAGE_SEALS = "manage_seals"  # create, and change those one made
    MANAGE_ALL_SEALS = "manage_all_seals"  # change those of others too
    APPROVE_SEALS = "approve_seals"
    MANAGE_TEMPLATES = "manage_templates"
    MANAGE_ALL_TEMPLATES = "manage_all_templates"  # of every business type, granted or not
    USE_TEMPLATES = "use_templates"
    SEND_CONTRACTS = "send_contracts"
    APPROVE_CONTRACTS = "approve_contracts"  # where the flow names him
    SIGN = "sign"
    VIEW_OWN_CONTRACTS = "view_own_contracts"  # those one takes part in
    VIEW_ALL_CONTRACTS = "view_all_contracts"
    DOWNLOAD = "download"
    MANAGE_ARCHIVE = "manage_archive"  # folders, tags, classification of the tenant's contracts
    MANAGE_CUSTODY = "manage_custody"  # retention, erasure, log of accesses
    USE_SIMULATORS = "use_simulators"  # see what simulated providers received


_TAKES_PART = frozenset({Permission.SIGN, Permission.VIEW_OWN_CONTRACTS, Permission.DOWNLOAD})
_MEMBER = _TAKES_PART | {
    Permission.USE_TEMPLATES,
    Permission.SEND_CONTRACTS,
    Permission.APPROVE_CONTRACTS,
    Permission.READ_PEOPLE,
}
_SYSTEM_ADMIN = _MEMBER | {
    Permission.MANAGE_MEMBERS,
    Permission.MANAGE_CONTACTS,
    Permission.MANAGE_BUSINESS_TYPES,
    Permission.VERIFY_OTHERS,
    Permission.REVIEW_IDENTITIES,
    Permission.APPROVE_COMPANIES,
    Permission.MANAGE_SEALS,
    Permission.MANAGE_ALL_SEALS,
    Permission.APPROVE_SEALS,
    Permission.MANAGE_TEMPLATES,
    Permission.MANAGE_ALL_TEMPLATES,
    Permission.MANAGE_ARCHIVE,
}

TABLE: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.SUPER_ADMIN: frozenset(Permission),
        Role.MEMBER: _MEMBER,
        Role.SEAL_ADMIN: frozenset({Permission.MANAGE_SEALS, Permission.READ_PEOPLE}),
        Role.SYSTEM_ADMIN: _SYSTEM_ADMIN,
        Role.TEMPLATE_ADMIN: frozenset(
            {Permission.MANAGE_TEMPLATES, Permission.USE_TEMPLATES, Permission.READ_PEOPLE}
        ),
        Role.REVIEWER: frozenset({Permission.REVIEW_IDENTITIES, Permission.READ_PEOPLE}),
        Role.EXTERNAL_PERSON: _TAKES_PART,
        Role.EXTERNAL_COMPANY: _TAKES_PART,
    }
)
PARTY = _TAKES_PART

# A key acts for the tenant itself. It signs for nobody, and reviews nobody: both are acts of a person.
_READS = frozenset({Permission.READ_PEOPLE, Permission.VIEW_ALL_CONTRACTS, Permission.DOWNLOAD})
_WRITES = frozenset(
    {
        Permission.MANAGE_CONTACTS,
        Permission.VERIFY_OTHERS,
        Permission.USE_TEMPLATES,
        Permission.MANAGE_TEMPLATES,
        Permission.MANAGE_ALL_TEMPLATES,
        Permission.SEND_CONTRACTS,
        Permission.MANAGE_ARCHIVE,
    }
)
_PERSONAL = frozenset(
    {
        Permission.SIGN,
        Permission.VIEW_OWN_CONTRACTS,
        Permission.APPROVE_CONTRACTS,
        Permission.REVIEW_IDENTITIES,
        Permission.APPROVE_COMPANIES,
    }
)
SCOPES: Mapping[str, frozenset[Permission]] = MappingProxyType(
    {
        "signing:read": _READS,
        "signing:write": _WRITES,
        "signing:admin": frozenset(Permission) - _PERSONAL,
    }
)


def of_roles(roles: Iterable[Role]) -> frozenset[Permission]:
    """Give what these roles allow together."""
    return frozenset[Permission]().union(*(TABLE[role] for role in roles))


def of_scopes(scopes: Iterable[str]) -> frozenset[Permission]:
    """Give what an API key with these scopes may do in the pipeline; other services' scopes add nothing."""
    return frozenset[Permission]().union(*(SCOPES.get(scope, frozenset()) for scope in scopes))
