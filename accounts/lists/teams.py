"""The list of teams."""

from typing import NamedTuple

from accounts.models import Team, TeamKind
from accounts.models.teams import TeamQuerySet
from supportsuccess.lists import cells
from supportsuccess.lists.empty import Empty, nothing_yet
from supportsuccess.lists.filters import AnyOf, Filters, Search
from supportsuccess.lists.listing import Listing
from supportsuccess.lists.table import Column, Table


class TeamRow(NamedTuple):
    pk: int
    name: str
    kind: str
    parent__name: str | None
    lead: str | None
    members: int


class TeamFilters(Filters):
    q = Search(label="Team", column="name")
    kind = AnyOf(label="Kind", choices=TeamKind.choices)


class Teams(Listing[TeamRow, TeamQuerySet]):
    name, title, url, noun = "teams", "Teams", "accounts:teams", "team"
    row, filters = TeamRow, TeamFilters

    def everything(self) -> TeamQuerySet:
        return Team.objects.visible_to(self.user)

    def with_columns(self, rows: TeamQuerySet) -> TeamQuerySet:
        return rows.with_people(self.now)

    def table(self) -> Table[TeamRow]:
        return TEAMS

    def nothing(self) -> Empty:
        return nothing_yet("No teams yet", text="They come with the file of a ticket log.")


def _members(row: TeamRow) -> object:
    return cells.opens("count", row.members, href=f"?peek={row.pk}#members")


TEAMS = Table[TeamRow](
    id="teams",
    caption="Teams",
    label=lambda row: row.name,
    peek="yes",
    default_sort="name",
    columns=[
        Column(label="Team", key="name", order=["name"], lead="yes", cell=lambda row: row.name),
        Column(label="Kind", cell=lambda row: TeamKind(row.kind).label),
        Column(label="Part of", priority=3, cell=lambda row: row.parent__name or cells.NOTHING),
        Column(label="Lead", cell=lambda row: cells.person(row.lead or "")),
        Column(label="Members", align="end", cell=_members, card_label="Members"),
    ],
)
