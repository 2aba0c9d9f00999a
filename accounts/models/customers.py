from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models.intervals import during_is_not_empty, interval
from accounts.models.names import NamedQuerySet, name_index
from supportsuccess import audit

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models.people import User


class CustomerKind(models.TextChoices):
    CUSTOMER = "customer", "Customer"
    TRIAL = "trial", "Trial"
    PARTNER = "partner", "Partner"
    INTERNAL = "internal", "Own or test organisation"


class Stage(models.TextChoices):
    DISCOVERED = "discovered", "Discovered in tickets"
    TRIAL = "trial", "Trial"
    ONBOARDING = "onboarding", "Onboarding"
    LIVE = "live", "Live"
    NOTICE = "notice", "Notice received"
    FORMER = "former", "Former"


ACTIVE_STAGES = (Stage.ONBOARDING, Stage.LIVE, Stage.NOTICE)


class Segment(models.TextChoices):
    ENTERPRISE = "enterprise", "Enterprise"
    MID_MARKET = "mid_market", "Mid-market"
    SMALL = "small", "Small"
    UNKNOWN = "unknown", "No segment"


class TouchModel(models.TextChoices):
    HIGH = "high", "High touch"
    LOW = "low", "Low touch"
    POOLED = "pooled", "Pooled"


class OutcomeStatus(models.TextChoices):
    UNKNOWN = "unknown", "Not known"
    ON_TRACK = "on_track", "On track"
    AT_RISK = "at_risk", "At risk"
    REACHED = "reached", "Reached"


# As text: a page asks this of each table it reads, and composing it took longer than running it.
HIDDEN = """
    SELECT c.id FROM accounts_customer c
    WHERE c.is_restricted
      AND NOT EXISTS (SELECT FROM accounts_customeraccess a
                      WHERE a.customer_id = c.id AND a.user_id = %s)
      AND NOT EXISTS (SELECT FROM accounts_assignment s
                      WHERE s.customer_id = c.id AND s.holder_user_id = %s
                        AND s.during @> statement_timestamp())"""


def hidden_from(user: User) -> RawSQL:
    """Restricted customers whose access list and assignments leave this person out."""
    return RawSQL(HIDDEN, [user.pk, user.pk])  # noqa: S611 - constants of ours; what is asked is a parameter


def hidden_text(user: User) -> str:
    """The same inside a statement that is written by hand."""
    return HIDDEN % (user.pk, user.pk)


class CustomerQuerySet(NamedQuerySet["Customer"]):
    def visible_to(self, user: User) -> Self:
        """Customers this person may see: restricted ones only by access list or assignment."""
        if not user.has_perm("accounts.view_customer"):
            return self.none()
        return self.exclude(pk__in=hidden_from(user))

    def active(self) -> Self:
        """Customers that pay now: onboarding, live or under notice."""
        return self.filter(
            kind=CustomerKind.CUSTOMER,
            profiles__in=CustomerProfile.objects.current().filter(stage__in=ACTIVE_STAGES),
        )

    def still_here(self) -> Self:
        """Not withdrawn with the file that brought them."""
        return self.filter(retired_at=None)

    def for_choice(self) -> Self:
        return self.order_by("sort_name", "pk")


class Customer(models.Model):
    """A company that pays, or may."""

    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=200, db_collation="C")
    kind = models.CharField(max_length=20, choices=CustomerKind, default=CustomerKind.CUSTOMER)
    timezone = models.CharField(max_length=64, default="UTC")
    is_restricted = models.BooleanField(default=False)
    is_fictional = models.BooleanField(default=False)
    source = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    batch = models.ForeignKey(
        "imports.ImportBatch", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="customer_has_name"),
            models.CheckConstraint(
                condition=Q(kind__in=CustomerKind.values), name="customer_kind_known"
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="customer_external_id_unique",
            ),
        ]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="customer_by_sort_name"),
            models.Index(
                fields=["id"], condition=Q(is_restricted=True), name="customer_restricted"
            ),
            name_index("customer_by_any_name"),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("insights:customer", args=[self.pk])


class ScopedQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows that belong to a customer: seen by whoever may see the customer."""

    view_permission: ClassVar[str]
    customer_path: ClassVar[str] = "customer"

    def visible_to(self, user: User) -> Self:
        """Rows this person may see: none of a customer hidden from them."""
        if not user.has_perm(self.view_permission):
            return self.none()
        hidden = hidden_from(user)
        return self.exclude(**{f"{self.customer_path}__in": hidden})


class CustomerAccess(models.Model):
    """This person may see this restricted customer."""

    customer = models.ForeignKey("Customer", on_delete=models.CASCADE, related_name="access_list")
    user = models.ForeignKey("User", on_delete=models.CASCADE, related_name="customer_access")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "user"], name="customeraccess_once"),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.user} sees {self.customer}"


class CustomerProfileQuerySet(ScopedQuerySet["CustomerProfile"]):
    view_permission = "accounts.view_customer"

    def at(self, moment: datetime) -> Self:
        return self.filter(during__contains=moment)

    def current(self) -> Self:
        return self.filter(during__endswith=None)


class CustomerProfile(models.Model):
    """What a customer was from when to when: seats, segment, stage, the outcome they bought for."""

    customer = models.ForeignKey("Customer", on_delete=models.CASCADE, related_name="profiles")
    during = DateTimeRangeField()
    seats = models.PositiveIntegerField(null=True, blank=True)
    segment = models.CharField(max_length=20, choices=Segment, default=Segment.UNKNOWN)
    touch_model = models.CharField(max_length=20, choices=TouchModel, default=TouchModel.POOLED)
    stage = models.CharField(max_length=20, choices=Stage)
    desired_outcome = models.TextField(blank=True)
    outcome_status = models.CharField(
        max_length=20, choices=OutcomeStatus, default=OutcomeStatus.UNKNOWN
    )
    parent = models.ForeignKey(
        "Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="child_profiles"
    )
    stored_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = CustomerProfileQuerySet.as_manager()

    class Meta:
        constraints = [
            during_is_not_empty("customerprofile"),
            ExclusionConstraint(
                name="customerprofile_one_at_a_time",
                expressions=[
                    ("customer", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(stage__in=Stage.values), name="customerprofile_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(segment__in=Segment.values), name="customerprofile_segment_known"
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("customer")),
                name="customerprofile_not_its_own_parent",
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer"],
                condition=Q(during__endswith=None),
                name="customerprofile_current",
            ),
        ]
        triggers = [*audit.recorded(), *interval()]

    def __str__(self) -> str:
        return f"{self.customer} {self.stage}"


class ContactQuerySet(NamedQuerySet["Contact"]):
    def visible_to(self, user: User) -> Self:
        """Contacts of customers this person may see, if contact data are theirs to see."""
        if not user.has_perm("accounts.view_contact"):
            return self.none()
        hidden = hidden_from(user)
        # ids first: the few hidden links, not the links of every contact
        links = CustomerContact.objects.filter(customer__in=hidden)
        return self.exclude(pk__in=links.values("contact"))

    def still_here(self) -> Self:
        """Not withdrawn with the file that brought them."""
        return self.filter(retired_at=None)

    def at_customer(self, customer: Customer) -> Self:
        """People who are at this customer now, by name."""
        here = CustomerContact.objects.present().filter(customer=customer)
        return self.filter(links__in=here, retired_at=None).order_by("sort_name", "pk")


class Contact(models.Model):
    """A person at a customer."""

    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=200, db_collation="C")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    batch = models.ForeignKey(
        "imports.ImportBatch", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="contact_external_id_unique",
            ),
        ]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="contact_by_sort_name"),
            name_index("contact_by_any_name"),
        ]
        triggers = audit.recorded(personal=("name", "sort_name", "email", "phone"))

    def __str__(self) -> str:
        return self.name


class ContactRole(models.TextChoices):
    CHAMPION = "champion", "Champion"
    DECISION_MAKER = "decision_maker", "Decision maker"
    ECONOMIC_BUYER = "economic_buyer", "Economic buyer"
    POWER_USER = "power_user", "Power user"
    OTHER = "other", "Other"


class CustomerContactQuerySet(ScopedQuerySet["CustomerContact"]):
    view_permission = "accounts.view_contact"

    def present(self) -> Self:
        return self.filter(left_at=None)

    def for_customer(self) -> Self:
        """With the person's name; those who are still there first, who matters most on top."""
        by_role = Case(
            *(When(role=role, then=place) for place, role in enumerate(ContactRole.values)),
            default=len(ContactRole.values),
        )
        order = (F("left_at").desc(nulls_first=True), by_role, "contact__sort_name", "pk")
        return self.select_related("contact").order_by(*order)


class CustomerContact(models.Model):
    """A contact's place at a customer, and when they left it."""

    customer = models.ForeignKey("Customer", on_delete=models.CASCADE, related_name="contacts")
    contact = models.ForeignKey("Contact", on_delete=models.CASCADE, related_name="links")
    role = models.CharField(max_length=20, choices=ContactRole, default=ContactRole.OTHER)
    left_at = models.DateTimeField(null=True, blank=True)
    # when the company knew that they were there, and that they had gone
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_left_at = models.DateTimeField(null=True, blank=True)
    stored_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = CustomerContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "contact"], name="customercontact_once_per_customer"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None, recorded_left_at=None)
                | (~Q(left_at=None) & ~Q(recorded_left_at=None)),
                name="customercontact_left_is_recorded",
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.contact} at {self.customer}"
