"""On which sides of a handoff a person stands, and so which moves are theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tickets.models.handoff_moves import MOVES, Move, Side

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.queries.roster import Roster
    from tickets.models import Handoff


def sides_of(user: User, handoff: Handoff, *, roster: Roster) -> frozenset[Side]:
    """A side is its person, who answers for them, and their team; never both for the sender."""
    teams = roster.teams_of(user.pk)
    sides = set()
    if user.pk in {handoff.sender_id, roster.answering(handoff.sender_id).user_id}:
        sides.add(Side.SENDER)
    elif user.pk in {handoff.receiver_id, roster.answering(handoff.receiver_id).user_id}:
        sides.add(Side.RECEIVER)
    else:
        sides |= {Side.SENDER} if handoff.from_team_id in teams else set()
        sides |= {Side.RECEIVER} if handoff.to_team_id in teams else set()
    if user.has_perm("tickets.reassign_handoff"):
        sides.add(Side.LEAD)
    return frozenset(sides)


def moves_open_to(user: User, handoff: Handoff, *, roster: Roster) -> list[Move]:
    """What this person can do with a handoff now, in the order of the table."""
    sides = sides_of(user, handoff, roster=roster)
    return [move for move in MOVES if handoff.state in move.sources and move.sides & sides]
