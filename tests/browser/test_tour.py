"""The demo company's tour: every stop, as the person who looks there."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from insights.demo.load import load
from tests.browser.conftest import PHONE
from tests.insights.demo.small import make_small

PASSWORD = "larkfield"  # noqa: S105 - the database is thrown away
STOPS = {
    "What Mina heard": ("Mina Okafor", "Go loses inspections when a technician goes offline"),
    "Whom to call first": ("Jonas Weidner", "Halden Lifts"),
    "Why it fell": ("Jonas Weidner", "champion left"),
    "Who is accountable now": ("Jonas Weidner", "Jonas Weidner"),
    "Returned, corrected, renewed": ("Priya Nair", "Who decides?"),
    "Silence is not health": ("Clara Lindqvist", "Unknown"),
    "A part of it goes": ("Clara Lindqvist", "Notice received"),
    "Ines is away, Rob answers": ("Clara Lindqvist", "Rob Ashby"),
    "They had said it": ("Clara Lindqvist", "Your price against Servanta's offer"),
}


@pytest.fixture(scope="module")
def larkfield(_desk):
    """The stories, in the database of the served program, for the whole module."""
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch)
        _desk(load, password=PASSWORD, now=timezone.now(), say=print)
    yield
    _desk.clear()


@pytest.fixture
def desk(_desk, larkfield):
    """Larkfield's, which tests do not empty."""
    return _desk


@pytest.fixture
def tour(page, desk, sign_in):
    sign_in(desk(User.objects.get, email="admin@example.com"))
    page.goto("/tour/")
    return page


@pytest.mark.parametrize("title", STOPS)
def test_stop_shows_what_it_promises(tour, title):
    who, seen = STOPS[title]
    stop = tour.get_by_role("listitem").filter(has=tour.get_by_role("heading", name=title))

    stop.get_by_role("button", name=f"Look as {who}").click()

    expect(tour.get_by_role("complementary", name="Demo")).to_contain_text(f"You are {who}")
    expect(tour.locator("#content").get_by_text(seen).first).to_be_visible()


def test_one_click_changes_who_one_is(tour):
    tour.get_by_role("button", name="Priya Nair Support lead").click()

    expect(tour.get_by_role("complementary", name="Demo")).to_contain_text("You are Priya Nair")
    expect(tour.get_by_role("heading", name="Tour")).to_be_visible()


def test_halden_is_first_in_the_queue(tour):
    tour.get_by_role("button", name="Look as Jonas Weidner").first.click()

    expect(tour.locator("#content tbody tr").first).to_contain_text("Halden Lifts")


def test_tour_is_accessible_in_dark_on_a_phone(*, desk, new_context, sign_in, axe):
    window = new_context(color_scheme="dark", viewport=PHONE)
    sign_in(desk(User.objects.get, email="admin@example.com"), context=window)
    page = window.new_page()
    page.goto("/tour/")

    expect(page.get_by_role("heading", name="9. They had said it")).to_be_visible()
    axe(page)
