import pytest
from playwright.sync_api import expect

from accounts.models import Role
from supportsuccess import outbox
from tests.browser.conftest import PHONE
from tests.factories.people import UserFactory
from tests.tickets.adapters.files import csv_bytes, incident, servicenow_row


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "incidents.csv.gz"
    rows = [*incident("INC1"), *incident("INC2"), servicenow_row(incident_state="-100")]
    path.write_bytes(csv_bytes(rows, packed=True))
    return path


def test_lead_imports_a_log_and_takes_it_back(*, page, desk, sign_in, axe, log):
    sign_in(desk(UserFactory, role=Role.LEAD))
    page.goto("/imports/")
    axe(page)
    page.keyboard.press("c")
    page.get_by_role("link", name="ServiceNow incident log").click()
    page.get_by_label("File").set_input_files(log)
    axe(page)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_text("Check incidents.csv.gz")).to_be_visible()
    desk(outbox.deliver_due)

    expect(page.get_by_role("heading", name="Importing it would come to")).to_be_visible()
    expect(page.get_by_role("cell", name="incident_state", exact=True)).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Import this file").click()
    desk(outbox.deliver_due)
    expect(page.get_by_role("heading", name="What it came to")).to_be_visible()
    page.get_by_role("button", name="Undo this import").click()

    expect(page.get_by_text("Undone")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_import_and_job_fit_a_phone(*, new_context, desk, sign_in, axe, log, scheme):
    window = new_context(color_scheme=scheme, viewport=PHONE)
    sign_in(desk(UserFactory, role=Role.LEAD), context=window)
    page = window.new_page()
    page.goto("/imports/new/?format=servicenow")
    page.get_by_label("File").set_input_files(log)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_text("Check incidents.csv.gz")).to_be_visible()
    axe(page)

    page.get_by_role("link", name="Follow or cancel the job").click()

    expect(page.get_by_role("heading", name="Check incidents.csv.gz")).to_be_visible()
    axe(page)
