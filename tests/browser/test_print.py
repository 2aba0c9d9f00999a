"""Pages on paper: what they say, black on white, with whose they are and of when."""

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory
from tests.factories.tickets import TicketFactory

INKS = """[...new Set([...document.querySelectorAll("body *")]
  .filter((element) => element.checkVisibility() && element.innerText)
  .map((element) => getComputedStyle(element).color))]"""
LOOK = "getComputedStyle(document.querySelector('{}')).{}"


@pytest.fixture
def paper(*, new_context, desk, sign_in):
    """paper("/customers/") is that page of a dark screen as it is printed."""
    person = desk(UserFactory, role=Role.CSM, name="Jonas Weidner", timezone="Asia/Tokyo")
    customer = desk(CustomerFactory, name="Halden Lifts")
    desk(TicketFactory, customer=customer, is_blocked=True)
    page = new_context(color_scheme="dark").new_page()
    sign_in(person, context=page.context)

    def printed(path):
        page.goto(path.format(customer=customer.pk))
        page.emulate_media(media="print")
        return page

    return printed


@pytest.mark.parametrize("path", ["/customers/{customer}/", "/customers/", "/tickets/"])
def test_paper_shows_what_is_said_and_nothing_to_press(paper, path):
    page = paper(path)

    assert page.evaluate(INKS) == ["rgb(0, 0, 0)"]
    expect(
        page.locator("nav, .button, [popovertarget], input").locator("visible=true")
    ).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Jonas Weidner, ")).to_contain_text("JST")


def test_links_and_rows_stay_whole(paper):
    page = paper("/tickets/")

    assert page.evaluate(LOOK.format("tbody tr", "breakInside")) == "avoid"
    assert page.evaluate(LOOK.format("tbody a", "textDecorationLine")) == "none"
    assert page.pdf(format="A4").startswith(b"%PDF")
