"""Who decides about a handoff that came back too often, and what they said: its teams' leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from accounts.queries.leads import leads_over_each
from accounts.queries.roster import StandIn, roster_of
from tickets.models import DecidingSide, Handoff, HandoffDecision

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from accounts.queries.roster import Roster


@dataclass(frozen=True, kw_only=True)
class Deciders:
    """Who leads each side and who answers for them; sides that nobody leads are left out."""

    leads: dict[DecidingSide, User]
    answering: dict[DecidingSide, StandIn]

    def __bool__(self) -> bool:
        return bool(self.leads)

    def sides_of(self, user_id: int) -> list[DecidingSide]:
        """The sides that a person decides for: one who leads both decides once."""
        return [side for side in self.leads if user_id in self.people_of(side)]

    def people_of(self, side: DecidingSide) -> set[int]:
        """A side's lead, and who answers for them while they are away."""
        return {self.leads[side].pk, self.answering[side].user_id}

    @property
    def names(self) -> str:
        """Whose decision it is: "Jonas Brandt and Carla Weiss"."""
        return " and ".join(dict.fromkeys(lead.name for lead in self.leads.values()))


class Vote(NamedTuple):
    """A side, who decides for it, and what was decided, if anything was."""

    side: str
    who: str
    # who answers for them, where they are away
    stand_in: str
    decision: HandoffDecision | None


NOBODY = Deciders(leads={}, answering={})


def leads_who_decide(handoff: Handoff, *, at: datetime) -> dict[DecidingSide, User]:
    """Who decides about a handoff by side; nobody while it did not come back too often.

    A team without a lead has the lead of the nearest one above it; where there is none either, the
    other side decides alone, and where neither side has one the handoff stays the sender's.
    """
    if not handoff.came_back_too_often:
        return {}
    ladders = leads_over_each([handoff.from_team, handoff.to_team], at=at)
    able = [[lead for lead in leads if _may_decide(lead, handoff)] for leads in ladders]
    return {side: leads[0] for side, leads in zip(DecidingSide, able, strict=True) if leads}


def with_stand_ins(leads: dict[DecidingSide, User], *, roster: Roster) -> Deciders:
    """These leads, and who answers for them; the roster knows them all."""
    answering = {side: roster.answering(lead.pk) for side, lead in leads.items()}
    return Deciders(leads=leads, answering=answering)


def deciders_of(handoff: Handoff, *, at: datetime) -> Deciders:
    """Who decides about a handoff that came back too often, and who answers for them."""
    leads = leads_who_decide(handoff, at=at)
    if not leads:
        return NOBODY
    return with_stand_ins(leads, roster=roster_of({lead.pk for lead in leads.values()}, at=at))


def decisions_on(handoff: Handoff) -> list[HandoffDecision]:
    """What each side said last since the handoff came back."""
    said = HandoffDecision.objects.filter(handoff=handoff, return_count=handoff.return_count)
    return list(said.latest_of_sides().select_related("receiver", "by"))


def votes_on(handoff: Handoff, *, deciders: Deciders) -> list[Vote]:
    """What each side decided, and for whom is waited."""
    said = {decision.side: decision for decision in decisions_on(handoff)} if deciders else {}
    return [
        Vote(side.label, lead.name, _other_than(lead, deciders.answering[side]), said.get(side))
        for side, lead in deciders.leads.items()
    ]


def do_differ(votes: list[Vote]) -> bool:
    """Whether every side decided, and not the same."""
    said = {(vote.decision.decision, vote.decision.receiver_id) for vote in votes if vote.decision}
    return len(said) > 1


def _may_decide(lead: User, handoff: Handoff) -> bool:
    if not lead.has_perm("tickets.offer_handoff"):
        return False
    is_hidden = handoff.customer.is_restricted  # from whom is asked only then
    return not is_hidden or Handoff.objects.visible_to(lead).filter(pk=handoff.pk).exists()


def _other_than(lead: User, found: StandIn) -> str:
    return "" if found.user_id == lead.pk else found.name
