from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, Upper
from django.urls import reverse

from accounts.models import Fact, Role, ScopedQuerySet
from supportsuccess import audit
from tickets.models.labels import ASKED_DIMENSIONS, Origin

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from tickets.models.handoffs import Handoff


class TicketKind(models.TextChoices):
    QUESTION = "question", "Question"
    BUG = "bug", "Bug"
    MISSING_FEATURE = "missing_feature", "Missing feature"
    FEATURE_REQUEST = "feature_request", "Feature request"
    BILLING = "billing", "Billing"
    OTHER = "other", "Other"


class Channel(models.TextChoices):
    MAIL = "mail", "Mail"
    PHONE = "phone", "Phone"
    CHAT = "chat", "Chat"
    PORTAL = "portal", "Portal"
    API = "api", "API"
    IN_PERSON = "in_person", "In person"
    OTHER = "other", "Other"


class Priority(models.TextChoices):
    CRITICAL = "critical", "Critical"
    HIGH = "high", "High"
    NORMAL = "normal", "Normal"
    LOW = "low", "Low"


class TicketStatus(models.TextChoices):
    NEW = "new", "New"
    OPEN = "open", "Open"
    PENDING = "pending", "Waiting for the customer"
    ON_HOLD = "on_hold", "On hold"
    SOLVED = "solved", "Solved"
    CLOSED = "closed", "Closed"


UNSOLVED_STATUSES = (
    TicketStatus.NEW,
    TicketStatus.OPEN,
    TicketStatus.PENDING,
    TicketStatus.ON_HOLD,
)


BLOCKING = Q(is_blocked=True) | Q(priority=Priority.CRITICAL)
REOPENED_OFTEN = 2


class HandlingMode(models.TextChoices):
    HUMAN = "human", "Human"
    ASSISTED = "assisted", "Assisted"
    AUTOMATED = "automated", "Automated"


class Learning(models.TextChoices):
    """What became of a ticket's lesson; a due one is overdue once its time has passed."""

    EXEMPT = "exempt", "Exempt"
    DUE = "due", "Due"
    ANSWERED = "answered", "Answered"


class ExemptReason(models.TextChoices):
    SPAM = "spam", "Spam"
    MERGED = "merged", "Merged"
    AUTO_REPLY = "auto_reply", "Auto-reply"
    OUTBOUND = "outbound", "Outbound"
    OWN_STAFF = "own_staff", "Own staff or test organisation"
    NO_CUSTOMER_MESSAGE = "no_customer_message", "No customer message"


class TicketQuerySet(ScopedQuerySet["Ticket"]):
    view_permission = "tickets.view_ticket"

    def visible_to(self, user: User) -> Self:
        """Tickets of customers this person may see; a contractor sees the own teams' alone."""
        seen = super().visible_to(user).filter(retired_at=None)
        if user.role != Role.CONTRACTOR:
            return seen
        return seen.filter(team__in=user.memberships.filter(during__contains=Now()).values("team"))

    def unsolved(self) -> Self:
        return self.filter(status__in=UNSOLVED_STATUSES)

    def due(self) -> Self:
        """Tickets whose lesson somebody still has to write down."""
        return self.filter(learning=Learning.DUE)

    def overdue(self, at: datetime) -> Self:
        return self.due().filter(learning_due_at__lt=at)

    def urgent(self) -> Self:
        """Unsolved ones that are critical or block the customer."""
        return self.unsolved().filter(BLOCKING)

    def reopened(self) -> Self:
        return self.filter(reopen_count__gt=0)

    def unmatched(self) -> Self:
        return self.filter(customer=None)

    def of_customer(self, customer_id: int) -> Self:
        return self.filter(customer=customer_id)

    def of_source(self, key: str) -> Self:
        return self.filter(source=key)

    def called(self, name: str) -> Self:
        """By its source's id, which comes first, or its number, whatever its capitals and its #."""
        bare = name.removeprefix("#")
        numbered = Q(number__iexact=bare) | Q(number__iexact=f"#{bare}")
        by_id = Q(external_id=name)
        found = self.filter(by_id | numbered).alias(is_by_id=by_id)
        return found.order_by("-is_by_id", "-opened_at", "-pk")

    def for_panel(self) -> Self:
        """With what the label panel and a ticket's page say of it."""
        return self.select_related("customer", "problem").fetch_mode(models.FETCH_PEERS)

    def handed_over_in(self, handoff: Handoff) -> Self:
        """What was handed over, the oldest first."""
        return self.filter(handoffs=handoff).order_by("opened_at", "pk")

    def answered_by_rule(self, rule_id: int) -> Self:
        return self.filter(labelings__rule=rule_id).distinct()

    def of_problem(self, problem_id: int) -> Self:
        return self.filter(problem=problem_id)

    def opened_since(self, at: datetime) -> Self:
        return self.filter(opened_at__gte=at)

    def opened_between(self, first: date, last: date) -> Self:
        return self.filter(opened_at__date__range=(first, last))


class Ticket(models.Model):
    """One matter a customer brought to support, as its helpdesk says, and what we learned."""

    number = models.CharField(max_length=60)
    customer = models.ForeignKey(
        "accounts.Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        db_index=False,
    )
    contact = models.ForeignKey(
        "accounts.Contact",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
    )
    on_behalf_of = models.ForeignKey(
        "accounts.Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets_for_it",
    )
    team = models.ForeignKey(
        "accounts.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    subject = models.CharField(max_length=300, blank=True)
    channel = models.CharField(max_length=20, choices=Channel, default=Channel.OTHER)
    kind = models.CharField(max_length=20, choices=TicketKind, default=TicketKind.OTHER)
    priority = models.CharField(max_length=20, choices=Priority, default=Priority.NORMAL)
    status = models.CharField(max_length=20, choices=TicketStatus, default=TicketStatus.NEW)
    source_status = models.CharField(max_length=60, blank=True)
    handling_mode = models.CharField(
        max_length=20, choices=HandlingMode, default=HandlingMode.HUMAN
    )
    is_blocked = models.BooleanField(default=False)
    assignee = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets_assigned",
    )
    assignee_label = models.CharField(max_length=200, blank=True)
    problem = models.ForeignKey(
        "Problem", on_delete=models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    learning = models.CharField(max_length=20, choices=Learning, default=Learning.DUE)
    exempt_reason = models.CharField(max_length=30, choices=ExemptReason, blank=True)
    learning_due_at = models.DateTimeField(null=True, blank=True)
    labels_answered = models.PositiveSmallIntegerField(default=0)
    # where its answers came from: of several origins the one that took a person most
    answered_by = models.CharField(max_length=30, choices=Origin, blank=True, db_default="")
    opened_at = models.DateTimeField()
    first_response_at = models.DateTimeField(null=True, blank=True)
    first_solved_at = models.DateTimeField(null=True, blank=True)
    last_solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reopen_count = models.PositiveIntegerField(default=0)
    reassignment_count = models.PositiveIntegerField(default=0)
    last_event_at = models.DateTimeField()
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=200)
    url = models.URLField(max_length=500, blank=True)
    batch = models.ForeignKey(
        "imports.ImportBatch", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    search = models.GeneratedField(
        expression=SearchVector("number", "subject", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"], name="ticket_external_id_unique"
            ),
            models.CheckConstraint(
                condition=Q(status__in=TicketStatus.values), name="ticket_status_known"
            ),
            models.CheckConstraint(
                condition=Q(priority__in=Priority.values), name="ticket_priority_known"
            ),
            models.CheckConstraint(
                condition=Q(learning__in=Learning.values), name="ticket_learning_known"
            ),
            models.CheckConstraint(
                condition=(Q(learning=Learning.EXEMPT) & ~Q(exempt_reason=""))
                | (~Q(learning=Learning.EXEMPT) & Q(exempt_reason="")),
                name="ticket_exempt_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(learning=Learning.ANSWERED) | Q(labels_answered=len(ASKED_DIMENSIONS)),
                name="ticket_answered_has_all_labels",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__in=["", *Origin.values]), name="ticket_answered_by_known"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="ticket_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(last_solved_at=None)
                | Q(first_solved_at__isnull=False, last_solved_at__gte=F("first_solved_at")),
                name="ticket_last_solved_after_first",
            ),
        ]
        indexes = [
            models.Index(F("opened_at").desc(), F("id").desc(), name="ticket_by_opened"),
            models.Index(
                F("customer"), F("opened_at").desc(), F("id").desc(), name="ticket_by_customer"
            ),
            models.Index(
                F("opened_at").desc(),
                F("id").desc(),
                condition=Q(learning=Learning.DUE, retired_at=None),
                name="ticket_due_by_opened",
            ),
            models.Index(
                F("team"),
                F("opened_at").desc(),
                F("id").desc(),
                condition=Q(learning=Learning.DUE, retired_at=None),
                name="ticket_due_by_team",
            ),
            models.Index(
                fields=["customer"],
                condition=Q(status__in=UNSOLVED_STATUSES),
                name="ticket_unsolved_by_customer",
            ),
            # What puts a renewal at stake: few of many, and asked for on every home page.
            models.Index(
                fields=["customer"],
                condition=BLOCKING & Q(status__in=UNSOLVED_STATUSES),
                name="ticket_open_blocker",
            ),
            models.Index(
                fields=["customer"],
                condition=Q(reopen_count__gte=REOPENED_OFTEN),
                name="ticket_reopened_often",
            ),
            models.Index(F("source"), Upper("number"), name="ticket_by_number"),
            GinIndex(fields=["search"], name="ticket_search"),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("tickets:detail", args=[self.pk])

    @property
    def helpdesk_url(self) -> str:
        """Where its helpdesk shows it; a file may bring any text, a link leads to the web alone."""
        return self.url if self.url.startswith(("https://", "http://")) else ""


class TicketEventKind(models.TextChoices):
    OPENED = "opened", "Opened"
    CHANGED = "changed", "Changed"
    SOLVED = "solved", "Solved"
    REOPENED = "reopened", "Reopened"
    CLOSED = "closed", "Closed"


class TicketEventQuerySet(ScopedQuerySet["TicketEvent"]):
    view_permission = "tickets.view_ticket"
    customer_path = "ticket__customer"

    def known_at(self, as_of: datetime, known_at: datetime) -> Self:
        """Events the company knew by `as_of`, from what was stored here by `known_at`."""
        return self.filter(recorded_at__lte=as_of, stored_at__lte=known_at)

    def in_order(self) -> Self:
        return self.order_by("occurred_at", "sequence", "pk")


class TicketEvent(Fact):
    """What a helpdesk said of a ticket at one moment; an empty column says nothing new."""

    ticket = models.ForeignKey(
        "Ticket", on_delete=models.CASCADE, related_name="events", db_index=False
    )
    kind = models.CharField(max_length=20, choices=TicketEventKind)
    # what the source calls this event, so that reading it twice stores it once
    key = models.CharField(max_length=200)
    sequence = models.IntegerField(default=0)
    status = models.CharField(max_length=20, choices=TicketStatus, blank=True)
    source_status = models.CharField(max_length=60, blank=True)
    priority = models.CharField(max_length=20, choices=Priority, blank=True)
    team = models.ForeignKey(
        "accounts.Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    assignee_label = models.CharField(max_length=200, blank=True)
    is_blocked = models.BooleanField(null=True, blank=True)
    reopen_count = models.PositiveIntegerField(null=True, blank=True)
    reassignment_count = models.PositiveIntegerField(null=True, blank=True)
    by_label = models.CharField(max_length=200, blank=True)

    objects = TicketEventQuerySet.as_manager()

    class Meta:
        constraints = [
            # a withdrawn file's events stay, so one of another file may say the same again
            models.UniqueConstraint(
                fields=["ticket", "key", "batch"], nulls_distinct=False, name="ticketevent_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TicketEventKind.values), name="ticketevent_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["", *TicketStatus.values]), name="ticketevent_status_known"
            ),
        ]
        indexes = [
            models.Index(fields=["ticket", "occurred_at"], name="ticketevent_by_ticket"),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind} {self.occurred_at:%Y-%m-%d %H:%M}"
