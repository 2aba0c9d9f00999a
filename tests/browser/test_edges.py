"""What a person meets at the edges: a session that ended, a dialog that closed, a wrong field."""

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from playwright.sync_api import expect

from accounts.models import Role
from tests.browser.test_renewals import book_of_two
from tests.factories.base import change
from tests.factories.handoffs import HandoffFactory
from tests.factories.people import UserFactory

PASSWORD = "correct horse battery staple"  # noqa: S105 - the database is thrown away


@pytest.fixture
def csm(*, desk, sign_in):
    user = desk(book_of_two)
    sign_in(user)
    return user


def with_password(user):
    change(user, password=make_password(PASSWORD))
    return type(user).objects.get(pk=user.pk)


def open_at_risk(page):
    page.keyboard.press("j")
    page.keyboard.press("3")
    expect(page.get_by_label("Next step")).to_be_focused()


def test_text_waits_for_the_sign_in(*, page, desk, sign_in, csm):
    sign_in(desk(with_password, csm))
    page.goto("/renewals/?owner=all")
    open_at_risk(page)
    page.keyboard.type("Ask who decides")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_label("By").fill("fri")
    page.keyboard.press("Enter")
    page.get_by_label("Email").fill(csm.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/renewals/?owner=all")

    open_at_risk(page)

    expect(page.get_by_label("Next step")).to_have_value("Ask who decides")


def test_a_button_after_the_session_leads_back_to_its_page(*, page, desk, sign_in):
    agent = desk(UserFactory, role=Role.AGENT)
    handoff = desk(HandoffFactory, sender=agent)
    sign_in(desk(with_password, agent))
    page.goto(f"/handoffs/{handoff.pk}/")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Withdraw").last.click()
    page.get_by_label("Email").fill(agent.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/handoffs/{handoff.pk}/")
    expect(page.get_by_text("What you pressed was not done.")).to_be_visible()


def test_the_keys_go_on_from_the_row_when_a_dialog_closes(page, csm):
    page.goto("/renewals/?owner=all")
    open_at_risk(page)
    page.keyboard.type("Call")
    page.keyboard.press("Tab")
    page.keyboard.type("fri")
    page.keyboard.press("Enter")

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("tr[data-last] [data-row-link]")).to_be_focused()


def test_a_wrong_field_is_where_one_stands(page, csm):
    page.goto("/renewals/?owner=all")
    open_at_risk(page)
    page.keyboard.type("Call")
    page.get_by_label("By").fill("banana")
    page.keyboard.press("Enter")

    expect(page.locator("dialog [aria-invalid=true]")).to_be_focused()
