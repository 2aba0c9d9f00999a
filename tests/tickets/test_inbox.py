from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from supportsuccess import audit
from supportsuccess.lists import listing as lists
from tests.factories.contracts import RenewalFactory
from tests.factories.customers import AssignmentFactory, CustomerFactory
from tests.factories.handoffs import HandoffFactory
from tests.factories.labels import LabelingFactory
from tests.factories.people import MembershipFactory, TeamFactory, UserFactory
from tests.factories.tickets import TicketFactory
from tickets.lists.inbox import Inbox
from tickets.models import HandoffTicket, Learning, TicketKind
from tickets.queries.ticket_list import next_due

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)
URL = "/inbox/"
MOST_QUERIES = 8
# the sign-in library notes at every request that the session is in use
SESSION_NOTES = 5


@pytest.fixture
def agent():
    return UserFactory()


@pytest.fixture
def agents_client(client, agent):
    client.force_login(agent)
    return client


def numbers(page):
    return [row.number for row in page.rows]


def inbox(agent, params=""):
    return Inbox(agent, QueryDict(params), now=NOW)


def open_inbox(agent, params=""):
    return inbox(agent, params).page


def count_queries(call):
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def hand_over(ticket):
    handoff = HandoffFactory(customer=ticket.customer)
    with transaction.atomic(), audit.group("test", by=audit.System("test")):
        HandoffTicket.objects.create(handoff=handoff, ticket=ticket)


def test_inbox_holds_due_tickets_newest_first(agent):
    old = TicketFactory(opened_at=NOW - timedelta(days=2))
    new = TicketFactory(opened_at=NOW)
    TicketFactory(learning=Learning.EXEMPT, exempt_reason="spam")
    TicketFactory(learning=Learning.ANSWERED, labels_answered=5)
    TicketFactory(retired_at=NOW)

    assert numbers(open_inbox(agent)) == [new.number, old.number]


def test_row_tells_owner_renewal_and_handoff(agent):
    ticket = TicketFactory()
    AssignmentFactory(customer=ticket.customer, holder_user__name="Rob Maier")
    RenewalFactory(customer=ticket.customer, decision_point_on=NOW.date())
    hand_over(ticket)

    row = open_inbox(agent).rows[0]

    assert (row.owner_name, row.decision_on, row.handoff_state) == (
        "Rob Maier",
        NOW.date(),
        "offered",
    )


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("kind=bug", ["bug"]),
        ("kind=bug&kind=billing", ["billing", "bug"]),
        ("kind=bug&priority=low", []),
        ("customer=none", ["unmatched"]),
        ("overdue=1", ["late"]),
        ("q=halden", ["halden"]),
        ("q=BUG", ["bug"]),
        ("q=fails+sync", ["words"]),
        ("customer=1", []),
    ],
)
def test_filters_narrow_the_inbox(agent, filters, found):
    TicketFactory(number="billing", kind=TicketKind.BILLING)
    TicketFactory(number="bug", kind=TicketKind.BUG)
    TicketFactory(number="unmatched", customer=None)
    TicketFactory(number="late", learning_due_at=NOW - timedelta(days=1))
    TicketFactory(number="words", subject="Sync of jobs fails")
    TicketFactory(number="halden", customer__name="Halden Lifts")

    assert sorted(numbers(open_inbox(agent, filters))) == found


def test_team_and_customer_filters_go_by_id(agent):
    mine = TicketFactory(team=TeamFactory())
    TicketFactory(team=TeamFactory())

    assert numbers(open_inbox(agent, f"team={mine.team_id}")) == [mine.number]
    assert numbers(open_inbox(agent, f"customer={mine.customer_id}")) == [mine.number]


def test_pages_follow_each_other_and_back(agent, monkeypatch):
    monkeypatch.setattr(Inbox, "size", 2)
    tied = NOW  # all opened at one moment: the id decides
    expected = [TicketFactory(opened_at=tied).number for _ in range(5)][::-1]

    first = open_inbox(agent)
    second = open_inbox(agent, f"after={first.next_cursor}")
    third = open_inbox(agent, f"after={second.next_cursor}")

    assert numbers(first) + numbers(second) + numbers(third) == expected
    assert (first.previous_cursor, third.next_cursor) == ("", "")
    assert numbers(open_inbox(agent, f"before={third.previous_cursor}")) == numbers(second)
    again = open_inbox(agent, f"before={second.previous_cursor}")
    assert (numbers(again), again.previous_cursor) == (numbers(first), "")


def test_restricted_customers_tickets_are_not_in_the_inbox(agent):
    TicketFactory(customer=CustomerFactory(is_restricted=True))

    assert open_inbox(agent).rows == []


def test_contractor_sees_the_tickets_of_the_own_teams_alone():
    contractor = UserFactory(role=Role.CONTRACTOR)
    mine = TicketFactory(team=MembershipFactory(user=contractor).team)
    TicketFactory(team=TeamFactory())
    AssignmentFactory(customer=mine.customer)

    page = open_inbox(contractor)

    assert numbers(page) == [mine.number]
    assert page.rows[0].owner_name is None


def test_next_is_the_one_below_then_the_newest_left(agent):
    old, middle, new = (TicketFactory(opened_at=NOW - timedelta(days=n)) for n in (2, 1, 0))
    tickets = inbox(agent).found

    assert next_due(tickets, after=middle) == old
    assert next_due(tickets, after=old) == new
    assert next_due(tickets.filter(pk=new.pk), after=new) is None


def test_count_stops_after_ten_thousand(agent, monkeypatch):
    monkeypatch.setattr(lists, "COUNTED", 2)
    monkeypatch.setattr(Inbox, "size", 2)
    TicketFactory.create_batch(4)

    assert inbox(agent).count_text == "2+ due tickets"


def test_page_shows_rows_with_their_keys(agents_client):
    ticket = TicketFactory(subject="Sync fails", customer__name="Halden Lifts")

    page = agents_client.get(URL).content.decode()

    assert f'data-row="{ticket.pk}"' in page
    assert "Sync fails" in page
    assert "Halden Lifts" in page
    assert "&lt;" not in page
    assert 'data-row-key="l"' in page
    assert 'data-row-key="h"' in page


def test_overdue_and_blocked_stand_out(agents_client):
    TicketFactory(
        learning_due_at=timezone.now() - timedelta(hours=1), priority="critical", is_blocked=True
    )

    page = agents_client.get(URL).content.decode()

    assert "Critical, blocked" in page
    assert "labels overdue" in page


def test_reader_has_no_label_key(client):
    client.force_login(UserFactory(role=Role.PRODUCT))
    ticket = TicketFactory()

    page = client.get(URL, {"peek": ticket.pk}).content.decode()

    assert 'data-row-key="l"' not in page
    assert "data-label-panel" not in page


def test_query_count_does_not_grow_with_rows(agents_client):
    def rows(count):
        for _ in range(count):
            ticket = TicketFactory(team=TeamFactory())
            AssignmentFactory(customer=ticket.customer)
            RenewalFactory(customer=ticket.customer)
            hand_over(ticket)

    rows(1)
    agents_client.get(URL)
    one = count_queries(lambda: agents_client.get(URL))
    rows(3)

    assert count_queries(lambda: agents_client.get(URL)) == one
    assert one <= MOST_QUERIES + SESSION_NOTES


def test_nothing_yet_offers_what_this_person_may_do(agents_client):
    page = agents_client.get(URL).content.decode()

    assert "No tickets yet" in page
    assert "button-primary" not in page  # an agent imports nothing


def test_who_may_import_is_offered_to(client):
    client.force_login(UserFactory(role=Role.LEAD))

    assert 'href="/imports/"' in client.get(URL).content.decode()
    assert "Import tickets" in client.get(URL).content.decode()


def test_nothing_matches_offers_to_clear(agents_client):
    TicketFactory()

    page = agents_client.get(URL, {"kind": "billing"}).content.decode()

    assert "No due ticket matches" in page
    assert f'href="{URL}"' in page


def test_all_done_says_how_much_and_when(agents_client, agent):
    ticket = TicketFactory(learning=Learning.ANSWERED, labels_answered=5)
    now = timezone.now()
    LabelingFactory(ticket=ticket, by=agent, occurred_at=now, recorded_at=now)

    page = agents_client.get(URL).content.decode()

    assert "All labelled" in page
    assert "You labelled 1 ticket today, the last 0 min ago." in page


def test_all_done_by_others_says_nothing_of_oneself(agents_client):
    LabelingFactory(ticket=TicketFactory(learning=Learning.ANSWERED, labels_answered=5))

    page = agents_client.get(URL).content.decode()

    assert "New tickets come here" in page


@pytest.mark.parametrize(
    "params", [{"kind": "nonsense"}, {"team": "x"}, {"customer": "0x1"}, {"overdue": "maybe"}]
)
def test_unknown_filter_finds_nothing(agents_client, params):
    TicketFactory()

    assert "No due ticket matches" in agents_client.get(URL, params).content.decode()


def test_wrong_cursor_begins_at_the_newest(agents_client):
    ticket = TicketFactory()

    page = agents_client.get(URL, {"after": "nonsense"}, follow=True).content.decode()

    assert ticket.number in page


def test_customer_filter_is_a_chip_that_takes_it_away(agents_client):
    ticket = TicketFactory(customer__name="Halden Lifts")

    page = agents_client.get(URL, {"customer": ticket.customer_id}).content.decode()

    assert f'<a class="chip" href="?" aria-current="true">{ticket.customer.name}</a>' in page


def test_customer_out_of_sight_is_not_named(agents_client):
    hidden = TicketFactory(customer=CustomerFactory(is_restricted=True, name="Secret"))

    page = agents_client.get(URL, {"customer": hidden.customer_id}).content.decode()

    assert "Secret" not in page
    assert "is not one of the available choices" in page


def test_filtering_swaps_the_list_alone(agents_client):
    TicketFactory()

    page = agents_client.get(
        URL, headers={"HX-Request": "true", "HX-Target": "listing"}
    ).content.decode()

    assert "data-row=" in page
    assert "<html" not in page


def test_open_panel_is_part_of_the_url(agents_client):
    ticket = TicketFactory()

    page = agents_client.get(URL, {"peek": ticket.pk}).content.decode()

    assert f'data-ticket="{ticket.pk}"' in page
    assert page.count('id="count"') == 1


def test_peeking_opens_the_panel_alone(agents_client):
    ticket = TicketFactory(customer=None)

    page = agents_client.get(
        URL, {"peek": ticket.pk}, headers={"HX-Request": "true", "HX-Target": "panel"}
    ).content.decode()

    assert f'data-ticket="{ticket.pk}"' in page
    assert "<html" not in page


def test_peeking_at_a_hidden_ticket_is_not_found(agents_client):
    ticket = TicketFactory(customer=CustomerFactory(is_restricted=True))

    assert agents_client.get(URL, {"peek": ticket.pk}).status_code == 404


def test_unmatched_ticket_says_so(agents_client):
    TicketFactory(customer=None)

    assert (
        '<span class="badge badge-warn">Unmatched</span>' in agents_client.get(URL).content.decode()
    )


@pytest.mark.parametrize("role", [Role.AGENT, Role.PRODUCT, Role.CONTRACTOR])
def test_who_may_see_tickets_sees_the_inbox(client, role):
    client.force_login(UserFactory(role=role))

    assert client.get(reverse("tickets:inbox")).status_code == 200


def test_inbox_needs_a_signed_in_person(client):
    assert client.get(URL).status_code == 302
