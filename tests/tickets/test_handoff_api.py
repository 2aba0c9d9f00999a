"""The contract by its API: every move has an address, and whoever is late is told who was first."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from tests.factories.parties import make_offer
from tests.factories.people import MembershipFactory, UserFactory
from tests.factories.tickets import TicketFactory
from tests.factories.tokens import bearer, token_for
from tickets.actions import handoffs
from tickets.models import HandoffHolder, HandoffState
from tickets.models.handoff_moves import MOVES

pytestmark = pytest.mark.django_db
NO_SUCH = 2**40
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def offered(parties):
    return make_offer(parties, at=timezone.now() - AN_HOUR)


@pytest.fixture
def accepted(parties, offered):
    return handoffs.accept_handoff(offered, by=parties.csm, at=timezone.now())


@pytest.fixture
def returned(parties, offered):
    return handoffs.return_handoff(
        offered, reason="wrong_owner", by=parties.csm, at=timezone.now() - AN_HOUR / 2
    )


@pytest.fixture
def completed(parties, accepted):
    return handoffs.complete_handoff(accepted, outcome="renewed", by=parties.csm, at=timezone.now())


@pytest.fixture
def send(client):
    """Sends a move of a handoff as this person: send(handoff, "cancel", by=user, reason="…")."""

    def send(handoff, move, *, by, **body):
        path = f"/api/v1/handoffs/{handoff.pk}/{move}/"
        headers = bearer(token_for(by))
        return client.post(path, body, content_type="application/json", headers=headers)

    return send


@pytest.fixture
def colleague(parties):
    return MembershipFactory(user__name="Theo Lang", user__role=Role.CSM, team=parties.success).user


def test_every_move_of_people_has_an_address(client):
    schema = client.get("/api/schema/?format=json", headers=bearer(token_for())).json()

    by_people = [one for one in MOVES if one.sides or one.sides_while_leads_decide]
    moves = {one.name.replace("_", "-") for one in by_people}
    served = {path.split("/")[-2] for path in schema["paths"] if "/handoffs/{id}/" in path}
    assert moves - {"offer"} <= served


def test_a_lead_reassigns(send, parties, *, accepted, colleague):
    body = {"from_user": parties.csm.pk, "to": colleague.pk, "reason": "On leave"}

    response = send(accepted, "reassign", by=parties.success_lead, **body)

    assert (response.status_code, response.json()["receiver"]) == (200, colleague.pk)
    assert HandoffHolder.objects.current().get(handoff=accepted).user == colleague


def test_who_reassigns_too_late_is_told_who_holds_it(send, parties, *, accepted, colleague):
    body = {"from_user": parties.csm.pk, "to": colleague.pk, "reason": "On leave"}
    send(accepted, "reassign", by=parties.success_lead, **body)

    response = send(
        accepted, "reassign", by=parties.support_lead, **body | {"to": parties.success_lead.pk}
    )

    assert response.status_code == 409
    assert response.json()["detail"] == "Theo Lang holds it now, no longer Ines Duarte."


def test_nobody_but_a_lead_reassigns(send, parties, *, accepted, colleague):
    body = {"from_user": parties.csm.pk, "to": colleague.pk, "reason": "On leave"}

    assert send(accepted, "reassign", by=parties.csm, **body).status_code == 403


@pytest.mark.parametrize("whom", ["from_user", "to"])
def test_reassigning_names_people_who_exist(send, parties, *, accepted, whom):
    body = {"from_user": parties.csm.pk, "to": parties.csm.pk, "reason": "On leave"}

    response = send(accepted, "reassign", by=parties.success_lead, **body | {whom: NO_SUCH})

    assert response.status_code == 404


def test_nothing_is_reassigned_to_a_leaver(send, parties, *, accepted):
    leaver = UserFactory(role=Role.CSM, is_active=False)
    body = {"from_user": parties.csm.pk, "to": leaver.pk, "reason": "On leave"}

    assert send(accepted, "reassign", by=parties.success_lead, **body).status_code == 404


def test_who_cancels_too_late_is_told_who_did(send, parties, *, accepted):
    first = send(accepted, "cancel", by=parties.success_lead, reason="Merged")

    second = send(accepted, "cancel", by=parties.support_lead, reason="Merged")

    assert (first.status_code, first.json()["state"]) == (200, HandoffState.CANCELLED)
    assert second.status_code == 409
    assert second.json()["detail"].startswith("Cancelled by Carla Weiss ")


def test_a_cancellation_needs_its_reason(send, parties, *, accepted):
    response = send(accepted, "cancel", by=parties.success_lead, reason=" ")

    assert response.status_code == 422


def test_a_completed_one_is_reopened(send, parties, *, completed):
    response = send(completed, "reopen", by=parties.agent, reason="They gave notice")

    assert (response.status_code, response.json()["state"]) == (200, HandoffState.IN_PROGRESS)
    assert HandoffHolder.objects.current().get(handoff=completed).user == parties.csm


def test_who_reopens_too_late_is_told_who_did(send, parties, *, completed):
    send(completed, "reopen", by=parties.agent, reason="They gave notice")

    response = send(completed, "reopen", by=parties.csm, reason="They gave notice")

    assert response.status_code == 409
    assert response.json()["detail"].startswith("Reopened by Mina Falk ")


@pytest.mark.parametrize("is_useful", [True, False])
def test_the_receiver_judges(send, parties, *, accepted, is_useful):
    response = send(accepted, "judge", by=parties.csm, is_useful=is_useful)

    assert (response.status_code, response.json()["was_useful"]) == (200, is_useful)


def test_the_receiver_thanks_once(send, parties, *, accepted):
    assert send(accepted, "thank", by=parties.csm).status_code == 200

    assert accepted.events.thanks().get().by == parties.csm
    assert send(accepted, "thank", by=parties.csm).status_code == 409


def test_a_judgement_is_yes_or_no(send, parties, *, accepted):
    assert send(accepted, "judge", by=parties.csm, is_useful="perhaps").status_code == 422


def test_a_returned_one_is_offered_again_as_it_was(send, parties, *, returned):
    response = send(returned, "offer-again", by=parties.agent)

    told = response.json()
    assert (response.status_code, told["state"]) == (200, HandoffState.OFFERED)
    assert (told["receiver"], told["need"]) == (parties.csm.pk, returned.need)


def test_a_returned_one_is_offered_to_somebody_else(send, parties, *, returned, colleague):
    body = {"need": "A plan by Monday.", "receiver": colleague.pk}

    told = send(returned, "offer-again", by=parties.agent, **body).json()

    assert (told["receiver"], told["need"]) == (colleague.pk, "A plan by Monday.")


def test_it_is_offered_again_to_somebody_who_exists(send, parties, *, returned):
    assert send(returned, "offer-again", by=parties.agent, receiver=NO_SUCH).status_code == 404


def test_who_offers_again_too_late_is_told_who_did(send, parties, *, returned):
    second = MembershipFactory(
        user__name="Ada Rossi", user__role=Role.AGENT, team=parties.support
    ).user
    send(returned, "offer-again", by=second)

    response = send(returned, "offer-again", by=parties.agent)

    assert response.status_code == 409
    assert response.json()["detail"].startswith("Offered by Ada Rossi ")


def test_a_ticket_is_added(send, parties, *, offered):
    ticket = TicketFactory(customer=parties.customer)

    response = send(offered, "add-ticket", by=parties.agent, ticket=ticket.pk)

    assert response.status_code == 200
    assert offered.tickets.filter(pk=ticket.pk).exists()


def test_a_ticket_nobody_may_see_is_not_added(send, parties, *, offered):
    response = send(offered, "add-ticket", by=parties.agent, ticket=NO_SUCH)

    assert response.status_code == 404


def test_a_ticket_is_part_of_it_once(send, parties, *, offered):
    response = send(offered, "add-ticket", by=parties.agent, ticket=offered.tickets.get().pk)

    assert response.status_code == 409


def test_leads_decide_about_what_came_back_twice(send, parties, *, returned):
    send(returned, "offer-again", by=parties.agent)
    send(returned, "return", by=parties.csm, reason="wrong_owner")

    alone = send(returned, "offer-again", by=parties.agent)
    one = send(returned, "decide", by=parties.support_lead, decision="keep", reason="Ours")
    both = send(returned, "decide", by=parties.success_lead, decision="keep", reason="Theirs")

    assert (alone.status_code, one.json()["state"]) == (409, HandoffState.RETURNED)
    assert alone.json()["detail"] == (
        "It came back 2 times: Jonas Brandt and Carla Weiss decide what becomes of it."
    )
    assert both.json()["state"] == HandoffState.WITHDRAWN
