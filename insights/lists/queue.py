"""The renewal queue: what it can be narrowed by, its orders, and why it is empty."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.db.models import F
from django.urls import reverse

from accounts.models import OPEN_RENEWAL_STATES, Band, RenewalState, Segment
from accounts.queries.organisation import Ours, our_organisation
from insights.lists.bulk_renewals import CALL_EDIT, RENEWALS_IN_BULK
from insights.lists.money import without_money
from insights.lists.renewals import queue_table
from insights.lists.whose import EVERYONE, of_owner, whose
from insights.models import QueuedRenewal, Section
from insights.models.renewals import QueuedRenewalQuerySet
from insights.queries.queue import (
    CLEARED,
    DUE,
    EVERY,
    MEASURED,
    TO_DO,
    QueueRow,
    Summary,
    Totals,
    in_section,
    summary,
)
from insights.queries.stake import at_stake
from supportsuccess.lists import empty, query
from supportsuccess.lists.filters import AnyOf, Filters, OneOf, Search
from supportsuccess.lists.listing import Listing

if TYPE_CHECKING:
    from supportsuccess.lists.empty import Empty
    from supportsuccess.lists.table import Table
    from supportsuccess.lists.toolbar import Toolbar

SECTIONS = {
    TO_DO: "To do",
    DUE: "Due",
    Section.NOTICE: "Notice received",
    Section.DECIDE: "Decide now",
    Section.LATER: "Later",
    CLEARED: "Cleared",
    MEASURED: "Due and cleared",
    Section.LOCKED: "Locked",
    EVERY: "All",
}


class QueueFilters(Filters):
    """Which renewals of the queue are asked for."""

    q = Search(label="Customer", method="named_like")
    owner = OneOf(label="Whose", choices=whose, method="of_owner", default=EVERYONE)
    segment = AnyOf(label="Segment", choices=Segment.choices)
    band = AnyOf(label="Health", choices=Band.choices)
    state = AnyOf(
        label="Call", choices=[(state, RenewalState(state).label) for state in OPEN_RENEWAL_STATES]
    )
    at_stake = OneOf(label="At stake", choices=[("yes", "At stake")], method="troubled")
    section = OneOf(
        label="Which renewals",
        choices=list(SECTIONS.items()),
        method="stand_in",
        default=TO_DO,
        control="apart",
    )

    def named_like(
        self, rows: QueuedRenewalQuerySet, _name: str, words: str
    ) -> QueuedRenewalQuerySet:
        return rows.named_like(words)

    def of_owner(
        self, rows: QueuedRenewalQuerySet, _name: str, owner: str
    ) -> QueuedRenewalQuerySet:
        return of_owner(rows, self, owner=owner)

    def troubled(
        self, rows: QueuedRenewalQuerySet, _name: str, _value: str
    ) -> QueuedRenewalQuerySet:
        day = our_organisation().day_of(self.now)
        return at_stake(rows, user=self.user, at=self.now, day=day)

    def stand_in(
        self, rows: QueuedRenewalQuerySet, _name: str, section: str
    ) -> QueuedRenewalQuerySet:
        return in_section(rows, section)


class Queue(Listing[QueueRow, QueuedRenewalQuerySet]):
    """The renewals that are decided within 180 days, by the money that may be lost and when."""

    name, title, url, noun = "renewals", "Renewals", "insights:renewals", "renewal"
    row = QueueRow
    filters: ClassVar[type[Filters]] = QueueFilters
    personal = {"owner": "me"}
    internal = frozenset({"version"})
    bulk = RENEWALS_IN_BULK
    edits = (CALL_EDIT,)

    @cached_property
    def ours(self) -> Ours:
        return our_organisation()

    def start(self) -> dict[str, str]:
        """Who decides renewals, and does not lead those who do, begins with their own."""
        decides = self.user.has_perm("accounts.decide_renewal")
        leads = self.user.has_perm("accounts.reassign_customer")
        return {"owner": str(self.user.pk)} if decides and not leads else {}

    def everything(self) -> QueuedRenewalQuerySet:
        return QueuedRenewal.objects.visible_to(self.user)

    def with_columns(self, rows: QueuedRenewalQuerySet) -> QueuedRenewalQuerySet:
        return rows.annotate(
            customer_name=F("customer__name"),
            owner_name=F("owner__name"),
            next_step=F("renewal__next_step"),
            next_step_on=F("renewal__next_step_on"),
            version=F("renewal__version"),
        )

    def table(self) -> Table[QueueRow]:
        today = self.ours.day_of(self.now)
        return queue_table(self.user, currency=self.ours.currency, now=self.now, today=today)

    def seen(self, row: QueueRow) -> str:
        return str(row.version)

    @property
    def exported(self) -> list[str]:
        """Priority is made of money, so who may not see the one is not told the other."""
        return without_money(super().exported, user=self.user)

    @cached_property
    def summary(self) -> Summary:
        """What all sections of these filters add up to."""
        return summary(self.without("section"))

    @cached_property
    def toolbar(self) -> Toolbar:
        counts = {("section", section): self.summary.of(section).count for section in SECTIONS}
        return super().toolbar.counted(counts)

    @property
    def section(self) -> str:
        asked = self.params.get("section", "")
        return asked if asked in SECTIONS else TO_DO

    @cached_property
    def total(self) -> int:
        """Counted with the sums."""
        return self.shown.count if self.is_known else 0

    @property
    def shown(self) -> Totals:
        """What the rows of this section add up to."""
        return self.summary.of(self.section)

    @property
    def section_label(self) -> str:
        return SECTIONS[self.section]

    @property
    def here_url(self) -> str:
        """The rows that the page adds up, all of them."""
        return query.fresh_link(self.params, changes={})

    @property
    def cleared_url(self) -> str:
        return query.fresh_link(self.params, changes={"section": CLEARED})

    @property
    def measured_url(self) -> str:
        """What could be cleared, and what was."""
        return query.fresh_link(self.params, changes={"section": MEASURED})

    def no_match(self) -> Empty:
        if self.section == TO_DO and self.summary.cleared:
            return self._all_decided()
        if self.is_known and not self.is_narrowed_beyond("owner"):
            return empty.nothing_yet(
                "No renewal here is decided within 180 days",
                text="Those of the others may be.",
                action_label="Show everyone's",
                action_url=query.fresh_link(self.params, changes={"owner": EVERYONE}),
            )
        return super().no_match()

    def nothing(self) -> Empty:
        if self.summary.cleared:
            return self._all_decided()
        return empty.nothing_yet(
            "No renewal is decided within 180 days",
            text="Renewals come from contracts: bring them as a file of customers and contracts.",
            action_label="Import customers",
            action_url=f"{reverse('imports:new')}?format=customers",
        )

    def _all_decided(self) -> Empty:
        return empty.all_done(
            "Nothing left to decide",
            text=f"{self.summary.cleared} of {self.summary.due} are cleared;"
            " they come back on the day of their next step.",
        )
