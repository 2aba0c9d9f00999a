"""What is behind many of Larkfield's tickets: an outage that is over, and a bug that is not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from insights.demo.told import OUTAGE_SUBJECT
from tickets.actions.problems import ProblemContent, add_problem, link_tickets
from tickets.models import Dimension, LabelValue, ProblemState, Ticket

if TYPE_CHECKING:
    from datetime import datetime

    from insights.demo.people import Staff

BUG_SUBJECT = "Go does not sync after a tunnel"
LATELY = timedelta(days=14)


def tell(*, staff: Staff, now: datetime) -> None:
    """Priya named the outage, and Mina the bug; each linked its tickets."""
    outage = add_problem(
        ProblemContent(
            "Sync stood still for a morning",
            error_signature="SYNC-503",
            tracker_key="LARK-2114",
            state=ProblemState.FIXED,
            root_cause=_value(Dimension.ROOT_CAUSE, "product-bug"),
            fix_category=_value(Dimension.FIX_CATEGORY, "fixed-in-product"),
        ),
        by=staff.people["lead"],
    )
    bug = add_problem(
        ProblemContent(
            "Go loses its sync where there is no signal",
            error_signature="GO-OFFLINE-QUEUE",
            tracker_key="LARK-2287",
            state=ProblemState.FIX_PLANNED,
            root_cause=_value(Dimension.ROOT_CAUSE, "product-bug"),
            fix_category=_value(Dimension.FIX_CATEGORY, "workaround"),
        ),
        by=staff.people["agent"],
    )
    lately = Ticket.objects.filter(subject=BUG_SUBJECT, opened_at__gt=now - LATELY)
    hit = Ticket.objects.filter(subject=OUTAGE_SUBJECT)
    link_tickets(hit, problem=outage, by=staff.people["lead"], at=now)
    link_tickets(lately, problem=bug, by=staff.people["agent"], at=now)


def _value(dimension: Dimension, slug: str) -> LabelValue:
    return LabelValue.objects.active().get(dimension=dimension, slug=slug)
