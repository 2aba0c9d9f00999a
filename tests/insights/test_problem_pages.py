import csv
import io

import pytest
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Role
from insights.actions.queue import refresh_whole_queue
from insights.lists.problems import Problems
from insights.queries.problems import affected_by, history_of
from tests.factories.base import change
from tests.factories.people import UserFactory
from tests.factories.problems import ProblemFactory
from tests.factories.renewals import renewal_due
from tests.factories.tickets import TicketFactory
from tickets.actions.problems import ProblemContent, add_problem, change_problem
from tickets.models import LabelValue, Problem, ProblemState, TicketStatus

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def agent(client):
    user = UserFactory(role=Role.AGENT)
    client.force_login(user)
    return user


def sync_problem(**columns):
    """Three tickets of two customers, one of them solved."""
    problem = ProblemFactory(**columns)
    one, other = (renewal_due(NOW.date()).customer for _ in range(2))
    TicketFactory(problem=problem, customer=one)
    TicketFactory(problem=problem, customer=one, status=TicketStatus.SOLVED)
    TicketFactory(problem=problem, customer=other)
    refresh_whole_queue(at=NOW)
    return problem


def row_of(user):
    (row,) = Problems(user, QueryDict(), now=NOW).page.rows
    return row


def test_a_row_says_what_a_problem_costs():
    sync_problem()

    row = row_of(UserFactory(role=Role.CSM))

    assert (row.open_tickets, row.all_tickets, row.customers) == (2, 3, 2)
    assert row.arr > 0


def test_tickets_that_a_person_may_not_see_are_not_counted():
    problem, user = sync_problem(), UserFactory(role=Role.CSM)
    for ticket in problem.tickets.all()[:2]:
        change(ticket.customer, is_restricted=True)

    row = row_of(user)

    assert (row.all_tickets, row.customers) == (1, 1)
    assert affected_by(problem, user=user).tickets == 1


def test_the_page_counts_as_the_list_does():
    problem, user = sync_problem(), UserFactory(role=Role.CSM)

    affected, row = affected_by(problem, user=user), row_of(user)

    assert (affected.open, affected.tickets) == (row.open_tickets, row.all_tickets)
    assert (affected.customers, affected.arr) == (row.customers, row.arr)
    assert len(affected.largest) == 2


def test_money_is_for_those_who_may_see_it(client, agent):
    problem = sync_problem()

    page = client.get(f"/problems/{problem.pk}/").content.decode()
    file = client.get("/problems/?export=csv")

    assert "who pay" not in page
    assert "ARR" not in client.get("/problems/").content.decode()
    rows = csv.DictReader(io.StringIO(b"".join(file).decode()))
    assert "arr" not in next(rows)


@pytest.mark.usefixtures("agent")
def test_an_agent_names_a_problem_and_says_what_its_tickets_inherit(client):
    cause = LabelValue.objects.get(slug="product-bug")

    response = client.post(
        "/problems/new/", {"title": "Sync stops", "state": "open", "root_cause": cause.pk}
    )

    problem = Problem.objects.get()
    assert response.url == f"/problems/{problem.pk}/"
    assert problem.root_cause == cause


@pytest.mark.usefixtures("agent")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, (422, "This field is required")),
        ({"root_cause": "0"}, (422, "Select a valid choice")),
        ({"error_signature": "E-1"}, (409, "signature of “Known”")),
    ],
)
def test_what_no_problem_can_say_is_said_beside_the_field(client, wrong, said):
    ProblemFactory(title="Known", error_signature="E-1")

    response = client.post("/problems/new/", {"title": "Sync stops", "state": "open", **wrong})

    assert response.status_code == said[0]
    assert said[1] in response.content.decode()


@pytest.mark.usefixtures("agent")
def test_whoever_saves_an_old_version_is_told(client):
    problem = ProblemFactory(version=2)
    given = {"title": "Sync stops", "state": "fixed", "seen": "1"}

    late = client.post(f"/problems/{problem.pk}/edit/", given)
    in_time = client.post(f"/problems/{problem.pk}/edit/", given | {"seen": "2"})

    assert (late.status_code, in_time.status_code) == (409, 302)
    problem.refresh_from_db()
    assert problem.state == ProblemState.FIXED


@pytest.mark.parametrize(
    ("role", "status"), [(Role.PRODUCT, 200), (Role.AGENT, 200), (Role.SALES, 403)]
)
def test_support_and_product_say_what_a_problem_is(client, role, status):
    client.force_login(UserFactory(role=role))

    assert client.get("/problems/new/").status_code == status


def test_the_history_says_who_changed_what():
    by = UserFactory(name="Mina Roth")
    problem = add_problem(ProblemContent("Sync"), by=by)
    said = ProblemContent("Sync stops", state=ProblemState.FIXED)
    change_problem(problem, said, seen=1, by=by, at=NOW)

    assert [(told.who, told.what) for told in history_of(problem)] == [
        ("Mina Roth", "changed state, to “Fixed”, title"),
        ("Mina Roth", "named it"),
    ]


def test_problems_without_labels_are_found():
    bare = ProblemFactory()
    ProblemFactory(root_cause=LabelValue.objects.get(slug="product-bug"))

    rows = Problems(UserFactory(role=Role.AGENT), QueryDict("labels=none"), now=NOW).page.rows

    assert [row.pk for row in rows] == [bare.pk]
