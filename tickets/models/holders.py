from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from accounts.models import ScopedQuerySet
from accounts.models.intervals import during_is_not_empty, interval
from supportsuccess import audit

if TYPE_CHECKING:
    from datetime import datetime


HELD_WITHOUT_GAP = """
    SELECT h.id, h.closed_at IS NULL AND h.state <> 'draft' AS is_open,
           coalesce(bool_or(upper_inf(k.during)), false) AS is_held,
           coalesce((SELECT count(*) FROM unnest(range_agg(k.during))), 0) AS stretches,
           count(k.id) FILTER (WHERE k.cause = 'reopened') AS reopened
      INTO matter
      FROM tickets_handoff h LEFT JOIN tickets_handoffholder k ON k.handoff_id = h.id
     WHERE h.id = NEW.{column}
     GROUP BY h.id;
    IF matter.is_open <> matter.is_held OR matter.stretches > matter.reopened + 1 THEN
        RAISE EXCEPTION 'handoff % must have one holder without gap from offer to end', matter.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
"""


def held_without_gap(*, column: str = "id") -> pgtrigger.Trigger:
    """At commit: an open handoff has a holder, an ended one has none, and nothing lies between."""
    return pgtrigger.Trigger(
        name="held_without_gap",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        timing=pgtrigger.Deferred,
        declare=[("matter", "record")],
        func=HELD_WITHOUT_GAP.format(column=column),
    )


class HolderCause(models.TextChoices):
    OFFERED = "offered", "Offered it"
    ACCEPTED = "accepted", "Accepted it"
    REASSIGNED = "reassigned", "Reassigned by a lead"
    LEAVER = "leaver", "Took over from a leaver"
    REOPENED = "reopened", "Reopened"


class HandoffHolderQuerySet(ScopedQuerySet["HandoffHolder"]):
    view_permission = "tickets.view_handoff"
    customer_path = "handoff__customer"

    def at(self, moment: datetime) -> Self:
        return self.filter(during__contains=moment)

    def current(self) -> Self:
        return self.filter(during__endswith=None)


class HandoffHolder(models.Model):
    """Who is accountable for the matter, from when to when, and why."""

    handoff = models.ForeignKey("Handoff", on_delete=models.CASCADE, related_name="holders")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="matters_held")
    during = DateTimeRangeField()
    cause = models.CharField(max_length=20, choices=HolderCause)
    reason = models.CharField(max_length=300, blank=True)

    objects = HandoffHolderQuerySet.as_manager()

    class Meta:
        constraints = [
            during_is_not_empty("handoffholder"),
            ExclusionConstraint(
                name="handoffholder_one_at_a_time",
                expressions=[
                    ("handoff", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(cause__in=HolderCause.values), name="handoffholder_cause_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["user"], condition=Q(during__endswith=None), name="handoffholder_current"
            ),
        ]
        triggers = [*audit.recorded(), *interval(), held_without_gap(column="handoff_id")]

    def __str__(self) -> str:
        return f"{self.user} holds {self.handoff_id}"
