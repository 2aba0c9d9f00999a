from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import strip_tags
from psycopg.types.range import TimestamptzRange

from accounts.models import Band, Role, Segment
from insights.actions.queue import refresh_whole_queue
from tests.counting import count_queries
from tests.factories.customers import AssignmentFactory, CustomerFactory
from tests.factories.people import AvailabilityFactory, UserFactory
from tests.factories.renewals import CurrentHealthFactory, renewal_due
from tests.factories.tickets import TicketFactory

pytestmark = pytest.mark.django_db


def in_days(days):
    return timezone.now().date() + timedelta(days=days)


def renewal_of(name, *, days=30, owner=None, **fields):
    profile = {"profile__segment": fields.pop("segment", Segment.MID_MARKET)}
    customer = CustomerFactory(name=name, **profile)
    if owner:
        AssignmentFactory(customer=customer, holder_user=owner)
    return renewal_due(in_days(days), customer=customer, **fields)


@pytest.fixture
def lead(client):
    user = UserFactory(role=Role.CSLEAD)
    client.force_login(user)
    return user


def names(client, query=""):
    """The customers of the rows shown, in order."""
    refresh_whole_queue(at=timezone.now())
    listing = client.get(f"/renewals/{query}", follow=True).context["listing"]
    return [row.customer_name for row in listing.page.rows]


def test_rows_stand_in_the_order_of_priority(client, lead):
    renewal_of("Far", days=170, arr=100_000)
    renewal_of("Near", days=5, arr=100_000)
    renewal_of("Near and small", days=5, arr=10_000)

    assert names(client) == ["Near", "Far", "Near and small"]


@pytest.mark.parametrize("query", ["", "?sort=-priority", "?sort=priority"])
def test_who_may_not_see_money_is_not_told_its_order(client, query):
    client.force_login(UserFactory(role=Role.AGENT))
    renewal_of("Far and large", days=170, arr=900_000)
    renewal_of("Near and small", days=9, arr=10_000)

    assert names(client, query) == ["Near and small", "Far and large"]
    listing = client.get(f"/renewals/{query}").context["listing"]
    assert listing.keyset.fields == ("decision_point_on", "pk")


def test_the_page_shows_what_a_row_must_say(client, lead):
    renewal = renewal_of(
        "Halden Lifts", days=9, arr=312_000, next_step="Call", next_step_on=in_days(2)
    )
    CurrentHealthFactory(
        customer=renewal.customer, band=Band.RED, score=31, change={"sentence": "−9: reopens −9"}
    )
    refresh_whole_queue(at=timezone.now())

    page = client.get("/renewals/").content.decode()

    for text in (
        "Halden Lifts",
        "Mid-market",
        "€312k",
        "€84.2k",
        "in 9 d",
        "in 39 d",
        "31",
        "−9: reopens −9",
    ):
        assert text in page


def test_money_is_for_those_who_may_see_it(client):
    client.force_login(UserFactory(role=Role.AGENT))
    renewal_of("Halden Lifts", arr=312_000)
    refresh_whole_queue(at=timezone.now())

    page = client.get("/renewals/").content.decode()

    assert "Halden Lifts" in page
    assert "€" not in page


def test_a_restricted_customers_renewal_is_hidden(client, lead):
    renewal_due(in_days(30), customer=CustomerFactory(name="Secret", is_restricted=True))

    assert names(client) == []


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        ("", {"Notice", "Now", "Later"}),
        ("due", {"Notice", "Now"}),
        ("notice", {"Notice"}),
        ("decide", {"Now"}),
        ("later", {"Later"}),
        ("cleared", {"Snoozed"}),
        ("locked", {"Locked"}),
        ("all", {"Notice", "Now", "Later", "Snoozed", "Locked"}),
        ("todo", {"Notice", "Now", "Later"}),
    ],
)
def test_a_section_shows_its_rows_and_counts_them(client, *, lead, view, shown):
    renewal_of("Notice", days=60, contract={"notice_received_on": in_days(-1)})
    renewal_of("Now", days=60)
    renewal_of("Later", days=120)
    renewal_of("Snoozed", days=60, snoozed_until=in_days(3))
    renewal_of("Locked", days=-3, contract={"auto_renew": True, "notice_days": 30})

    assert set(names(client, f"?section={view}")) == shown
    listing = client.get(f"/renewals/?section={view}").context["listing"]
    assert listing.shown.count == len(shown)
    assert (listing.summary.cleared, listing.summary.due) == (1, 3)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?segment=small", ["Small"]),
        ("?band=red", ["Red"]),
        ("?state=at_risk&section=cleared", ["Called"]),
        ("?segment=large", []),
        ("?segment=small&segment=mid_market", ["Red", "Small"]),
        ("?q=smal", ["Small"]),
    ],
)
def test_filters_narrow_the_queue(client, *, lead, query, shown):
    renewal_of("Small", segment=Segment.SMALL)
    renewal_of("Called", state="at_risk")
    red = renewal_of("Red")
    CurrentHealthFactory(customer=red.customer, band=Band.RED, score=20)

    assert sorted(names(client, query)) == shown


def test_a_csm_starts_with_the_own_renewals(client):
    csm = UserFactory(role=Role.CSM)
    client.force_login(csm)
    renewal_of("Mine", owner=csm)
    renewal_of("Another's", owner=UserFactory())

    assert names(client) == ["Mine"]
    assert sorted(names(client, "?owner=all")) == ["Another's", "Mine"]


def test_whose_cover_one_is_are_ones_own_for_the_time(client):
    csm, away = UserFactory(role=Role.CSM), UserFactory(role=Role.CSM)
    client.force_login(csm)
    renewal_of("Theirs", owner=away)
    now = timezone.now()
    AvailabilityFactory(
        user=away,
        during=TimestamptzRange(now - timedelta(days=1), now + timedelta(days=1)),
        cover=csm,
        cover_confirmed_at=now,
    )

    assert names(client) == ["Theirs"]


def test_nobodys_and_one_persons_renewals_can_be_asked_for(client, lead):
    owner = UserFactory()
    renewal_of("Placed", owner=owner)
    renewal_of("Not placed")

    assert names(client, "?owner=none") == ["Not placed"]
    assert names(client, f"?owner={owner.pk}") == ["Placed"]


def test_at_stake_shows_what_decides_soon_and_is_in_trouble(client, lead):
    stake = renewal_of("Blocked", days=59)
    TicketFactory(customer=stake.customer, is_blocked=True)
    renewal_of("Quiet", days=10)

    assert names(client, "?owner=all&at_stake=yes") == ["Blocked"]


def test_pages_go_on_after_the_last_row(client, lead):
    for number in range(52):
        renewal_of(f"Customer {number}", arr=1000 + number)
    first = names(client)

    following = names(client, client.get("/renewals/").context["listing"].next_url)

    assert len(first) == 50
    assert following == ["Customer 1", "Customer 0"]


def test_a_cursor_of_elsewhere_leads_to_the_first_page(client, lead):
    response = client.get("/renewals/?segment=small&after=nonsense")

    assert response.status_code == 302
    assert response.url == "/renewals/?segment=small"


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "No renewal is decided within 180 days"),
        ("?segment=small", "No renewal matches"),
        ("?owner=none", "No renewal here is decided within 180 days"),
    ],
)
def test_an_empty_queue_says_why(client, *, lead, query, title):
    assert title in client.get(f"/renewals/{query}").content.decode()


def test_a_cleared_queue_says_so(client, lead):
    renewal_of("Snoozed", days=60, snoozed_until=in_days(3))
    refresh_whole_queue(at=timezone.now())

    page = client.get("/renewals/").content.decode()

    assert "Nothing left to decide" in page
    assert "1 of 1 are cleared" in page


@pytest.mark.parametrize("role", [Role.CSM, Role.CSLEAD])
def test_the_number_of_queries_does_not_grow_with_rows(client, role):
    user = UserFactory(role=role)
    client.force_login(user)
    renewal_of("First", owner=user)
    refresh_whole_queue(at=timezone.now())
    one = count_queries(client, "/renewals/")
    for number in range(5):
        renewal_of(f"More {number}", owner=user)
    refresh_whole_queue(at=timezone.now())

    assert count_queries(client, "/renewals/") == one
    assert one <= 8


def test_the_summary_alone_answers_the_list_that_changed(client, lead):
    renewal_of("First")
    refresh_whole_queue(at=timezone.now())

    response = client.get(
        "/renewals/", headers={"HX-Request": "true", "HX-Target": "queue-summary"}
    )

    assert "0 of 1" in strip_tags(response.content.decode())
    assert "<table" not in response.content.decode()


def test_the_list_alone_answers_a_filter(client, lead):
    response = client.get("/renewals/", headers={"HX-Request": "true", "HX-Target": "listing"})

    assert "<html" not in response.content.decode()


def test_a_peek_shows_the_renewal_beside_the_list(client, lead):
    renewal = renewal_of("Halden Lifts", contract={"auto_renew": True})
    refresh_whole_queue(at=timezone.now())
    headers = {"HX-Request": "true", "HX-Target": "panel"}

    panel = client.get(f"/renewals/?peek={renewal.pk}", headers=headers).content.decode()

    assert "the notice period is not known, 90 days are assumed" in panel
    assert "Starter rate for unknown" in panel
    assert "<html" not in panel


def test_a_peek_at_nothing_is_not_found(client, lead):
    assert client.get("/renewals/?peek=999").status_code == 404
    assert client.get("/renewals/?peek=x").status_code == 200


@pytest.mark.parametrize("owner", ["9" * 30, "-1", "\N{ARABIC-INDIC DIGIT ONE}"])
def test_an_owner_that_nobody_is_finds_nothing_and_says_so(client, *, lead, owner):
    renewal_of("Halden Lifts")

    page = client.get("/renewals/", {"owner": owner}).content.decode()

    assert "Whose: Select a valid choice." in page
    assert "No renewal matches" in page


def test_ones_own_are_named_by_number_so_that_a_colleague_sees_the_same(client):
    csm = UserFactory(role=Role.CSM)
    client.force_login(csm)

    assert client.get("/renewals/").url == f"/renewals/?owner={csm.pk}"


def test_renewals_can_be_ordered_by_their_decision(client, lead):
    renewal_of("Late and large", days=100, arr=900_000)
    renewal_of("Soon and small", days=60, arr=1000)

    assert names(client, "?sort=decision") == ["Soon and small", "Late and large"]
    assert names(client, "?sort=-decision") == ["Late and large", "Soon and small"]
    assert names(client, "?sort=arr")[0] == names(client)[0]
