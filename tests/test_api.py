import pytest
from django.urls import reverse

from accounts.models import Role
from tests.factories.contracts import RenewalFactory
from tests.factories.customers import AssignmentFactory, CustomerFactory
from tests.factories.handoffs import HandoffFactory
from tests.factories.people import MembershipFactory, UserFactory
from tests.factories.tickets import TicketFactory
from tests.factories.tokens import bearer, token_for
from tickets.models import (
    ASKED_DIMENSIONS,
    Handoff,
    HandoffState,
    Labeling,
    LabelValue,
    Learning,
)

pytestmark = pytest.mark.django_db
PLACES = ("customers", "tickets", "labels", "problems", "handoffs", "renewals", "health")


@pytest.fixture
def send(client):
    """Sends JSON as this person: send("post", path, body, by=user)."""

    def send(method, path, body=None, *, by, **headers):
        return getattr(client, method)(
            f"/api/v1/{path}",
            body,
            content_type="application/json",
            headers=bearer(token_for(by)) | headers,
        )

    return send


def every_answer():
    values = LabelValue.objects.active().order_by("pk")
    return [
        {"dimension": dimension, "value": values.filter(dimension=dimension).first().slug}
        for dimension in ASKED_DIMENSIONS
    ]


@pytest.mark.parametrize("place", PLACES)
def test_every_list_answers(send, place):
    assert send("get", f"{place}/", by=UserFactory()).json() == {"next": None, "results": []}


@pytest.mark.parametrize("place", PLACES)
def test_a_token_without_the_write_scope_changes_nothing(client, place):
    key = token_for(UserFactory(role=Role.ADMIN), scopes=("read",))

    response = client.post(f"/api/v1/{place}/", {}, headers=bearer(key))

    assert response.status_code in (403, 405)


def test_labels_answer_a_ticket(send):
    ticket = TicketFactory()

    response = send(
        "post", "labels/", {"ticket": ticket.pk, "answers": every_answer()}, by=UserFactory()
    )

    assert (response.status_code, response.json()["learning"]) == (201, Learning.ANSWERED)
    assert Labeling.objects.count() == len(ASKED_DIMENSIONS)


def test_labels_name_what_is_missing(send):
    body = {"ticket": TicketFactory().pk, "answers": every_answer()[:1]}

    response = send("post", "labels/", body, by=UserFactory())

    assert response.status_code == 409
    assert response.json()["errors"][0]["field"] in ASKED_DIMENSIONS


def test_labels_refuse_a_value_that_is_none(send):
    body = {
        "ticket": TicketFactory().pk,
        "answers": [{"dimension": "root_cause", "value": "no-such-value"}],
    }

    response = send("post", "labels/", body, by=UserFactory())

    assert response.status_code == 422
    assert "no-such-value" in response.json()["detail"]


def test_a_repeat_under_one_key_is_answered_as_before(send):
    agent = UserFactory()
    body = {"ticket": TicketFactory().pk, "answers": every_answer()}
    key = {"Idempotency-Key": "one"}

    first = send("post", "labels/", body, by=agent, **key)
    again = send("post", "labels/", body, by=agent, **key)

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert Labeling.objects.count() == len(ASKED_DIMENSIONS)


def test_a_repeat_with_another_body_is_refused(send):
    agent, ticket = UserFactory(), TicketFactory()
    key = {"Idempotency-Key": "one"}
    send("post", "labels/", {"ticket": ticket.pk, "answers": every_answer()}, by=agent, **key)

    other = {"ticket": ticket.pk, "answers": every_answer()[:1]}

    assert send("post", "labels/", other, by=agent, **key).status_code == 422


def offer(send, agent):
    owner = MembershipFactory(user__role=Role.CSM, team__kind="success").user
    customer = AssignmentFactory(holder_user=owner).customer
    body = {"customer": customer.pk, "type": "renewal_risk", "need": "They ask for a plan."}
    return owner, send("post", "handoffs/", body, by=agent)


def test_handoffs_go_to_the_owner(send):
    owner, response = offer(send, UserFactory())

    assert response.status_code == 201
    assert response.json()["receiver"] == owner.pk


def test_handoffs_are_accepted_once(send):
    owner, offered = offer(send, UserFactory())
    path = f"handoffs/{offered.json()['id']}/accept/"

    first, second = send("post", path, by=owner), send("post", path, by=owner)

    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["detail"].startswith("Accepted by you")


def test_handoffs_are_returned_with_a_reason(send):
    owner, offered = offer(send, UserFactory())
    path = f"handoffs/{offered.json()['id']}/return/"

    nameless = send("post", path, {}, by=owner)
    returned = send("post", path, {"reason": "still_support"}, by=owner)

    assert nameless.json()["errors"][0]["field"] == "reason"
    assert returned.json()["state"] == HandoffState.RETURNED


def test_handoffs_go_through_question_and_answer_to_an_outcome(send):
    agent = UserFactory()
    owner, offered = offer(send, agent)
    place = f"handoffs/{offered.json()['id']}"

    steps = [
        send("post", f"{place}/ask/", {"text": "Who decides?"}, by=owner),
        send("post", f"{place}/answer/", {"text": "Their CFO."}, by=agent),
        send("post", f"{place}/accept/", by=owner),
        send(
            "post",
            f"{place}/next-step/",
            {"next_step": "Call", "next_step_on": "2031-01-01"},
            by=owner,
        ),
        send("post", f"{place}/complete/", {"outcome": "renewed"}, by=owner),
    ]

    assert [step.status_code for step in steps] == [200] * 5
    assert Handoff.objects.get().state == HandoffState.COMPLETED


def test_handoffs_are_withdrawn_by_their_sender(send):
    agent = UserFactory()
    _, offered = offer(send, agent)

    response = send("post", f"handoffs/{offered.json()['id']}/withdraw/", by=agent)

    assert response.json()["state"] == HandoffState.WITHDRAWN


def test_handoffs_refuse_tickets_nobody_may_see(send):
    hidden = TicketFactory(customer__is_restricted=True)
    body = {
        "customer": CustomerFactory().pk,
        "type": "renewal_risk",
        "need": "x",
        "tickets": [hidden.pk],
    }

    response = send("post", "handoffs/", body, by=UserFactory())

    assert response.json()["errors"] == [
        {"field": "tickets", "detail": f"There is no ticket {hidden.pk}."}
    ]


def test_if_match_refuses_what_has_changed(send):
    handoff = HandoffFactory()

    response = send(
        "post", f"handoffs/{handoff.pk}/accept/", by=handoff.receiver, **{"If-Match": '"99"'}
    )

    assert response.status_code == 412


def test_a_resource_carries_its_version(send):
    handoff = HandoffFactory()

    response = send("get", f"handoffs/{handoff.pk}/", by=handoff.receiver)

    assert response["ETag"] == '"1"'


def test_renewals_are_decided(send):
    renewal = RenewalFactory()
    csm = UserFactory(role=Role.CSM)
    body = {"call": "at_risk", "next_step": "Call", "next_step_on": "2031-01-01"}

    response = send("post", f"renewals/{renewal.pk}/decide/", body, by=csm)

    assert (response.status_code, response.json()["state"]) == (200, "at_risk")


def test_renewals_hide_money_from_who_may_not_see_it(send):
    renewal = RenewalFactory(state="won", final_amount=5, closed_at="2026-01-01T00:00Z")

    shown = {
        role: send("get", f"renewals/{renewal.pk}/", by=UserFactory(role=role)).json()
        for role in (Role.AGENT, Role.CSM)
    }

    assert shown[Role.AGENT]["final_amount"] is None
    assert shown[Role.CSM]["final_amount"] == "5.00"


def test_lists_cost_the_same_for_more_rows(send, django_assert_max_num_queries):
    agent = UserFactory()
    TicketFactory.create_batch(3)

    with django_assert_max_num_queries(8):
        assert len(send("get", "tickets/", by=agent).json()["results"]) == 3


def test_schema_lists_what_others_script_against(client):
    schema = client.get(
        reverse("api:schema"), {"format": "json"}, headers=bearer(token_for())
    ).json()

    for place in PLACES:
        assert f"/api/v1/{place}/" in schema["paths"]
    assert {"/api/v1/handoffs/{id}/accept/", "/api/v1/handoffs/{id}/return/"} <= set(
        schema["paths"]
    )
