"""The rules by which Larkfield answers labels without its agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supportsuccess import outbox
from supportsuccess.outbox import jobs
from tickets.actions.label_rules import RuleContent, add_rule
from tickets.jobs.label_rules import start_answering
from tickets.models import Dimension, LabelValue, TicketKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supportsuccess import audit

FIX, CAUSE, MOOD = Dimension.FIX_CATEGORY, Dimension.ROOT_CAUSE, Dimension.SENTIMENT
RIVAL, FEEDBACK = Dimension.COMPETITOR, Dimension.PRODUCT_FEEDBACK
# in the order in which they are tried: who is named comes before "nobody was named"
RULES: Sequence[tuple[str, Dimension, str, dict[str, Any]]] = (
    ("Servanta named", RIVAL, "servanta", {"keywords": ["Servanta", "Servanta Field"]}),
    ("Fixpilot named", RIVAL, "fixpilot", {"keywords": ["Fixpilot", "Fix Pilot"]}),
    ("Wishes", FEEDBACK, "feature-request", {"kind": TicketKind.FEATURE_REQUEST}),
    ("Functions we lack", CAUSE, "missing-function", {"kind": TicketKind.MISSING_FEATURE}),
    ("Bugs", CAUSE, "product-bug", {"kind": TicketKind.BUG}),
    ("Invoices", CAUSE, "contract", {"kind": TicketKind.BILLING}),
    ("Questions: explained", FIX, "explained", {"kind": TicketKind.QUESTION}),
    ("Questions: how it works", CAUSE, "training", {"kind": TicketKind.QUESTION}),
    ("Questions: calm", MOOD, "neutral", {"kind": TicketKind.QUESTION}),
    ("Questions: nobody named", RIVAL, "none", {"kind": TicketKind.QUESTION}),
    ("Questions: no feedback", FEEDBACK, "none", {"kind": TicketKind.QUESTION}),
)


def answer(*, by: audit.System) -> None:
    """Add the rules, and have them answer what nobody answered."""
    values = {(value.dimension, value.slug): value for value in LabelValue.objects.active()}
    for name, dimension, slug, asked in RULES:
        content = RuleContent(name, values[dimension, slug], **asked)
        add_rule(content, by=by)
    jobs.run_here(start_answering(by=by, queue=outbox.HERE))
