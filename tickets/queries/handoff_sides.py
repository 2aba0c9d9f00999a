"""On which sides of a handoff a person stands, and so which moves are theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tickets.models.handoff_moves import MOVES, Move, Side

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.queries.roster import Roster
    from tickets.models import Handoff
    from tickets.queries.handoff_deciders import Deciders


def sides_of(
    user: User, handoff: Handoff, *, roster: Roster, deciders: Deciders
) -> frozenset[Side]:
    """A side is its person, who answers for them, and their team, where they are on no other."""
    sides = _own_sides(user, handoff, roster=roster) or _team_sides(user, handoff, roster=roster)
    lead = {Side.LEAD} if user.has_perm("tickets.reassign_handoff") else set()
    deciding = {Side.DECIDING} if deciders.sides_of(user.pk) else set()
    return frozenset(sides | lead | deciding)


def _own_sides(user: User, handoff: Handoff, *, roster: Roster) -> set[Side]:
    """For whom they stand; an offer is taken by nobody of its sender's but the one it went to."""
    people = {Side.SENDER: handoff.sender_id, Side.RECEIVER: handoff.receiver_id}
    sides = {side for side, pk in people.items() if user.pk in {pk, roster.answering(pk).user_id}}
    is_to_take = handoff.accepted_at is None
    if is_to_take and Side.SENDER in sides and user.pk != handoff.receiver_id:
        sides.discard(Side.RECEIVER)
    return sides


def _team_sides(user: User, handoff: Handoff, *, roster: Roster) -> set[Side]:
    teams = {Side.SENDER: handoff.from_team_id, Side.RECEIVER: handoff.to_team_id}
    return {side for side, pk in teams.items() if pk in roster.teams_of(user.pk)}


def sides_that_may(move: Move, *, deciders: Deciders) -> frozenset[Side]:
    """Who can make a move; other sides while the leads of both teams decide."""
    if deciders and move.sides_while_leads_decide is not None:
        return move.sides_while_leads_decide
    return move.sides


def moves_open_to(
    user: User, handoff: Handoff, *, roster: Roster, deciders: Deciders
) -> list[Move]:
    """What this person can do with a handoff now, in the order of the table."""
    sides = sides_of(user, handoff, roster=roster, deciders=deciders)
    return [
        move
        for move in MOVES
        if handoff.state in move.sources and sides_that_may(move, deciders=deciders) & sides
    ]
