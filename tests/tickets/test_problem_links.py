import pytest

from accounts.models import Role
from tests.factories.people import MembershipFactory, UserFactory
from tests.factories.problems import ProblemFactory
from tests.factories.tickets import TicketFactory
from tickets.models import LabelValue, Origin, Problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    user = UserFactory(role=Role.AGENT)
    client.force_login(user)
    return user


def page_of(ticket):
    return f"/tickets/{ticket.pk}/problem/"


def shown(response):
    return [problem.title for problem in response.context["problems"]]


@pytest.mark.usefixtures("agent")
def test_the_problem_whose_signature_the_subject_names_is_offered_first(client):
    ticket = TicketFactory(subject="Export fails with e-1042 again")
    ProblemFactory(title="Named", error_signature="E-1042")
    ProblemFactory(title="Newer", error_signature="E-9")
    ProblemFactory(title="Newest")

    assert shown(client.get(page_of(ticket))) == ["Named", "Newest", "Newer"]


@pytest.mark.usefixtures("agent")
def test_typing_narrows_what_is_offered(client):
    ProblemFactory(title="Invoices doubled", tracker_key="INV-7")
    ProblemFactory(title="Sync stops")
    target = {"HX-Request": "true", "HX-Target": "problem-choices"}

    response = client.get(page_of(TicketFactory()), {"title": "inv-"}, headers=target)

    assert shown(response) == ["Invoices doubled"]
    assert "<form" not in response.content.decode()
    assert "New problem “inv-”" in response.content.decode()


@pytest.mark.parametrize("typed", ["sotps", "stops sync", "snyc", "Sync stopps"])
@pytest.mark.usefixtures("agent")
def test_a_title_is_found_by_its_words_though_mistyped(client, typed):
    ProblemFactory(title="Sync stops at night")
    ProblemFactory(title="Invoices doubled")

    assert shown(client.get(page_of(TicketFactory()), {"title": typed})) == ["Sync stops at night"]


@pytest.mark.usefixtures("agent")
def test_a_ticket_is_linked_and_inherits(client):
    ticket = TicketFactory()
    problem = ProblemFactory(root_cause=LabelValue.objects.get(slug="product-bug"))

    response = client.post(page_of(ticket), {"problem": problem.pk}, follow=True)

    ticket.refresh_from_db()
    assert (ticket.problem, ticket.labelings.get().origin) == (problem, Origin.INHERITED)
    assert problem.title in response.content.decode()


@pytest.mark.usefixtures("agent")
def test_a_problem_that_nobody_named_yet_is_named_with_the_ticket(client):
    ticket = TicketFactory()

    client.post(page_of(ticket), {"problem": "", "title": "Sync stops"})

    ticket.refresh_from_db()
    assert ticket.problem == Problem.objects.get(title="Sync stops")


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({}, 409, "Choose a problem"),
        ({"problem": "x"}, 422, "Choose one of those shown"),
        ({"problem": 2**40}, 404, ""),
    ],
)
@pytest.mark.usefixtures("agent")
def test_what_is_no_problem_is_not_linked(client, *, given, status, said):
    ticket = TicketFactory()

    response = client.post(page_of(ticket), given)

    ticket.refresh_from_db()
    assert (response.status_code, ticket.problem) == (status, None)
    assert said in response.content.decode()


def test_whoever_may_not_name_problems_links_to_those_there_are(client):
    membership = MembershipFactory(user__role=Role.CONTRACTOR)
    client.force_login(membership.user)
    ticket = TicketFactory(team=membership.team)

    page = client.get(page_of(ticket), {"title": "New"})
    response = client.post(page_of(ticket), {"title": "New"})

    assert "New problem" not in page.content.decode()
    assert (response.status_code, Problem.objects.count()) == (403, 0)


@pytest.mark.usefixtures("agent")
def test_a_link_is_taken_back(client):
    ticket = TicketFactory(problem=ProblemFactory())

    client.post(f"{page_of(ticket)}unlink/")
    again = client.post(f"{page_of(ticket)}unlink/", follow=True)

    ticket.refresh_from_db()
    assert ticket.problem is None
    assert "linked to no problem" in again.content.decode()


@pytest.mark.usefixtures("agent")
def test_linking_again_to_the_same_is_refused(client):
    ticket = TicketFactory(problem=ProblemFactory())

    response = client.post(page_of(ticket), {"problem": ticket.problem_id})

    assert response.status_code == 409
    assert "already" in response.content.decode()


def test_the_tickets_of_a_problem_are_a_list(client, agent):
    linked = TicketFactory(problem=ProblemFactory())
    TicketFactory()

    response = client.get(f"/tickets/?problem={linked.problem_id}")

    assert [row.pk for row in response.context["listing"].page.rows] == [linked.pk]
