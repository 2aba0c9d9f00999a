import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Error, expect

from accounts.models import Role
from tests.browser.conftest import PHONE, WIDE
from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory
from tests.factories.tickets import TicketFactory


def company():
    customer = CustomerFactory(name="Halden Lifts")
    TicketFactory(customer=customer, number="T-4711", subject="Halden cannot sync")
    CustomerFactory(name="Brightwell")
    return customer


@pytest.fixture
def customer(desk, sign_in):
    sign_in(desk(UserFactory, role=Role.CSM))
    return desk(company)


def palette(page):
    return page.get_by_role("combobox", name="Search")


def chosen(page):
    return page.locator("#palette [aria-selected=true]")


def search(page, text):
    page.keyboard.press("Control+k")
    expect(palette(page)).to_be_focused()
    page.keyboard.type(text)


def test_a_typo_leads_to_the_customer_by_keys_alone(page, customer):
    page.goto("/inbox/")

    search(page, "haldn")
    expect(chosen(page)).to_contain_text("Halden Lifts")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(f"/customers/{customer.pk}/$"))


def test_enter_waits_for_the_answer(page, customer):
    page.goto("/inbox/")

    search(page, "halden l")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(f"/customers/{customer.pk}/$"))


def test_enter_never_chooses_from_an_older_answer(page, customer):
    page.clock.install()
    held = []
    page.route(re.compile(r"/palette/\?q=$"), lambda route: held.append(route))  # noqa: PLW0108 - a builtin can't be marked
    page.goto("/inbox/")
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    search(page, "halden l")
    page.keyboard.press("Enter")  # the question still waits for more letters

    with suppress(Error):  # where it was broken off
        with page.expect_response(re.compile(r"q=$"), timeout=2000):
            held[0].continue_()
        page.wait_for_timeout(300)
    page.clock.run_for(500)

    expect(page).to_have_url(re.compile(f"/customers/{customer.pk}/$"))


def test_the_combobox_says_what_is_meant(page, customer):
    page.goto("/inbox/")
    search(page, "halden")
    expect(page.locator("#palette [aria-busy=false]")).to_be_visible()
    expect(page.locator("#palette [role=status]")).to_have_text("2 results")

    page.keyboard.press("End")

    expect(chosen(page)).to_contain_text("cannot sync")
    expect(palette(page)).to_have_attribute("aria-expanded", "true")
    active = palette(page).get_attribute("aria-activedescendant")
    assert chosen(page).get_attribute("id") == active
    expect(page.get_by_role("group", name="Tickets")).to_contain_text("T-4711 · Halden Lifts")
    page.keyboard.press("Home")
    expect(chosen(page)).to_have_accessible_name("Halden Lifts")


def test_escape_gives_the_focus_back(page, customer):
    page.goto("/customers/")
    field = page.get_by_role("searchbox")
    field.focus()
    search(page, "hal")

    page.keyboard.press("Escape")

    expect(page.locator("#palette")).to_be_hidden()
    expect(field).to_be_focused()


def test_an_older_answer_never_replaces_a_newer_one(page, customer):
    held = []
    page.route("**/palette/?q=bright", lambda *route: held.extend(route[:1]))
    page.goto("/inbox/")
    with page.expect_request("**/palette/?q=bright"):
        search(page, "bright")

    palette(page).fill("halden")
    expect(chosen(page)).to_contain_text("Halden Lifts")
    for route in held:
        route.continue_()
    page.wait_for_timeout(200)

    expect(chosen(page)).to_contain_text("Halden Lifts")


def test_what_was_opened_last_is_offered_until_the_sign_out(page, customer):
    page.goto(f"/customers/{customer.pk}/")
    page.goto("/inbox/")

    page.keyboard.press("Control+k")

    expect(page.get_by_role("group", name="Recent")).to_contain_text("Halden Lifts")
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("Person")).click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")
    assert page.evaluate("localStorage.length") == 0


def test_actions_of_the_page_are_offered_and_done(page, customer):
    page.goto("/customers/")

    search(page, "show the keys")
    expect(chosen(page)).to_contain_text("Show the keys")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Keys on this page")).to_be_visible()


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_palette_is_accessible_and_fits(*, new_context, desk, sign_in, axe, scheme, viewport):
    context = new_context(color_scheme=scheme, viewport=viewport)
    sign_in(desk(UserFactory, role=Role.CSM), context=context)
    desk(company)
    page = context.new_page()
    page.goto("/inbox/")

    page.get_by_role("link", name="Search").click()
    axe(page)
    page.keyboard.type("halden")
    expect(chosen(page)).to_contain_text("Halden Lifts")
    axe(page)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto("/palette/?q=halden")
    axe(page)


def test_without_script_the_button_leads_to_a_page(new_context, desk, sign_in):
    context = new_context(java_script_enabled=False)
    sign_in(desk(UserFactory, role=Role.CSM), context=context)
    customer = desk(company)
    page = context.new_page()
    page.goto("/inbox/")

    page.get_by_role("link", name="Search").click()
    page.get_by_role("searchbox").fill("haldn")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Halden Lifts", exact=True).click()

    expect(page).to_have_url(re.compile(f"/customers/{customer.pk}/$"))
