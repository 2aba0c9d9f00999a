"""Labelling by keyboard alone, its keys and requests counted."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories.people import UserFactory
from tests.factories.suggestions import SuggestionFactory
from tests.factories.tickets import TicketFactory
from tickets.actions.labels import answer_nothing_unusual
from tickets.models import ASKED_DIMENSIONS, Labeling, Learning, Ticket

SUGGESTED = ("workaround", "product-bug", "angry", "none", "praise")
FIVE_KEYS = "wbfmu"  # workaround, bug, frustrated, a competitor, hard to use


class Keyboard:
    """Presses keys on a page, and counts them and the requests that labelling sends."""

    def __init__(self, page):
        self.page = page
        self.presses = 0
        self.saves = 0
        page.on("request", self._note)

    def press(self, keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def _note(self, request):
        self.saves += request.method == "POST" and "/label/" in request.url


@pytest.fixture
def agent(desk, sign_in):
    person = desk(UserFactory, name="Mina Roth")
    sign_in(person)
    return person


@pytest.fixture
def tickets(desk):
    """Three due tickets, the newest first."""
    now = timezone.now()
    subjects = ("Sync fails", "Login loops", "Invoice is late")
    return [
        desk(TicketFactory, subject=subject, opened_at=now - timedelta(hours=hours))
        for hours, subject in enumerate(subjects)
    ]


@pytest.fixture
def keyboard(page):
    return Keyboard(page)


def panel(page):
    return page.locator("[data-label-panel]")


def open_panel_of_first(page, keyboard, ticket):
    page.goto("/inbox/")
    keyboard.press("jl")
    expect(panel(page)).to_have_attribute("data-ticket", str(ticket.pk))


def slugs_of(ticket):
    current = Labeling.objects.filter(ticket=ticket).current()
    return sorted(current.values_list("value__slug", flat=True))


def learning_of(ticket):
    return Ticket.objects.get(pk=ticket.pk).learning


def test_common_case_takes_one_key_and_one_request(*, page, desk, agent, tickets, keyboard):
    first, second, _ = tickets
    open_panel_of_first(page, keyboard, first)
    before = keyboard.presses

    keyboard.press("n")
    expect(panel(page)).to_have_attribute("data-ticket", str(second.pk))

    assert keyboard.presses - before <= 2
    assert keyboard.saves == 1
    assert desk(learning_of, first) == Learning.ANSWERED


def test_five_dimensions_take_six_keys_and_one_request(*, page, desk, agent, tickets, keyboard):
    first, second, _ = tickets
    open_panel_of_first(page, keyboard, first)
    before = keyboard.presses

    keyboard.press([*FIVE_KEYS, "Enter"])
    expect(panel(page)).to_have_attribute("data-ticket", str(second.pk))

    assert keyboard.presses - before == 6
    assert keyboard.saves == 1
    assert desk(slugs_of, first) == [
        "frustrated",
        "hard-to-use",
        "other",
        "product-bug",
        "workaround",
    ]


def test_one_tickets_answer_leads_to_the_next_until_all_is_done(
    *, page, desk, agent, tickets, keyboard
):
    open_panel_of_first(page, keyboard, tickets[0])

    for following in tickets[1:]:
        keyboard.press("n")
        expect(panel(page)).to_have_attribute("data-ticket", str(following.pk))
    keyboard.press("n")

    expect(page.get_by_role("heading", name="All labelled")).to_be_visible()
    expect(page.get_by_text("You labelled 3 tickets today")).to_be_visible()


def test_saved_row_is_marked_and_the_count_falls(*, page, agent, tickets, keyboard):
    open_panel_of_first(page, keyboard, tickets[0])
    expect(page.locator("#count")).to_have_text("3 due tickets")

    keyboard.press("n")

    expect(page.locator(f"tr[data-row='{tickets[0].pk}'][data-done] .dots-5")).to_be_visible()
    expect(page.locator(f"tr[data-row='{tickets[1].pk}'][data-open]")).to_be_visible()
    expect(page.locator("#count")).to_have_text("2 due tickets")


def test_z_takes_the_answer_back(*, page, desk, agent, tickets, keyboard):
    open_panel_of_first(page, keyboard, tickets[0])
    keyboard.press("n")
    expect(page.get_by_text(f"{tickets[0].number} labelled")).to_be_visible()

    keyboard.press("z")

    expect(panel(page)).to_have_attribute("data-ticket", str(tickets[0].pk))
    assert desk(learning_of, tickets[0]) == Learning.DUE


def test_missing_answers_are_said_where_one_goes_on(*, page, agent, tickets, keyboard):
    open_panel_of_first(page, keyboard, tickets[0])

    keyboard.press(["w", "Enter"])

    expect(page.locator(".question .errorlist")).to_have_count(4)
    expect(page.locator(".question[data-active] legend")).to_contain_text("Root cause")
    expect(page.get_by_role("radio", name="Workaround")).to_be_checked()


def test_arrows_go_between_questions_and_values(*, page, agent, tickets, keyboard):
    open_panel_of_first(page, keyboard, tickets[0])
    active = page.locator(".question[data-active] legend")

    keyboard.press(["ArrowDown", "ArrowDown"])
    expect(active).to_contain_text("Sentiment")
    keyboard.press(["ArrowUp"])
    expect(active).to_contain_text("Root cause")
    keyboard.press(["ArrowRight"])
    expect(page.get_by_role("radio", name="Product bug")).to_be_checked()
    expect(active).to_contain_text("Root cause")
    keyboard.press(["Tab"])

    expect(active).to_contain_text("Sentiment")


def test_escape_closes_the_panel_and_the_row_stays(*, page, agent, tickets, keyboard):
    open_panel_of_first(page, keyboard, tickets[0])
    page.wait_for_url(f"**/inbox/?peek={tickets[0].pk}")

    keyboard.press(["Escape"])

    expect(panel(page)).to_have_count(0)
    assert page.url.endswith("/inbox/")
    expect(page.locator(f"tr[data-row='{tickets[0].pk}'] .row-link")).to_be_focused()


def test_second_person_is_told_and_loses_nothing(*, page, desk, agent, tickets, keyboard):
    open_panel_of_first(page, keyboard, tickets[0])
    keyboard.press("wbf")
    rob = desk(UserFactory, name="Rob Maier")
    desk(answer_nothing_unusual, tickets[0], by=rob, at=timezone.now())

    keyboard.press("n")

    expect(page.get_by_role("alert")).to_contain_text("Rob Maier answered")
    expect(page.get_by_role("radio", name="Workaround")).to_be_checked()
    expect(page.locator(".question legend").first).to_contain_text("Routine answer, Rob Maier")
    keyboard.press(["n"])
    expect(panel(page)).to_have_attribute("data-ticket", str(tickets[1].pk))


def test_ticket_page_labels_by_the_same_panel(*, page, agent, tickets, keyboard):
    page.goto(f"/tickets/{tickets[0].pk}/")

    keyboard.press("l")
    expect(panel(page)).to_be_visible()
    keyboard.press("n")

    expect(page.get_by_text("Routine answer")).to_be_visible()
    expect(page.locator(".badge-good")).to_have_text("Answered")


def test_filters_narrow_the_list_and_stay_in_the_address(*, page, desk, agent, tickets):
    bug = desk(TicketFactory, subject="A real bug", kind="bug")
    page.goto("/inbox/")

    page.get_by_role("button", name="Kind").click()
    page.get_by_role("checkbox", name="Bug", exact=True).check()

    expect(page.locator("tr[data-row]")).to_have_count(1)
    expect(page.locator(".row-link")).to_contain_text(bug.subject)
    assert "kind=bug" in page.url
    expect(page.get_by_role("checkbox", name="Billing")).to_be_visible()  # the menu stays open


def test_panel_works_without_script(*, new_context, desk, sign_in, tickets):
    context = new_context(java_script_enabled=False)
    sign_in(desk(UserFactory), context=context)
    page = context.new_page()
    page.goto(f"/tickets/{tickets[0].pk}/label/")

    page.get_by_role("button", name="Nothing unusual").click()

    page.wait_for_url(f"**/tickets/{tickets[1].pk}/label/")
    assert desk(learning_of, tickets[0]) == Learning.ANSWERED


def test_dot_accepts_what_is_suggested_and_leads_to_the_rest(
    *, page, desk, agent, tickets, keyboard, axe
):
    first, second, _ = tickets
    for dimension, slug in (("fix_category", "workaround"), ("sentiment", "angry")):
        desk(SuggestionFactory, ticket=first, dimension=dimension, slug=slug)
    open_panel_of_first(page, keyboard, first)
    axe(page)

    keyboard.press(".")

    expect(page.locator(".question[data-active] legend")).to_contain_text("Root cause")
    assert desk(slugs_of, first) == ["angry", "workaround"]
    keyboard.press("n")
    expect(panel(page)).to_have_attribute("data-ticket", str(second.pk))
    assert desk(learning_of, first) == Learning.ANSWERED
    assert keyboard.saves == 2


def test_dot_alone_labels_a_ticket_whose_dimensions_are_all_suggested(
    *, page, desk, agent, tickets, keyboard
):
    first, second, _ = tickets
    for dimension, slug in zip(ASKED_DIMENSIONS, SUGGESTED, strict=True):
        desk(SuggestionFactory, ticket=first, dimension=dimension, slug=slug)
    open_panel_of_first(page, keyboard, first)

    keyboard.press(".")

    expect(panel(page)).to_have_attribute("data-ticket", str(second.pk))
    assert desk(slugs_of, first) == sorted(SUGGESTED)
    assert keyboard.saves == 1
