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
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
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
# Back shows a page as it was left, as it does for people.
NOT_AS_PEOPLE_HAVE_IT = ["--disable-back-forward-cache"]
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
# An answer that the page shows to the user is no mistake of the page; its own status is the test's.
EXPECTED_STATUSES = (409, 422)
# What axe does not look into, for it is not ours to mend: the list of endpoints that Swagger UI
# makes has headings inside buttons and pale colours.
NOT_OURS = [".information-container", ".scheme-container", "#operations > *"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
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
        launched = playwright.chromium.launch(
            executable_path=chromium, args=ARGUMENTS, ignore_default_args=NOT_AS_PEOPLE_HAVE_IT
        )
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def complaints() -> list[str]:
    """What browsers have complained of in this test: console, errors, violations of the policy."""
    return []


@pytest.fixture(autouse=True)
def nothing_to_complain_about(complaints: list[str]) -> Iterator[None]:
    """Every test of this folder fails when a browser complained, whatever it was about."""
    yield
    heard = "\n".join(complaints)
    complaints.clear()
    assert not heard, f"the browser complained:\n{heard}"


@pytest.fixture(scope="module")
def open_window(
    *, browser: Browser, served: Served, complaints: list[str]
) -> Callable[..., BrowserContext]:
    """A window whose complaints are heard."""

    def open_context(**options: object) -> BrowserContext:
        context = browser.new_context(base_url=served.url, **{"viewport": WIDE, **options})
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", lambda message: complaints.extend(_complaint(message)))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        return context

    return open_context


@pytest.fixture
def new_context(
    *, open_window: Callable[..., BrowserContext], desk: Desk
) -> Iterator[Callable[..., BrowserContext]]:
    """A window of its own for one person: new_context(color_scheme="dark", viewport=PHONE)."""
    opened: list[BrowserContext] = []

    def open_context(**options: object) -> BrowserContext:
        opened.append(open_window(**options))
        return opened[-1]

    yield open_context
    for context in opened:
        context.close()


def _complaint(message: ConsoleMessage) -> list[str]:
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

    def sign_in_as(user: object, *, context: BrowserContext | None = None) -> None:
        window = context or request.getfixturevalue("page").context
        window.add_cookies([{**desk(session_cookie, user), "url": served.url}])

    return sign_in_as


def session_cookie(user: object) -> dict[str, str]:
    """The cookie with which this person is signed in."""
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]  # whatever the user model is
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value}


@pytest.fixture
def axe() -> Callable[..., None]:
    """axe(page) fails when the page, as it stands now, breaks a rule of accessibility.

    axe(page, rules=COLOUR_RULES) asks only what another theme can change; axe(page, within=".menu")
    looks at one part.
    """

    def check(page: Page, *, rules: Sequence[str] = (), within: str = "html") -> None:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
        run = "([context, options]) => axe.run(context, options)"
        found = page.evaluate(run, [{"include": [within], "exclude": NOT_OURS}, options])[
            "violations"
        ]
        assert not found, "\n".join(
            f"{rule['id']}: {rule['help']}: {node['target']} {node['html'][:160]}"
            for rule in found
            for node in rule["nodes"]
        )

    return check
