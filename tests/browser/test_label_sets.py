"""A label set is saved from the panel and used on the next ticket, by keyboard alone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories.people import UserFactory
from tests.factories.tickets import TicketFactory
from tickets.models import Labeling


@pytest.fixture
def tickets(desk, sign_in):
    """Three, the newest first."""
    sign_in(desk(UserFactory, name="Mina Roth"))
    subjects = ("Sync fails", "Login loops", "Invoice is late")
    return [
        desk(TicketFactory, subject=subject, opened_at=timezone.now() - timedelta(hours=hours))
        for hours, subject in enumerate(subjects, start=1)
    ]


def slugs_of(ticket):
    return sorted(
        Labeling.objects.filter(ticket=ticket).current().values_list("value__slug", flat=True)
    )


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_a_set_saved_on_one_ticket_answers_the_next_with_two_keys(*, page, desk, tickets, axe):
    panel = page.locator("[data-label-panel]")
    page.goto("/inbox/")
    press(page, "j", "l")
    expect(panel).to_have_attribute("data-ticket", str(tickets[0].pk))
    press(page, *"wbfmu", "S")
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    axe(page)
    page.keyboard.type("Known bug")
    press(page, "Enter")
    expect(page.get_by_text("is on key 1 of your panel")).to_be_visible()
    expect(page.locator("dialog[open]")).to_have_count(0)

    press(page, "n")
    expect(panel).to_have_attribute("data-ticket", str(tickets[1].pk))
    press(page, "1", "Enter")
    expect(panel).to_have_attribute("data-ticket", str(tickets[2].pk))

    said = ["frustrated", "hard-to-use", "other", "product-bug", "workaround"]
    assert desk(slugs_of, tickets[0]) == said
    assert desk(slugs_of, tickets[1]) == said


def test_the_keys_of_sets_are_among_those_listed(*, page, desk, tickets):
    page.goto("/inbox/")
    press(page, "j", "l")
    expect(page.locator("[data-label-panel]")).to_be_visible()

    press(page, "?")

    expect(page.get_by_role("heading", name="Label sets")).to_be_visible()
