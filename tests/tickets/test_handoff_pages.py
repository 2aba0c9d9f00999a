from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.actions.notifications import notify
from accounts.models import Notification, Role
from tests.counting import count_queries
from tests.factories.base import change
from tests.factories.contracts import ContractFactory, ContractLineFactory, RenewalFactory
from tests.factories.customers import TouchFactory
from tests.factories.handoffs import HandoffFactory, PromiseFactory
from tests.factories.labels import LabelingFactory
from tests.factories.parties import make_offer
from tests.factories.people import AvailabilityFactory, UserFactory
from tests.factories.tickets import TicketFactory
from tickets.actions import handoffs
from tickets.models import HandoffState, HandoffType, ReturnReason

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(parties):
    return make_offer(parties, at=timezone.now() - timedelta(minutes=5))


@pytest.fixture
def taken(parties, offered):
    return handoffs.accept_handoff(offered, by=parties.csm, at=timezone.now())


def step_url(name, handoff):
    return reverse(f"tickets:handoff_{name}", args=[handoff.pk])


def read(response):
    return response.content.decode()


# The list


def test_list_shows_what_was_handed_to_me(client, parties, offered):
    client.force_login(parties.csm)

    assert "Halden Lifts" in read(client.get(reverse("tickets:handoffs"), follow=True))


def test_list_shows_what_i_handed_over(client, parties, offered):
    client.force_login(parties.agent)

    assert "Nothing waits for you" in read(client.get(reverse("tickets:handoffs"), follow=True))
    assert "Halden Lifts" in read(client.get(reverse("tickets:handoffs") + "?box=out"))


def test_list_shows_my_teams(client, parties, offered):
    client.force_login(parties.success_lead)

    assert "Halden Lifts" in read(client.get(reverse("tickets:handoffs") + "?box=team"))


def test_list_narrows_by_state(client, parties, offered):
    client.force_login(parties.csm)

    shown = {
        state: "Halden Lifts" in read(client.get(f"{reverse('tickets:handoffs')}?state={state}"))
        for state in ("open", "waiting", "taken", "ended")
    }

    assert shown == {"open": True, "waiting": True, "taken": False, "ended": False}


def test_list_of_what_is_late_leaves_out_what_still_has_time(client):
    HandoffFactory(customer__name="Halden Lifts")
    HandoffFactory(customer__name="Brixworth", due_at=timezone.now() + timedelta(hours=1))
    client.force_login(UserFactory(role=Role.LEAD))

    page = read(client.get(f"{reverse('tickets:handoffs')}?box=all&late=1"))

    assert ("Halden Lifts" in page, "Brixworth" in page) == (True, False)


def test_list_of_one_customer_leaves_out_the_others(client, parties, offered):
    HandoffFactory(customer__name="Brixworth")
    client.force_login(parties.success_lead)

    url = f"{reverse('tickets:handoffs')}?box=all&customer={parties.customer.pk}"
    page = read(client.get(url))

    assert ("Halden Lifts" in page, "Brixworth" in page) == (True, False)


def test_list_says_who_is_accountable_before_acceptance(client, parties, offered):
    client.force_login(parties.csm)

    row = read(client.get(reverse("tickets:handoffs"), follow=True)).split("<tbody>")[1]

    assert row.count(parties.agent.name) == 2


def test_list_hides_restricted_customers(client, parties, offered):
    change(parties.customer, is_restricted=True)
    client.force_login(parties.success_lead)

    assert "Halden Lifts" not in read(client.get(reverse("tickets:handoffs") + "?box=team"))


def test_list_says_who_covers_and_what_comes_next(client, parties, taken):
    AvailabilityFactory(
        user=parties.csm, cover=parties.success_lead, cover_confirmed_at=timezone.now()
    )
    client.force_login(parties.csm)
    without_step = read(client.get(reverse("tickets:handoffs"), follow=True))
    day = timezone.localdate() + timedelta(days=3)
    handoffs.set_next_step(taken, step="Call", on=day, by=parties.csm, at=timezone.now())
    with_step = read(client.get(reverse("tickets:handoffs"), follow=True))

    assert "for Ines Duarte" in without_step
    assert "No next step" in without_step
    assert "in 3 d" in with_step


def test_list_of_what_ended_tells_the_outcome(client, parties, taken):
    handoffs.complete_handoff(taken, outcome="renewed", by=parties.csm, at=timezone.now())
    client.force_login(parties.agent)

    page = read(client.get(f"{reverse('tickets:handoffs')}?box=out&state=ended"))

    assert "Renewed" in page


def test_list_costs_the_same_for_many(client, parties, offered):
    client.force_login(parties.csm)
    one = count_queries(client, reverse("tickets:handoffs"))
    for type_ in (HandoffType.ADOPTION, HandoffType.EXPANSION, HandoffType.CHAMPION_CHANGE):
        make_offer(parties, type=type_, at=timezone.now())

    assert count_queries(client, reverse("tickets:handoffs")) == one <= 8


# One of them


def test_page_shows_accept_to_the_receiver_alone(client, parties, offered):
    for person, shown in ((parties.csm, True), (parties.agent, False)):
        client.force_login(person)

        page = read(client.get(offered.get_absolute_url()))

        assert (step_url("accept", offered) in page) is shown


def test_page_marks_its_notices_as_read(client, parties, offered):
    client.force_login(parties.csm)

    client.get(offered.get_absolute_url())

    assert not Notification.objects.visible_to(parties.csm).unread().exists()


def test_page_shows_money_to_who_may_see_it(client, parties):
    contract = ContractFactory(customer=parties.customer)
    ContractLineFactory(contract=contract, arr=312_000)
    handoff = make_offer(parties, at=timezone.now())

    for person, shown in ((parties.csm, True), (parties.agent, False)):
        client.force_login(person)
        assert ("€312k" in read(client.get(handoff.get_absolute_url()))) is shown


def test_page_shows_the_packet_in_words(client, parties):
    now = timezone.now()
    ticket = TicketFactory(customer=parties.customer, kind="bug", opened_at=now)
    LabelingFactory(ticket=ticket)
    TouchFactory(customer=parties.customer, occurred_at=now - timedelta(days=2))
    PromiseFactory(customer=parties.customer, text="A fix by Friday", due_on=now.date())
    RenewalFactory(customer=parties.customer)
    handoff = make_offer(parties, at=now, tickets=[ticket])
    client.force_login(parties.csm)

    page = strip_tags(read(client.get(handoff.get_absolute_url())))

    for words in ("1 bug, 1 unsolved", "Call, ", "A fix by Friday", "Sentiment at end"):
        assert words in page


def test_page_counts_the_packets_tickets_in_their_number(client, parties):
    now = timezone.now()
    for kind, number in (("bug", 2), ("question", 1), ("billing", 2)):
        TicketFactory.create_batch(number, customer=parties.customer, kind=kind, opened_at=now)
    handoff = make_offer(parties, at=now)
    client.force_login(parties.csm)

    page = strip_tags(read(client.get(handoff.get_absolute_url())))

    for words in ("2 bugs, 2 unsolved", "1 question, 1 unsolved", "2 billing tickets, 2 unsolved"):
        assert words in page


def test_page_names_who_answers_while_the_holder_is_away(client, parties, offered):
    AvailabilityFactory(user=parties.agent, cover=parties.csm, cover_confirmed_at=timezone.now())
    client.force_login(parties.success_lead)

    page = strip_tags(read(client.get(offered.get_absolute_url())))

    assert f"covers for {parties.agent.name}, who is away" in page


def test_page_of_an_ended_one_names_nobody_as_accountable(client, parties, taken):
    handoffs.complete_handoff(taken, outcome="renewed", by=parties.csm, at=timezone.now())
    client.force_login(parties.agent)

    page = read(client.get(taken.get_absolute_url()))

    assert '<span class="muted">Ended</span>' in page
    assert step_url("reopen", taken) in page


def test_page_of_a_handoff_without_packet_is_shown(client, parties):
    handoff = HandoffFactory(customer=parties.customer)
    client.force_login(parties.csm)

    assert client.get(handoff.get_absolute_url()).status_code == 200


def test_withdraw_leads_back_to_the_page(client, parties, offered):
    client.force_login(parties.agent)

    response = client.post(step_url("withdraw", offered))

    offered.refresh_from_db()
    assert (response.url, offered.state) == (offered.get_absolute_url(), HandoffState.WITHDRAWN)


def test_page_of_a_customer_one_may_not_see_is_not_found(client, parties, offered):
    stranger = UserFactory(role=Role.CSM)
    client.force_login(stranger)
    change(parties.customer, is_restricted=True)

    assert client.get(offered.get_absolute_url()).status_code == 404


def ask_for_news(client, handoff):
    url = f"{handoff.get_absolute_url()}?seen={handoff.version}"
    return client.get(url, headers={"HX-Request": "true", "HX-Target": "news"})


def test_an_open_page_hears_when_something_happened(client, parties, offered):
    client.force_login(parties.agent)

    before = ask_for_news(client, offered)
    handoffs.accept_handoff(offered, by=parties.csm, at=timezone.now())
    after = ask_for_news(client, offered)

    assert before.status_code == 204
    assert "Accepted: this handoff has moved on." in read(after)


def test_accept_leads_back_to_the_page(client, parties, offered):
    client.force_login(parties.csm)

    response = client.post(step_url("accept", offered))

    offered.refresh_from_db()
    assert (response.url, offered.state) == (offered.get_absolute_url(), HandoffState.ACCEPTED)


def test_accept_that_comes_too_late_says_who_was_first(client, parties, taken):
    client.force_login(parties.success_lead)

    response = client.post(step_url("accept", taken))

    assert response.status_code == 409
    assert "Accepted by Ines Duarte" in read(response)


def test_question_keeps_its_text_when_it_comes_too_late(client, parties, taken):
    client.force_login(parties.success_lead)

    response = client.post(step_url("ask", taken), {"question": "Who decides there?"})

    assert response.status_code == 409
    assert "Who decides there?" in read(response)


def test_return_without_a_reason_is_shown_again(client, parties, offered):
    client.force_login(parties.csm)

    response = client.post(step_url("return", offered), {"reason": "", "note": "no champion"})

    assert response.status_code == 422
    assert "no champion" in read(response)


def test_every_step_works_from_the_page(client, parties, offered):
    walk = [
        (parties.csm, "ask", {"question": "Who decides?"}, HandoffState.QUESTION),
        (parties.agent, "answer", {"answer": "Ingrid."}, HandoffState.OFFERED),
        (parties.csm, "return", {"reason": ReturnReason.WRONG_OWNER}, HandoffState.RETURNED),
        (parties.agent, "offer_again", {"need": "Please."}, HandoffState.OFFERED),
        (parties.csm, "accept", {}, HandoffState.ACCEPTED),
        (parties.csm, "next_step", {"step": "Call", "on": "2026-12-01"}, HandoffState.IN_PROGRESS),
        (parties.csm, "judge", {"is_useful": "no"}, HandoffState.IN_PROGRESS),
        (parties.csm, "thank", {}, HandoffState.IN_PROGRESS),
        (parties.csm, "complete", {"outcome": "renewed"}, HandoffState.COMPLETED),
        (parties.agent, "reopen", {"reason": "Notice"}, HandoffState.IN_PROGRESS),
        (parties.csm, "cancel", {"reason": "Merged"}, HandoffState.CANCELLED),
    ]
    for person, name, form, state in walk:
        client.force_login(person)

        response = client.post(step_url(name, offered), form)

        offered.refresh_from_db()
        assert (name, response.status_code, offered.state) == (name, 302, state)
    assert offered.was_useful is False


def test_a_lead_reassigns_from_the_page(client, parties, taken):
    client.force_login(parties.success_lead)

    client.post(
        step_url("reassign", taken),
        {"from_user": parties.csm.pk, "to": parties.success_lead.pk, "reason": "On leave"},
    )

    taken.refresh_from_db()
    assert taken.receiver == parties.success_lead


def test_a_ticket_is_added_from_the_page(client, parties, offered):
    client.force_login(parties.agent)
    ticket = TicketFactory(customer=parties.customer)

    client.post(step_url("add_ticket", offered), {"ticket": ticket.pk})

    assert ticket in offered.tickets.all()


def test_the_bell_is_on_the_page(client, parties, offered):
    notify(
        [parties.csm],
        kind="handoff_offered",
        title="x",
        path="/",
        key="another",
        at=timezone.now(),
    )
    client.force_login(parties.csm)

    assert reverse("accounts:notifications_unread") in read(client.get(offered.get_absolute_url()))


STEPS = (
    *("accept", "ask", "answer", "return", "offer_again", "withdraw", "next_step"),
    *("complete", "judge", "thank", "reassign", "reopen", "cancel", "add_ticket"),
)


@pytest.mark.parametrize("name", STEPS)
def test_steps_refuse_who_has_no_permission(client, offered, name):
    client.force_login(UserFactory(role=Role.EXECUTIVE))

    response = client.post(step_url(name, offered))

    offered.refresh_from_db()
    assert (response.status_code, offered.state) == (403, HandoffState.OFFERED)


@pytest.mark.parametrize("url", ["tickets:handoffs", "tickets:handoff_new"])
def test_lists_refuse_who_has_no_permission(client, url):
    client.force_login(UserFactory(role=Role.CONTRACTOR))

    assert client.get(reverse(url)).status_code == 403


def test_what_was_returned_is_offered_again_or_withdrawn_by_keys(client, parties, offered):
    reason = {"reason": ReturnReason.WRONG_OWNER, "by": parties.csm, "at": timezone.now()}
    handoffs.return_handoff(offered, **reason)
    client.force_login(parties.agent)

    page = read(client.get(offered.get_absolute_url()))

    assert 'data-key="h"' in page
    assert 'data-key="w w"' in page
