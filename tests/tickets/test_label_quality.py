from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, TeamKind
from supportsuccess.errors import Refused
from tests.factories.base import make
from tests.factories.labels import LabelingFactory
from tests.factories.people import MembershipFactory, UserFactory
from tests.factories.tickets import TicketFactory
from tickets.actions.label_reviews import declare_labelling_time, give_second_answers
from tickets.actions.labels import answer_dimensions
from tickets.models import (
    ASKED_DIMENSIONS,
    Dimension,
    Labeling,
    LabelReview,
    LabelValue,
    Origin,
    Ticket,
)
from tickets.queries.label_quality import agreement_by_dimension, label_tax, usual_by_origin
from tickets.queries.label_reviews import sampled, waiting_for

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)


@pytest.fixture
def lead():
    return UserFactory(role=Role.LEAD)


def usual(**slugs):
    values = {each.dimension: each for each in LabelValue.objects.nothing_unusual()}
    other = {name: LabelValue.objects.get(dimension=name, slug=slugs[name]) for name in slugs}
    return {dimension: (values | other)[dimension] for dimension in ASKED_DIMENSIONS}


def answered(*, by=None, at=NOW, team=None, **slugs):
    ticket = TicketFactory(opened_at=at - timedelta(days=1), team=team)
    answer_dimensions(ticket, answers=usual(**slugs), by=by or UserFactory(), at=at)
    return ticket


def sampled_ticket(*, at=NOW, **given):
    """An answered ticket that the hash happens to draw."""
    while not (found := sampled(Ticket.objects.all(), at=at).last()):
        answered(at=at, **given)
    return found


# Second answers


def test_about_a_tenth_of_tickets_is_drawn_and_the_same_each_time():
    done = {"learning": "answered", "labels_answered": 5, "answered_by": Origin.PERSON}
    TicketFactory.create_batch(200, opened_at=NOW - timedelta(days=1), **done)

    drawn = set(sampled(Ticket.objects.all(), at=NOW))

    assert 5 < len(drawn) < 40
    assert drawn == set(sampled(Ticket.objects.all(), at=NOW))


def test_a_second_answer_changes_nothing_on_the_ticket(lead):
    ticket = sampled_ticket()
    before = (ticket.version, Labeling.objects.count())

    reviews = give_second_answers(ticket, answers=usual(sentiment="angry"), by=lead, at=NOW)

    ticket.refresh_from_db()
    assert len(reviews) == len(ASKED_DIMENSIONS)
    assert (ticket.version, Labeling.objects.count()) == before


def test_nobody_is_asked_a_second_time_for_what_they_answered():
    ticket = sampled_ticket()
    first = ticket.labelings.first().by

    assert ticket not in waiting_for(first, at=NOW)
    with pytest.raises(Refused, match="You labelled"):
        give_second_answers(ticket, answers=usual(), by=first, at=NOW)


def test_a_ticket_is_asked_for_once(lead):
    ticket = sampled_ticket()
    give_second_answers(ticket, answers=usual(), by=UserFactory(), at=NOW)

    assert ticket not in waiting_for(lead, at=NOW)
    with pytest.raises(Refused, match="a second time"):
        give_second_answers(ticket, answers=usual(), by=lead, at=NOW)


def test_a_second_answer_answers_everything(lead):
    ticket, answers = sampled_ticket(), usual()
    del answers[Dimension.ROOT_CAUSE]

    with pytest.raises(Refused, match="root cause"):
        give_second_answers(ticket, answers=answers, by=lead, at=NOW)


def test_the_panel_shows_neither_the_first_answers_nor_whose_they_are(client, lead):
    first = UserFactory(name="Quentin Firstly")
    ticket = sampled_ticket(at=timezone.now(), by=first, sentiment="angry")
    client.force_login(lead)

    page = client.get(reverse("tickets:label_second"), follow=True)

    text = page.content.decode()
    assert page.context["ticket"] == ticket
    assert "Quentin" not in text
    assert "checked" not in text
    assert 'data-value-key="a"' in text


def test_the_panel_saves_and_goes_on(client, lead):
    ticket = sampled_ticket(at=timezone.now())
    client.force_login(lead)

    url = reverse("tickets:label_second_of", args=[ticket.pk])
    response = client.post(url, {"seen": 0, "nothing_unusual": 1}, follow=True)

    assert LabelReview.objects.filter(ticket=ticket, by=lead).count() == len(ASKED_DIMENSIONS)
    assert "Nothing waits for a second look" in response.content.decode()


def pairs(count, *, alike):
    for number in range(count):
        first = LabelingFactory(slug="angry")
        value = first.value if number < alike else usual()[Dimension.SENTIMENT]
        given = {"ticket": first.ticket, "dimension": first.dimension, "first": first}
        make(LabelReview, value=value, by=UserFactory(), given_at=NOW, **given)


def test_agreement_is_told_from_five_pairs_on(lead):
    pairs(4, alike=3)
    [few] = [each for each in agreement_by_dimension(lead, at=NOW) if each.pairs]
    pairs(1, alike=1)

    [enough] = [each for each in agreement_by_dimension(lead, at=NOW) if each.pairs]

    assert (few.pairs, few.figures) == (4, None)
    assert (enough.pairs, enough.figures.alike, enough.figures.raw) == (5, 4, 0.8)


def test_kappa_stands_in_the_file_and_not_on_the_page(client, lead):
    pairs(6, alike=5)
    client.force_login(lead)

    lines = client.get(reverse("tickets:agreement_file")).content.decode().splitlines()

    assert lines[0] == "dimension,pairs,alike,raw,ac1,kappa,prevalence"
    assert len(lines) == len(ASKED_DIMENSIONS) + 1
    assert "kappa" not in client.get(reverse("tickets:label_quality")).content.decode()


# Nothing unusual, and what labels cost


def test_tickets_of_which_nothing_unusual_was_said_are_told_by_origin(lead):
    for _ in range(4):
        answered()
    answered(sentiment="angry")

    [found] = usual_by_origin(lead, at=NOW)

    assert (found.origin, found.tickets, found.usual, found.share) == (Origin.PERSON, 5, 4, 0.8)


def team_of(people):
    team = MembershipFactory(team__kind=TeamKind.SUPPORT).team
    MembershipFactory.create_batch(people - 1, team=team)
    return team


def test_label_tax_is_the_teams_tickets_a_week_times_what_it_declares(lead):
    team = team_of(5)
    for _ in range(8):
        answered(team=team, at=timezone.now())
    declare_labelling_time(team, seconds=90, by=lead)

    [tax] = label_tax(lead, at=timezone.now())

    assert (tax.tickets, tax.seconds, tax.is_declared) == (8, 90, True)
    assert tax.hours_a_week == pytest.approx(8 / 4 * 90 / 3600)


@pytest.mark.parametrize(("people", "tickets"), [(4, 8), (5, 4)])
def test_label_tax_that_would_be_one_persons_is_not_shown(lead, people, tickets):
    team = team_of(people)
    for _ in range(tickets):
        answered(team=team, at=timezone.now())

    [tax] = label_tax(lead, at=timezone.now())

    assert tax.hours_a_week is None
    assert not tax.is_declared


def test_a_lead_declares_the_teams_time(client, lead):
    team = team_of(5)
    client.force_login(lead)
    url = reverse("tickets:labelling_time", args=[team.pk])

    for seconds in (30, 20):
        client.post(url, {"seconds": seconds})

    assert (team.labelling_time.seconds, team.labelling_time.version) == (20, 2)
    client.post(url, {"seconds": 0})
    team.labelling_time.refresh_from_db()
    assert team.labelling_time.seconds == 20
