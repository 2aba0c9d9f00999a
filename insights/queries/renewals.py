from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from accounts.models import (
    OPEN_RENEWAL_STATES,
    Contract,
    ContractLine,
    Renewal,
    RenewalDecision,
)
from accounts.queries.decision_points import Basis

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.models.contracts import RenewalQuerySet

BASIS_SENTENCES: dict[str, str] = {
    Basis.NOTICE_DEADLINE: "the last day on which the customer can give notice",
    Basis.ASSUMED_DEADLINE: "the notice period is not known, 90 days are assumed",
    Basis.PROCUREMENT: "the end, less the time that signing takes",
    Basis.NOTICE_RECEIVED: "the day on which notice was received",
}


@dataclass(frozen=True)
class RenewalSheet:
    """What a panel says of one renewal, and the head of its page."""

    renewal: Renewal

    @property
    def is_open(self) -> bool:
        return self.renewal.state in OPEN_RENEWAL_STATES

    @property
    def basis(self) -> str:
        """Why it is decided on that day, in words."""
        queued = getattr(self.renewal, "queued", None)
        return BASIS_SENTENCES.get(queued.decision_basis, "") if queued else ""


def renewals_for_sheet() -> RenewalQuerySet:
    """Renewals with their customer, its list row, the outlook and the queue row."""
    return Renewal.objects.select_related("customer__listed", "outlook", "queued__owner")


def contracts_of(renewal: Renewal, *, user: User) -> list[Contract]:
    """What a renewal renews, with its lines, as far as this person may see it."""
    lines = ContractLine.objects.select_related("product", "for_customer").order_by("pk")
    contracts = (
        Contract.objects.visible_to(user)
        .filter(contract_renewals__renewal=renewal, retired_at=None)
        .prefetch_related(Prefetch("lines", queryset=lines))
        .order_by("ends_on", "pk")
    )
    return list(contracts)


def decisions_of(renewal: Renewal) -> list[RenewalDecision]:
    """What was called for a renewal, the newest first, also what was taken back."""
    decisions = RenewalDecision.objects.filter(renewal=renewal, undoes=None)
    return list(decisions.select_related("by", "undone_by").order_by("-occurred_at", "-pk"))
