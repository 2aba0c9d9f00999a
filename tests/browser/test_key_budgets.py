"""The core tasks by keyboard alone: so many keys each, text not counted, and no more.

The pointer is never touched; a task that comes to need one key more than here fails.
"""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import RenewalState
from tests.browser.test_renewals import book_of_two, state_of
from tests.factories.parties import make_parties
from tests.factories.people import UserFactory
from tests.factories.tickets import TicketFactory
from tickets.models import Handoff, Labeling

BUDGETS = {
    "label a ticket of which nothing is unusual": 2,
    "label a ticket in five dimensions unaided": 9,
    "log a handoff": 4,
    "decide a renewal and its next step": 8,
}
FIVE_ANSWERS = "wbfmu"  # workaround, bug, frustrated, a competitor, hard to use
NEED = (
    "They open forty sites in May and ask whether the plan covers them; their CFO wants an offer"
    " before the board meets on Friday."
)


class Keyboard:
    """Counts every press but those that are the text somebody means."""

    def __init__(self, page):
        self.page = page
        self.presses = 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def type(self, text):
        self.page.keyboard.type(text)

    @contextmanager
    def within_budget(self, task):
        before = self.presses
        yield
        used = self.presses - before
        assert used <= BUDGETS[task], f"{task}: {used} keys where {BUDGETS[task]} are allowed"


@pytest.fixture
def keyboard(page):
    return Keyboard(page)


@pytest.fixture
def tickets(desk, sign_in):
    """Due tickets, the newest first, and an agent at the inbox."""
    sign_in(desk(UserFactory))
    now = timezone.now()
    return [desk(TicketFactory, opened_at=now - timedelta(hours=hours)) for hours in range(3)]


@pytest.fixture
def csm(desk, sign_in):
    person = desk(book_of_two)
    sign_in(person)
    return person


def panel_of(page, ticket):
    return page.locator(f"[data-label-panel][data-ticket='{ticket.pk}']")


def answers():
    return Labeling.objects.count()


def test_routine_tickets_are_labelled(*, page, tickets, keyboard, desk):
    page.goto("/inbox/")
    keyboard.press("j")

    with keyboard.within_budget("label a ticket of which nothing is unusual"):
        keyboard.press("l")
        expect(panel_of(page, tickets[0])).to_be_visible()
        keyboard.press("n")
        expect(panel_of(page, tickets[1])).to_be_visible()
    with keyboard.within_budget("label a ticket of which nothing is unusual"):
        keyboard.press("n")
        expect(panel_of(page, tickets[2])).to_be_visible()


def test_a_ticket_is_labelled_in_five_dimensions(*, page, tickets, keyboard, desk):
    page.goto("/inbox/")

    with keyboard.within_budget("label a ticket in five dimensions unaided"):
        keyboard.press("j", "l")
        expect(panel_of(page, tickets[0])).to_be_visible()
        keyboard.press(*FIVE_ANSWERS, "Enter")
        expect(panel_of(page, tickets[1])).to_be_visible()

    assert desk(answers) == len(FIVE_ANSWERS)


@pytest.fixture
def parties(desk, sign_in):
    found = desk(make_parties)
    desk(TicketFactory, customer=found.customer)
    sign_in(found.agent)
    return found


def test_a_handoff_is_logged(*, page, desk, parties, keyboard):
    page.goto("/inbox/")
    keyboard.press("j")

    with keyboard.within_budget("log a handoff"):
        keyboard.press("h")
        expect(page.get_by_label("Type")).to_be_focused()
        keyboard.press("e", "Tab")
        keyboard.type(NEED)
        keyboard.press("Enter")
        expect(page.get_by_text("Offered to Ines Duarte.")).to_be_visible()

    assert desk(Handoff.objects.get).need == NEED


def test_renewals_are_decided_with_their_next_steps(*, page, desk, csm, keyboard):
    page.goto("/renewals/")

    for name in ("Halden Lifts", "Brightwell"):
        with keyboard.within_budget("decide a renewal and its next step"):
            keyboard.press("j", "3")
            expect(page.get_by_role("textbox", name="Next step")).to_be_focused()
            keyboard.type("Walk them through the fix")
            keyboard.press("Tab")
            keyboard.type("+7")
            keyboard.press("Enter")
            row = page.locator("tr[data-row]").filter(has_text=name)
            expect(row).to_contain_text("At risk")

    assert desk(state_of, "Brightwell").state == RenewalState.AT_RISK
