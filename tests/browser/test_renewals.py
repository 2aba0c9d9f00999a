import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Renewal, RenewalState, Role, Touch
from insights.actions.queue import refresh_whole_queue
from tests.factories.customers import AssignmentFactory, CustomerFactory
from tests.factories.handoffs import PromiseFactory
from tests.factories.people import UserFactory
from tests.factories.renewals import CurrentHealthFactory, renewal_due
from tests.factories.tickets import TicketFactory

MOST_KEYS = 8


class Keys:
    """Presses keys and counts those that are not text."""

    def __init__(self, page):
        self.page = page
        self.pressed = 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text):
        self.page.keyboard.type(text)


def book_of_two():
    csm = UserFactory(role=Role.CSM, name="Rob Maier")
    for name, days in (("Halden Lifts", 9), ("Brightwell", 40)):
        customer = CustomerFactory(name=name)
        AssignmentFactory(customer=customer, holder_user=csm)
        CurrentHealthFactory(
            customer=customer, score=58, change={"sentence": "−23: reopens −11, champion left −8"}
        )
        TicketFactory(customer=customer, subject="Sync fails", is_blocked=True)
        PromiseFactory(customer=customer, owner=csm)
        renewal_due(timezone.now().date() + timedelta(days=days), customer=customer, arr=312_000)
    refresh_whole_queue(at=timezone.now())
    return csm


def state_of(name):
    return Renewal.objects.get(customer__name=name)


@pytest.fixture
def csm(desk, sign_in):
    user = desk(book_of_two)
    sign_in(user)
    return user


def test_two_renewals_are_decided_by_keys_alone(page, desk, csm):
    page.goto("/renewals/")
    keys = Keys(page)

    keys.press("j", "3")
    expect(page.get_by_role("textbox", name="Next step")).to_be_focused()
    keys.type("Walk them through the fix")
    keys.press("Tab")
    keys.type("+7")
    keys.press("Enter")
    row = page.locator("tr[data-row]").filter(has_text="Halden Lifts")
    expect(row).to_contain_text("At risk")
    first = keys.pressed
    keys.press("j", "1")
    expect(page.get_by_role("textbox", name="Next step")).to_be_focused()
    keys.press("Enter")

    expect(page.locator("tr[data-row]").filter(has_text="Brightwell")).to_contain_text("On track")
    expect(page.locator("#queue-summary")).to_contain_text("2 of 2")
    assert first <= MOST_KEYS
    assert keys.pressed - first <= MOST_KEYS
    decided = desk(state_of, "Halden Lifts")
    assert (decided.state, decided.next_step) == (RenewalState.AT_RISK, "Walk them through the fix")


def test_a_touch_is_logged_in_three_keys(page, desk, csm):
    page.goto("/renewals/")
    page.keyboard.press("j")
    keys = Keys(page)

    keys.press("t")
    expect(page.get_by_role("radio", name="Call")).to_be_focused()
    keys.press("ArrowUp", "Enter")

    expect(page.get_by_text("Halden Lifts: meeting logged")).to_be_visible()
    assert keys.pressed == 3
    assert desk(lambda: Touch.objects.get().kind) == "meeting"


def test_a_call_that_comes_too_late_is_refused_before_one_types(page, csm):
    page.goto("/renewals/")

    page.keyboard.press("j")
    page.keyboard.press("2")

    expect(page.get_by_text("within 90 days it is on track or at risk")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_decision_is_taken_back_with_one_key(page, desk, csm):
    page.goto("/renewals/")
    page.keyboard.press("j")
    page.keyboard.press("1")
    expect(page.get_by_role("textbox", name="Next step")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Halden Lifts: on track")).to_be_visible()

    page.keyboard.press("z")

    expect(page.get_by_text("Halden Lifts: taken back")).to_be_visible()
    assert desk(state_of, "Halden Lifts").state == RenewalState.UPCOMING


def test_peeking_and_deciding_beside_the_list(page, csm):
    page.goto("/renewals/")

    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator("#panel")).to_contain_text("−23: reopens −11")
    page.keyboard.press("1")
    page.get_by_role("textbox", name="Next step").press("Enter")

    expect(page.get_by_text("Halden Lifts: on track")).to_be_visible()
    expect(page.locator("#panel .badge")).to_have_text("On track")


def test_home_opens_the_rows_behind_its_figure(page, csm):
    page.goto("/")

    page.get_by_role("link", name="2 customers").click()

    expect(page.locator("tr[data-row]")).to_have_count(2)


def test_a_filter_keeps_the_address(page, csm):
    page.goto("/customers/")

    page.get_by_label("Order").click()
    page.get_by_role("link", name="Health").last.click()

    expect(page).to_have_url(re.compile("sort=health"))
    expect(page.locator("tr[data-row]")).to_have_count(2)
