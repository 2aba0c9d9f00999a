import pytest
from playwright.sync_api import expect

from accounts.models import Role
from tests.browser.conftest import PHONE, WIDE
from tests.factories.people import PASSWORD, UserFactory

ENTRANCE = ["/accounts/login/", "/accounts/password/reset/", "/accounts/nowhere/"]
OWN = ["/accounts/password/change/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/logout/"]


def windows(new_context):
    yield new_context(color_scheme="light", viewport=WIDE)
    yield new_context(color_scheme="dark", viewport=PHONE)


@pytest.mark.parametrize("url", ENTRANCE)
def test_pages_before_sign_in_are_accessible(new_context, axe, url):
    for context in windows(new_context):
        page = context.new_page()
        page.goto(url)

        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("url", OWN)
def test_own_pages_are_accessible(*, new_context, sign_in, desk, axe, url):
    user = desk(UserFactory)
    for context in windows(new_context):
        sign_in(user, context=context)
        page = context.new_page()
        page.goto(url)

        axe(page)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_wrong_password_is_told_beside_the_form(page, desk):
    user = desk(UserFactory)
    page.goto("/accounts/login/")

    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill("not this one")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("not correct")


def test_sign_in_by_keyboard_leads_to_where_one_wanted_to_go(page, desk):
    user = desk(UserFactory, role=Role.AGENT)
    page.goto("/accounts/sessions/")

    page.get_by_label("Email").fill(user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    page.get_by_role("button", name=user.name).click()
    expect(page.locator("#user-menu")).to_contain_text(user.email)


def test_code_of_the_authenticator_is_shown_without_breaking_the_policy(page, desk, sign_in):
    user = desk(UserFactory)
    sign_in(user)
    page.goto("/accounts/2fa/totp/activate/")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("img", name="QR code")).to_be_visible()
