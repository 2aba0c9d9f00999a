from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from supportsuccess import audit
from supportsuccess.imports.models import BatchState
from tests.factories.contracts import RenewalFactory
from tests.factories.customers import AssignmentFactory, CustomerAccessFactory, CustomerFactory
from tests.factories.handoffs import HandoffFactory
from tests.factories.imports import BatchFactory
from tests.factories.labels import LabelingFactory
from tests.factories.people import AvailabilityFactory, UserFactory
from tests.factories.tickets import MessageFactory, TicketEventFactory, TicketFactory
from tickets.actions.labels import answer_nothing_unusual
from tickets.models import HandoffTicket, Labeling, Learning, TicketEventKind
from tickets.queries import ticket_sheet, ticket_timeline
from tickets.queries.ticket_sheet import sheet_of

pytestmark = pytest.mark.django_db
OPENED = datetime(2026, 6, 1, 9, tzinfo=UTC)
MOST_QUERIES = 15  # three of them and two savepoints note that the session is in use


@pytest.fixture
def agent():
    return UserFactory(name="Mina Roth")


@pytest.fixture
def agents_client(client, agent):
    client.force_login(agent)
    return client


def page_of(client, ticket):
    return client.get(f"/tickets/{ticket.pk}/").content.decode()


def hand_over(ticket):
    handoff = HandoffFactory(customer=ticket.customer, receiver__name="Rob Maier")
    with transaction.atomic(), audit.group("test", by=audit.System("test")):
        HandoffTicket.objects.create(handoff=handoff, ticket=ticket)


def entries_for(user, ticket):
    return sheet_of(ticket, user=user).timeline.entries


def test_page_shows_what_the_ticket_is(agents_client):
    ticket = TicketFactory(
        subject="Sync fails",
        customer__name="Halden Lifts",
        status="solved",
        source_status="Resolved by L2",
        is_blocked=True,
    )

    page = page_of(agents_client, ticket)

    for text in ("Sync fails", "Halden Lifts", "Solved", "Resolved by L2", "Blocked", "Due"):
        assert text in page


def test_page_names_who_answers_and_for_whom(agents_client):
    ticket = TicketFactory()
    rob, ines = UserFactory(name="Rob Maier"), UserFactory(name="Ines Duarte")
    AssignmentFactory(customer=ticket.customer, holder_user=rob)
    AvailabilityFactory(user=rob, cover=ines, cover_confirmed_at=timezone.now())

    page = page_of(agents_client, ticket)

    assert "Ines Duarte" in page
    assert "for Rob Maier" in page


def test_page_shows_labels_with_their_origin(agents_client, agent):
    ticket = TicketFactory()
    answer_nothing_unusual(ticket, by=agent, at=timezone.now())

    page = page_of(agents_client, ticket)

    assert "Routine answer" in page
    assert "Mina Roth" in page
    assert "Answered" in page


def test_page_shows_handoffs_and_renewal(agents_client):
    ticket = TicketFactory()
    hand_over(ticket)
    RenewalFactory(customer=ticket.customer)

    page = page_of(agents_client, ticket)

    assert "to Rob Maier" in page
    assert "Renewal decided" in page


def test_overdue_learning_is_said(agents_client):
    ticket = TicketFactory(learning_due_at=timezone.now() - timedelta(minutes=1))

    assert "Overdue" in page_of(agents_client, ticket)


def test_exempt_ticket_offers_to_ask_after_all(agents_client):
    ticket = TicketFactory(learning=Learning.EXEMPT, exempt_reason="spam")

    page = page_of(agents_client, ticket)

    assert "Ask for labels after all" in page
    assert 'data-key="l"' not in page


def test_keys_are_there_for_who_may_use_them(agents_client):
    page = page_of(agents_client, TicketFactory(url="https://helpdesk.example/1"))

    assert all(f'data-key="{key}"' in page for key in "lhv")


def test_reader_has_no_keys_to_change_anything(client):
    client.force_login(UserFactory(role=Role.PRODUCT))

    page = page_of(client, TicketFactory())

    assert not any(f'data-key="{key}"' in page for key in "lhv")
    assert "Exempt it" not in page


def test_link_to_the_helpdesk_leads_to_the_web_alone(agents_client):
    page = page_of(agents_client, TicketFactory(url="javascript:alert(1)"))

    assert "javascript:" not in page


def test_unmatched_ticket_has_a_page(agents_client):
    assert "Unmatched" in page_of(agents_client, TicketFactory(customer=None))


def test_ticket_of_a_hidden_customer_is_not_found(agents_client, agent):
    customer = CustomerFactory(is_restricted=True)
    ticket = TicketFactory(customer=customer)

    assert agents_client.get(f"/tickets/{ticket.pk}/").status_code == 404

    CustomerAccessFactory(customer=customer, user=agent)
    assert agents_client.get(f"/tickets/{ticket.pk}/").status_code == 200


def test_page_needs_a_signed_in_person(client):
    assert client.get(f"/tickets/{TicketFactory().pk}/").status_code == 302


def test_timeline_merges_events_and_messages_newest_first(agent):
    ticket = TicketFactory(opened_at=OPENED)
    for hours, kind in ((0, TicketEventKind.OPENED), (4, TicketEventKind.SOLVED)):
        TicketEventFactory(ticket=ticket, kind=kind, occurred_at=OPENED + timedelta(hours=hours))
    MessageFactory(ticket=ticket, body="Still broken", occurred_at=OPENED + timedelta(hours=2))

    timeline = sheet_of(ticket, user=agent).timeline

    assert [entry.what for entry in timeline.entries] == ["solved it", "wrote", "opened it"]
    assert not timeline.is_cut


def test_event_says_the_facts_it_names(agent):
    event = TicketEventFactory(
        status="open", priority="high", assignee_label="Ann", is_blocked=True, by_label="Bob"
    )

    entry = sheet_of(event.ticket, user=agent).timeline.entries[0]

    assert (entry.who, entry.what) == ("Bob", "changed it: Open, priority high, to Ann, blocked")


def test_private_notes_need_their_permission():
    note = MessageFactory(direction="internal", body="Be careful")

    assert entries_for(UserFactory(), note.ticket)[0].what == "noted"
    assert entries_for(UserFactory(role=Role.PRODUCT), note.ticket) == []


def test_handoff_of_a_hidden_customer_is_not_told(agent):
    shown, hidden = HandoffFactory(), HandoffFactory(customer__is_restricted=True)
    ticket = TicketFactory(customer=shown.customer)
    with transaction.atomic(), audit.group("test", by=audit.System("test")):
        for handoff in (shown, hidden):
            HandoffTicket.objects.create(handoff=handoff, ticket=ticket)

    assert [row.id for row in sheet_of(ticket, user=agent).handoffs] == [shown.pk]


def test_label_taken_back_or_withdrawn_with_its_file_is_not_told(agent):
    ticket = TicketFactory()
    answer_nothing_unusual(ticket, by=agent, at=timezone.now())
    first, second = Labeling.objects.filter(ticket=ticket).order_by("pk")[:2]
    later = {"ticket": ticket, "occurred_at": timezone.now()}
    LabelingFactory(**later, dimension=first.dimension, value=None)
    withdrawn = BatchFactory(state=BatchState.UNDONE, withdrawn_at=timezone.now())
    LabelingFactory(ticket=ticket, dimension=second.dimension, value=second.value, batch=withdrawn)

    labels = {row.dimension: row.who for row in sheet_of(ticket, user=agent).labels}

    assert first.dimension not in labels
    assert labels[second.dimension] == "Mina Roth"


def test_long_timeline_is_cut_and_says_so(agents_client, agent, monkeypatch):
    for module in (ticket_sheet, ticket_timeline):
        monkeypatch.setattr(module, "ENTRIES_SHOWN", 2)
    ticket = TicketFactory()
    TicketEventFactory.create_batch(2, ticket=ticket)
    MessageFactory(ticket=ticket)

    assert len(entries_for(agent, ticket)) == 2
    assert "Older entries are not shown" in page_of(agents_client, ticket)


def test_query_count_does_not_grow_with_what_happened(agents_client, agent):
    ticket = TicketFactory()
    AssignmentFactory(customer=ticket.customer)

    def happen(times):
        for number in range(times):
            TicketEventFactory(ticket=ticket, status="open")
            MessageFactory(ticket=ticket, body=str(number))
            hand_over(TicketFactory(customer=CustomerFactory()))

    def count():
        with CaptureQueriesContext(connection) as captured:
            page_of(agents_client, ticket)
        return len(captured)

    happen(1)
    hand_over(ticket)
    answer_nothing_unusual(ticket, by=agent, at=timezone.now())
    page_of(agents_client, ticket)
    one = count()
    happen(3)

    assert count() == one <= MOST_QUERIES


def test_hand_over_leads_to_the_form_with_the_ticket(agents_client):
    ticket = TicketFactory()

    response = agents_client.get(f"/tickets/{ticket.pk}/hand-over/")

    assert response.url == f"/handoffs/new/?ticket={ticket.pk}"


def test_hand_over_needs_the_permission(client):
    client.force_login(UserFactory(role=Role.PRODUCT))

    assert client.get(f"/tickets/{TicketFactory().pk}/hand-over/").status_code == 403
