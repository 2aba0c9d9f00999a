"""Many rows at once by keyboard: select, decide, and take it back."""

import pytest
from playwright.sync_api import expect

from accounts.models import RenewalState, Role
from tests.browser.conftest import PHONE
from tests.browser.test_renewals import book_of_two, state_of
from tests.factories.people import UserFactory
from tests.factories.tickets import TicketFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def csm(desk, sign_in):
    user = desk(book_of_two)
    sign_in(user)
    return user


def bar(page):
    return page.get_by_role("form", name="Selected rows")


def select_both(page):
    page.goto("/renewals/")
    for key in ("j", "x", "j", "X"):
        page.keyboard.press(key)
    expect(bar(page)).to_contain_text("2 selected")


def test_rows_are_decided_and_taken_back_by_keyboard(page, desk, csm):
    select_both(page)

    page.keyboard.press("1")
    expect(page.get_by_role("heading", name="On track: 2 renewals")).to_be_visible()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Nothing left to decide")).to_be_visible()
    assert desk(state_of, "Halden Lifts").state == RenewalState.COMMITTED
    page.keyboard.press("z")
    expect(page.get_by_text("Halden Lifts")).to_be_visible()
    assert desk(state_of, "Halden Lifts").state != RenewalState.COMMITTED


def test_escape_selects_none_and_keys_mean_the_row_again(page, csm):
    select_both(page)

    page.keyboard.press("Escape")

    expect(bar(page)).to_be_hidden()
    page.keyboard.press("3")
    expect(page.get_by_role("heading", name="At risk: what happens next?")).to_be_visible()


def test_all_that_match_are_chosen_with_one_tick(page, desk, sign_in):
    sign_in(desk(UserFactory, role=Role.AGENT))
    desk(TicketFactory.create_batch, 51)
    page.goto("/inbox/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(bar(page)).to_contain_text("1 selected")

    bar(page).get_by_role("checkbox", name="All 51 due tickets").check()
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Nothing unusual").click()

    expect(page.get_by_role("heading", name="Nothing unusual: 51 due tickets")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("tbody .pick input").first.uncheck()
    expect(bar(page)).to_contain_text("49 selected")
    expect(bar(page).get_by_role("checkbox", name="All 51 due tickets")).not_to_be_checked()


def test_help_says_what_keys_do_to_the_selected_rows(page, csm):
    select_both(page)

    page.keyboard.press("?")

    group = page.get_by_role("dialog").locator("section").filter(has_text="Selected rows")
    expect(group).to_contain_text("Snooze")


@pytest.mark.parametrize("width", [1280, PHONE["width"]])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_rows_are_selected(*, page, csm, axe, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    select_both(page)

    axe(page)

    page.keyboard.press("3")
    expect(page.get_by_role("textbox", name="Next step")).to_be_focused()
    axe(page)
