"""The main job from end to end: import, label, hand over, accept, health, renewal; three people.

By keyboard alone, but for the file chooser, which belongs to the browser.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import MembershipRole, Renewal, RenewalState, Role, TeamKind
from insights.jobs.health import start_recompute
from supportsuccess import audit, outbox
from supportsuccess.outbox import jobs
from tests.factories.people import MembershipFactory, TeamFactory, UserFactory
from tickets.models import Handoff, HandoffState, Learning, Ticket

LOG_COLUMNS = (
    "number,incident_state,sys_mod_count,sys_updated_at,sys_updated_by,reopen_count,"
    "reassignment_count,opened_at,caller_id,location,priority,contact_type,assignment_group,"
    "assigned_to,category,subcategory,u_symptom"
)
CUSTOMER_COLUMNS = (
    "customer,segment,seats,stage,owner,contract,contract_kind,starts_on,ends_on,currency,"
    "product,arr"
)
STATES = ("New", "Active", "Resolved")


def log_of_tickets():
    """Twelve incidents of two locations, in the layout of a ServiceNow log."""
    lines = [LOG_COLUMNS]
    for number in range(12):
        opened = timezone.now() - timedelta(days=3 + 4 * number)
        for step, state in enumerate(STATES):
            updated = opened + timedelta(hours=5 * step)
            lines.append(
                f"INC{number:07},{state},{step},{updated:%d/%m/%Y %H:%M},System,0,0,"
                f"{opened:%d/%m/%Y %H:%M},Caller {number % 3},"
                f"{'Halden Lifts' if number % 3 else 'Aster Rail'},2 - High,Phone,Group 1,"
                "Resolver 1,Sync,Offline,Stuck"
            )
    return "\n".join(lines).encode()


def file_of_customers(owner):
    """Who pays, how much, until when, and who answers for them."""
    today = timezone.now().date()
    starts_on, ends_on = today - timedelta(days=300), today + timedelta(days=65)
    lines = [
        f"{name},mid_market,60,live,{owner},{name} 1,fixed,{starts_on},{ends_on},EUR,Plan,{arr}"
        for name, arr in (("Halden Lifts", 312000), ("Aster Rail", 96000))
    ]
    return "\n".join([CUSTOMER_COLUMNS, *lines]).encode()


def staff():
    """A support lead, an agent, and a CSM whose own lead is another."""
    support, success = TeamFactory(kind=TeamKind.SUPPORT), TeamFactory(kind=TeamKind.SUCCESS)
    lead = UserFactory(name="Priya Nair", role=Role.CSLEAD)
    agent = UserFactory(name="Mina Okafor", role=Role.AGENT)
    csm = UserFactory(name="Jonas Weidner", role=Role.CSM)
    MembershipFactory(user=agent, team=support)
    MembershipFactory(user=lead, team=success, role=MembershipRole.LEAD)
    MembershipFactory(user=csm, team=success)
    return lead, agent, csm


def night():
    day = timezone.now().date()
    jobs.run_here(start_recompute(day, by=audit.System("night"), queue=outbox.HERE))
    outbox.deliver_due()


@pytest.fixture
def people(desk):
    return desk(staff)


@pytest.fixture
def window(new_context, sign_in):
    """A person at a browser of their own."""

    def open_window(person):
        context = new_context(color_scheme="light")
        sign_in(person, context=context)
        return context.new_page()

    return open_window


def import_file(page, desk, *, format_name, name, content):
    page.goto(f"/imports/new/?format={format_name}")
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Upload and check").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    desk(outbox.deliver_due)
    expect(page.get_by_text("Importing it would come to")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Import ")).to_have_count(0)
    desk(outbox.deliver_due)
    expect(page.get_by_role("button", name="Undo this import")).to_be_visible()


@pytest.fixture
def imported(desk, people, window):
    lead, _, csm = people
    page = window(lead)
    import_file(
        page, desk, format_name="servicenow", name="incidents.csv", content=log_of_tickets()
    )
    customers = desk(file_of_customers, csm.email)
    import_file(page, desk, format_name="customers", name="customers.csv", content=customers)


def test_the_whole_path_from_a_log_to_a_decided_renewal(*, desk, people, window, imported):
    _, agent, csm = people

    _label_and_hand_over(window(agent))
    desk(outbox.deliver_due)
    _accept(window(csm))
    desk(night)
    _decide(window(csm))

    assert desk(Renewal.objects.filter(state=RenewalState.AT_RISK).count) == 1
    assert desk(Handoff.objects.get).state == HandoffState.ACCEPTED
    assert desk(Ticket.objects.filter(learning=Learning.ANSWERED).count) == 1


def _label_and_hand_over(page):
    """Label the first ticket with one key, hand the next one's customer over with four."""
    page.goto("/inbox/")
    expect(page.locator("tbody tr")).to_have_count(12)
    page.keyboard.press("j")
    page.keyboard.press("l")
    panel = page.locator("[data-label-panel]")
    expect(panel).to_be_visible()
    first = panel.get_attribute("data-ticket")
    page.keyboard.press("n")
    expect(panel).not_to_have_attribute("data-ticket", first)
    page.goto("/inbox/")
    expect(page.locator("tbody tr")).to_have_count(11)
    page.keyboard.press("j")
    page.keyboard.press("h")
    expect(page.get_by_label("Type")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Sync broke a third time; they ask for a date.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Offered to Jonas Weidner.")).to_be_visible()


def _accept(page):
    page.goto("/notifications/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(":")
    page.wait_for_load_state()  # the keys are there once the page's scripts have run
    page.keyboard.press("a")
    expect(page.get_by_text("Accepted", exact=True).first).to_be_visible()


def _decide(page):
    page.goto("/renewals/")
    expect(page.locator("tbody tr").first).to_contain_text("€")
    page.keyboard.press("j")
    page.keyboard.press("3")
    expect(page.get_by_role("textbox", name="Next step")).to_be_focused()
    page.keyboard.type("Bring the date of the fix")
    page.keyboard.press("Tab")
    page.keyboard.type("+2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Bring the date of the fix").first).to_be_visible()
