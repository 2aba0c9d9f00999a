"""The columns of a list, chosen and moved by keyboard alone, with and without script."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import ListLayout, Role
from insights.actions.queue import refresh_whole_queue
from tests.browser.conftest import PHONE
from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory


def customer_of_a_lead():
    CustomerFactory(name="Halden Lifts")
    refresh_whole_queue(at=timezone.now())
    return UserFactory(role=Role.CSLEAD)


def headings(page):
    """What stands over the columns, in order; what each cell of a row is of follows them."""
    return page.locator("#customers thead th:not(.look, .pick)")


@pytest.fixture
def lead(*, desk, sign_in):
    user = desk(customer_of_a_lead)
    sign_in(user)
    return user


def test_a_column_is_hidden_shown_and_moved_by_keyboard_alone(*, page, desk, lead):
    page.goto("/customers/")
    page.get_by_role("button", name="Columns").press("Enter")
    page.get_by_role("checkbox", name="Stage").press("Space")
    expect(headings(page).get_by_text("Stage")).to_have_count(0)
    expect(page.get_by_role("checkbox", name="Stage")).to_be_focused()
    page.get_by_role("checkbox", name="Segment").press("Space")
    expect(headings(page).last).to_have_text("Segment")

    up = page.get_by_role("button", name="Move Segment up")
    up.press("Enter")

    expect(headings(page).nth(-2)).to_have_text("Segment")
    expect(up).to_be_focused()
    page.keyboard.press("Enter")
    expect(headings(page).nth(-3)).to_have_text("Segment")
    expect(page).to_have_url(re.compile("columns=name%2C"))
    page.goto("/customers/")
    expect(headings(page).nth(-3)).to_have_text("Segment")
    assert desk(ListLayout.objects.count) == 1


def test_rows_get_more_room_and_lose_it_again(page, lead):
    page.goto("/customers/")
    row = page.locator("tr[data-row]")
    before = row.bounding_box()["height"]
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("radio", name="Comfortable").check()
    expect(page.locator(".table-comfortable")).to_be_visible()

    assert row.bounding_box()["height"] == before + 8
    page.get_by_role("button", name="Reset").click()
    expect(page.locator(".table-compact")).to_be_visible()


def test_the_menu_works_without_script(*, new_context, sign_in, lead):
    context = new_context(java_script_enabled=False)
    sign_in(lead, context=context)
    page = context.new_page()
    page.goto("/customers/?sort=-name")
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="Owner").uncheck()
    page.get_by_role("button", name="Show these").click()
    expect(headings(page).get_by_text("Owner")).to_have_count(0)

    page.get_by_role("button", name="Columns").click()
    page.get_by_role("button", name="Move Health up").click()

    expect(headings(page).nth(2)).to_have_text("Health")
    assert "sort=-name" in page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [None, PHONE], ids=["wide", "390"])
def test_the_menu_is_accessible(*, new_context, sign_in, axe, lead, scheme, viewport):
    context = new_context(color_scheme=scheme, **({"viewport": viewport} if viewport else {}))
    sign_in(lead, context=context)
    page = context.new_page()
    page.goto("/customers/?columns=owner,nonsense")

    page.get_by_role("button", name="Columns").click()

    axe(page)
    expect(page.get_by_text("This list has no column “nonsense”.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
