"""Random lives of handoffs, by random people: after every step the contract holds."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from psycopg.types.range import TimestamptzRange

from accounts.actions.people import deactivate_person
from accounts.models import Availability, User
from supportsuccess import audit
from tests.factories.tickets import TicketFactory
from tests.tickets.handoff_checks import (
    check_at_commit,
    told_by_events,
    told_by_row,
    went_on_by_agreement,
)
from tests.tickets.handoff_company import RECEIVE, Company
from tickets.actions import handoffs
from tickets.models import (
    OPEN_HANDOFF_STATES,
    Handoff,
    HandoffHolder,
    HandoffOutcome,
    HandoffType,
    LeadsDecision,
    Priority,
    ReturnReason,
)
from tickets.models.handoff_moves import ADD_TICKET, COMPLETE, JUDGE
from tickets.queries.accountability import accountable_for_matters
from tickets.queries.handoff_targets import offers_to_remind_of

pytestmark = pytest.mark.django_db
OFFER = "tickets.offer_handoff"
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


class Contract(Company):
    """What these people and the clock do, in whatever order, and what holds after every step."""

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
        move=st.sampled_from(["ask", "answer", "withdraw", "cancel", "reopen", "thank"]),
    )
    def say(self, *, who, which, wait, move):
        action, right, words = {
            "ask": (handoffs.ask_question, RECEIVE, {"question": "Who decides?"}),
            "answer": (handoffs.answer_question, OFFER, {"answer": "Ingrid."}),
            "withdraw": (handoffs.withdraw_handoff, OFFER, {}),
            "cancel": (handoffs.cancel_handoff, OFFER, {"reason": "Merged"}),
            "reopen": (handoffs.reopen_handoff, OFFER, {"reason": "Notice"}),
            "thank": (handoffs.thank_sender, RECEIVE, {}),
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

    @rule(
        who=numbers,
        which=numbers,
        to=st.none() | numbers,
        wait=st.sampled_from(WAITS[:3]),
        decision=st.sampled_from(LeadsDecision.values),
    )
    def decide(self, *, who, which, to, wait, decision):
        matter = self.matter(which)
        self.attempt(
            handoffs.decide_handoff,
            matter,
            by=self.actor(who, matter, move="decide"),
            right=OFFER,
            wait=wait,
            decision=decision,
            reason="So it is",
            receiver=None if to is None else self.person(to),
        )

    @rule(which=numbers, wait=st.sampled_from(WAITS[:3]))
    def come_back_and_be_offered(self, *, which, wait):
        """To get often where the leads decide: returned, offered again, returned."""
        matter = self.matter(which)
        for action, move, right, given in (
            (handoffs.return_handoff, "return", RECEIVE, {"reason": ReturnReason.WRONG_OWNER}),
            (handoffs.offer_again, "offer_again", OFFER, {}),
            (handoffs.return_handoff, "return", RECEIVE, {"reason": ReturnReason.WRONG_OWNER}),
        ):
            matter = Handoff.objects.get(pk=matter.pk)
            by = self.actor(1, matter, move=move)
            self.attempt(action, matter, by=by, right=right, wait=wait, **given)

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
            ways = {move for _, move in self.open_moves(matter)} - {ADD_TICKET, JUDGE}
            assert ways, f"nobody can do anything with {matter} in {matter.state}"

    @invariant()
    def who_answers_for_a_taken_matter_can_end_it(self):
        for matter in Handoff.objects.taken():
            found = accountable_for_matters([matter.pk], at=self.now + timedelta(seconds=1))
            asked = User.objects.get(pk=found[matter.pk].user_id)
            if asked.has_perm(RECEIVE) and found[matter.pk].via != "off_duty":
                assert (asked, COMPLETE) in self.open_moves(matter)

    @invariant()
    def a_team_has_one_open_for_customer_and_type(self):
        keys = list(Handoff.objects.open().values_list("customer", "type", "to_team"))
        assert len(keys) == len(set(keys))

    @invariant()
    def what_came_back_twice_goes_on_by_both_leads_alone(self):
        for matter in Handoff.objects.returned_often():
            assert went_on_by_agreement(matter)

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
