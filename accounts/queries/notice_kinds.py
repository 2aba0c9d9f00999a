"""What people are told of: one table of the kinds, and which of them wait for somebody.

What waits for somebody reaches them by mail at once, everything else in one digest a day. A new
kind needs a line here before `notify` takes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import NoticeReason

RECEIVERS = frozenset({NoticeReason.RECEIVER, NoticeReason.RECEIVER_STAND_IN, NoticeReason.HOLDER})
SENDERS = frozenset({NoticeReason.SENDER, NoticeReason.SENDER_STAND_IN})
LEADS = frozenset({NoticeReason.LEAD, NoticeReason.LEAD_STAND_IN})
NOBODY: frozenset[NoticeReason] = frozenset()


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """What happened in words, and for whom it is to act on."""

    name: str
    label: str
    waits_for: frozenset[NoticeReason]

    @property
    def can_wait(self) -> bool:
        """Whether it waits for anybody."""
        return bool(self.waits_for)

    def waits(self, reason: NoticeReason) -> bool:
        """Whether it waits for who is told for this reason; who is told without one, it may."""
        return reason in self.waits_for or (self.can_wait and reason == NoticeReason.INVOLVED)


# Preferences and unsubscribing name the digest as a whole like a kind.
DIGEST = "digest"

KINDS = {
    kind.name: kind
    for kind in (
        NoticeKind("handoff_offered", "Handoff offered", RECEIVERS | LEADS),
        NoticeKind("handoff_asked", "Handoff asked about", SENDERS),
        NoticeKind("handoff_answered", "Handoff question answered", RECEIVERS),
        NoticeKind("handoff_returned", "Handoff returned", SENDERS | LEADS),
        NoticeKind("handoff_decided", "Leads' decision on a handoff", LEADS),
        NoticeKind("handoff_nearly_due", "Handoff nearly due", RECEIVERS),
        NoticeKind("handoff_overdue", "Handoff overdue", LEADS | SENDERS),
        NoticeKind("handoff_expired", "Handoff expired", SENDERS),
        NoticeKind("handoff_reassigned", "Handoff reassigned", RECEIVERS),
        NoticeKind("handoff_reopened", "Handoff reopened", RECEIVERS),
        NoticeKind("handoff_accepted", "Handoff accepted", NOBODY),
        NoticeKind("handoff_ticket_added", "Ticket added to a handoff", NOBODY),
        NoticeKind("handoff_withdrawn", "Handoff withdrawn", NOBODY),
        NoticeKind("handoff_completed", "Handoff completed", NOBODY),
        NoticeKind("handoff_cancelled", "Handoff cancelled", NOBODY),
        NoticeKind("handoff_thanked", "Thanks for a handoff", NOBODY),
        NoticeKind("promise_nearly_due", "Promise nearly due", RECEIVERS),
        NoticeKind("promise_broken", "Promise broken", RECEIVERS),
    )
}


def kind_of(name: str) -> NoticeKind:
    """The kind of this name. Raises LookupError for one without a line in the table."""
    if name not in KINDS:
        raise LookupError(f"Add {name!r} to KINDS in accounts/queries/notice_kinds.py.")
    return KINDS[name]


def label_of(name: str) -> str:
    """A kind in words, also one that the table no longer has."""
    kind = KINDS.get(name)
    return kind.label if kind else name.replace("_", " ").capitalize()
