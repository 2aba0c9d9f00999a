import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from tests.factories.labels import LabelingFactory, LabelRuleFactory
from tests.factories.people import UserFactory
from tests.factories.tickets import TicketFactory
from tickets.models import Dimension, LabelValue, TaxonomyVersion

pytestmark = pytest.mark.django_db
CAUSE = Dimension.ROOT_CAUSE


@pytest.fixture
def lead(client):
    user = UserFactory(role=Role.LEAD)
    client.force_login(user)
    return user


def cause(slug):
    return LabelValue.objects.get(dimension=CAUSE, slug=slug)


def said_of(value, **changes):
    said = {
        "name": value.name,
        "definition": value.definition,
        "key": value.key,
        "area": "",
        "seen": value.version,
    }
    return said | changes


def act(client, name, value, **details):
    value.refresh_from_db()
    url = reverse(f"tickets:taxonomy_{name}", args=[value.pk])
    return client.post(url, {"seen": value.version} | details)


def test_the_page_shows_each_cause_with_its_definition_and_tickets(client, lead):
    LabelingFactory(ticket=TicketFactory(opened_at=timezone.now()), dimension=CAUSE, slug="set-up")

    page = client.get(reverse("tickets:taxonomy"))

    rows = {row.name: (row.definition, row.tickets) for row in page.context["listing"].page.rows}
    assert rows["Set-up"] == ("It was set up in a way that can't work.", 1)
    assert "Angry" not in rows


def test_the_tickets_of_a_value_open(client, lead):
    ticket = LabelingFactory(dimension=CAUSE, slug="set-up").ticket
    LabelingFactory(dimension=CAUSE, slug="training")

    page = client.get(reverse("tickets:tickets"), {"label": cause("set-up").pk})

    assert [row.pk for row in page.context["listing"].page.rows] == [ticket.pk]


def test_a_lead_publishes_a_value(client, lead):
    url = reverse("tickets:taxonomy_new") + "?dimension=competitor"

    response = client.post(url, {"name": "Servanta", "definition": "Lifts.", "key": "s"})

    assert response.status_code == 302
    added = LabelValue.objects.active().get(slug="servanta")
    assert (added.dimension, added.key) == (Dimension.COMPETITOR, "s")
    assert TaxonomyVersion.objects.latest("number").by == lead


def test_a_name_that_is_there_already_is_refused_and_kept(client, lead):
    response = client.post(
        reverse("tickets:taxonomy_new"), {"name": "Set-up", "definition": "Again"}
    )

    assert response.status_code == 409
    assert "has “Set-up” already" in response.content.decode()


def test_a_slower_editor_sees_both_and_may_save_again(client, lead):
    training = cause("training")
    url = training.get_absolute_url()
    client.post(url, said_of(training, name="Know-how"))

    refused = client.post(url, said_of(training, name="Skills"))

    text = refused.content.decode()
    assert refused.status_code == 409
    assert "What stands now" in text
    assert ">Know-how<" in text
    assert 'value="Skills"' in text
    again = said_of(training, name="Skills", seen=refused.context["form"]["seen"].value())
    assert client.post(url, again).status_code == 302
    assert cause("training").name == "Skills"


def test_what_is_refused_for_another_reason_is_no_conflict(client, lead):
    training = cause("training")

    refused = client.post(training.get_absolute_url(), said_of(training, name="Set-up"))

    assert refused.status_code == 409
    assert "What stands now" not in refused.content.decode()


def test_a_lead_merges_retires_and_brings_back(client, lead):
    training, other = cause("training"), cause("documentation")

    act(client, "merge", training, into=other.pk)
    merged = cause("training").merged_into
    act(client, "restore", training)
    act(client, "retire", other)

    assert merged == other
    assert cause("training").is_active
    assert not cause("documentation").is_active


def test_retiring_what_a_rule_needs_says_why_not(client, lead):
    rule = LabelRuleFactory(slug="angry")

    response = client.post(
        reverse("tickets:taxonomy_retire", args=[rule.value_id]), {"seen": 1}, follow=True
    )

    assert "answers with “Angry”" in response.content.decode()
    assert LabelValue.objects.get(pk=rule.value_id).is_active


def test_versions_are_compared(client, lead):
    training = cause("training")
    for name in ("Know-how", "Skills"):
        training.refresh_from_db()
        client.post(training.get_absolute_url(), said_of(training, name=name))
    newest = TaxonomyVersion.objects.latest("number")

    page = client.get(reverse("tickets:taxonomy_version", args=[newest.pk]), {"since": 1})

    [change] = page.context["changes"]
    assert [tuple(each) for each in change.differences] == [("Name", "Training", "Skills")]


def test_whoever_reads_tickets_reads_the_taxonomy_and_changes_nothing(client):
    client.force_login(UserFactory(role=Role.CSM))
    training = cause("training")

    page = client.get(training.get_absolute_url())

    assert "Publish" not in page.content.decode()
    assert client.post(training.get_absolute_url(), said_of(training)).status_code == 403
    assert act(client, "retire", training).status_code == 403
