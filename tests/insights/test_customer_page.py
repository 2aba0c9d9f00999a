from datetime import timedelta

import pytest
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from accounts.models import (
    AssignmentRole,
    Band,
    Cause,
    ContactRole,
    HealthOverride,
    MembershipRole,
    Organisation,
    Role,
    Segment,
)
from insights.actions.queue import refresh_whole_queue
from insights.models import ScorecardMeasure
from tests.counting import count_queries
from tests.factories.base import change, make
from tests.factories.contracts import ContractFactory, ContractLineFactory
from tests.factories.customers import (
    AssignmentFactory,
    ContactFactory,
    CustomerAccessFactory,
    CustomerContactFactory,
    CustomerFactory,
    TouchFactory,
)
from tests.factories.handoffs import HandoffFactory, PromiseFactory
from tests.factories.people import (
    AvailabilityFactory,
    CalendarFactory,
    MembershipFactory,
    PoolFactory,
    PoolLeadFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.renewals import (
    CurrentHealthFactory,
    HealthSnapshotFactory,
    ScorecardVersionFactory,
    renewal_due,
)
from tests.factories.tickets import TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def csm(client):
    user = UserFactory(role=Role.CSM)
    client.force_login(user)
    return user


def page_of(client, customer, query=""):
    refresh_whole_queue(at=timezone.now())
    response = client.get(f"/customers/{customer.pk}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def names(client, query=""):
    refresh_whole_queue(at=timezone.now())
    return [row.name for row in client.get(f"/customers/{query}").context["listing"].page.rows]


def test_the_head_says_what_matters(client, csm):
    customer = CustomerFactory(name="Halden Lifts", profile__segment=Segment.ENTERPRISE)
    renewal_due(timezone.now().date() + timedelta(days=9), arr=312_000, customer=customer)
    CurrentHealthFactory(customer=customer, score=58, change={"sentence": "−23: reopens −11"})
    for days in (9, 6, 3):
        day = timezone.now().date() - timedelta(days=days)
        HealthSnapshotFactory(customer=customer, day=day)

    page = page_of(client, customer)

    for text in ("Halden Lifts", "€312k", "in 9 d", "58", "−23: reopens −11", "Enterprise", "<svg"):
        assert text in page


def test_what_is_unknown_has_no_course(client, csm):
    customer = CustomerFactory()
    today = timezone.now().date()
    HealthSnapshotFactory(customer=customer, day=today - timedelta(days=9))
    HealthSnapshotFactory(customer=customer, day=today - timedelta(days=3), band=Band.UNKNOWN)

    assert 'class="spark"' not in page_of(client, customer)


def test_who_answers_is_said_by_role_with_since_when_and_cover(client, csm):
    customer = CustomerFactory()
    away = UserFactory(name="Ines Duarte", role=Role.CSM)
    AssignmentFactory(customer=customer, holder_user=away)
    executive = AssignmentRole.objects.get(key="account_executive")
    AssignmentFactory(customer=customer, role=executive, holder_user=UserFactory(name="Pia Lund"))
    now = timezone.now()
    AvailabilityFactory(
        user=away, during=TimestamptzRange(now, None), cover=csm, cover_confirmed_at=now
    )

    page = page_of(client, customer)

    for text in ("covers for Ines Duarte, who is away", "Pia Lund", "1 Jan 2020"):
        assert text in page


def test_a_pools_customer_is_answered_by_its_lead(client, csm):
    lead = PoolLeadFactory(pool=PoolFactory(name="Scale"), user=UserFactory(name="Jon Berg"))
    customer = CustomerFactory()
    AssignmentFactory(
        customer=customer, holder_user=None, holder_pool=lead.pool, cause=Cause.INTAKE
    )

    page = page_of(client, customer)

    assert "Jon Berg" in page
    assert "leads the pool Scale" in page


def test_nobody_answering_stands_out(client, csm):
    assert "Nobody answers for this customer" in page_of(client, CustomerFactory())


def test_open_matters_are_beside_the_timeline(client, csm):
    customer = CustomerFactory()
    HandoffFactory(customer=customer)
    PromiseFactory(customer=customer, text="A fix by Friday")
    TicketFactory(customer=customer, subject="Sync fails", is_blocked=True, reopen_count=3)
    TicketFactory(customer=customer, subject="Long gone", status="solved")

    page = page_of(client, customer)

    for text in ("Renewal risk", "We owe them: A fix by Friday", "Blocked", "reopened 3×"):
        assert text in page
    assert "Long gone" not in page.split("Open tickets")[1]


def test_a_matter_says_who_answers_for_it_and_why(client, csm):
    customer, jonas = CustomerFactory(), UserFactory(name="Jonas Weidner", role=Role.CSM)
    HandoffFactory(customer=customer, sender=jonas, receiver=jonas)
    never = CalendarFactory(weekly_hours=[[]] * 7)
    team = TeamFactory(calendar=never)
    MembershipFactory(team=team, user=jonas)
    lead = UserFactory(name="Clara Lindqvist")
    MembershipFactory(team=team, user=lead, role=MembershipRole.LEAD)

    page = page_of(client, customer)

    why = "Clara Lindqvist answers for Jonas Weidner, outside their working hours"
    assert f"Offered, Jonas Weidner; {why}" in page


def test_who_answers_for_matters_costs_six_queries_more_however_many_they_are(client, csm):
    customer = CustomerFactory()
    url = f"/customers/{customer.pk}/"
    without = count_queries(client, url)
    HandoffFactory(customer=customer)
    one = count_queries(client, url)
    for kind in ("expansion", "adoption"):
        HandoffFactory(customer=customer, type=kind)

    assert count_queries(client, url) == one <= without + 6


def test_a_persons_override_stands_beside_the_score(client, csm):
    customer = CustomerFactory()
    now = timezone.now()
    make(
        HealthOverride,
        customer=customer,
        band=Band.RED,
        reason="They told me so",
        by=csm,
        occurred_at=now - timedelta(days=1),
        recorded_at=now,
        expires_at=now + timedelta(days=9),
    )

    page = page_of(client, customer)

    assert f"{csm.name} set health to red until" in page
    assert "They told me so" in page


def test_people_there_are_for_those_who_may_see_contacts(client, csm):
    link = CustomerContactFactory(
        contact=ContactFactory(name="Ingrid"),
        role=ContactRole.CHAMPION,
        left_at=timezone.now(),
        recorded_left_at=timezone.now(),
    )
    assert "Ingrid" in page_of(client, link.customer)

    client.force_login(UserFactory(role=Role.EXECUTIVE))

    assert "Ingrid" not in page_of(client, link.customer)


def test_money_is_for_those_who_may_see_it(client):
    client.force_login(UserFactory(role=Role.AGENT))
    customer = CustomerFactory()
    ContractLineFactory(contract=ContractFactory(customer=customer))

    assert "€" not in page_of(client, customer)


def test_amounts_are_in_the_companys_currency(client, csm):
    make(Organisation, pk=1, name="Larkfield", currency="GBP", timezone="Europe/London")
    customer = CustomerFactory()
    ContractLineFactory(contract=ContractFactory(customer=customer, currency="GBP"))

    assert "£12k" in page_of(client, customer)


def test_a_restricted_customer_is_found_by_its_access_list_alone(client, csm):
    customer = CustomerFactory(is_restricted=True)
    refused = client.get(f"/customers/{customer.pk}/").status_code
    CustomerAccessFactory(customer=customer, user=csm)

    assert refused == 404
    assert client.get(f"/customers/{customer.pk}/").status_code == 200


def test_a_customer_without_anything_has_a_page(client, csm):
    assert "Nothing yet." in page_of(client, CustomerFactory(profile=None))


def test_a_parent_is_named(client, csm):
    customer = CustomerFactory(profile__parent=CustomerFactory(name="Kestrel Group"))

    assert "Kestrel Group" in page_of(client, customer)


def test_the_number_of_queries_does_not_grow(client, csm):
    customer = CustomerFactory()
    AssignmentFactory(customer=customer)
    url = f"/customers/{customer.pk}/"
    one = count_queries(client, url)
    for number in range(4):
        TicketFactory(customer=customer)
        TouchFactory(customer=customer)
        PromiseFactory(customer=customer, text=f"Promise {number}")
        CustomerContactFactory(customer=customer)

    assert count_queries(client, url) == one
    assert one <= 8


def test_it_costs_the_same_whoever_is_away(client, csm):
    customer = CustomerFactory()
    owner = UserFactory()
    AssignmentFactory(customer=customer, holder_user=owner)
    url = f"/customers/{customer.pk}/"
    here = count_queries(client, url)
    for user in [owner, *UserFactory.create_batch(3)]:
        AvailabilityFactory(user=user)

    assert count_queries(client, url) == here


def test_the_list_is_in_the_order_asked_for(client, csm):
    for name, arr, score in (("Alba", 10, 80), ("Brix", 30, 20), ("Corin", 20, None)):
        customer = CustomerFactory(name=name)
        ContractLineFactory(contract=ContractFactory(customer=customer), arr=arr)
        band = "unknown" if score is None else "green"
        CurrentHealthFactory(customer=customer, score=score, band=band)

    assert names(client) == ["Alba", "Brix", "Corin"]
    assert names(client, "?sort=-arr") == ["Brix", "Corin", "Alba"]
    assert names(client, "?sort=health") == ["Brix", "Alba", "Corin"]


def test_the_list_is_not_ordered_by_money_one_may_not_see(client):
    client.force_login(UserFactory(role=Role.AGENT))
    for name, arr in (("Alba", 10), ("Brix", 30)):
        ContractLineFactory(contract=ContractFactory(customer=CustomerFactory(name=name)), arr=arr)

    assert names(client, "?sort=-arr") == ["Alba", "Brix"]


@pytest.mark.parametrize("typed", ["halden", "haldn lifts", "Lifts"])
def test_a_name_is_found_though_mistyped(client, csm, typed):
    CustomerFactory(name="Halden Lifts")
    CustomerFactory(name="Brightwell")

    assert names(client, f"?q={typed}") == ["Halden Lifts"]


def test_filters_narrow_the_list(client, csm):
    CustomerFactory(name="Small", profile__segment=Segment.SMALL)
    red = CustomerFactory(name="Red")
    CurrentHealthFactory(customer=red, band=Band.RED, score=10)
    mine = CustomerFactory(name="Mine")
    AssignmentFactory(customer=mine, holder_user=csm)
    waiting = CustomerFactory(name="Waiting")
    pool = PoolFactory(is_intake=True, segment="mid_market")
    AssignmentFactory(customer=waiting, holder_user=None, holder_pool=pool)

    assert names(client, "?segment=small") == ["Small"]
    assert names(client, "?band=red") == ["Red"]
    assert names(client, "?owner=me") == ["Mine"]
    assert names(client, "?owner=none") == ["Red", "Small", "Waiting"]
    assert names(client, "?unplaced=yes") == ["Waiting"]


def test_a_retired_customer_leaves_the_list(client, csm):
    customer = CustomerFactory(name="Gone")
    assert names(client) == ["Gone"]

    change(customer, retired_at=timezone.now())

    assert names(client) == []


def test_the_list_has_pages(client, csm):
    for number in range(51):
        CustomerFactory(name=f"Customer {number:02}")
    first = names(client)

    following = client.get("/customers/").context["listing"].next_url

    assert len(first) == 50
    assert names(client, following) == ["Customer 50"]


def test_a_cursor_of_elsewhere_leads_to_the_first_page(client, csm):
    customer = CustomerFactory()

    assert client.get("/customers/?after=x").url == "/customers/?"
    assert client.get(f"/customers/{customer.pk}/?cursor=x").url == f"/customers/{customer.pk}/?"


@pytest.mark.parametrize(
    ("query", "says"), [("", "No customers yet"), ("?q=x", "No customer matches")]
)
def test_an_empty_list_says_why(client, *, csm, query, says):
    assert says in client.get(f"/customers/{query}").content.decode()


def test_the_lists_number_of_queries_does_not_grow(client, csm):
    CustomerFactory()
    refresh_whole_queue(at=timezone.now())
    one = count_queries(client, "/customers/")
    CustomerFactory.create_batch(4)
    refresh_whole_queue(at=timezone.now())

    assert count_queries(client, "/customers/") == one
    assert one <= 8


def test_the_score_is_explained_to_its_measures(client, csm):
    customer = CustomerFactory()
    version = ScorecardVersionFactory()
    for key, weight in (("reopen_rate", 3), ("volume_per_seat", 1)):
        make(
            ScorecardMeasure,
            version=version,
            key=key,
            group="support",
            weight=weight,
            curve=[[0, 100], [1, 0]],
        )
    shares = {
        "reopen_rate": {"reading": 0.5, "score": 50, "weight": 0.75, "contribution": 37.5},
        "volume_per_seat": {"reading": 0.1, "score": 90, "weight": 0.25, "contribution": 22.5},
    }
    CurrentHealthFactory(customer=customer, version=version, score=60, contributions=shares)

    response = client.get(f"/customers/{customer.pk}/health/")

    assert response.context["total"] == 60
    for text in ("37.5", "22.5", "60.0", "75.0"):
        assert text in response.content.decode()


def test_health_nobody_computed_yet_says_so(client, csm):
    page = client.get(f"/customers/{CustomerFactory().pk}/health/").content.decode()

    assert "Nothing was computed for this customer yet" in page


def test_a_former_holder_no_longer_sees_a_restricted_customer(client, csm):
    customer = CustomerFactory(is_restricted=True)
    now = timezone.now()
    over = TimestamptzRange(now - timedelta(days=9), now - timedelta(days=1))
    AssignmentFactory(customer=customer, holder_user=csm, during=over)
    AssignmentFactory(customer=customer, during=TimestamptzRange(now - timedelta(days=1), None))

    assert client.get(f"/customers/{customer.pk}/").status_code == 404
    assert client.get(f"/customers/{customer.pk}/health/").status_code == 404
