"""One customer's page in one statement, and the list of all."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from accounts.models import (
    Assignment,
    Band,
    Customer,
    CustomerContact,
    HealthOverride,
    Organisation,
    Renewal,
    Segment,
)
from accounts.queries.accountability import covered_by
from accounts.queries.organisation import Ours
from insights.models import HealthSnapshot, ListedCustomer
from insights.queries.stake import renewals_at_stake
from supportsuccess.lists.keyset import Keyset
from tickets.models import Handoff, Promise, Ticket

if TYPE_CHECKING:
    from decimal import Decimal

    from django.http import QueryDict

    from accounts.models import User
    from accounts.models.assignments import AssignmentQuerySet
    from accounts.models.customers import CustomerQuerySet
    from insights.models.renewals import ListedCustomerQuerySet

SPARK_POINTS = 16
MATTERS_SHOWN = 8
PEOPLE_SHOWN = 12
ORDERS = {
    "name": Keyset(("sort_name", "customer_id")),
    "arr": Keyset(("-arr_rank", "-customer_id")),
    "health": Keyset(("score_rank", "customer_id")),
}
MINE, EVERYONE, NOBODY = "me", "all", "none"


class CustomerRow(NamedTuple):
    """What one row of the list shows."""

    customer_id: int
    name: str
    sort_name: str
    owner_name: str | None
    segment: str
    stage: str
    arr: Decimal | None
    arr_rank: Decimal
    band: str
    score: Decimal | None
    score_rank: Decimal
    change_sentence: str
    open_tickets: int
    open_handoffs: int
    last_touch_at: datetime | None


class CustomerFilters(NamedTuple):
    """What the URL asks for; what it says wrongly is left out."""

    text: str
    owner: str
    segment: str
    band: str
    order: str
    at_stake: str
    placed: str

    @property
    def are_set(self) -> bool:
        return bool(self.text or self.segment or self.band or self.at_stake or self.placed)


def read_filters(params: QueryDict) -> CustomerFilters:
    """What the URL asks for."""
    asked = {name: params.get(name, "") for name in ("segment", "band", "order", "owner")}
    return CustomerFilters(
        text=params.get("q", "").replace("\x00", "").strip()[:100],
        owner=asked["owner"] if asked["owner"] in {MINE, NOBODY} else EVERYONE,
        segment=asked["segment"] if asked["segment"] in Segment.values else "",
        band=asked["band"] if asked["band"] in Band.values else "",
        order=asked["order"] if asked["order"] in ORDERS else "name",
        at_stake=params.get("at_stake", "") and "yes",
        placed=params.get("placed", "") and "no",
    )


def customers(
    filters: CustomerFilters, *, user: User, at: datetime, day: date
) -> ListedCustomerQuerySet:
    """The customers of these filters."""
    rows = ListedCustomer.objects.visible_to(user)
    if filters.text:
        rows = rows.named_like(filters.text)
    for name in ("segment", "band"):
        if value := getattr(filters, name):
            rows = rows.filter(**{name: value})
    if filters.at_stake:
        stake = renewals_at_stake(user, at=at, day=day)
        rows = rows.filter(customer__in=stake.values("customer"))
    if filters.placed:
        rows = rows.filter(customer__in=unplaced(user, at=at).values("customer"))
    return _of_owner(rows, filters.owner, user=user, at=at)


def _of_owner(
    rows: ListedCustomerQuerySet, owner: str, *, user: User, at: datetime
) -> ListedCustomerQuerySet:
    if owner == MINE:
        return rows.owned_by({user.pk, *covered_by(user.pk, at=at)})
    return rows.filter(owner=None) if owner == NOBODY else rows


def unplaced(user: User, *, at: datetime) -> AssignmentQuerySet:
    """Owner assignments of customers that wait in an intake pool."""
    held = Assignment.objects.visible_to(user).at(at).in_role("owner")
    return held.filter(holder_pool__is_intake=True, customer__retired_at=None)


def for_list(rows: ListedCustomerQuerySet) -> ListedCustomerQuerySet:
    """With the names that a row shows."""
    return rows.annotate(name=F("customer__name"), owner_name=F("owner__name"))


def customers_for_sheet(user: User, *, at: datetime) -> CustomerQuerySet:
    """Visible customers with all that the head and the open matters of their page show."""
    return (
        Customer.objects.visible_to(user)
        .select_related("listed")
        .annotate(
            profile=FilteredRelation("profiles", condition=Q(profiles__during__contains=at)),
            seats=F("profile__seats"),
            stage=F("profile__stage"),
            touch_model=F("profile__touch_model"),
            desired_outcome=F("profile__desired_outcome"),
            outcome_status=F("profile__outcome_status"),
            parent_id=F("profile__parent"),
            parent_name=F("profile__parent__name"),
            scores=_scores(),
            next_renewal=_next_renewal(),
            override=_override(at),
            people=_people(user),
            open_handoffs=_open_handoffs(),
            open_promises=_open_promises(),
            open_tickets=_open_tickets(),
            organisation=Subquery(
                Organisation.objects.values(
                    json=JSONObject(name="name", currency="currency", timezone="timezone")
                )[:1]
            ),
        )
    )


def organisation_of(customer: Customer) -> Ours:
    """The company as it was read along with the customer."""
    found: dict[str, Any] | None = getattr(customer, "organisation", None)
    return Ours(**found) if found else Ours()


def _scores() -> ArraySubquery:
    newest = HealthSnapshot.objects.filter(customer=OuterRef("pk")).order_by("-day")
    return ArraySubquery(newest.values("score")[:SPARK_POINTS])


def _next_renewal() -> Subquery:
    upcoming = Renewal.objects.open().filter(customer=OuterRef("pk"))
    return Subquery(
        upcoming.order_by("decision_point_on", "pk").values(
            json=JSONObject(
                id="pk",
                due_on="due_on",
                decision_point_on="decision_point_on",
                state="state",
                next_step="next_step",
                next_step_on="next_step_on",
            )
        )[:1]
    )


def _override(at: datetime) -> Subquery:
    standing = HealthOverride.objects.in_force(at).filter(customer=OuterRef("pk"))
    return Subquery(
        standing.order_by("-occurred_at", "-pk").values(
            json=JSONObject(band="band", reason="reason", by="by__name", expires_at="expires_at")
        )[:1]
    )


def _people(user: User) -> ArraySubquery:
    found = CustomerContact.objects.visible_to(user).for_customer()
    return ArraySubquery(
        found.filter(customer=OuterRef("pk"), contact__retired_at=None).values(
            json=JSONObject(id="contact", name="contact__name", role="role", left_at="left_at")
        )[:PEOPLE_SHOWN]
    )


def _open_handoffs() -> ArraySubquery:
    found = Handoff.objects.open().filter(customer=OuterRef("pk")).order_by("due_at", "pk")
    return ArraySubquery(
        found.values(
            json=JSONObject(
                id="pk", type="type", state="state", due_at="due_at", receiver="receiver__name"
            )
        )[:MATTERS_SHOWN]
    )


def _open_promises() -> ArraySubquery:
    found = Promise.objects.open().filter(customer=OuterRef("pk")).order_by("due_on", "pk")
    return ArraySubquery(
        found.values(json=JSONObject(id="pk", text="text", due_on="due_on", owner="owner__name"))[
            :MATTERS_SHOWN
        ]
    )


def _open_tickets() -> ArraySubquery:
    found = Ticket.objects.unsolved().filter(customer=OuterRef("pk"), retired_at=None)
    return ArraySubquery(
        found.order_by("-is_blocked", "-opened_at", "-pk").values(
            json=JSONObject(
                id="pk",
                number="number",
                subject="subject",
                priority="priority",
                is_blocked="is_blocked",
                reopen_count="reopen_count",
                opened_at="opened_at",
            )
        )[:MATTERS_SHOWN]
    )
