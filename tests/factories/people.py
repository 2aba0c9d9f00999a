from datetime import UTC, datetime

import factory
from psycopg.types.range import TimestamptzRange

from accounts.models import (
    Availability,
    BusinessCalendar,
    Membership,
    MembershipRole,
    Pool,
    PoolLead,
    Role,
    Team,
    TeamKind,
    User,
    sort_name_of,
)
from tests.factories.base import AuditedFactory

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PASSWORD = "correct horse battery staple"  # noqa: S105 - of people made up for tests
NINE_TO_FIVE = [[["09:00", "17:00"]]] * 5 + [[], []]


def since(moment=LONG_AGO):
    return TimestamptzRange(moment, None)


class UserFactory(AuditedFactory):
    name = factory.Sequence(lambda n: f"Person {n}")
    sort_name = factory.LazyAttribute(lambda user: sort_name_of(user.name))
    email = factory.Sequence(lambda n: f"person{n}@example.com")
    role = Role.AGENT
    password = factory.django.Password(PASSWORD)

    class Meta:
        model = User


class CalendarFactory(AuditedFactory):
    name = factory.Sequence(lambda n: f"Calendar {n}")
    timezone = "Europe/Berlin"
    weekly_hours = factory.LazyFunction(lambda: NINE_TO_FIVE)

    class Meta:
        model = BusinessCalendar


class TeamFactory(AuditedFactory):
    name = factory.Sequence(lambda n: f"Team {n}")
    kind = TeamKind.SUPPORT
    calendar = factory.SubFactory(CalendarFactory)

    class Meta:
        model = Team


class MembershipFactory(AuditedFactory):
    user = factory.SubFactory(UserFactory)
    team = factory.SubFactory(TeamFactory)
    role = MembershipRole.MEMBER
    during = factory.LazyFunction(since)

    class Meta:
        model = Membership


class PoolFactory(AuditedFactory):
    name = factory.Sequence(lambda n: f"Pool {n}")
    team = factory.SubFactory(TeamFactory, kind=TeamKind.SUCCESS)

    class Meta:
        model = Pool


class PoolLeadFactory(AuditedFactory):
    pool = factory.SubFactory(PoolFactory)
    user = factory.SubFactory(UserFactory, role=Role.CSLEAD)
    during = factory.LazyFunction(since)

    class Meta:
        model = PoolLead


class AvailabilityFactory(AuditedFactory):
    user = factory.SubFactory(UserFactory)
    during = factory.LazyFunction(since)

    class Meta:
        model = Availability
