from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories.parties import make_offer, make_parties
from tests.factories.tickets import TicketFactory
from tickets.actions.handoffs import offer_again, return_handoff
from tickets.models import Handoff, HandoffState, ReturnReason

NEED = "They ask for a plan by Friday, before the notice deadline."


@pytest.fixture
def parties(desk):
    return desk(make_parties)


@pytest.fixture
def offered(desk, parties):
    return desk(make_offer, parties, at=timezone.now() - timedelta(hours=1))


def test_a_ticket_is_handed_over_with_four_keys_beyond_the_text(*, page, desk, sign_in, parties):
    ticket = desk(TicketFactory, customer=parties.customer, subject="Sync fails since 4.2")
    sign_in(parties.agent)
    page.goto(reverse("tickets:detail", args=[ticket.pk]))

    page.keyboard.press("h")
    expect(page.get_by_label("Type")).to_be_focused()
    page.keyboard.press("e")
    page.keyboard.press("Tab")
    page.keyboard.type(NEED)
    page.keyboard.press("Enter")

    expect(page.get_by_text("Offered to Ines Duarte.")).to_be_visible()
    expect(page.get_by_role("heading", name="Expansion opportunity: Halden")).to_be_visible()
    handoff = desk(Handoff.objects.get)
    assert (handoff.receiver_id, handoff.need) == (parties.csm.pk, NEED)


def test_an_offer_is_undone_with_one_key(*, page, desk, sign_in, parties):
    sign_in(parties.agent)
    page.goto(f"{reverse('tickets:handoff_new')}?customer={parties.customer.pk}&need=x")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("Offered to Ines Duarte.")).to_be_visible()

    page.keyboard.press("z")

    expect(page.get_by_text("Withdrawn", exact=True).first).to_be_visible()
    assert desk(Handoff.objects.get).state == HandoffState.WITHDRAWN


def test_a_handoff_is_found_by_the_bell_and_accepted_by_keys_alone(
    *, page, desk, sign_in, offered, parties
):
    sign_in(parties.csm)
    page.goto(reverse("accounts:notifications"))
    expect(page.locator(".bell-count")).to_contain_text("1")

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Renewal risk: Halden Lifts")).to_be_visible()
    page.wait_for_load_state()  # the keys are there once the page's scripts have run
    page.keyboard.press("a")

    expect(page.get_by_text("Accepted", exact=True).first).to_be_visible()
    expect(page.locator(".bell-count")).to_be_empty()
    handoff = desk(Handoff.objects.get)
    assert (handoff.state, handoff.receiver_id) == (HandoffState.ACCEPTED, parties.csm.pk)


def test_a_handoff_is_asked_about_and_returned_by_keys(*, page, desk, sign_in, offered, parties):
    sign_in(parties.csm)
    page.goto(offered.get_absolute_url())

    page.keyboard.press("q")
    page.keyboard.type("Who decides there?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Who decides there?")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.press("w")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Returned", exact=True).first).to_be_visible()
    assert desk(Handoff.objects.get).return_reason == "wrong_owner"


def test_two_leads_decide_by_keys(*, new_context, desk, sign_in, axe, offered, parties):
    desk(return_twice, offered, by=parties)
    for lead in (parties.support_lead, parties.success_lead):
        window = new_context()
        sign_in(lead, context=window)
        page = window.new_page()
        page.goto(offered.get_absolute_url())
        axe(page)

        page.keyboard.press("2")
        page.keyboard.press("r")
        page.keyboard.type("Support can answer it")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Your decision is noted.")).to_be_visible()

    assert desk(Handoff.objects.get).state == HandoffState.WITHDRAWN


def return_twice(offered, *, by):
    first, again, second = (timezone.now() - timedelta(minutes=ago) for ago in (3, 2, 1))
    return_handoff(offered, reason=ReturnReason.WRONG_OWNER, by=by.csm, at=first)
    offer_again(offered, by=by.agent, at=again)
    return_handoff(offered, reason=ReturnReason.WRONG_OWNER, by=by.csm, at=second)


def test_who_comes_too_late_is_told_who_was_first(*, new_context, sign_in, offered, parties):
    windows = {}
    for person in (parties.csm, parties.success_lead):
        windows[person] = new_context()
        sign_in(person, context=windows[person])
    first = windows[parties.csm].new_page()
    second = windows[parties.success_lead].new_page()
    for page in (first, second):
        page.goto(offered.get_absolute_url())

    first.keyboard.press("a")
    expect(first.get_by_text("Accepted", exact=True).first).to_be_visible()
    second.keyboard.press("a")

    expect(second.get_by_text("Accepted by Ines Duarte")).to_be_visible()


def test_the_form_shows_what_is_open_when_the_type_changes(
    *, page, sign_in, offered, parties, desk
):
    ticket = desk(TicketFactory, customer=parties.customer)
    sign_in(parties.agent)
    page.goto(f"{reverse('tickets:handoff_new')}?ticket={ticket.pk}")
    expect(page.get_by_role("button", name=f"Add {ticket.number} to it")).to_be_visible()

    page.get_by_label("Type").select_option("technical_help")

    expect(page.get_by_text("Nobody is support owner of Halden Lifts")).to_be_visible()
    expect(page.get_by_role("button", name=f"Add {ticket.number} to it")).to_have_count(0)
