from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import Customer, ScopedQuerySet
from supportsuccess import audit
from tickets.models.handoff_events import HandoffEvent, HandoffEventKind
from tickets.models.holders import HandoffHolder, held_without_gap
from tickets.models.tickets import Priority

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from tickets.models.tickets import Ticket


class HandoffType(models.TextChoices):
    RENEWAL_RISK = "renewal_risk", "Renewal risk"
    EXPANSION = "expansion", "Expansion opportunity"
    ADOPTION = "adoption", "Adoption"
    COMPETITOR_THREAT = "competitor_threat", "Competitor threat"
    CHAMPION_CHANGE = "champion_change", "Champion change"
    ESCALATION = "escalation", "Escalation"
    REINTRODUCTION = "reintroduction", "Re-introduction"
    TECHNICAL_HELP = "technical_help", "Technical help"
    SALES_TO_ONBOARDING = "sales_to_onboarding", "Sales to onboarding"
    ONBOARDING_TO_SUCCESS = "onboarding_to_success", "Onboarding to Success"
    CSM_CHANGE = "csm_change", "CSM change"
    POOL_MOVE = "pool_move", "Pool move"


class HandoffState(models.TextChoices):
    DRAFT = "draft", "Draft"
    OFFERED = "offered", "Offered"
    QUESTION = "question", "Question asked"
    RETURNED = "returned", "Returned"
    EXPIRED = "expired", "Expired"
    WITHDRAWN = "withdrawn", "Withdrawn"
    ACCEPTED = "accepted", "Accepted"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETED = "completed", "Completed"
    CANCELLED = "cancelled", "Cancelled"


WAITING_STATES = (HandoffState.OFFERED, HandoffState.QUESTION, HandoffState.EXPIRED)
TAKEN_STATES = (HandoffState.ACCEPTED, HandoffState.IN_PROGRESS)
# what came back that often is for the leads of both teams to decide
LEADS_DECIDE_AFTER_RETURNS = 2
OPEN_HANDOFF_STATES = (*WAITING_STATES, HandoffState.RETURNED, *TAKEN_STATES)


class ReturnReason(models.TextChoices):
    INSUFFICIENT_CONTEXT = "insufficient_context", "Context missing"
    WRONG_OWNER = "wrong_owner", "Wrong owner"
    STILL_SUPPORT = "still_support", "Still a support matter"
    DUPLICATE = "duplicate", "Duplicate"
    ALREADY_HANDLED = "already_handled", "Already handled"
    NOT_ACTIONABLE = "not_actionable", "Not actionable"


class HandoffOutcome(models.TextChoices):
    RISK_REDUCED = "risk_reduced", "Risk reduced"
    RENEWED = "renewed", "Renewed"
    EXPANDED = "expanded", "Expanded"
    RETAINED_FLAT = "retained_flat", "Retained flat"
    CONTRACTED = "contracted", "Contracted"
    CHURNED = "churned", "Churned"
    NO_ACTION = "no_action", "No action needed"
    NOT_REACHABLE = "not_reachable", "Not reachable"


class HandoffTemplate(models.Model):
    """What a type of handoff asks for, whom it goes to, and which role it moves at acceptance."""

    type = models.CharField(max_length=30, choices=HandoffType, unique=True)
    required_fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    addresses_role = models.ForeignKey(
        "accounts.AssignmentRole",
        on_delete=models.PROTECT,
        related_name="handoff_templates_addressing",
    )
    transfers_role = models.ForeignKey(
        "accounts.AssignmentRole",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="handoff_templates",
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.get_type_display()


class HandoffQuerySet(ScopedQuerySet["Handoff"]):
    view_permission = "tickets.view_handoff"

    def open(self) -> Self:
        return self.filter(state__in=OPEN_HANDOFF_STATES)

    def waiting(self) -> Self:
        """Offered, and nobody has taken it yet."""
        return self.filter(state__in=WAITING_STATES)

    def on_offer(self) -> Self:
        """Before a receiver who has neither taken nor returned it."""
        return self.filter(state__in=[HandoffState.OFFERED, HandoffState.QUESTION])

    def not_told_overdue(self) -> Self:
        """Whose lead was not told yet that nobody accepted the present offer in time."""
        told = HandoffEvent.objects.filter(
            handoff=OuterRef("pk"),
            kind=HandoffEventKind.OVERDUE,
            occurred_at__gte=OuterRef("offered_at"),
        )
        return self.exclude(Exists(told))

    def due_before(self, moment: datetime) -> Self:
        return self.filter(due_at__lt=moment)

    def to_accept(self) -> Self:
        """Offered, in time or past it, with no question open."""
        return self.filter(state__in=[HandoffState.OFFERED, HandoffState.EXPIRED])

    def taken(self) -> Self:
        return self.filter(state__in=TAKEN_STATES)

    def ended(self) -> Self:
        return self.exclude(closed_at=None)

    def returned_often(self) -> Self:
        """Returned so often that the leads of both teams decided about them, or are to."""
        return self.filter(return_count__gte=LEADS_DECIDE_AFTER_RETURNS)

    def with_offers(self) -> Self:
        """With how often each was offered: `offers`."""
        offers = HandoffEvent.objects.filter(
            handoff=OuterRef("pk"), kind=HandoffEventKind.OFFERED
        ).order_by()
        counted = offers.values("handoff").annotate(count=Count("pk")).values("count")
        return self.annotate(offers=Coalesce(Subquery(counted), 0))

    def for_page(self) -> Self:
        """What a handoff's page shows of it and of the people around it."""
        people = ("customer", "sender", "receiver", "from_team", "to_team__calendar")
        return self.select_related(*people).fetch_mode(models.FETCH_PEERS)

    def with_holder(self, at: datetime) -> Self:
        """With who is accountable for each at a moment: `held`, where `held_by` is somebody."""
        held = FilteredRelation("holders", condition=Q(holders__during__contains=at))
        return self.annotate(held=held, held_by=F("held__user")).select_related("held__user")

    def named_like(self, text: str) -> Self:
        """Of customers whose names contain the text, or nearly do."""
        return self.filter(customer__in=Customer.objects.named_like(text).values("pk"))

    def held_by_leavers(self) -> Self:
        """Open, and whoever answers for it no longer works here."""
        held = HandoffHolder.objects.current().filter(user__is_active=False)
        return self.open().filter(pk__in=held.values("handoff"))

    def received_by(self, user: User) -> Self:
        return self.filter(receiver=user)

    def of_customer(self, customer_id: int) -> Self:
        return self.filter(customer=customer_id)

    def sent_by(self, user: User) -> Self:
        return self.filter(sender=user)


class Handoff(models.Model):
    """A contract: one person hands a matter of a customer to another, who accepts or returns it."""

    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, related_name="handoffs"
    )
    type = models.CharField(max_length=30, choices=HandoffType)
    priority = models.CharField(max_length=20, choices=Priority, default=Priority.NORMAL)
    sender = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="handoffs_sent"
    )
    receiver = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="handoffs_received"
    )
    from_team = models.ForeignKey(
        "accounts.Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="handoffs_sent",
    )
    to_team = models.ForeignKey(
        "accounts.Team", on_delete=models.PROTECT, related_name="handoffs_received"
    )
    state = models.CharField(max_length=20, choices=HandoffState, default=HandoffState.DRAFT)
    need = models.TextField()
    tickets: models.ManyToManyField[Ticket, HandoffTicket] = models.ManyToManyField(
        "Ticket", through="HandoffTicket", related_name="handoffs"
    )
    offered_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.CharField(max_length=30, choices=ReturnReason, blank=True)
    return_count = models.PositiveSmallIntegerField(default=0)
    next_step = models.CharField(max_length=300, blank=True)
    next_step_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=30, choices=HandoffOutcome, blank=True)
    was_useful = models.BooleanField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    # of a row that was loaded `with_holder`
    held: HandoffHolder
    held_by: int | None

    objects = HandoffQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "type", "to_team"],
                condition=Q(state__in=OPEN_HANDOFF_STATES),
                name="handoff_one_open_per_customer_type_team",
            ),
            models.CheckConstraint(
                condition=Q(type__in=HandoffType.values), name="handoff_type_known"
            ),
            models.CheckConstraint(
                condition=Q(state=HandoffState.DRAFT)
                | Q(offered_at__isnull=False, due_at__isnull=False),
                name="handoff_offered_has_due",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*TAKEN_STATES, HandoffState.COMPLETED])
                | Q(accepted_at__isnull=False),
                name="handoff_taken_was_accepted",
            ),
            models.CheckConstraint(
                condition=(Q(state=HandoffState.RETURNED) & ~Q(return_reason=""))
                | ~Q(state=HandoffState.RETURNED),
                name="handoff_returned_has_reason",
            ),
            models.CheckConstraint(
                condition=(Q(state=HandoffState.COMPLETED) & ~Q(outcome=""))
                | (~Q(state=HandoffState.COMPLETED) & Q(outcome="")),
                name="handoff_outcome_iff_completed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[HandoffState.DRAFT, *OPEN_HANDOFF_STATES], closed_at=None)
                | Q(
                    state__in=[
                        HandoffState.COMPLETED,
                        HandoffState.CANCELLED,
                        HandoffState.WITHDRAWN,
                    ],
                    closed_at__isnull=False,
                ),
                name="handoff_closed_at_iff_closed",
            ),
            models.CheckConstraint(
                condition=Q(next_step="", next_step_on=None)
                | (~Q(next_step="") & ~Q(next_step_on=None)),
                name="handoff_next_step_has_date",
            ),
        ]
        indexes = [
            models.Index(
                fields=["receiver", "due_at"],
                condition=Q(state__in=OPEN_HANDOFF_STATES),
                name="handoff_open_by_receiver",
            ),
            models.Index(
                fields=["customer", "due_at"],
                condition=Q(state__in=OPEN_HANDOFF_STATES),
                name="handoff_open_by_customer",
            ),
        ]
        triggers = [*audit.recorded(personal=("need",)), held_without_gap()]

    def __str__(self) -> str:
        return f"{self.get_type_display()}: {self.customer}"

    def get_absolute_url(self) -> str:
        return reverse("tickets:handoff", args=[self.pk])

    @property
    def came_back_too_often(self) -> bool:
        """Returned for the second time or more, and not offered again since."""
        is_returned = self.state == HandoffState.RETURNED
        return is_returned and self.return_count >= LEADS_DECIDE_AFTER_RETURNS


class HandoffTicket(models.Model):
    """This ticket is part of what was handed over."""

    handoff = models.ForeignKey("Handoff", on_delete=models.CASCADE, related_name="handoff_tickets")
    ticket = models.ForeignKey("Ticket", on_delete=models.PROTECT, related_name="handoff_tickets")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handoff", "ticket"], name="handoffticket_once"),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.ticket_id} in {self.handoff_id}"


class HandoffPacketQuerySet(ScopedQuerySet["HandoffPacket"]):
    view_permission = "tickets.view_handoff"
    customer_path = "handoff__customer"


class HandoffPacket(models.Model):
    """What the receiver was given, frozen when it was offered."""

    handoff = models.ForeignKey("Handoff", on_delete=models.CASCADE, related_name="packets")
    frozen_at = models.DateTimeField()
    # the exact text that was hashed
    content = models.TextField()
    sha256 = models.CharField(max_length=64)

    objects = HandoffPacketQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handoff", "frozen_at"], name="handoffpacket_once_per_offer"
            ),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"Packet of {self.handoff_id}"
