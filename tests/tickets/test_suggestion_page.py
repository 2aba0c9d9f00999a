import pytest

from accounts.models import Role
from supportsuccess.outbox.models import Job
from tests.factories.labels import LabelingFactory
from tests.factories.people import UserFactory
from tests.factories.suggestions import SuggestionModelFactory, figures_of
from tickets.jobs.suggestions import TRAIN, start_weekly_training
from tickets.models import ASKED_DIMENSIONS, Dimension
from tickets.suggestions.figures import FEWEST_LABELS

pytestmark = pytest.mark.django_db
URL = "/setup/labels/suggestions/"


@pytest.fixture
def leads_client(client):
    client.force_login(UserFactory(role=Role.LEAD))
    return client


def page_of(client):
    return client.get(URL).content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_page_says_how_many_labels_are_missing_to_begin(leads_client):
    LabelingFactory.create_batch(3)

    page = page_of(leads_client)

    assert "197 labels of “Angry” are missing: it has 3." in page
    assert page.count("Nothing is labelled yet") == len(ASKED_DIMENSIONS) - 1


def test_page_says_that_training_can_begin(leads_client, monkeypatch):
    monkeypatch.setattr("tickets.lists.suggestions.FEWEST_LABELS", 2)
    LabelingFactory.create_batch(2)

    assert "“Angry” has 2 labels: enough to begin" in page_of(leads_client)


def test_page_shows_the_newest_model_with_what_it_stands_on(leads_client):
    SuggestionModelFactory(version=3, figures={})
    SuggestionModelFactory(version=4)

    page = page_of(leads_client)

    assert "version 4" in page
    assert "version 3" not in page
    assert "90 % (83–94), 90 of 100" in page
    assert "Always “Neutral”" in page
    assert "50 % (40–60), 50 of 100" in page


def test_page_says_which_values_speak_and_why_others_are_silent(leads_client):
    SuggestionModelFactory()
    few = figures_of(Dimension.ROOT_CAUSE, labels=FEWEST_LABELS - 20)
    SuggestionModelFactory(dimension=Dimension.ROOT_CAUSE, figures=few.as_json())

    page = page_of(leads_client)

    assert page.count("Speaks") == 2
    assert page.count("20 of 200 labels are missing") == 2


def test_page_draws_how_often_what_was_said_was_right(leads_client):
    SuggestionModelFactory()

    page = page_of(leads_client)

    assert "What was said to be 90–100 % likely was right in 90 %" in page
    assert "<svg" in page


def test_a_value_that_is_gone_from_the_taxonomy_is_still_told(leads_client):
    figures = figures_of(Dimension.SENTIMENT).as_json()
    figures["values"]["999999"] = figures["values"].pop(figures["commonest"])
    SuggestionModelFactory(figures=figures)

    assert "A value that is gone" in page_of(leads_client)


def test_page_shows_figures_on_open_sets_of_texts(leads_client):
    page = page_of(leads_client)

    assert "On open sets of texts" in page
    assert "79 % (77–81), 1,583 of 2,001" in page


def test_train_now_starts_one_job(leads_client):
    response = leads_client.post(f"{URL}train/")
    again = leads_client.post(f"{URL}train/", follow=True)

    job = Job.objects.get(kind=TRAIN)
    assert response.url == job.get_absolute_url()
    assert "are being fitted already" in again.content.decode()


def test_the_weekly_training_leaves_one_on_demand_alone(leads_client):
    leads_client.post(f"{URL}train/")

    start_weekly_training()

    assert Job.objects.count() == 1


@pytest.mark.parametrize("role", [Role.AGENT, Role.CSM, Role.CSLEAD, Role.EXECUTIVE])
def test_page_and_training_are_for_support_leads_and_administrators(client, role):
    client.force_login(UserFactory(role=role))

    assert client.get(URL).status_code == 403
    assert client.post(f"{URL}train/").status_code == 403
    assert not Job.objects.exists()


def test_administrators_may_open_it(client):
    client.force_login(UserFactory(role=Role.ADMIN))

    assert client.get(URL).status_code == 200
