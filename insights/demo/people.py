"""Who works at Larkfield: 25 people in seven teams, and the pool of small customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.actions import people, teams
from accounts.models import MembershipRole, Role, Segment, TeamKind
from supportsuccess import audit
from tickets.adapters.events import EVENTS

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Pool, Team, User
    from supportsuccess.audit import System

OFFICE = [[["08:30", "17:30"]]] * 5 + [[], []]
CALENDARS = {"Dublin": "Europe/Dublin", "Berlin": "Europe/Berlin", "Boston": "America/New_York"}
TEAMS = (
    ("Support Europe", TeamKind.SUPPORT, "Dublin"),
    ("Support Americas", TeamKind.SUPPORT, "Boston"),
    ("Success", TeamKind.SUCCESS, "Berlin"),
    ("Scale", TeamKind.SUCCESS, "Dublin"),
    ("Sales", TeamKind.SALES, "Berlin"),
    ("Product", TeamKind.PRODUCT, "Berlin"),
    ("Operations", TeamKind.OPERATIONS, "Dublin"),
)
# name, address (before the @), role, team; a team's lead stands first
PEOPLE = (
    ("Priya Nair", "lead", Role.LEAD, "Support Europe"),
    ("Mina Okafor", "agent", Role.AGENT, "Support Europe"),
    ("Tomás Reyes", "tomas", Role.AGENT, "Support Europe"),
    ("Aoife Brennan", "aoife", Role.AGENT, "Support Europe"),
    ("Jakub Zielak", "jakub", Role.AGENT, "Support Europe"),
    ("Lena Hartwig", "lena", Role.AGENT, "Support Europe"),
    ("Grace Whitlow", "grace", Role.LEAD, "Support Americas"),
    ("Deshawn Pruitt", "deshawn", Role.AGENT, "Support Americas"),
    ("Carla Montez", "carla", Role.AGENT, "Support Americas"),
    ("Noor Haddad", "noor", Role.AGENT, "Support Americas"),
    ("Clara Lindqvist", "cslead", Role.CSLEAD, "Success"),
    ("Jonas Weidner", "csm", Role.CSM, "Success"),
    ("Ines Duarte", "ines", Role.CSM, "Success"),
    ("Rob Ashby", "rob", Role.CSM, "Success"),
    ("Yuki Tanabe", "yuki", Role.CSM, "Success"),
    ("Marta Kowalec", "marta", Role.CSM, "Success"),
    ("Henrik Solberg", "henrik", Role.CSLEAD, "Scale"),
    ("Bea Fontaine", "bea", Role.CSM, "Scale"),
    ("Oliver Stroud", "oliver", Role.SALES, "Sales"),
    ("Nadia Petrov", "nadia", Role.SALES, "Sales"),
    ("Felix Amari", "felix", Role.PRODUCT, "Product"),
    ("Sunniva Dahl", "sunniva", Role.PRODUCT, "Product"),
    ("Sam Adler", "admin", Role.ADMIN, "Operations"),
    ("Ruth Calloway", "ruth", Role.OPERATIONS, "Operations"),
    ("Edmund Voss", "edmund", Role.EXECUTIVE, "Operations"),
)
FOUNDED_AGO = timedelta(days=1201)
SIGN_INS = ("agent", "csm", "lead", "cslead", "admin")


@dataclass(frozen=True)
class Staff:
    """The people by their address before the @, the teams and pools by name."""

    people: dict[str, User]
    teams: dict[str, Team]
    pools: dict[str, Pool]


def hire(*, password: str, by: System, at: datetime) -> Staff:
    """Set up Larkfield's calendars, teams, people and pools as of a moment."""
    calendars = {
        name: teams.create_calendar(name, timezone=timezone, weekly_hours=OFFICE, by=by)
        for name, timezone in CALENDARS.items()
    }
    formed = {
        name: teams.create_team(
            name,
            kind=kind,
            calendar=calendars[calendar],
            by=by,
            # what the ticket file calls them
            source=EVENTS.name,
            external_id=name,
        )
        for name, kind, calendar in TEAMS
    }
    hashed = make_password(password)  # once: hashing is slow on purpose
    hired = {
        address: _hire(name, address, role=role, hashed=hashed, by=by)
        for name, address, role, _ in PEOPLE
    }
    _join(hired, formed, by=by, at=at)
    return Staff(people=hired, teams=formed, pools=_pools(hired, formed, by=by, at=at))


def plan_leave(staff: Staff, *, by: System, at: datetime) -> None:
    """Ines is on leave: Rob covers, and when Rob is away Yuki does."""
    ines, rob, yuki = (staff.people[name] for name in ("ines", "rob", "yuki"))
    leave = teams.plan_absence(
        ines, starts_at=at - timedelta(days=2), ends_at=at + timedelta(days=12), cover=rob, by=by
    )
    teams.confirm_cover(leave, by=rob, at=at - timedelta(days=3))
    friday = at + timedelta(days=(4 - at.weekday()) % 7 or 7)
    absence = teams.plan_absence(
        rob, starts_at=friday, ends_at=friday + timedelta(days=30), cover=yuki, by=by
    )
    teams.confirm_cover(absence, by=yuki, at=at - timedelta(days=1))


@transaction.atomic
def _hire(name: str, address: str, *, role: Role, hashed: str, by: System) -> User:
    with audit.group("hire", by=by):
        person = people.create_person(f"{address}@example.com", name=name, role=role, by=by)
        if address in SIGN_INS:  # whoever runs the demo chooses it, however weak
            person.password = hashed
            person.save(update_fields=["password"])
    return person


def _join(hired: dict[str, User], formed: dict[str, Team], *, by: System, at: datetime) -> None:
    led = set()
    for _, address, _, team in PEOPLE:
        role = MembershipRole.MEMBER if team in led else MembershipRole.LEAD
        led.add(team)
        teams.join_team(formed[team], user=hired[address], by=by, at=at, role=role)


def _pools(
    hired: dict[str, User], formed: dict[str, Team], *, by: System, at: datetime
) -> dict[str, Pool]:
    scale = teams.create_pool(
        "Scale",
        team=formed["Scale"],
        lead=hired["henrik"],
        by=by,
        at=at,
    )
    intake = {
        segment: teams.create_pool(
            f"Intake {segment.label}",
            team=formed["Success"],
            lead=hired["cslead"],
            by=by,
            at=at,
            is_intake=True,
            segment=segment,
        )
        for segment in Segment
    }
    return {"Scale": scale, **{pool.name: pool for pool in intake.values()}}
