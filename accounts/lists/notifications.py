"""The list of a person's notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse

from accounts.models import Channel, NoticeReason, Notification
from accounts.models.own import NotificationQuerySet
from accounts.queries.notice_kinds import KINDS
from supportsuccess.lists import cells
from supportsuccess.lists.empty import Empty, all_done
from supportsuccess.lists.filters import AnyOf, Filters, OneOf, Search
from supportsuccess.lists.listing import Listing
from supportsuccess.lists.table import Column, Order, Table

if TYPE_CHECKING:
    from django.utils.safestring import SafeString


class NotificationRow(NamedTuple):
    pk: int
    title: str
    created_at: datetime
    read_at: datetime | None
    mailed_at: datetime | None
    reason: str
    channel: str
    kind: str


class NotificationFilters(Filters):
    q = Search(label="Notice", column="title")
    kind = AnyOf(
        label="Kind",
        choices=[(kind.name, kind.label) for kind in KINDS.values()],
        field_name="kind",
    )
    unread = OneOf(label="Unread", choices=[("1", "Unread")], method="not_read")

    def not_read(
        self, notices: NotificationQuerySet, _name: str, _value: str
    ) -> NotificationQuerySet:
        return notices.unread()


class Notifications(Listing[NotificationRow, NotificationQuerySet]):
    """What this person was told, the latest first."""

    name, title, url = "notifications", "Notifications", "accounts:notifications"
    noun = "notice"
    row, filters = NotificationRow, NotificationFilters

    def everything(self) -> NotificationQuerySet:
        return Notification.objects.visible_to(self.user)

    def table(self) -> Table[NotificationRow]:
        return replace(NOTIFICATIONS, columns=_columns(now=self.now))

    def nothing(self) -> Empty:
        return all_done("Nothing to tell you", text="What waits for you appears here, and by mail.")


def _columns(*, now: datetime) -> list[Column[NotificationRow]]:
    return [
        Column(label="Notice", lead="yes", grow="yes", cell=lambda row: row.title),
        Column(label="State", cell=_unread),
        Column(label="Why", priority=2, cell=_why, card_label="Why"),
        Column(label="Mail", priority=3, cell=_mail, card_label="Mail"),
        Column(label="When", align="end", cell=lambda row: cells.ago(row.created_at, now=now)),
    ]


def _unread(row: NotificationRow) -> SafeString:
    return cells.badge("New", "accent") if row.read_at is None else cells.badge("Read")


def _why(row: NotificationRow) -> SafeString:
    """Why this person is told, leading to what would stop it."""
    sentence = NoticeReason(row.reason).label
    choice = f"{reverse('accounts:notice_settings')}#id_{row.kind}"
    return cells.link(sentence[0].upper() + sentence[1:], href=choice)


def _mail(row: NotificationRow) -> str:
    if row.mailed_at:
        return "sent"
    waiting = {Channel.MAIL: "pending", Channel.DIGEST: "next digest"}
    return "none" if row.read_at else waiting.get(Channel(row.channel), "none")


NOTIFICATIONS = Table[NotificationRow](
    id="notifications",
    caption="Notifications, the latest first",
    label=lambda row: row.title,
    url="accounts:notification",
    orders=[Order(label="Latest", key="when", fields=["created_at"])],
    default_sort="-when",
    columns=[],
)
