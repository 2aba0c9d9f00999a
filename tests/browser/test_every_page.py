"""Every page of the demo company: both themes, a desk and a phone, nothing that axe finds."""

from functools import cache
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from insights.demo.load import load
from tests.browser import places
from tests.browser.conftest import COLOUR_RULES, PHONE, WIDE, session_cookie
from tests.insights.demo.small import make_small
from tests.routes import named_routes

PASSWORD = "larkfield"  # noqa: S105 - the database is thrown away
ENDPOINTS = tuple(
    f"api:{noun}-"
    for noun in ("customer", "handoff", "health", "label", "problem", "renewal", "ticket")
)
STYLEGUIDE = {"lists:styleguide", "lists:styleguide_row"}  # in debug only
# The rows of a list are alike: its first ones stand for all.
DOCS = "/api/docs/"  # makes itself after it has loaded
ROWS_LOOKED_AT = 8
NARROW = {"width": 320, "height": 640}
FORGET_ROWS = """(kept) => document.querySelectorAll("[data-rows]").forEach((rows) =>
  [...rows.querySelectorAll("tr[data-row]")].slice(kept).forEach((row) => row.remove()))"""
# What is opened by keys on a page: dialogs, panels, the palette, the list of keys.
OPENED = [
    ("csm@/renewals/", ["Control+k", *"halden"]),
    ("csm@/renewals/", ["?"]),
    *(("csm@/renewals/", ["j", key]) for key in "o1n3st"),
    ("agent@/inbox/", ["j", "l"]),
    ("agent@/inbox/", ["j", "o"]),
    ("agent@/tickets/{due}/", ["l"]),
    ("csm@/customers/", ["j", "t"]),
]
OPEN = "dialog[open], #panel > *"
MENUS = ["/tickets/", "csm@/renewals/", "/customers/", "/handoffs/", "/customers/{customer}/"]
ERRORS = ["/nowhere/", "@/nowhere/", "agent@/imports/"]
EVERY = sorted({address for found in places.PAGES.values() for address in found})


@pytest.fixture(scope="module")
def things(_desk):
    """The demo company, for the whole module, and what its addresses name."""
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch)
        _desk(load, password=PASSWORD, now=timezone.now(), say=print)
    yield _desk(places.found_things)
    _desk.clear()


def test_every_address_is_opened_here():
    names = {name for name, _ in named_routes() if not name.startswith(ENDPOINTS)} | STYLEGUIDE
    listed = places.PAGES.keys() | places.FORMS_ON.keys() | places.NO_PAGES.keys()

    assert names - listed == set(), "say in tests/browser/places.py how these are opened"
    assert listed - names == set(), "these are addresses no more"


@pytest.fixture(scope="module")
def tab(open_window):
    """One tab for all pages: opening a browser for each would take longer than looking."""
    context = open_window(reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def cookie_of(_desk, served):
    """The cookie with which somebody of the demo company is signed in."""

    @cache
    def cookie(who):
        user = _desk(User.objects.get, email=f"{who}@example.com")
        return {**_desk(session_cookie, user), "url": served.url}

    return cookie


@pytest.fixture
def visit(*, tab, cookie_of, things):
    """visit("csm@/renewals/") is the tab, with that page opened by that person."""

    def visit_as(address):
        who, _, path = address.rpartition("@") if "@" in address else ("admin", "", address)
        tab.context.clear_cookies()
        if who:
            tab.context.add_cookies([cookie_of(who.format(**things))])
        tab.set_viewport_size(WIDE)
        tab.emulate_media(color_scheme="light")
        tab.goto(path.format(**things))
        confirm(tab)
        if path == DOCS:
            tab.wait_for_selector("#operations .opblock")
        assert urlsplit(tab.url).path == urlsplit(path.format(**things)).path
        tab.evaluate(FORGET_ROWS, ROWS_LOOKED_AT)
        return tab

    return visit_as


def confirm(page):
    """Some pages of the sign-in ask once more who one is."""
    if "/reauthenticate/?next=" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "reauthenticate" not in url)


def fits(page, size):
    page.set_viewport_size(size)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= size["width"], f"{page.url} is {wide} px wide on {size['width']}"


@pytest.mark.parametrize("address", [*EVERY, *ERRORS])
def test_page_is_sound(visit, axe, address):
    page = visit(address)

    look_at(page, axe)


def look_at(page, axe):
    """The page as it stands, on a desk and on a phone, in both themes, none of them reloaded."""
    axe(page)
    page.emulate_media(color_scheme="dark")
    axe(page, rules=COLOUR_RULES)
    fits(page, PHONE)
    axe(page)
    page.emulate_media(color_scheme="light")
    axe(page, rules=COLOUR_RULES)
    fits(page, NARROW)


@pytest.mark.parametrize(("address", "keys"), OPENED)
def test_what_keys_open_is_sound(*, visit, axe, address, keys):
    page = visit(address)

    for key in keys:
        page.keyboard.press(key)

    expect(page.locator(OPEN).first).to_be_visible()
    look_at(page, axe)


@pytest.mark.parametrize("address", MENUS)
def test_menus_are_sound(visit, axe, address):
    page = visit(address)
    page.emulate_media(color_scheme="dark")

    for button in page.locator("main [popovertarget], .topbar-tools [popovertarget]").all():
        button.click()
        menu = page.locator(".menu:popover-open")
        expect(menu).to_be_visible()
        axe(page, within=".menu:popover-open")
        page.keyboard.press("Escape")
        expect(menu).to_have_count(0)


def test_drawer_is_sound(visit, axe):
    page = visit("csm@/renewals/")
    page.set_viewport_size(PHONE)

    page.get_by_role("button", name="Menu").click()

    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    axe(page)


def test_second_step_of_the_sign_in_is_sound(visit, axe):
    page = visit("@/accounts/login/")

    page.get_by_label("Email").fill("lead@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")

    page.wait_for_url("**/accounts/2fa/authenticate/")
    look_at(page, axe)
