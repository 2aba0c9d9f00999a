import pytest

from accounts.models import Role
from tests.factories.people import UserFactory
from tests.factories.problems import ProblemFactory
from tests.factories.tickets import TicketFactory
from tests.factories.tokens import bearer, token_for
from tickets.models import Labeling, LabelValue, Origin, Problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(client):
    """Sends JSON as an agent: send("post", path, body)."""
    headers = bearer(token_for(UserFactory(role=Role.AGENT)))

    def send(method, path, body, **more):
        return getattr(client, method)(
            f"/api/v1/problems/{path}",
            body,
            content_type="application/json",
            headers=headers | more,
        )

    return send


def test_a_problem_is_named_with_its_labels(send):
    response = send("post", "", {"title": "Sync stops", "root_cause": "product-bug"})

    assert (response.status_code, response.json()["root_cause"]) == (201, "product-bug")
    assert Problem.objects.get().root_cause.slug == "product-bug"


def test_a_slug_of_another_dimension_is_no_value_of_it(send):
    response = send("post", "", {"title": "Sync stops", "root_cause": "angry"})

    assert response.status_code == 422
    assert "no value of it" in response.content.decode()


def test_what_is_not_said_stays(send):
    problem = ProblemFactory(root_cause=LabelValue.objects.get(slug="product-bug"))

    response = send("patch", f"{problem.pk}/", {"state": "fixed"})

    problem.refresh_from_db()
    assert response.status_code == 200
    assert (problem.state, problem.root_cause.slug) == ("fixed", "product-bug")


def test_an_old_version_is_refused(send):
    problem = ProblemFactory(version=2)

    response = send("patch", f"{problem.pk}/", {"state": "fixed"}, **{"if-match": '"1"'})

    assert response.status_code == 412


def test_tickets_are_linked_and_unlinked(send):
    problem = ProblemFactory(root_cause=LabelValue.objects.get(slug="product-bug"))
    ticket = TicketFactory()

    send("post", f"{problem.pk}/link/", {"tickets": [ticket.pk]})
    assert Labeling.objects.current().get().origin == Origin.INHERITED

    send("post", f"{problem.pk}/unlink/", {"tickets": [ticket.pk]})
    assert not Labeling.objects.current().exists()


def test_a_ticket_of_no_such_number_is_named(send):
    problem = ProblemFactory()

    response = send("post", f"{problem.pk}/unlink/", {"tickets": [TicketFactory().pk]})

    assert response.status_code == 422
    assert "There is no ticket" in response.content.decode()
