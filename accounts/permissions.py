"""Who may do what: one table, asked through `user.has_perm`."""

from accounts.models.people import Role

READ = frozenset(
    {
        "accounts.view_customer",
        "accounts.view_person",
        "accounts.view_renewal",
        "tickets.view_ticket",
        "tickets.view_handoff",
        "insights.view_health",
        "insights.view_home",
    }
)
CONTACTS = frozenset({"accounts.view_contact"})
MONEY = frozenset({"accounts.view_money"})
PRIVATE_NOTES = frozenset({"tickets.view_private_note"})
LABELS = frozenset({"tickets.label_ticket"})
LABEL_COVERAGE = frozenset({"tickets.view_label_coverage"})
LABEL_SETUP = (
    frozenset({"tickets.set_label_rules", "tickets.set_taxonomy", "tickets.train_suggestions"})
    | LABEL_COVERAGE
)
PROBLEMS = frozenset({"tickets.edit_problem"})
HANDOFFS = frozenset({"tickets.offer_handoff", "tickets.receive_handoff"})
CUSTOMER_WORK = frozenset({"accounts.log_touch", "accounts.judge_customer"})
RENEWALS = frozenset({"accounts.decide_renewal"})
LEADING = frozenset(
    {
        "tickets.reassign_handoff",
        "accounts.reassign_customer",
        "accounts.share_view",
        "accounts.set_team_chat",
    }
)
IMPORTS = frozenset({"imports.run_import"})
JOBS = frozenset({"outbox.view_job"})

AGENT = (
    READ | CONTACTS | PRIVATE_NOTES | LABELS | PROBLEMS | HANDOFFS | JOBS | {"accounts.log_touch"}
)
CSM = AGENT | MONEY | CUSTOMER_WORK | RENEWALS

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    Role.AGENT: AGENT,
    Role.LEAD: AGENT | LEADING | IMPORTS | LABEL_SETUP,
    Role.CSM: CSM,
    Role.CSLEAD: CSM | LEADING | IMPORTS | LABEL_COVERAGE,
    Role.SALES: READ | CONTACTS | MONEY | HANDOFFS | JOBS | {"accounts.log_touch"},
    Role.PRODUCT: READ | JOBS | PROBLEMS,
    Role.MARKETING: READ | JOBS,
    Role.OPERATIONS: READ | MONEY | JOBS | IMPORTS | LABEL_COVERAGE,
    Role.EXECUTIVE: READ | MONEY | JOBS,
    Role.CONTRACTOR: frozenset(
        {"tickets.view_ticket", "tickets.label_ticket", "insights.view_home"}
    ),
    Role.ADMIN: CSM
    | LEADING
    | IMPORTS
    | LABEL_SETUP
    | {"accounts.administer", "outbox.retry_delivery"},
}

ALL_PERMISSIONS = frozenset().union(*ROLE_PERMISSIONS.values())


def allowed(role: str, permission: str) -> bool:
    """Whether a role may do this; an unknown permission is nobody's."""
    return permission in ROLE_PERMISSIONS.get(role, frozenset())


def roles_that_may(permission: str) -> list[Role]:
    """The roles that may do this, to narrow a choice of people."""
    return [role for role in Role if allowed(role, permission)]
