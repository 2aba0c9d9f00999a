"""What every list does in a browser: menus, views, news, files."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role
from supportsuccess.lists.table import PAGE_SIZE
from tests.factories.base import change
from tests.factories.people import MembershipFactory, UserFactory
from tests.factories.tickets import TicketFactory

NOW = timezone.now()


@pytest.fixture
def lead(*, desk, sign_in):
    user = desk(UserFactory, role=Role.LEAD)
    desk(TicketFactory, subject="A real bug", kind="bug")
    desk(TicketFactory, subject="An invoice", kind="billing")
    sign_in(user)
    return user


def rows(page):
    return page.locator("tr[data-row]")


def test_a_view_is_saved_and_stands_in_the_sidebar(page, lead):
    page.goto("/tickets/?kind=bug")
    page.get_by_role("button", name="Views").click()
    page.get_by_label("Name").fill("Bugs of today")
    page.get_by_role("button", name="Save this view").click()

    line = page.get_by_role("navigation", name="Main").get_by_role("link", name="Bugs of today 1")
    page.goto("/tickets/")
    line.click()

    expect(rows(page)).to_have_count(1)
    assert page.url.endswith("/tickets/?kind=bug")


def test_two_values_widen_by_keyboard_alone(page, lead):
    page.goto("/tickets/")
    kind = page.get_by_role("button", name="Kind")
    kind.focus()
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="Bug", exact=True).press("Space")
    expect(rows(page)).to_have_count(1)
    page.get_by_role("checkbox", name="Billing", exact=True).press("Space")

    expect(rows(page)).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Kind: 2")).to_be_visible()
    assert "kind=bug&kind=billing" in page.url


def test_filters_in_quick_succession_all_count(page, lead):
    """And none is complained of: an answer that is given up would be an error in the console."""
    page.goto("/tickets/")
    page.get_by_role("button", name="Kind").click()
    for kind in ("Bug", "Billing", "Question"):
        page.get_by_role("checkbox", name=kind, exact=True).press("Space")
    expect(page.get_by_role("button", name="Kind: 3")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("searchbox").fill("invoice")
    page.keyboard.press("Enter")

    expect(rows(page)).to_have_count(1)
    page.wait_for_url("**q=invoice**")


def test_what_is_new_is_announced_and_moves_nothing(*, page, desk, lead):
    page.clock.install()
    page.goto("/tickets/")
    expect(rows(page)).to_have_count(2)
    desk(TicketFactory, subject="Just in")
    page.clock.run_for(61_000)

    show = page.get_by_role("button", name="1 new — show")
    expect(show).to_be_visible()
    expect(rows(page)).to_have_count(2)
    show.click()

    expect(rows(page)).to_have_count(3)
    expect(show).to_be_hidden()


def test_rows_that_move_up_are_not_announced(*, page, desk, lead):
    tickets = desk(TicketFactory.create_batch, PAGE_SIZE)
    page.clock.install()
    page.goto("/tickets/")
    expect(rows(page)).to_have_count(PAGE_SIZE)
    desk(change, tickets[-1], retired_at=NOW)
    desk(TicketFactory, subject="Just in")
    desk(change, tickets[-2], retired_at=NOW)
    page.clock.run_for(61_000)

    expect(page.get_by_role("button", name="1 new — show")).to_be_visible()


def test_what_is_new_is_shown_also_after_going_there_and_back(*, page, desk, lead):
    desk(TicketFactory.create_batch, PAGE_SIZE)
    page.clock.install()
    page.goto("/tickets/")
    page.get_by_role("link", name="Next").click()
    page.get_by_role("link", name="Previous").click()
    expect(rows(page)).to_have_count(PAGE_SIZE)
    desk(TicketFactory, subject="Just in")
    page.clock.run_for(61_000)

    page.get_by_role("button", name="1 new — show").click()

    expect(rows(page).first).to_contain_text("Just in")


def test_rows_are_taken_along_as_a_file(page, lead):
    page.goto("/tickets/?kind=bug")
    page.get_by_role("button", name="Export these rows").click()

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()

    assert download.value.suggested_filename.startswith("tickets-")


def test_lists_are_accessible_with_a_menu_open_on_the_narrowest_screen(
    *, new_context, desk, sign_in, axe
):
    context = new_context(color_scheme="dark", viewport={"width": 320, "height": 700})
    sign_in(desk(UserFactory, role=Role.ADMIN), context=context)
    desk(TicketFactory, kind="bug")
    desk(MembershipFactory)
    page = context.new_page()
    for url in (
        "/tickets/",
        "/inbox/",
        "/handoffs/",
        "/renewals/",
        "/customers/",
        "/teams/",
        "/jobs/",
        "/imports/",
        "/notifications/",
    ):
        page.goto(url)
        page.get_by_role("button", name="Views").click()
        expect(page.get_by_role("button", name="Save this view")).to_be_visible()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, url
