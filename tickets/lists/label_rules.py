"""The rules that answer labels, in the order in which they are tried."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from django.urls import reverse

from supportsuccess.lists import cells
from supportsuccess.lists.empty import Empty, nothing_yet
from supportsuccess.lists.filters import AnyOf, Filters, OneOf, Search
from supportsuccess.lists.listing import Listing
from supportsuccess.lists.table import Column, Table
from tickets.models import Channel, Dimension, LabelRule, TicketKind
from tickets.models.label_rules import LabelRuleQuerySet

WORDS_SHOWN = 3


class RuleRow(NamedTuple):
    pk: int
    position: int
    name: str
    value__dimension: str
    value__name: str
    keywords: list[str]
    channel: str
    kind: str
    source: str
    is_active: bool
    answers: int


class RuleFilters(Filters):
    q = Search(label="Rule", column="name")
    dimension = AnyOf(label="Answers", choices=Dimension.choices, field_name="value__dimension")
    state = OneOf(
        label="State", choices=[("retired", "Retired"), ("used", "In use")], method="in_state"
    )

    def in_state(self, rules: LabelRuleQuerySet, _name: str, asked: str) -> LabelRuleQuerySet:
        return rules.retired() if asked == "retired" else rules.in_use()


class LabelRules(Listing[RuleRow, LabelRuleQuerySet]):
    name, title, url, noun = "label-rules", "Label rules", "tickets:label_rules", "rule"
    row = RuleRow
    filters: ClassVar[type[Filters]] = RuleFilters

    def everything(self) -> LabelRuleQuerySet:
        return LabelRule.objects.visible_to(self.user)

    def with_columns(self, rows: LabelRuleQuerySet) -> LabelRuleQuerySet:
        return rows.with_answers()

    def table(self) -> Table[RuleRow]:
        return RULES

    def nothing(self) -> Empty:
        return nothing_yet(
            "No rules yet",
            text="A rule answers a label so that nobody has to: which words, channel or kind of "
            "ticket, and the value. What a person answers always stands over it.",
            action_label="Add a rule",
            action_url=reverse("tickets:label_rule_new"),
        )


def _asked(row: RuleRow) -> str:
    """The conditions in words."""
    shown = ", ".join(f"“{word}”" for word in row.keywords[:WORDS_SHOWN])
    more = len(row.keywords) - WORDS_SHOWN
    return "; ".join(
        filter(
            None,
            [
                f"{shown} and {more} more" if more > 0 else shown,
                row.channel and Channel(row.channel).label,
                row.kind and TicketKind(row.kind).label,
                row.source,
            ],
        )
    )


def _answers(row: RuleRow) -> object:
    href = f"{reverse('tickets:tickets')}?rule={row.pk}"
    return cells.opens("count", cells.number(row.answers), href=href)


def _name(row: RuleRow) -> object:
    return row.name if row.is_active else cells.two_lines(row.name, second="retired")


RULES = Table[RuleRow](
    id="label-rules",
    caption="Label rules",
    label=lambda row: row.name,
    url="tickets:label_rule",
    default_sort="tried",
    columns=[
        Column(label="Rule", lead="yes", key="name", order=["name"], cell=_name),
        Column(
            label="Tried",
            key="tried",
            order=["position"],
            align="end",
            cell=lambda row: cells.own(row.position + 1),
            card_label="Tried",
            help="Of the rules for one dimension, the first that fits answers",
        ),
        Column(label="Answers", cell=lambda row: Dimension(row.value__dimension).label),
        Column(label="With", cell=lambda row: row.value__name),
        Column(label="Where", grow="yes", priority=2, cell=_asked),
        Column(label="Tickets", align="end", cell=_answers, card_label="Tickets answered"),
    ],
)
