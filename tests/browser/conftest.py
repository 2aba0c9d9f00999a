"""Fixtures of browser tests: `page` on the served program, `desk` for data, `axe`, `sign_in`.

def test_inbox_lists_due_tickets(page, desk, sign_in):
    agent = desk(UserFactory, role=Role.AGENT)
    desk(TicketFactory, subject="Sync fails")
    sign_in(agent)

    page.goto("/inbox/")

    expect(page.get_by_role("link", name="Sync fails")).to_be_visible()
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tests import cluster
from tests.browser.served import Desk, Served

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
# An answer that the page shows to the user is no mistake of the page; its own status is the test's.
EXPECTED_STATUSES = (409, 422)
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    if found := os.environ.get("SS_CHROMIUM") or next(filter(None, map(shutil.which, names)), ""):
        return found
    reason = "no Chromium on this machine: install Debian's `chromium`, or set SS_CHROMIUM"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def served_database(database_template: str) -> Iterator[str]:
    name = f"browser_{os.getpid()}"
    with cluster.clone(database_template, name=name):
        yield name


@pytest.fixture(scope="session")
def served(
    chromium: str, served_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    server = Served(
        database=served_database, log=tmp_path_factory.mktemp("served") / "gunicorn.log"
    )
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _desk(served_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Desk]:
    desk = Desk(database=served_database, blocker=django_db_blocker)
    yield desk
    desk.close()


@pytest.fixture
def desk(_desk: Desk) -> Iterator[Desk]:
    """Where data are prepared and read; empty again after the test."""
    yield _desk
    _desk.clear()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium for one module: while it runs, the ORM refuses to work in this thread."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def new_context(
    *, browser: Browser, served: Served, desk: Desk
) -> Iterator[Callable[..., BrowserContext]]:
    """A window of its own for one person: new_context(color_scheme="dark", viewport=PHONE)."""
    troubles: list[str] = []
    opened: list[BrowserContext] = []

    def open_context(**options: object) -> BrowserContext:
        context = browser.new_context(base_url=served.url, **{"viewport": WIDE, **options})
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", lambda message: troubles.extend(_trouble(message)))
        context.on("weberror", lambda error: troubles.append(str(error.error)))
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()
    assert not troubles, "the browser complained:\n" + "\n".join(troubles)


def _trouble(message: ConsoleMessage) -> list[str]:
    if message.type not in {"error", "warning"}:
        return []
    is_page_itself = message.page is not None and message.location.get("url") == message.page.url
    is_expected = any(f"status of {status}" in message.text for status in EXPECTED_STATUSES)
    if "Failed to load resource" in message.text and (is_page_itself or is_expected):
        return []
    return [f"{message.type}: {message.text} ({message.location.get('url')})"]


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A wide page in the light theme; the test fails on console errors and CSP violations."""
    return new_context(color_scheme="light").new_page()


@pytest.fixture
def sign_in(desk: Desk, served: Served, request: pytest.FixtureRequest) -> Callable[..., None]:
    """sign_in(user) for `page`, sign_in(user, context=...) for another window."""

    def session_of(user: object) -> str:
        client = Client()
        client.force_login(user)  # type: ignore[arg-type]  # whatever the user model is
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def sign_in_as(user: object, *, context: BrowserContext | None = None) -> None:
        window = context or request.getfixturevalue("page").context
        window.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": desk(session_of, user),
                    "url": served.url,
                }
            ]
        )

    return sign_in_as


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """axe(page) fails when the page, as it stands now, breaks a rule of accessibility."""

    def check(page: Page) -> None:
        found = Axe().run(page).response["violations"]
        assert not found, "\n".join(
            f"{rule['id']}: {rule['help']}: {node['target']} {node['html'][:160]}"
            for rule in found
            for node in rule["nodes"]
        )

    return check
