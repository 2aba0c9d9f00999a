"""What the worker runs for tickets; the outbox finds handlers, steps and schedules through here."""

from tickets.jobs import handoffs, label_rules, staged, suggestions

__all__ = ["handoffs", "label_rules", "staged", "suggestions"]
