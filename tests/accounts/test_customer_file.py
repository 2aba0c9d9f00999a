from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from accounts.models import (
    ArrMovement,
    Assignment,
    Cause,
    Contract,
    ContractLine,
    Customer,
    CustomerProfile,
    MovementKind,
    ProposedChange,
    Renewal,
    RenewalState,
    Segment,
    Source,
    Stage,
)
from supportsuccess.imports.models import BatchState
from tests.accounts.customer_files import checked, imported, row, undone
from tests.factories.customers import (
    AssignmentFactory,
    CustomerFactory,
    FieldAuthorityFactory,
    ProfileFactory,
    SourceFactory,
    TouchFactory,
)
from tests.factories.people import PoolFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def refusals(batch):
    return list(batch.refusals.in_file_order().values_list("row", "column"))


def discovered(name, *, external_id="Location 1"):
    customer = CustomerFactory(
        name=name, source="servicenow", external_id=external_id, profile=None
    )
    during = TimestamptzRange(datetime(2026, 3, 1, tzinfo=UTC), None)
    ProfileFactory(customer=customer, stage=Stage.DISCOVERED, during=during, seats=None)
    return customer


def test_customer_file_makes_customer_contract_line_and_ledger_row():
    batch = imported(row(), at=NOW)

    customer, contract, line = (
        Customer.objects.get(),
        Contract.objects.get(),
        ContractLine.objects.get(),
    )
    movement = ArrMovement.objects.get()
    assert (customer.name, customer.external_id) == ("Halden Lifts", "C-1")
    assert (contract.external_id, contract.notice_days, contract.auto_renew) == ("K-1", 60, True)
    assert (line.product.name, line.quantity, line.arr) == ("Plan", 40, Decimal(12000))
    assert (movement.kind, movement.amount) == (MovementKind.NEW, Decimal(12000))
    assert movement.effective_on == date(2026, 1, 1)
    assert batch.counts["customers"] == {"created": 1, "updated": 0, "unchanged": 0}


def test_customer_file_makes_a_live_profile_from_the_first_contract_on():
    imported(row(), at=NOW)

    profile = CustomerProfile.objects.get()
    assert (profile.stage, profile.segment, profile.seats) == (Stage.LIVE, Segment.MID_MARKET, 40)
    assert profile.during.lower == datetime(2026, 1, 1, tzinfo=UTC)


def test_customer_file_twice_changes_nothing():
    imported(row(), row(product="Go", arr="3000"), at=NOW)

    again = imported(row(), row(product="Go", arr="3000"), at=NOW)

    assert again.counts["customers"] == {"created": 0, "updated": 0, "unchanged": 1}
    assert again.counts["contracts"] == {"created": 0, "updated": 0, "unchanged": 1}
    assert ArrMovement.objects.count() == ContractLine.objects.count() == 2
    assert Renewal.objects.count() == CustomerProfile.objects.count() == 1
    assert not ProposedChange.objects.exists()


def test_dry_run_judges_all_rows_and_writes_nothing():
    batch = checked(row(), row(external_id="C-2", customer="Aster", contract="K-2", ends_on="soon"))

    assert batch.state == BatchState.CHECKED
    assert refusals(batch) == [(3, "ends_on")]
    assert batch.counts["customers"]["created"] == 1
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("terms", "decided_on"),
    [
        ({"auto_renew": "yes", "notice_days": "60"}, date(2027, 11, 1)),
        ({"auto_renew": "no", "notice_days": ""}, date(2027, 12, 1)),
        ({"notice_received_on": "2026-02-01"}, date(2026, 2, 1)),
    ],
)
def test_customer_file_schedules_the_renewal_by_its_decision_point(terms, decided_on):
    imported(row(**terms), at=NOW)

    renewal = Renewal.objects.get()
    assert (renewal.due_on, renewal.decision_point_on) == (date(2027, 12, 31), decided_on)
    assert list(renewal.contracts.all()) == [Contract.objects.get()]


@pytest.mark.parametrize("kind", ["evergreen", "month_to_month"])
def test_customer_file_schedules_nothing_for_what_goes_on_by_itself(kind):
    imported(row(contract_kind=kind, ends_on=""), at=NOW)

    assert Contract.objects.count() == 1
    assert not Renewal.objects.exists()


def test_customer_file_folds_contracts_of_one_day_into_one_renewal():
    imported(row(), row(contract="K-2", notice_days="90"), at=NOW)

    renewal = Renewal.objects.get()
    assert renewal.contracts.count() == 2
    assert renewal.decision_point_on == date(2027, 10, 2)


def test_customer_file_moves_the_renewal_with_the_end():
    imported(row(), at=NOW)
    renewal = Renewal.objects.get()

    imported(row(ends_on="2028-12-31"), at=NOW)

    assert Renewal.objects.get().pk == renewal.pk
    assert Renewal.objects.get().due_on == date(2028, 12, 31)


def test_customer_file_explains_changed_revenue_in_the_ledger():
    imported(row(), at=NOW)

    imported(row(quantity="50", arr="15000"), row(product="Go", arr="500"), at=NOW)
    imported(row(quantity="50", arr="14000"), row(product="Go", arr="500"), at=NOW)

    movements = ArrMovement.objects.exclude(kind=MovementKind.NEW).values_list("kind", "amount")
    assert set(movements) == {
        (MovementKind.UPSELL, Decimal(3000)),
        (MovementKind.CROSS_SELL, Decimal(500)),
        (MovementKind.PRICE_DECREASE, Decimal(-1000)),
    }


def test_customer_file_assigns_the_owner_it_names():
    ines = UserFactory(email="ines@example.com")

    imported(row(owner="Ines@example.com"), at=NOW)

    assignment = Assignment.objects.get()
    assert (assignment.holder_user, assignment.role.key) == (ines, "owner")
    assert assignment.cause == Cause.IMPORT


def test_customer_file_assigns_the_pool_it_names():
    pool = PoolFactory(name="Scale")

    imported(row(pool="Scale"), at=NOW)

    assert Assignment.objects.get().holder_pool == pool


def test_customer_file_gives_the_ownerless_to_their_segments_intake_pool():
    PoolFactory(is_intake=True, segment="")
    pool = PoolFactory(is_intake=True, segment=Segment.MID_MARKET)

    imported(row(), at=NOW)

    assignment = Assignment.objects.get()
    assert (assignment.holder_pool, assignment.cause) == (pool, Cause.INTAKE)


def test_customer_file_counts_customers_that_nobody_takes():
    batch = imported(row(), at=NOW)

    assert batch.counts["active customers"] == {"unplaced": 1}


def test_customer_file_proposes_another_owner_instead_of_moving_the_customer():
    customer = CustomerFactory(name="Halden Lifts", source="crm", external_id="C-1")
    held = AssignmentFactory(customer=customer)
    UserFactory(email="ines@example.com")

    imported(row(owner="ines@example.com", segment="", seats=""), at=NOW)

    proposal = ProposedChange.objects.get()
    assert Assignment.objects.get() == held
    assert (proposal.field, proposal.value) == ("owner", "ines@example.com")


def test_customer_file_completes_a_discovered_customer():
    customer = discovered("Location 1")

    imported(
        row(customer="Aldermoor", source="servicenow", external_id="Location 1", fictional="yes"),
        at=NOW,
    )

    customer.refresh_from_db()
    before, after = CustomerProfile.objects.order_by("during")
    assert (customer.name, customer.is_fictional) == ("Aldermoor", True)
    assert (before.stage, after.stage) == (Stage.DISCOVERED, Stage.LIVE)
    assert after.during.upper is None


def test_customer_file_finds_a_discovered_customer_by_name():
    customer = discovered("halden  lifts")

    imported(row(), at=NOW)
    imported(row(), at=NOW)

    assert Customer.objects.get() == customer


def test_customer_file_keeps_two_of_one_name_apart_by_their_ids():
    imported(row(), row(external_id="C-2", contract="K-2"), at=NOW)

    assert Customer.objects.count() == 2


def test_customer_file_refuses_a_name_that_could_be_two():
    CustomerFactory(name="Halden Lifts")
    CustomerFactory(name="Halden Lifts")

    batch = checked(row(source="", external_id=""))

    assert refusals(batch) == [(2, "customer")]


def test_customer_file_writes_a_field_its_source_owns():
    imported(row(), at=NOW)
    FieldAuthorityFactory(model="customer", field="segment", source=Source.objects.get(key="crm"))

    imported(row(segment="enterprise"), at=NOW)

    current = CustomerProfile.objects.current().get()
    assert current.segment == Segment.ENTERPRISE
    assert current.seats == 40


def test_customer_file_proposes_a_field_another_source_owns():
    imported(row(), at=NOW)
    FieldAuthorityFactory(model="customer", field="seats", source=SourceFactory(key="billing"))

    imported(row(seats="90"), at=NOW)
    imported(row(seats="95"), at=NOW)

    proposal = ProposedChange.objects.get()
    assert (proposal.field, proposal.value) == ("seats", "95")
    assert CustomerProfile.objects.current().get().seats == 40


def test_customer_file_proposes_what_differs_from_what_is_owned_here():
    imported(row(), at=NOW)

    batch = imported(row(segment="enterprise"), at=NOW)

    assert batch.counts["proposed changes"] == {"created": 1}
    assert CustomerProfile.objects.current().get().segment == Segment.MID_MARKET


def test_customer_file_places_children_under_parents():
    imported(
        row(customer="Kestrel", external_id="C-9", contract="K-9"),
        row(customer="Kestrel North", external_id="C-10", contract="K-10", parent="Kestrel"),
        at=NOW,
    )

    assert CustomerProfile.objects.get(customer__name="Kestrel North").parent.name == "Kestrel"


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"customer": " "}, "customer"),
        ({"source": ""}, "source"),
        ({"segment": "huge"}, "segment"),
        ({"seats": "many"}, "seats"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"owner": "nobody@example.com"}, "owner"),
        ({"pool": "No such pool"}, "pool"),
        ({"parent": "No such customer"}, "parent"),
        ({"parent": "Halden Lifts"}, "parent"),
        ({"contract": ""}, "contract"),
        ({"contract_kind": "handshake"}, "contract_kind"),
        ({"starts_on": "1.2.2026"}, "starts_on"),
        ({"ends_on": ""}, "ends_on"),
        ({"ends_on": "2025-12-31"}, "ends_on"),
        ({"contract_kind": "evergreen"}, "ends_on"),
        ({"currency": "euro"}, "currency"),
        ({"product": ""}, "product"),
        ({"arr": "-5"}, "arr"),
        ({"arr": "1.005"}, "arr"),
        ({"quantity": "some"}, "quantity"),
    ],
)
def test_customer_file_refuses_an_unusable_row_naming_its_column(cells, column):
    batch = checked(row(**cells))

    assert refusals(batch) == [(2, column)]
    assert batch.counts["customers"]["created"] == 0


def test_customer_file_takes_an_owner_or_a_pool_but_not_both():
    UserFactory(email="a@example.com")

    assert refusals(checked(row(owner="a@example.com", pool="Scale"))) == [(2, "pool")]


def test_customer_file_refuses_a_whole_contract_for_one_bad_amount():
    batch = imported(
        row(), row(product="Go", arr="a lot"), row(contract="K-2", product="Parts"), at=NOW
    )

    assert refusals(batch) == [(2, "contract"), (3, "arr")]
    assert Contract.objects.get().external_id == "K-2"


def test_customer_file_refuses_rows_that_disagree():
    batch = imported(row(), row(segment="small", contract="K-2"), at=NOW)

    assert refusals(batch) == [(3, "customer")]
    assert Contract.objects.get().external_id == "K-1"


def test_customer_file_refuses_a_contract_of_somebody_else():
    imported(row(), at=NOW)

    batch = checked(row(customer="Aster", external_id="C-2"))

    assert refusals(batch) == [(2, "contract")]


def test_undo_of_a_customer_file_retires_what_it_made():
    UserFactory(email="ines@example.com")
    batch = imported(row(owner="ines@example.com"), at=NOW)

    undone(batch, at=timezone.now())

    assert Customer.objects.get().retired_at is not None
    assert Contract.objects.get().retired_at is not None
    assert Renewal.objects.get().state == RenewalState.SUPERSEDED
    assert not Assignment.objects.current().exists()
    assert not ArrMovement.objects.standing().exists()


def test_undo_of_a_customer_file_keeps_customers_somebody_works_with():
    batch = imported(row(), at=NOW)
    TouchFactory(customer=Customer.objects.get())

    undone(batch, at=timezone.now())

    assert Customer.objects.get().retired_at is None
    assert Contract.objects.get().retired_at is not None


def test_undo_of_a_customer_file_puts_customers_back_to_discovered():
    discovered("Halden Lifts")
    batch = imported(row(), at=NOW)

    undone(batch, at=timezone.now())

    assert CustomerProfile.objects.current().get().stage == Stage.DISCOVERED
    assert Customer.objects.get().retired_at is None


def test_undone_customer_file_may_be_imported_again():
    undone(imported(row(), at=NOW), at=timezone.now())

    again = imported(row(), at=NOW)

    assert again.counts["customers"]["created"] == again.counts["contracts"]["created"] == 1
    assert Customer.objects.get().retired_at is None
    assert Contract.objects.get().retired_at is None
    assert Renewal.objects.open().count() == 1
    assert [movement.kind for movement in ArrMovement.objects.standing()] == [MovementKind.NEW]
