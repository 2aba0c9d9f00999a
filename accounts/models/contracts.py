from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models.customers import ScopedQuerySet
from supportsuccess import audit

if TYPE_CHECKING:
    from datetime import date


class Product(models.Model):
    """Something a customer can buy a quantity of."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)

    class Meta:
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.name


class ContractKind(models.TextChoices):
    FIXED = "fixed", "Fixed term"
    EVERGREEN = "evergreen", "Evergreen"
    MONTH_TO_MONTH = "month_to_month", "Month to month"
    USAGE = "usage", "Usage"
    TRIAL = "trial", "Trial"


class ContractQuerySet(ScopedQuerySet["Contract"]):
    view_permission = "accounts.view_money"

    def in_force(self, day: date) -> Self:
        return self.filter(starts_on__lte=day, retired_at=None).filter(
            Q(ends_on=None) | Q(ends_on__gte=day)
        )


class Contract(models.Model):
    """What a customer signed: its term, how it renews, and until when notice can be given."""

    customer = models.ForeignKey("Customer", on_delete=models.PROTECT, related_name="contracts")
    kind = models.CharField(max_length=20, choices=ContractKind)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    auto_renew = models.BooleanField(default=False)
    notice_days = models.PositiveSmallIntegerField(null=True, blank=True)
    notice_received_on = models.DateField(null=True, blank=True)
    our_notice_deadline_on = models.DateField(null=True, blank=True)
    uplift_pct = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3)
    source = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    batch = models.ForeignKey(
        "imports.ImportBatch", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="contract_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ContractKind.FIXED) | ~Q(ends_on=None),
                name="contract_fixed_has_end",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[ContractKind.EVERGREEN, ContractKind.MONTH_TO_MONTH])
                | Q(ends_on=None)
                | ~Q(notice_received_on=None),
                name="contract_open_ended_ends_by_notice",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ContractKind.values), name="contract_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="contract_currency_is_a_code"
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="contract_external_id_unique",
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.customer}, {self.get_kind_display()} from {self.starts_on}"


class ContractLineQuerySet(ScopedQuerySet["ContractLine"]):
    view_permission = "accounts.view_money"
    customer_path = "contract__customer"


class ContractLine(models.Model):
    """One product on a contract and what it brings in a year."""

    contract = models.ForeignKey("Contract", on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey("Product", on_delete=models.PROTECT, related_name="lines")
    quantity = models.PositiveIntegerField(default=1)
    arr = models.DecimalField(max_digits=14, decimal_places=2)
    for_customer = models.ForeignKey(
        "Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lines_paid_by_parent",
    )

    objects = ContractLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(arr__gte=0), name="contractline_arr_not_negative"),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.product} {self.arr}"


class RenewalState(models.TextChoices):
    UPCOMING = "upcoming", "Upcoming"
    IN_REVIEW = "in_review", "In review"
    COMMITTED = "committed", "Committed"
    AT_RISK = "at_risk", "At risk"
    WON = "won", "Won"
    AUTO_RENEWED = "auto_renewed", "Auto-renewed"
    LOST = "lost", "Lost"
    SUPERSEDED = "superseded", "Superseded"
    MERGED = "merged", "Merged"
    ENDED = "ended", "Ended mid-term"


OPEN_RENEWAL_STATES = (
    RenewalState.UPCOMING,
    RenewalState.IN_REVIEW,
    RenewalState.COMMITTED,
    RenewalState.AT_RISK,
)


class LossReason(models.TextChoices):
    PRICE = "price", "Price"
    PRODUCT = "product", "Product gap"
    QUALITY = "quality", "Quality or outages"
    SUPPORT = "support", "Support experience"
    COMPETITOR = "competitor", "Competitor"
    CHAMPION = "champion", "Champion left"
    INSOLVENCY = "insolvency", "Insolvency or closure"
    NOT_SAID = "not_said", "Not said"


class RenewalQuerySet(ScopedQuerySet["Renewal"]):
    view_permission = "accounts.view_renewal"

    def open(self) -> Self:
        return self.filter(state__in=OPEN_RENEWAL_STATES)

    def decided_between(self, first: date, last: date) -> Self:
        """Open renewals whose decision point lies in these days."""
        return self.open().filter(decision_point_on__range=(first, last))

    def awake(self, day: date) -> Self:
        return self.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=day))


class Renewal(models.Model):
    """A customer decides whether to go on: one event for one or several contracts."""

    customer = models.ForeignKey("Customer", on_delete=models.PROTECT, related_name="renewals")
    contracts: models.ManyToManyField[Contract, RenewalContract] = models.ManyToManyField(
        "Contract", through="RenewalContract", related_name="renewals"
    )
    due_on = models.DateField()
    decision_point_on = models.DateField()
    state = models.CharField(max_length=20, choices=RenewalState, default=RenewalState.UPCOMING)
    final_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3)
    loss_reason = models.CharField(max_length=20, choices=LossReason, blank=True)
    next_step = models.CharField(max_length=300, blank=True)
    next_step_on = models.DateField(null=True, blank=True)
    snoozed_until = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = RenewalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decision_point_on__lte=F("due_on")),
                name="renewal_decided_before_due",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_RENEWAL_STATES, closed_at=None)
                | (~Q(state__in=OPEN_RENEWAL_STATES) & ~Q(closed_at=None)),
                name="renewal_closed_at_iff_closed",
            ),
            models.CheckConstraint(
                condition=(Q(state=RenewalState.LOST) & ~Q(loss_reason=""))
                | (~Q(state=RenewalState.LOST) & Q(loss_reason="")),
                name="renewal_loss_reason_iff_lost",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RenewalState.WON, RenewalState.AUTO_RENEWED])
                | ~Q(final_amount=None),
                name="renewal_won_has_amount",
            ),
            models.CheckConstraint(
                condition=Q(next_step="", next_step_on=None)
                | (~Q(next_step="") & ~Q(next_step_on=None)),
                name="renewal_next_step_has_date",
            ),
            models.UniqueConstraint(
                fields=["customer", "due_on"],
                condition=Q(state__in=OPEN_RENEWAL_STATES),
                name="renewal_one_open_per_customer_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["decision_point_on", "id"],
                condition=Q(state__in=OPEN_RENEWAL_STATES),
                name="renewal_open_by_decision",
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.customer}, due {self.due_on}"

    def get_absolute_url(self) -> str:
        return reverse("insights:renewal", args=[self.pk])


class RenewalContract(models.Model):
    """This contract is decided at this renewal."""

    renewal = models.ForeignKey(
        "Renewal", on_delete=models.CASCADE, related_name="renewal_contracts"
    )
    contract = models.ForeignKey(
        "Contract", on_delete=models.PROTECT, related_name="contract_renewals"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["renewal", "contract"], name="renewalcontract_once"),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.contract} at {self.renewal}"


class Call(models.TextChoices):
    ON_TRACK = "on_track", "On track"
    MONITOR = "monitor", "Monitor"
    AT_RISK = "at_risk", "At risk"


class RenewalDecisionQuerySet(ScopedQuerySet["RenewalDecision"]):
    view_permission = "accounts.view_renewal"
    customer_path = "renewal__customer"

    def standing(self) -> Self:
        """Decisions that were not taken back, the newest first."""
        return self.filter(undoes=None, undone_by=None).order_by("-occurred_at", "-pk")


class RenewalDecision(models.Model):
    """What its owner called a renewal on a day, and the next step they promised."""

    renewal = models.ForeignKey("Renewal", on_delete=models.CASCADE, related_name="decisions")
    call = models.CharField(max_length=20, choices=Call)
    next_step = models.CharField(max_length=300, blank=True)
    next_step_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey("User", on_delete=models.PROTECT, related_name="renewal_decisions")
    # what the renewal said before, and its version after: what undo puts back, and whether it may
    replaced = models.JSONField(default=dict)
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    stored_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = RenewalDecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(call__in=Call.values), name="renewaldecision_call_known"
            ),
            models.CheckConstraint(
                condition=Q(next_step="", next_step_on=None)
                | (~Q(next_step="") & ~Q(next_step_on=None)),
                name="renewaldecision_next_step_has_date",
            ),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.get_call_display()} on {self.occurred_at:%Y-%m-%d}"
