from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from supportsuccess.audit.models import EventGroup
from supportsuccess.errors import Refused
from tests.factories.base import change
from tests.factories.customers import CustomerFactory
from tests.factories.labels import LabelingFactory
from tests.factories.people import UserFactory
from tests.factories.suggestions import SuggestionFactory
from tests.factories.tickets import TicketFactory
from tickets.actions.labels import accept_suggestions, answer_nothing_unusual, undo_answers
from tickets.models import (
    ASKED_DIMENSIONS,
    Dimension,
    ExemptReason,
    Labeling,
    LabelValue,
    Learning,
    Origin,
    Suggestion,
)

pytestmark = pytest.mark.django_db
IN_PANEL = {"HX-Request": "true", "HX-Target": "panel"}
SLUGS = {
    Dimension.FIX_CATEGORY: "workaround",
    Dimension.ROOT_CAUSE: "product-bug",
    Dimension.SENTIMENT: "angry",
    Dimension.COMPETITOR: "none",
    Dimension.PRODUCT_FEEDBACK: "none",
}


@pytest.fixture
def agent():
    return UserFactory(name="Mina Roth")


@pytest.fixture
def agents_client(client, agent):
    client.force_login(agent)
    return client


def url(ticket):
    return f"/tickets/{ticket.pk}/label/"


def suggest(ticket, *dimensions):
    """Suggestions for these dimensions of a ticket, or for all."""
    return [
        SuggestionFactory(ticket=ticket, dimension=dimension, slug=SLUGS[dimension])
        for dimension in dimensions or ASKED_DIMENSIONS
    ]


def accepting(suggestions, **more):
    shown = ",".join(str(row.pk) for row in suggestions)
    return {"seen": 0, "accept": "1", "suggested": shown} | more


def standing(ticket):
    rows = Labeling.objects.filter(ticket=ticket).current()
    return dict(rows.values_list("dimension", "origin"))


def test_panel_marks_what_is_suggested_and_chooses_nothing(agents_client):
    suggestion = SuggestionFactory()

    page = agents_client.get(url(suggestion.ticket)).content.decode()

    assert "Suggested: Angry, very likely" in page
    assert page.count(" data-suggested") == 1
    assert " checked" not in page
    assert f'name="suggested" value="{suggestion.pk}"' in page
    assert 'name="accept" value="1" data-key="."' in page


def test_panel_without_suggestions_offers_none_to_accept(agents_client):
    page = agents_client.get(url(TicketFactory())).content.decode()

    assert 'name="accept"' not in page
    assert "Suggested" not in page


@pytest.mark.parametrize(
    ("probability", "words"),
    [("0.990", "almost certain"), ("0.850", "very likely"), ("0.7", "likely"), ("0.3", "rather")],
)
def test_probability_is_told_in_words(probability, words):
    assert Suggestion(probability=Decimal(probability)).likelihood.startswith(words)


def test_an_answer_that_stands_is_shown_instead_of_a_suggestion(agents_client):
    suggestion = SuggestionFactory()
    LabelingFactory(ticket=suggestion.ticket, slug="pleased")

    page = agents_client.get(url(suggestion.ticket)).content.decode()

    assert "Suggested" not in page


def test_a_value_out_of_use_is_suggested_no_more(agents_client):
    suggestion = SuggestionFactory()
    change(suggestion.value, is_active=False)

    page = agents_client.get(url(suggestion.ticket)).content.decode()

    assert "Suggested" not in page


def test_accepting_all_answers_the_ticket_in_one_request(agents_client, agent):
    ticket = TicketFactory()

    response = agents_client.post(url(ticket), accepting(suggest(ticket)), headers=IN_PANEL)

    ticket.refresh_from_db()
    assert response.headers["HX-Redirect"] == "/inbox/"
    assert ticket.learning == Learning.ANSWERED
    assert set(standing(ticket).values()) == {Origin.ACCEPTED_SUGGESTION}
    assert set(ticket.labelings.values_list("by", "confidence")) == {(agent.pk, Decimal("0.912"))}
    assert EventGroup.objects.filter(action="accept_suggestions").count() == 1


def test_accepting_some_saves_them_and_asks_for_the_rest(agents_client):
    ticket = TicketFactory()
    some = suggest(ticket, Dimension.ROOT_CAUSE, Dimension.SENTIMENT)

    response = agents_client.post(url(ticket), accepting(some), headers=IN_PANEL)

    ticket.refresh_from_db()
    page = response.content.decode()
    assert (ticket.learning, ticket.labels_answered) == (Learning.DUE, 2)
    assert f'data-ticket="{ticket.pk}"' in page
    assert page.count(" checked") == 2
    assert 'name="accept"' not in page
    assert "suggestions accepted" in response.headers["HX-Trigger"]


def test_without_script_the_rest_is_asked_for_on_the_same_page(agents_client):
    suggestion = SuggestionFactory()

    response = agents_client.post(url(suggestion.ticket), accepting([suggestion]))

    assert response.url == url(suggestion.ticket)


def test_what_a_person_chose_beside_it_is_theirs(agents_client):
    ticket = TicketFactory()
    some = suggest(ticket, Dimension.ROOT_CAUSE, Dimension.SENTIMENT)
    pleased = LabelValue.objects.get(dimension=Dimension.SENTIMENT, slug="pleased")

    agents_client.post(url(ticket), accepting(some, sentiment=pleased.pk))

    chosen = Labeling.objects.get(ticket=ticket, dimension=Dimension.SENTIMENT)
    assert (chosen.value, chosen.origin, chosen.confidence) == (pleased, Origin.PERSON, None)
    assert standing(ticket)[Dimension.ROOT_CAUSE] == Origin.ACCEPTED_SUGGESTION


def test_saying_by_hand_what_was_suggested_is_a_persons_answer(agents_client):
    suggestion = SuggestionFactory()
    form = {"seen": 0, "nothing_unusual": "1", "sentiment": suggestion.value_id}

    agents_client.post(url(suggestion.ticket), form)

    assert set(standing(suggestion.ticket).values()) == {Origin.PERSON}


def test_only_what_was_seen_is_accepted(agents_client):
    suggestion = SuggestionFactory()
    form = accepting([suggestion])
    suggestion.delete()
    newer = SuggestionFactory(ticket=suggestion.ticket, slug="pleased")

    response = agents_client.post(url(suggestion.ticket), form, headers=IN_PANEL)

    page = response.content.decode()
    assert response.status_code == 422
    assert "has changed since you opened it" in page
    assert f'name="suggested" value="{newer.pk}"' in page
    assert not suggestion.ticket.labelings.exists()


def test_accepting_where_nothing_is_suggested_saves_nothing(agents_client):
    ticket = TicketFactory()

    response = agents_client.post(url(ticket), accepting([]))

    assert response.status_code == 422
    assert not ticket.labelings.exists()


def test_whoever_is_second_is_told(agents_client, agent):
    suggestion = SuggestionFactory()
    other = UserFactory(name="Rob Maier")
    angry, at = suggestion.value, timezone.now()
    LabelingFactory(ticket=suggestion.ticket, dimension=Dimension.ROOT_CAUSE, slug="everyday")
    given = {"suggestions": [suggestion], "answers": {}, "by": other, "at": at}

    with pytest.raises(Refused, match="answered"):
        accept_suggestions(suggestion.ticket, seen=0, **given)

    assert not Labeling.objects.filter(value=angry).exists()


def test_accepted_suggestions_are_taken_back_by_undo(agents_client, agent):
    ticket = TicketFactory()
    agents_client.post(url(ticket), accepting(suggest(ticket)))
    group = EventGroup.objects.get(action="accept_suggestions")

    response = agents_client.post(f"{url(ticket)}undo/{group.pk}/")

    ticket.refresh_from_db()
    assert response.status_code == 302
    assert ticket.learning == Learning.DUE
    assert standing(ticket) == {}


def test_undo_after_a_second_answer_keeps_what_was_accepted(agent):
    suggestion = SuggestionFactory()
    ticket, at = suggestion.ticket, timezone.now()
    accept_suggestions(ticket, suggestions=[suggestion], answers={}, by=agent, at=at)
    group_id = answer_nothing_unusual(ticket, by=agent, at=at)

    undo_answers(group_id, by=agent, at=at)

    assert standing(ticket) == {Dimension.SENTIMENT: Origin.ACCEPTED_SUGGESTION}


def test_nothing_is_accepted_for_an_exempt_ticket(agent):
    suggestion = SuggestionFactory()
    change(suggestion.ticket, learning=Learning.EXEMPT, exempt_reason=ExemptReason.SPAM)

    with pytest.raises(Refused, match="is exempt"):
        accept_suggestions(
            suggestion.ticket, suggestions=[suggestion], answers={}, by=agent, at=timezone.now()
        )


def test_accepting_needs_the_permission(client):
    suggestion = SuggestionFactory()
    client.force_login(UserFactory(role=Role.PRODUCT))

    response = client.post(url(suggestion.ticket), accepting([suggestion]))

    assert response.status_code == 403
    assert not suggestion.ticket.labelings.exists()


def test_suggestions_of_hidden_customers_are_nobodys(agent):
    SuggestionFactory(ticket__customer=CustomerFactory(is_restricted=True))

    assert not Suggestion.objects.visible_to(agent).exists()


def test_suggestions_cost_one_query_however_many(agents_client):
    ticket = TicketFactory()
    agents_client.get(url(ticket))

    def count():
        with CaptureQueriesContext(connection) as captured:
            agents_client.get(url(ticket), headers=IN_PANEL)
        return len(captured)

    none = count()
    suggest(ticket)

    assert count() == none
