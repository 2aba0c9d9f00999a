"""Linking a ticket to the problem behind it, by keyboard alone."""

from playwright.sync_api import expect

from accounts.models import Role
from tests.browser.conftest import PHONE
from tests.factories.people import UserFactory
from tests.factories.problems import ProblemFactory
from tests.factories.tickets import TicketFactory
from tickets.models import LabelValue


def bug():
    cause = LabelValue.objects.get(slug="product-bug")
    return ProblemFactory(title="Sync stops", tracker_key="CAL-7", root_cause=cause)


def open_ticket(page, desk, sign_in, **columns):
    sign_in(desk(UserFactory, role=Role.AGENT))
    ticket = desk(TicketFactory, **columns)
    page.goto(f"/tickets/{ticket.pk}/")
    return ticket


def test_a_ticket_is_linked_by_a_key_a_part_of_the_name_and_enter(page, *, desk, sign_in, axe):
    desk(bug)
    desk(ProblemFactory, title="Invoices doubled")
    open_ticket(page, desk, sign_in)

    page.keyboard.press("p")
    expect(page.get_by_label("Title, error signature or key")).to_be_focused()
    page.keyboard.type("cal-")
    expect(page.get_by_role("radio", name="Invoices")).to_have_count(0)
    axe(page)
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="Sync stops")).to_be_visible()
    expect(page.get_by_text("Inherited from a problem")).to_be_visible()


def test_the_problem_that_the_subject_names_takes_two_keys(page, desk, sign_in):
    desk(ProblemFactory, title="Export fails", error_signature="E-1042")
    desk(ProblemFactory, title="Newer")
    open_ticket(page, desk, sign_in, subject="E-1042 again")

    page.keyboard.press("p")
    expect(page.get_by_role("radio", name="Export fails")).to_be_checked()
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="Export fails")).to_be_visible()


def test_a_link_is_undone_by_a_key(page, desk, sign_in):
    desk(bug)
    open_ticket(page, desk, sign_in)
    page.keyboard.press("p")
    expect(page.get_by_role("radio", name="Sync stops")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Sync stops")).to_be_visible()

    page.keyboard.press("z")

    expect(page.get_by_text("Comes from no known issue.")).to_be_visible()


def test_a_problem_with_a_long_name_fits_a_phone(new_context, desk, sign_in):
    desk(ProblemFactory, title="Sync stops " * 15, tracker_key="CAL-7")
    context = new_context(viewport=PHONE)
    sign_in(desk(UserFactory, role=Role.AGENT), context=context)
    page = context.new_page()
    page.goto(f"/tickets/{desk(TicketFactory).pk}/problem/")

    choices = page.locator(".problem-choices")

    assert choices.evaluate("it => it.scrollWidth <= it.clientWidth")
