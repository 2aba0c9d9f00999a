"""The people of the random lives of handoffs: who is there, who is chosen, how they try a move."""

from datetime import timedelta

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine

from accounts.models import MembershipRole, Role, User
from accounts.queries.roster import roster_of
from supportsuccess.errors import Refused
from tests.factories.parties import TUESDAY_AT_TEN, make_offer, make_parties
from tests.factories.people import MembershipFactory, UserFactory
from tests.tickets.handoff_checks import check_refusal, check_same, rows
from tickets.actions import handoffs
from tickets.models import Handoff, HandoffType
from tickets.queries.handoff_deciders import deciders_of
from tickets.queries.handoff_sides import moves_open_to

RECEIVE = "tickets.receive_handoff"


class Company(RuleBasedStateMachine):
    """Two teams, somebody from elsewhere, somebody without any right, and a clock."""

    def __init__(self):
        super().__init__()
        self.work = transaction.atomic()
        self.work.__enter__()
        self.parties = make_parties()
        self.people = self._make_people()
        self.absent = set()
        self.now = TUESDAY_AT_TEN
        self._let_targets_bind()

    def _make_people(self):
        sides = self.parties
        colleague = MembershipFactory(
            user__name="Theo Lang", user__role=Role.CSM, team=sides.success
        ).user
        second = MembershipFactory(
            user__name="Ada Rossi", user__role=Role.AGENT, team=sides.support
        ).user
        sales = MembershipFactory(user__name="Sam Price", user__role=Role.SALES)
        reader = UserFactory(name="Pia Kern", role=Role.PRODUCT)
        self.admin = UserFactory(name="Uma Root", role=Role.ADMIN)
        # who leaves a team that nobody leads keeps their matters
        MembershipFactory(user=self.admin, team=sales.team, role=MembershipRole.LEAD)
        self.leads = [sides.support_lead, sides.success_lead]
        return [sides.agent, sides.csm, *self.leads, colleague, second, sales.user, reader]

    def _let_targets_bind(self):
        """Both teams got their first offers long ago."""
        long_ago = self.now - timedelta(days=60)
        for by, to in ((self.parties.agent, self.parties.csm), (self.people[4], self.people[5])):
            first = make_offer(
                self.parties, type=HandoffType.ADOPTION, by=by, receiver=to, at=long_ago
            )
            handoffs.withdraw_handoff(first, by=by, at=long_ago)

    def teardown(self):
        transaction.set_rollback(True)
        self.work.__exit__(None, None, None)

    # Choices

    def person(self, number):
        return User.objects.get(pk=self.people[number % len(self.people)].pk)

    def matter(self, number):
        """One of those made, the latest more often."""
        made = list(Handoff.objects.order_by("-pk")[:3])
        return made[number % len(made)]

    def actor(self, number, matter, *, move):
        """Anybody, or mostly one of those to whom the move is open, so that lives get long."""
        able = [one for one, found in self.open_moves(matter) if found.name == move]
        return able[number % len(able)] if able and number % 4 else self.person(number)

    def attempt(self, action, thing, *, by, right, wait, **given):
        """Do it as a page would; what is refused says why and changes nothing."""
        self.now += wait
        if not (by.is_active and by.has_perm(right)):
            return
        before = rows()
        try:
            action(thing, **given, by=by, at=self.now)
        except Refused as refusal:
            check_refusal(refusal, thing)
            check_same(before)

    def open_moves(self, matter):
        active = [one for one in User.objects.active() if one.has_perm(RECEIVE)]
        around = {matter.sender_id, matter.receiver_id} | {one.pk for one in active}
        roster = roster_of(around, at=self.now)
        deciders = deciders_of(matter, at=self.now)
        return [
            (one, move)
            for one in active
            for move in moves_open_to(one, matter, roster=roster, deciders=deciders)
        ]
