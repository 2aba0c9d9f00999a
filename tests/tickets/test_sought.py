import pytest
from django.http import QueryDict

from accounts.models import Role
from accounts.queries import customers_named
from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory
from tests.factories.tickets import OPENED_AT, MessageFactory, TicketFactory
from tickets.lists.inbox import Inbox
from tickets.lists.tickets import TicketList
from tickets.models import MessageDirection, Ticket
from tickets.queries import sought
from tickets.queries.sought import Sought

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return UserFactory(role=Role.AGENT)


def found(text, *, user):
    return set(Ticket.objects.visible_to(user).filter(Sought(text, user=user).walked))


@pytest.mark.parametrize("text", ["", "  ", "!!!", "'", "\x00", "😀", "&|!", "- - -"])
def test_a_text_without_words_finds_nothing(agent, text):
    TicketFactory(subject="Sync fails")

    assert found(text, user=agent) == set()


def test_a_filter_finds_what_stands_in_either_place(agent):
    subject = TicketFactory(subject="Sync")
    message = MessageFactory(body="The sync fails").ticket
    TicketFactory(subject="Invoice")

    either = Sought("sync", user=agent)

    assert set(Ticket.objects.filter(either.walked)) == {subject, message}
    assert set(Ticket.objects.filter(either.gathered)) == {subject, message}


def test_the_inbox_finds_a_ticket_by_what_was_written(agent):
    message = MessageFactory(body="The lift of Halden does not sync")
    TicketFactory(subject="Invoice")

    found = Inbox(agent, QueryDict("q=halden+sy"), now=OPENED_AT).found

    assert list(found) == [message.ticket]


def test_a_word_that_neither_ticket_nor_customer_has_finds_nothing(agent):
    ticket = TicketFactory(customer__name="Halden Lifts", subject="Sync fails")

    assert found("halden lifts", user=agent) == {ticket}
    assert found("hadlen lifts", user=agent) == {ticket}
    assert found("lifts", user=agent) == {ticket}
    assert found("halden zzzz", user=agent) == set()


@pytest.mark.parametrize("text", ["halden sync", "sync halden", "Halden lifts syn", "fails HALDEN"])
def test_a_customers_name_and_words_of_the_ticket_find_it(agent, text):
    halden = CustomerFactory(name="Halden Lifts")
    subject = TicketFactory(customer=halden, subject="Sync fails")
    message = MessageFactory(ticket__customer=halden, body="The sync fails").ticket
    TicketFactory(customer=halden, subject="Invoice")
    TicketFactory(subject="Sync fails")

    assert found(text, user=agent) == {subject, message}


def test_words_of_two_customers_and_of_none_are_told_apart(agent):
    one = TicketFactory(customer__name="Halden Lifts", subject="Sync of the bakery")
    other = TicketFactory(customer__name="Bakery Ost", subject="Sync at Halden")
    TicketFactory(customer__name="Halden Bakery", subject="Invoice")

    assert found("halden bakery sync", user=agent) == {one, other}


def test_what_too_many_are_named_is_looked_for_in_tickets_alone(agent, monkeypatch):
    monkeypatch.setattr(customers_named, "NAMESAKES", 1)
    CustomerFactory(name="Group One")
    grouped = TicketFactory(customer__name="Halden Group", subject="Sync")
    said = TicketFactory(customer__name="Orchard Foods", subject="Sync of a group")

    assert found("group sync", user=agent) == {said}
    assert found("halden group sync", user=agent) == {grouped}


def test_a_name_does_not_open_notes_nor_hidden_customers(agent):
    note = MessageFactory(
        ticket__customer__name="Halden Lifts", body="Photos", direction=MessageDirection.INTERNAL
    )
    hidden = CustomerFactory(name="Orchard Foods", is_restricted=True)
    TicketFactory(customer=hidden, subject="Photos")

    assert found("halden photos", user=agent) == {note.ticket}
    assert found("halden photos", user=UserFactory(role=Role.PRODUCT)) == set()
    assert found("orchard photos", user=agent) == set()


@pytest.mark.parametrize("dense", [0, 1000])
@pytest.mark.parametrize("few", [0, 1, 5])
def test_a_list_finds_the_same_whether_few_or_many_have_the_word(monkeypatch, *, agent, few, dense):
    monkeypatch.setattr(sought, "DENSE", dense)
    for name in ("FEW", "FEW_MESSAGES", "FEW_CUSTOMERS"):
        monkeypatch.setattr(sought, name, few)
    told = [TicketFactory(subject="Sync fails"), TicketFactory(customer__name="Synco Lifts")]
    written = [MessageFactory(body="The sync fails").ticket for _ in range(2)]
    MessageFactory(ticket=told[0], body="It does not sync")
    TicketFactory(subject="Invoice")

    listing = TicketList(agent, QueryDict("q=syn"), now=OPENED_AT)

    assert {row.pk for row in listing.page.rows} == {ticket.pk for ticket in [*told, *written]}
    assert set(listing.all_found) == {*told, *written}
    assert listing.count() == 4
