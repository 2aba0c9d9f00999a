from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Role
from tests.factories.customers import CustomerFactory
from tests.factories.people import MembershipFactory, TeamFactory, UserFactory
from tests.factories.tickets import OPENED_AT, MessageFactory, TicketFactory
from tickets.models import MessageDirection
from tickets.queries import search
from tickets.queries.search import Place, best_tickets
from tickets.queries.words import query_of, words_of

pytestmark = pytest.mark.django_db
SIGNS = st.text(
    st.sampled_from([*"'\"\\:*&|!()<->@#%_- \x00\t", "😀", "é", "ß", "²", "٣", "\ud800", "\u2028"])
    | st.characters(),
    max_size=500,
)


@pytest.fixture
def agent():
    return UserFactory(role=Role.AGENT)


def found(text, *, user, size=6):
    return [hit.number for hit in best_tickets(text, user=user, size=size)]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=SIGNS)
def test_words_are_never_empty_nor_unprintable(text):
    for word in words_of(text):
        assert word.isprintable()
        assert any(map(str.isalnum, word))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=SIGNS)
def test_no_text_is_an_error(agent, text):
    assert best_tickets(text, user=agent, size=6) == []


@pytest.mark.parametrize("text", ["", "  ", "!!!", "'", "\x00", "😀", "&|!", "- - -"])
def test_a_text_without_words_finds_nothing(agent, text):
    TicketFactory(subject="Sync fails")

    assert query_of(text) == ""
    assert found(text, user=agent) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sync  fails", ["Sync", "fails"]),
        ("#4711", ["4711"]),
        ("B-123", ["B", "-123"]),
        ("half-way", ["half", "way"]),
        ("anna-b@example.com", ["anna-b@example.com"]),
    ],
)
def test_a_text_is_cut_as_the_words_are_stored(text, words):
    assert words_of(text) == words


@pytest.mark.parametrize(
    "text",
    ["sync", "SYN", "fails sy", "it's", "o'brien's syn", "half-way", "half-wa", "T-900", "900"],
)
def test_words_and_the_beginning_of_the_last_find_a_ticket(agent, text):
    TicketFactory(number="T-9001", subject="O'Brien's sync fails: it's half-way")

    assert found(text, user=agent) == ["T-9001"]


def test_number_in_a_subject_is_found_as_it_is_written(agent):
    TicketFactory(number="T-1", subject="As in B-123")
    TicketFactory(number="T-2", subject="As in C-123")

    assert found("B-123", user=agent) == ["T-1"]


def test_every_word_is_needed(agent):
    TicketFactory(subject="Sync fails")

    assert found("sync invoice", user=agent) == []


def test_a_number_typed_in_full_comes_first(agent):
    TicketFactory(number="T-12")
    TicketFactory(number="T-123", opened_at=OPENED_AT + timedelta(days=9))

    assert found("12", user=agent) == ["T-12", "T-123"]
    assert found("t-12", user=agent) == ["T-12", "T-123"]


def test_a_subject_comes_before_a_message_and_the_newest_before_older_ones(agent):
    written = TicketFactory(number="M", opened_at=OPENED_AT + timedelta(days=5))
    MessageFactory.create_batch(2, ticket=written, body="The sync does not start.")
    TicketFactory(number="OLD", subject="Sync", opened_at=OPENED_AT)
    TicketFactory(number="NEW", subject="Sync", opened_at=OPENED_AT + timedelta(days=1))

    hits = best_tickets("sync", user=agent, size=6)

    assert [hit.number for hit in hits] == ["NEW", "OLD", "M"]
    assert [hit.place for hit in hits] == [Place.SUBJECT, Place.SUBJECT, Place.MESSAGE]


def test_a_ticket_with_the_word_in_both_places_stands_once(agent):
    MessageFactory(ticket=TicketFactory(number="T-1", subject="Sync"), body="Sync")

    assert found("sync", user=agent) == ["T-1"]


def test_older_tickets_are_found_beyond_the_newest(agent, monkeypatch):
    monkeypatch.setattr(search, "NEWEST", 1)
    for day in range(4):
        TicketFactory(number=f"T-{day}", subject="Sync", opened_at=OPENED_AT + timedelta(days=day))

    assert found("sync", user=agent) == ["T-3", "T-2", "T-1", "T-0"]
    assert found("sync", user=agent, size=3) == ["T-3", "T-2", "T-1"]


def test_a_hidden_customers_ticket_is_not_found(agent):
    hidden = TicketFactory(subject="Sync", customer=CustomerFactory(is_restricted=True))
    MessageFactory(ticket=hidden, body="Photos")

    assert found("sync", user=agent) == []
    assert found("photos", user=agent) == []
    assert found(hidden.number, user=agent) == []


def test_an_internal_note_is_found_by_those_who_may_read_it(agent):
    MessageFactory(body="Photos", direction=MessageDirection.INTERNAL)
    product = UserFactory(role=Role.PRODUCT)

    assert len(found("photos", user=agent)) == 1
    assert found("photos", user=product) == []


def test_a_contractor_finds_what_the_own_team_works_on():
    team = TeamFactory()
    contractor = MembershipFactory(user__role=Role.CONTRACTOR, team=team).user
    TicketFactory(number="OURS", subject="Sync", team=team)
    MessageFactory(ticket=TicketFactory(number="THEIRS", subject="Sync"), body="Photos")

    assert found("sync", user=contractor) == ["OURS"]
    assert found("photos", user=contractor) == []


def test_a_search_is_one_statement(agent, django_assert_num_queries):
    TicketFactory(subject="Sync")

    with django_assert_num_queries(1, connection=connection):
        best_tickets("sync", user=agent, size=6)
