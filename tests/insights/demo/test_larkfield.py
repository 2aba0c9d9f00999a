"""How the demo company's stories stand once it is loaded."""

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import authenticate
from django.db.models import F
from django.test import Client
from django.utils import timezone

from accounts.models import (
    Assignment,
    Band,
    Channel,
    Customer,
    CustomerContact,
    CustomerProfile,
    Notification,
    Organisation,
    Renewal,
    RenewalState,
    Role,
    Stage,
    User,
)
from accounts.queries.accountability import accountable
from insights.demo.load import load
from insights.demo.people import SIGN_INS
from insights.models import CurrentHealth, HealthSnapshot, QueuedRenewal
from insights.queries.customers import unplaced
from supportsuccess.errors import Refused
from supportsuccess.imports.models import BatchState, ImportBatch
from tests.insights.demo.conftest import PASSWORD
from tickets.models import (
    Handoff,
    HandoffEvent,
    HandoffOutcome,
    HandoffState,
    Labeling,
    Learning,
    Origin,
    Promise,
    Ticket,
)
from tickets.queries.handoff_deciders import deciders_of, votes_on

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("larkfield")]


def health_of(name):
    return CurrentHealth.objects.get(customer__name=name)


def shares():
    bands = list(CurrentHealth.objects.values_list("band", flat=True))
    return {band: bands.count(band) / len(bands) for band in Band.values}


def test_it_says_that_it_is_a_demo():
    assert Organisation.objects.get().is_demo


def test_all_files_came_in_whole():
    batches = ImportBatch.objects.all()

    assert {batch.format for batch in batches} == {"customers", "events", "messages", "labels"}
    assert {batch.state for batch in batches} == {BatchState.DONE}
    assert not any(batch.refusals.exists() for batch in batches)


def test_everybody_can_sign_in():
    for address in SIGN_INS:
        assert authenticate(None, username=f"{address}@example.com", password=PASSWORD)


def test_it_is_not_loaded_over_a_company(larkfield):
    with pytest.raises(Refused):
        load(password=PASSWORD, now=larkfield, say=print)


def test_the_book_has_trouble_and_silence_in_it():
    found = shares()

    assert 0.06 <= found[Band.RED] <= 0.11
    assert 0.15 <= found[Band.YELLOW] <= 0.27
    assert found[Band.UNKNOWN] <= 0.35


def test_most_lessons_are_written_down_and_some_wait():
    imported = Labeling.objects.filter(origin=Origin.IMPORTED)
    due = Ticket.objects.due().count()

    assert imported.values("ticket").distinct().count() > 25_000
    assert 500 < due < 4_000
    assert Ticket.objects.filter(learning=Learning.ANSWERED).count() > 10 * due


def test_six_in_a_hundred_tickets_are_unmatched():
    assert 0.05 < Ticket.objects.unmatched().count() / Ticket.objects.count() < 0.07


def test_halden_fell_for_reopens_and_a_champion_who_left(larkfield):
    now = health_of("Halden Lifts")
    before = (
        HealthSnapshot.objects.filter(customer__name="Halden Lifts", day__lte=now.change["since"])
        .latest("day")
        .score
    )

    assert 80 <= before <= 82.5
    assert 56 <= now.score <= 59.5
    assert "reopens" in now.change["sentence"]
    assert "champion left" in now.change["sentence"]


def test_halden_is_first_in_its_managers_queue():
    mine = QueuedRenewal.objects.filter(owner__email="csm@example.com")

    assert mine.order_by("-priority").first().customer.name == "Halden Lifts"


def test_halden_can_give_notice_for_nine_more_days(larkfield):
    renewal = Renewal.objects.open().get(customer__name="Halden Lifts")

    assert (renewal.decision_point_on - Organisation.objects.get().demo_day).days == 9


def test_halden_was_accepted_in_fifty_minutes_and_promised_a_fix():
    handoff = Handoff.objects.get(customer__name="Halden Lifts")
    accepted = HandoffEvent.objects.get(handoff=handoff, kind="accepted")

    assert accepted.occurred_at - handoff.offered_at == timedelta(minutes=50)
    assert Promise.objects.open().get().handoff == handoff


def test_ingrid_has_left_halden():
    link = CustomerContact.objects.get(contact__name="Ingrid Solheim")

    assert link.role == "champion"
    assert link.left_at is not None


def test_aster_rail_was_returned_corrected_accepted_and_renewed_flat():
    handoff = Handoff.objects.get(customer__name="Aster Rail")
    kinds = list(HandoffEvent.objects.filter(handoff=handoff).values_list("kind", flat=True))

    assert handoff.outcome == HandoffOutcome.RETAINED_FLAT
    assert {"returned", "accepted"} <= set(kinds)
    assert Renewal.objects.get(customer__name="Aster Rail").state == RenewalState.WON


def test_what_came_back_twice_waits_for_the_lead_of_support():
    handoff = Handoff.objects.get(customer__name="Pinewood Sprinklers")

    deciders = deciders_of(handoff, at=timezone.now())
    votes = votes_on(handoff, deciders=deciders)

    assert [(vote.who, vote.decision is None) for vote in votes] == [
        ("Priya Nair", True),
        ("Clara Lindqvist", False),
    ]


def test_tidebrook_was_sold_more_by_what_support_heard():
    handoff = Handoff.objects.get(customer__name="Tidebrook Fire Safety")

    assert handoff.state == HandoffState.COMPLETED
    assert handoff.outcome == HandoffOutcome.EXPANDED


def test_kestrel_has_one_red_child():
    children = CustomerProfile.objects.current().filter(parent__name="Kestrel Group")
    bands = dict(
        CurrentHealth.objects.filter(customer__in=children.values("customer")).values_list(
            "customer__name", "band"
        )
    )

    assert [name for name, band in bands.items() if band == Band.RED] == ["Kestrel Iberia"]
    assert len(bands) == 4


def test_miravel_leaves_with_one_module_only():
    miravel = Customer.objects.get(name="Miravel Climate")
    gone = miravel.contracts.exclude(notice_received_on=None)

    assert [str(line.product) for line in gone.get().lines.all()] == ["Parts"]
    assert miravel.contracts.filter(notice_received_on=None).count() == 1
    assert CustomerProfile.objects.current().get(customer=miravel).stage == Stage.NOTICE


def test_northsound_is_unknown_however_well_it_once_scored():
    assert health_of("Northsound Alarms").band == Band.UNKNOWN


def test_orchard_row_worries_the_machine_and_not_its_manager():
    renewal = Renewal.objects.get(customer__name="Orchard Row Heating")

    assert health_of("Orchard Row Heating").band != Band.GREEN
    assert renewal.state == RenewalState.COMMITTED


def test_two_were_lost_and_one_goes_on_talking(larkfield):
    lost = Renewal.objects.filter(state=RenewalState.LOST)
    pinewood = Renewal.objects.open().get(customer__name="Pinewood Sprinklers")

    assert {each.customer.name for each in lost} == {"Quillon Ventilation", "Brightwell Elevators"}
    assert pinewood.due_on < larkfield.date()


def test_who_covers_a_customer_follows_the_chain(larkfield):
    ines, rob, yuki = (
        User.objects.get(email=f"{name}@example.com") for name in ("ines", "rob", "yuki")
    )
    hers = Assignment.objects.current().filter(holder_user=ines).first().customer_id

    assert accountable(hers, at=larkfield).user_id == rob.pk
    assert accountable(hers, at=larkfield + timedelta(days=8)).user_id == yuki.pk


def test_31_thousand_wait_to_be_placed_and_the_pools_book_does_not(larkfield):
    lead = User.objects.get(email="cslead@example.com")
    waiting = unplaced(lead, at=larkfield).annotate(arr=F("customer__listed__arr"))

    assert sum(row.arr for row in waiting) == 31_000
    assert {(larkfield - row.during.lower).days for row in waiting} == {8}


def test_rob_leaves_with_41_customers():
    mine = Assignment.objects.current().in_role("owner").filter(holder_user__name="Rob Ashby")

    assert mine.count() == 41


def test_every_page_says_that_all_is_invented():
    client = Client()
    client.force_login(User.objects.get(email="csm@example.com"))

    for path in ("/", "/renewals/", "/customers/", "/inbox/", "/handoffs/", "/notifications/"):
        page = client.get(path, follow=True).content.decode()
        assert "its people and its customers are invented" in page, path
        assert "You are Jonas Weidner" in page


def test_minas_handoffs_say_what_became_of_them():
    sent = Handoff.objects.filter(sender__email="agent@example.com")

    assert set(sent.exclude(outcome="").values_list("outcome", flat=True)) == {
        HandoffOutcome.RISK_REDUCED,
        HandoffOutcome.EXPANDED,
        HandoffOutcome.NOT_REACHABLE,
    }
    assert HandoffEvent.objects.thanks().filter(handoff__in=sent).count() == 2


def test_no_csm_gets_more_than_five_mails_at_once_a_day():
    at_once = Notification.objects.filter(channel=Channel.MAIL).select_related("user")
    mailed = at_once.filter(user__role__in=[Role.CSM, Role.CSLEAD])

    days = Counter(
        (notice.user.name, notice.created_at.astimezone(ZoneInfo(notice.user.timezone)).date())
        for notice in mailed
    )

    assert mailed.exists()
    assert Notification.objects.filter(channel=Channel.DIGEST).exists()
    assert max(days.values()) <= 5, days
