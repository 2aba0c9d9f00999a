"""Random lives of handoffs, by random people: after every step the contract holds."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from psycopg.types.range import TimestamptzRange

from accounts.actions.people import deactivate_person
from accounts.models import Availability, MembershipRole, Role, User
from accounts.queries.roster import roster_of
from supportsuccess import audit
from supportsuccess.errors import Refused
from tests.factories.parties import TUESDAY_AT_TEN, make_offer, make_parties
from tests.factories.people import MembershipFactory, UserFactory
from tests.factories.tickets import TicketFactory
from tests.tickets.handoff_checks import (
    check_at_commit,
    check_refusal,
    check_same,
    rows,
    told_by_events,
    told_by_row,
)
from tickets.actions import handoffs
from tickets.models import (
    OPEN_HANDOFF_STATES,
    Handoff,
    HandoffHolder,
    HandoffOutcome,
    HandoffType,
    Priority,
    ReturnReason,
)
from tickets.models.handoff_moves import ADD_TICKET, COMPLETE, JUDGE
from tickets.queries.accountability import accountable_for_matters
from tickets.queries.handoff_sides import moves_open_to
from tickets.queries.handoff_targets import offers_to_remind_of

pytestmark = pytest.mark.django_db
OFFER, RECEIVE = "tickets.offer_handoff", "tickets.receive_handoff"
REASSIGN = "tickets.reassign_handoff"
TYPES = (
    HandoffType.RENEWAL_RISK,
    HandoffType.ESCALATION,
    HandoffType.TECHNICAL_HELP,
    HandoffType.CSM_CHANGE,
)
# how long after the step before: at once, within a target, at its end, twice that, past a reopening
WAITS = (
    timedelta(0),
    timedelta(minutes=20),
    timedelta(hours=9),
    timedelta(days=2),
    timedelta(days=9),
    timedelta(days=31),
)
numbers = st.integers(0, 99)


class Contract(RuleBasedStateMachine):
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
        able = [one for one, found in self._open_moves(matter) if found.name == move]
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

    # Moves

    @rule(
        who=numbers,
        to=st.none() | numbers,
        type_=st.sampled_from(TYPES),
        priority=st.sampled_from(Priority.values),
        wait=st.sampled_from(WAITS),
    )
    def offer(self, *, who, to, type_, priority, wait):
        self.attempt(
            handoffs.offer_handoff,
            self.parties.customer,
            by=self.person(who),
            right=OFFER,
            wait=wait,
            type=type_,
            priority=priority,
            need="A plan by Friday.",
            tickets=[TicketFactory(customer=self.parties.customer)],
            receiver=None if to is None else self.person(to),
        )

    @rule(
        who=numbers,
        which=numbers,
        wait=st.sampled_from(WAITS),
        move=st.sampled_from(["ask", "answer", "withdraw", "cancel", "reopen"]),
    )
    def say(self, *, who, which, wait, move):
        action, right, words = {
            "ask": (handoffs.ask_question, RECEIVE, {"question": "Who decides?"}),
            "answer": (handoffs.answer_question, OFFER, {"answer": "Ingrid."}),
            "withdraw": (handoffs.withdraw_handoff, OFFER, {}),
            "cancel": (handoffs.cancel_handoff, OFFER, {"reason": "Merged"}),
            "reopen": (handoffs.reopen_handoff, OFFER, {"reason": "Notice"}),
        }[move]
        matter = self.matter(which)
        by = self.actor(who, matter, move=move)
        self.attempt(action, matter, by=by, right=right, wait=wait, **words)

    @rule(who=numbers, which=numbers, wait=st.sampled_from(WAITS[:4]))
    def accept(self, *, who, which, wait):
        matter = self.matter(which)
        self.attempt(
            handoffs.accept_handoff,
            matter,
            by=self.actor(who, matter, move="accept"),
            right=RECEIVE,
            wait=wait,
        )

    @rule(
        who=numbers,
        which=numbers,
        wait=st.sampled_from(WAITS[:4]),
        reason=st.sampled_from(ReturnReason.values),
        note=st.sampled_from(["", "who decides?"]),
    )
    def give_back(self, *, who, which, wait, reason, note):
        matter = self.matter(which)
        self.attempt(
            handoffs.return_handoff,
            matter,
            by=self.actor(who, matter, move="return"),
            right=RECEIVE,
            wait=wait,
            reason=reason,
            note=note,
        )

    @rule(who=numbers, which=numbers, to=st.none() | numbers, wait=st.sampled_from(WAITS))
    def offer_again(self, *, who, which, to, wait):
        matter = self.matter(which)
        self.attempt(
            handoffs.offer_again,
            matter,
            by=self.actor(who, matter, move="offer_again"),
            right=OFFER,
            wait=wait,
            receiver=None if to is None else self.person(to),
        )

    @rule(who=numbers, which=numbers, to=numbers, wait=st.sampled_from(WAITS))
    def reassign(self, *, who, which, to, wait):
        matter = self.matter(which)
        held = HandoffHolder.objects.current().filter(handoff=matter).first()
        self.attempt(
            handoffs.reassign_handoff,
            matter,
            by=self.actor(who, matter, move="reassign"),
            right=REASSIGN,
            wait=wait,
            from_user=held.user if held else matter.receiver,
            to=self.person(to),
            reason="On leave",
        )

    @rule(who=numbers, which=numbers, wait=st.sampled_from(WAITS), days=st.integers(-40, 40))
    def next_step(self, *, who, which, wait, days):
        matter = self.matter(which)
        self.attempt(
            handoffs.set_next_step,
            matter,
            by=self.actor(who, matter, move="next_step"),
            right=RECEIVE,
            wait=wait,
            step="Call them",
            on=self.now.date() + timedelta(days=days),
        )

    @rule(
        who=numbers,
        which=numbers,
        wait=st.sampled_from(WAITS),
        outcome=st.sampled_from(HandoffOutcome.values),
    )
    def complete(self, *, who, which, wait, outcome):
        matter = self.matter(which)
        self.attempt(
            handoffs.complete_handoff,
            matter,
            by=self.actor(who, matter, move="complete"),
            right=RECEIVE,
            wait=wait,
            outcome=outcome,
        )

    @rule(who=numbers, which=numbers, is_useful=st.booleans())
    def judge(self, *, who, which, is_useful):
        matter = self.matter(which)
        self.attempt(
            handoffs.judge_useful,
            matter,
            by=self.actor(who, matter, move="judge"),
            right=RECEIVE,
            wait=WAITS[0],
            is_useful=is_useful,
        )

    @rule(who=numbers, which=numbers, is_known=st.booleans())
    def add_ticket(self, *, who, which, is_known):
        matter = self.matter(which)
        new = TicketFactory(customer=self.parties.customer)
        self.attempt(
            handoffs.add_ticket,
            matter,
            by=self.actor(who, matter, move="add_ticket"),
            right=OFFER,
            wait=WAITS[0],
            ticket=(matter.tickets.first() if is_known else None) or new,
        )

    # What happens around it

    @rule(wait=st.sampled_from(WAITS))
    def the_clock_looks(self, wait):
        self.now += wait
        for offer in offers_to_remind_of(at=self.now):
            assert handoffs.remind_if_due(offer, at=self.now)
        handoffs.expire_due(at=self.now)
        handoffs.take_over_from_leavers(at=self.now)
        assert not Handoff.objects.held_by_leavers().exists()

    @rule(who=numbers, cover=st.none() | numbers, is_confirmed=st.booleans())
    def go_away(self, *, who, cover, is_confirmed):
        person, other = self.person(who), None if cover is None else self.person(cover)
        if person.pk in self.absent or other == person:
            return
        self.absent.add(person.pk)
        with audit.group("leave", by=self.admin):
            Availability.objects.create(
                user=person,
                during=TimestamptzRange(self.now, None),
                cover=other,
                cover_confirmed_at=self.now if other and is_confirmed else None,
            )

    @precondition(lambda self: len([one for one in self.people if one.is_active]) > 5)
    @rule(who=numbers)
    def leave_for_good(self, who):
        person = self.people[who % len(self.people)]
        if person not in self.leads and person.is_active:
            deactivate_person(person, by=self.admin, at=self.now)
            person.is_active = False

    # What always holds

    @invariant()
    def everything_holds_that_is_checked_at_commit(self):
        check_at_commit()

    @invariant()
    def one_active_person_answers_for_every_open_matter(self):
        matters = {pk for (pk,) in Handoff.objects.open().values_list("pk")}
        found = accountable_for_matters(matters, at=self.now + timedelta(seconds=1))
        assert set(found) == matters
        answering = {one.user_id for one in found.values()}
        assert User.objects.active().filter(pk__in=answering).count() == len(answering)

    @invariant()
    def it_is_held_without_gap(self):
        for matter in Handoff.objects.prefetch_related("holders"):
            held = sorted(matter.holders.all(), key=lambda one: one.during.lower)
            starts = [one.during.lower for one in held[1:] if one.cause != "reopened"]
            ends = [one.during.upper for one, after in pairwise(held) if after.cause != "reopened"]
            assert starts == ends
            assert held[0].during.lower == matter.events.order_by("pk").first().occurred_at
            assert (held[-1].during.upper is None) == (matter.state in OPEN_HANDOFF_STATES)

    @invariant()
    def somebody_can_go_on(self):
        for matter in Handoff.objects.open():
            ways = {move for _, move in self._open_moves(matter)} - {ADD_TICKET, JUDGE}
            assert ways, f"nobody can do anything with {matter} in {matter.state}"

    @invariant()
    def who_answers_for_a_taken_matter_can_end_it(self):
        for matter in Handoff.objects.taken():
            found = accountable_for_matters([matter.pk], at=self.now + timedelta(seconds=1))
            asked = User.objects.get(pk=found[matter.pk].user_id)
            if asked.has_perm(RECEIVE) and found[matter.pk].via != "off_duty":
                assert (asked, COMPLETE) in self._open_moves(matter)

    def _open_moves(self, matter):
        active = [one for one in User.objects.active() if one.has_perm(RECEIVE)]
        around = {matter.sender_id, matter.receiver_id} | {one.pk for one in active}
        roster = roster_of(around, at=self.now)
        return [(one, move) for one in active for move in moves_open_to(one, matter, roster=roster)]

    @invariant()
    def a_team_has_one_open_for_customer_and_type(self):
        keys = list(Handoff.objects.open().values_list("customer", "type", "to_team"))
        assert len(keys) == len(set(keys))

    @invariant()
    def the_row_says_what_its_events_say(self):
        for matter in Handoff.objects.select_related("receiver"):
            assert told_by_row(matter) == told_by_events(matter)


def live(*, examples, steps):
    run_state_machine_as_test(
        Contract,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.reuse, Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_people_do_the_contract_holds():
    live(examples=8, steps=25)
