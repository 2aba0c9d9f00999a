"""Answering an offer from its mail: by the person alone, once, for a week, that offer alone."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification
from supportsuccess import outbox
from tests.factories.base import change
from tests.factories.parties import make_offer
from tests.factories.people import AvailabilityFactory, MembershipFactory, UserFactory
from tickets.actions import handoffs
from tickets.actions.handoffs.steps import offer_of
from tickets.models import HandoffState, HandoffType, Priority, ReturnReason
from tickets.queries.answer_links import HOLDS_FOR, AnswerLink, answer_path
from tickets.views.handoff_links import MOST_WRONG

pytestmark = pytest.mark.django_db
WRONG_OWNER = {"reason": ReturnReason.WRONG_OWNER}


@pytest.fixture
def offered(parties):
    return make_offer(parties, at=timezone.now() - timedelta(hours=1))


@pytest.fixture
def path(offered):
    return Notification.objects.get(kind="handoff_offered").answer_path


@pytest.fixture
def receiver(client, parties):
    client.force_login(parties.csm)
    return client


def state_of(handoff):
    handoff.refresh_from_db()
    return handoff.state


def page_of(response):
    return response.content.decode()


def test_the_mail_to_who_is_to_take_it_has_the_link(parties, offered, *, path, mailoutbox):
    outbox.deliver_due()

    (mail,) = mailoutbox
    assert f"Accept or return it: http://localhost:8000{path}" in mail.body
    assert parties.customer.name not in mail.body + mail.subject + mail.alternatives[0][0]


def test_a_stand_in_has_a_link_of_their_own_and_the_lead_none(parties):
    AvailabilityFactory(user=parties.csm, cover=parties.agent, cover_confirmed_at=timezone.now())
    make_offer(parties, by=parties.support_lead, priority=Priority.CRITICAL, at=timezone.now())

    paths = dict(Notification.objects.values_list("user__name", "answer_path"))

    assert paths[parties.success_lead.name] == ""
    assert len({paths[parties.csm.name], paths[parties.agent.name], ""}) == 3


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_at_the_link_changes_nothing(receiver, offered, *, path, method):
    before = offered.version
    getattr(receiver, method)(path)
    Client().get(path)  # a scanner

    assert (state_of(offered), offered.version) == (HandoffState.OFFERED, before)
    assert Notification.objects.unread().count() == 1


@pytest.mark.parametrize("step", ["accept", "return"])
def test_looking_at_where_the_answer_goes_changes_nothing(receiver, offered, *, path, step):
    answer = receiver.get(f"{path}{step}/")

    assert (state_of(offered), answer.status_code) == (HandoffState.OFFERED, 302)


def test_a_stranger_with_the_mail_is_shown_nothing(client, parties, *, offered, path):
    for answer in (client.get(path), client.post(f"{path}accept/")):
        assert urlsplit(answer.url).path == reverse("account_login")
        assert parties.customer.name not in page_of(answer)
    assert state_of(offered) == HandoffState.OFFERED


def test_a_colleague_with_the_mail_can_not_answer(client, parties, *, offered, path):
    colleague = MembershipFactory(team=parties.success, user__role=parties.csm.role).user
    client.force_login(colleague)

    answers = [client.get(path), client.post(f"{path}accept/")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert parties.customer.name not in page_of(answers[0])
    assert state_of(offered) == HandoffState.OFFERED


def test_the_page_asks_and_its_form_accepts(receiver, parties, *, offered, path):
    page = receiver.get(path)
    answer = receiver.post(f"{path}accept/")

    offered.refresh_from_db()
    assert parties.customer.name in page_of(page)
    assert "no-store" in page.headers["Cache-Control"]
    assert (answer.url, offered.state) == (offered.get_absolute_url(), HandoffState.ACCEPTED)


def test_accepting_needs_the_token_of_the_form(parties, offered, path):
    checked = Client(enforce_csrf_checks=True)
    checked.force_login(parties.csm)

    assert checked.post(f"{path}accept/").status_code == 403
    assert state_of(offered) == HandoffState.OFFERED


def test_it_is_returned_with_a_reason(receiver, offered, path):
    without = receiver.post(f"{path}return/", {"reason": ""})
    receiver.post(f"{path}return/", WRONG_OWNER)

    assert (without.status_code, state_of(offered)) == (422, HandoffState.RETURNED)


@pytest.mark.parametrize("step", ["accept", "return"])
def test_a_second_use_says_what_happened(receiver, offered, *, path, step):
    receiver.post(f"{path}accept/")

    again = receiver.post(f"{path}{step}/", WRONG_OWNER)

    assert again.status_code == 409
    assert "Accepted by you" in page_of(again)
    assert offered.events.count() == 2


def test_a_later_use_says_who_won(receiver, parties, *, offered, path):
    colleague = MembershipFactory(team=parties.success, user__role=parties.csm.role).user
    handoffs.accept_handoff(offered, by=colleague, at=timezone.now())

    page = page_of(receiver.get(path))
    answer = receiver.post(f"{path}accept/")

    assert f"Accepted by {colleague.name}" in page
    assert f"{path}accept/" not in page
    assert answer.status_code == 409


@pytest.mark.parametrize("step", ["accept", "return"])
def test_an_offer_made_again_ends_the_older_link(receiver, parties, *, offered, path, step):
    back = handoffs.return_handoff(
        offered, reason=ReturnReason.WRONG_OWNER, by=parties.csm, at=timezone.now()
    )
    handoffs.offer_again(back, by=parties.agent, at=timezone.now())

    page, answer = receiver.get(path), receiver.post(f"{path}{step}/", WRONG_OWNER)

    assert "It was offered again since" in page_of(page)
    assert (answer.status_code, state_of(offered)) == (409, HandoffState.OFFERED)


def test_the_link_holds_while_a_question_is_answered(receiver, parties, *, offered, path):
    handoffs.ask_question(offered, question="Who decides?", by=parties.csm, at=timezone.now())

    receiver.post(f"{path}accept/")

    assert state_of(offered) == HandoffState.ACCEPTED


def test_the_link_ends_after_a_week(receiver, parties, offered):
    link = AnswerLink(parties.csm.pk, offered.pk, offer_of(offered))
    just, over = (
        answer_path(link, at=timezone.now() - HOLDS_FOR + timedelta(seconds=seconds))
        for seconds in (60, -1)
    )

    assert receiver.get(just).status_code == 200
    assert [receiver.get(over).status_code, receiver.post(f"{over}accept/").status_code] == [
        410,
        410,
    ]
    assert state_of(offered) == HandoffState.OFFERED


def test_a_forged_link_is_none(receiver, parties, *, offered, path):
    other = make_offer(parties, type=HandoffType.ADOPTION, at=timezone.now())
    theirs = answer_path(AnswerLink(parties.csm.pk, other.pk, offer_of(other)), at=timezone.now())
    mixed = theirs.partition(":")[0] + ":" + path.partition(":")[2]

    for forged in (mixed, path[:-3] + "xx/", "/handoffs/links/x/"):
        assert receiver.post(f"{forged}accept/").status_code == 404
    assert {state_of(offered), state_of(other)} == {HandoffState.OFFERED}


def test_guessing_links_is_slowed_down(receiver, path):
    cache.clear()
    answers = [receiver.get("/handoffs/links/x/").status_code for _ in range(MOST_WRONG + 1)]

    assert answers == [404] * MOST_WRONG + [429]
    assert receiver.get(path).status_code == 200


def test_somebody_deactivated_can_not_use_their_link(receiver, parties, *, offered, path):
    change(parties.csm, is_active=False)

    answers = [receiver.get(path), receiver.post(f"{path}accept/")]

    assert {urlsplit(answer.url).path for answer in answers} == {reverse("account_login")}
    assert state_of(offered) == HandoffState.OFFERED


def test_a_link_is_no_way_around_the_guards_of_the_move(receiver, parties, offered):
    """It says who was asked; whether they are on a side that may, the action asks."""
    outsider = UserFactory(role=parties.csm.role)
    receiver.force_login(outsider)
    link = answer_path(AnswerLink(outsider.pk, offered.pk, offer_of(offered)), at=timezone.now())

    answer = receiver.post(f"{link}accept/")

    assert (answer.status_code, state_of(offered)) == (409, HandoffState.OFFERED)
