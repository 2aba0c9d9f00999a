"""A cell changed where it stands, by keyboard, and what Escape and a conflict do."""

import pytest
from playwright.sync_api import expect

from accounts.models import RenewalState
from tests.browser.conftest import PHONE
from tests.browser.test_edges import decide_elsewhere
from tests.browser.test_renewals import book_of_two, state_of

pytestmark = pytest.mark.browser
CALL = "[data-edit=call]"


@pytest.fixture
def csm(desk, sign_in):
    user = desk(book_of_two)
    sign_in(user)
    return user


def open_editor(page):
    page.goto("/renewals/")
    row = page.locator("tr[data-row]").filter(has_text="Halden Lifts")
    row.locator(CALL).press("Enter")
    expect(page.get_by_label("Call", exact=True)).to_be_focused()
    return row


def say(page, step):
    page.keyboard.type("At")  # as a choice is made by its first letters
    page.get_by_role("textbox", name="Next step").fill(step)
    page.get_by_label("By").fill("+7")
    page.keyboard.press("Enter")


def test_a_call_is_made_in_its_cell_by_keyboard(page, desk, csm):
    row = open_editor(page)

    say(page, "Ask who decides")

    expect(row).to_contain_text("Ask who decides")
    expect(row.locator(CALL)).to_be_focused()
    assert desk(state_of, "Halden Lifts").state == RenewalState.AT_RISK
    page.keyboard.press("z")
    expect(row).not_to_contain_text("Ask who decides")


def test_escape_puts_back_what_the_cell_said(page, csm):
    row = open_editor(page)

    page.keyboard.press("Escape")

    expect(page.locator("[data-editor]")).to_have_count(0)
    expect(row.locator(CALL)).to_be_focused()


def test_a_conflict_shows_both_and_is_saved_over_it(page, desk, csm):
    row = open_editor(page)
    desk(decide_elsewhere, "Halden Lifts", by=csm)

    say(page, "Ask who decides")

    told = page.get_by_role("alert").filter(has_text="You changed it in another window")
    expect(told).to_contain_text("next step “Call their sponsor”")
    expect(page.get_by_role("textbox", name="Next step")).to_have_value("Ask who decides")
    page.get_by_role("textbox", name="Next step").press("Enter")
    expect(row).to_contain_text("Ask who decides")


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_an_open_editor(*, page, csm, axe, scheme, viewport):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(viewport)

    open_editor(page)

    axe(page)
