from playwright.sync_api import expect

from accounts.models import Role
from tests.factories.people import PASSWORD, UserFactory


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
