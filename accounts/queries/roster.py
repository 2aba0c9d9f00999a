"""Who is here, who stands in for whom, and whose team works: a moment in one statement by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from accounts.queries.calendars import is_working, working_hours

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

# A row for each person who is asked about or away and each of their teams; and one for each who
# covers somebody or leads one of these teams. Whoever may answer is among them.
ROSTER = """
    WITH away AS (
        SELECT user_id, CASE WHEN cover_confirmed_at IS NOT NULL THEN cover_id END AS cover_id
        FROM accounts_availability WHERE during @> %(at)s::timestamptz
    ), asked AS (
        SELECT unnest(%(people)s::bigint[]) AS id UNION SELECT user_id FROM away
    ), place AS (
        SELECT m.id, m.user_id, m.team_id, m.during, l.user_id AS lead_id
        FROM asked
        JOIN accounts_membership m ON m.user_id = asked.id AND m.during @> %(at)s::timestamptz
        LEFT JOIN accounts_membership l ON l.team_id = m.team_id
             AND l.role = 'lead' AND l.during @> %(at)s::timestamptz
    ), person AS (
        SELECT id FROM asked UNION SELECT cover_id FROM away UNION SELECT lead_id FROM place
    )
    SELECT u.id, u.name, away.user_id IS NOT NULL, NOT u.is_active, away.cover_id,
           place.team_id, place.lead_id, c.timezone, c.weekly_hours::text, h.on
    FROM person
    JOIN accounts_user u ON u.id = person.id
    LEFT JOIN away ON away.user_id = u.id
    LEFT JOIN place ON place.user_id = u.id
    LEFT JOIN accounts_team t ON t.id = place.team_id
    LEFT JOIN accounts_businesscalendar c ON c.id = t.calendar_id
    LEFT JOIN accounts_holiday h ON h.calendar_id = c.id
         AND h.on = (%(at)s::timestamptz AT TIME ZONE c.timezone)::date
    ORDER BY u.id, place.during, place.id"""


@dataclass(frozen=True)
class StandIn:
    """Who answers in place of a person, and why."""

    user_id: int
    name: str
    # "holder" when they are here; else "cover", "lead", or "off_duty" (the lead, for the hours)
    via: str


class Place(NamedTuple):
    """A team that somebody is in, who leads it, and the hours it works."""

    team_id: int
    lead_id: int | None
    timezone: str
    weekly_hours: str
    # the day of the roster, where the team has it off
    holiday: date | None

    def is_working(self, at: datetime) -> bool:
        """Whether the team works at the moment of its roster."""
        holidays = {self.holiday} if self.holiday else set()
        weekly = json.loads(self.weekly_hours)
        return is_working(working_hours(weekly, timezone=self.timezone, holidays=holidays), at)


class Person(NamedTuple):
    name: str
    # for now, or for good
    is_away: bool
    has_left: bool
    # confirmed; nobody otherwise
    cover_id: int | None
    # the one they have been in the longest first; read for who is asked about or away
    places: list[Place]


@dataclass(frozen=True)
class Roster:
    """Some people, all who are away, and all who may answer for them, at one moment."""

    at: datetime
    people: dict[int, Person]

    def answering(self, user_id: int) -> StandIn:
        """Who answers for a person: while away their confirmed cover, its cover, or a lead."""
        if not self.people[user_id].is_away:
            return self._stand_in(user_id, via="holder")
        leads = self._leads(user_id)
        for via, candidates in (
            ("cover", self._covers(user_id)),
            ("lead", leads),
            ("lead", [cover for lead in leads for cover in self._covers(lead)]),
        ):
            for candidate in candidates:
                if candidate != user_id and not self.people[candidate].is_away:
                    return self._stand_in(candidate, via=via)
        return self._last_resort(user_id, leads=leads)

    def on_duty(self, user_id: int) -> StandIn:
        """Who answers for a person, and outside their team's hours its lead, or who answers then.

        Whoever stands in for the lead, it is for the hours: the person is not away.
        """
        found, lead = self.answering(user_id), self._lead_off_hours(user_id)
        if found.via != "holder" or lead is None:
            return found
        return self._stand_in(self.answering(lead).user_id, via="off_duty")

    def covered_by(self, user_id: int) -> set[int]:
        """The people who are away, and for whom this person answers."""
        away = {pk for pk, person in self.people.items() if person.is_away} - {user_id}
        return {pk for pk in away if self.answering(pk).user_id == user_id}

    def teams_of(self, user_id: int) -> set[int]:
        """The teams that a person who was asked about is in."""
        return {place.team_id for place in self.people[user_id].places}

    def _last_resort(self, user_id: int, *, leads: list[int]) -> StandIn:
        """Somebody away answers themselves; for who has left a lead does, though away."""
        here = [lead for lead in leads if not self.people[lead].has_left]
        if self.people[user_id].has_left and here:
            return self._stand_in(here[0], via="lead")
        return self._stand_in(user_id, via="holder")

    def _stand_in(self, user_id: int, *, via: str) -> StandIn:
        return StandIn(user_id, self.people[user_id].name, via)

    def _covers(self, user_id: int) -> list[int]:
        """Confirmed covers one after the other; a circle ends where it closes."""
        chain: list[int] = []
        cover = self.people[user_id].cover_id
        while cover is not None and cover not in chain and cover != user_id:
            chain.append(cover)
            cover = self.people[cover].cover_id
        return chain

    def _leads(self, user_id: int) -> list[int]:
        places = sorted(self.people[user_id].places, key=lambda place: place.team_id)
        return [place.lead_id for place in places if place.lead_id is not None]

    def _lead_off_hours(self, user_id: int) -> int | None:
        """Who else leads a person's first team, while that does not work."""
        for place in self.people[user_id].places[:1]:
            if place.lead_id != user_id and not place.is_working(self.at):
                return place.lead_id
        return None


class Row(NamedTuple):
    user_id: int
    name: str
    is_away: bool
    has_left: bool
    cover_id: int | None
    team_id: int | None
    lead_id: int | None
    timezone: str
    weekly_hours: str
    holiday: date | None


def roster_of(user_ids: Collection[int], *, at: datetime) -> Roster:
    """These people and all who may answer for them, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(ROSTER, {"people": list(user_ids), "at": at})
        return Roster(at, _people(Row(*row) for row in cursor.fetchall()))


def _people(rows: Iterable[Row]) -> dict[int, Person]:
    people: dict[int, Person] = {}
    for row in rows:
        is_away = row.is_away or row.has_left
        person = Person(row.name, is_away, row.has_left, row.cover_id, [])
        found = people.setdefault(row.user_id, person)
        if row.team_id is not None:
            found.places.append(
                Place(row.team_id, row.lead_id, row.timezone, row.weekly_hours, row.holiday)
            )
    return people
