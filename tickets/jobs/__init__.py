"""What the worker runs for tickets; the outbox finds handlers, steps and schedules through here."""

from tickets.jobs import handoffs, label_rules, staged, suggestions, verification

__all__ = ["handoffs", "label_rules", "staged", "suggestions", "verification"]
