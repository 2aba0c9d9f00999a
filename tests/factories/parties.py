"""The two sides of a handoff: an agent's support team, and the success team of the owner."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from accounts.models import Customer, MembershipRole, Role, Team, TeamKind, User
from tests.factories.customers import AssignmentFactory, CustomerFactory
from tests.factories.people import MembershipFactory, TeamFactory, UserFactory
from tests.factories.tickets import TicketFactory
from tickets.actions.handoffs import offer_handoff
from tickets.models import HandoffType, Priority

# a Tuesday, one hour after the teams of the factories began to work
TUESDAY_AT_TEN = datetime(2026, 6, 2, 8, tzinfo=UTC)
TAKEN_IN_TIME = TUESDAY_AT_TEN + timedelta(minutes=50)


@dataclass(frozen=True)
class Parties:
    customer: Customer
    support: Team
    agent: User
    support_lead: User
    success: Team
    csm: User
    success_lead: User


def make_parties(*, name="Halden Lifts"):
    support = TeamFactory(kind=TeamKind.SUPPORT)
    success = TeamFactory(kind=TeamKind.SUCCESS)
    parties = Parties(
        customer=CustomerFactory(name=name),
        support=support,
        agent=UserFactory(name="Mina Falk", role=Role.AGENT),
        support_lead=UserFactory(name="Jonas Brandt", role=Role.LEAD),
        success=success,
        csm=UserFactory(name="Ines Duarte", role=Role.CSM),
        success_lead=UserFactory(name="Carla Weiss", role=Role.CSLEAD),
    )
    MembershipFactory(user=parties.agent, team=support)
    MembershipFactory(user=parties.support_lead, team=support, role=MembershipRole.LEAD)
    MembershipFactory(user=parties.csm, team=success)
    MembershipFactory(user=parties.success_lead, team=success, role=MembershipRole.LEAD)
    AssignmentFactory(customer=parties.customer, holder_user=parties.csm)
    return parties


def make_offer(parties, *, at=TUESDAY_AT_TEN, **details):
    """A handoff of the agent, offered as people offer it."""
    given = {
        "type": HandoffType.RENEWAL_RISK,
        "priority": Priority.NORMAL,
        "need": "They ask for a plan by Friday.",
        "tickets": [TicketFactory(customer=parties.customer)],
        "by": parties.agent,
        **details,
    }
    return offer_handoff(parties.customer, at=at, **given)
