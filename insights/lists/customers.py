"""What the list of customers shows of one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from accounts.models import Segment, Stage
from insights.lists.renewals import health_cell
from insights.queries.customers import CustomerRow
from supportsuccess.lists import cells
from supportsuccess.lists.table import Column, RowKey, Table

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

TOUCH_KEY = RowKey(key="t", label="Log a touch", url="insights:customer_touch", target="dialog")


def customer_table(user: User, *, currency: str, now: datetime) -> Table[CustomerRow]:
    """The list as this person may see and use it."""
    columns = _columns(now=now)
    if user.has_perm("accounts.view_money"):
        columns.insert(
            1,
            Column(
                label="ARR",
                align="end",
                cell=lambda row: cells.money(row.arr, currency=currency),
                card_label="ARR",
                help="Yearly revenue of the contracts in force",
            ),
        )
    keys = [TOUCH_KEY] if user.has_perm("accounts.log_touch") else []
    return replace(CUSTOMERS, columns=columns, row_keys=keys)


def _columns(*, now: datetime) -> list[Column[CustomerRow]]:
    return [
        Column(
            label="Customer",
            lead="yes",
            cell=lambda row: cells.two_lines(row.name, second=Segment(row.segment).label),
        ),
        Column(label="Stage", priority=3, cell=lambda row: Stage(row.stage).label),
        Column(label="Health", cell=lambda row: health_cell(row.score, row.band)),
        Column(label="Why", grow="yes", priority=2, cell=lambda row: row.change_sentence),
        Column(
            label="Open tickets",
            align="end",
            priority=3,
            cell=lambda row: row.open_tickets or cells.NOTHING,
            card_label="Open tickets",
        ),
        Column(
            label="Handoffs",
            align="end",
            priority=3,
            cell=lambda row: row.open_handoffs or cells.NOTHING,
            card_label="Open handoffs",
        ),
        Column(
            label="Touch",
            align="end",
            priority=2,
            cell=lambda row: cells.age(row.last_touch_at, now=now),
            card_label="Last touch",
            help="Time since the last touch",
        ),
        Column(label="Owner", priority=2, cell=lambda row: cells.person(row.owner_name or "")),
    ]


CUSTOMERS = Table[CustomerRow](
    id="customers",
    caption="Customers",
    label=lambda row: row.name,
    url="insights:customer",
    columns=[],
)
