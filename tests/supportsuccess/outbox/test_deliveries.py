from datetime import timedelta
from typing import Any, NoReturn

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from supportsuccess import outbox
from supportsuccess.errors import Refused
from supportsuccess.outbox import dead_letters, runner
from supportsuccess.outbox.models import Delivery

Calls = list[dict[str, Any]]
pytestmark = pytest.mark.django_db


def later(**after: int) -> int:
    return outbox.deliver_due(at=timezone.now() + timedelta(**after))


def break_down(**ids: object) -> NoReturn:
    raise RuntimeError("the printer is on fire")


def test_promise_is_delivered_once_with_its_ids(delivered: Calls) -> None:
    outbox.promise("note", ticket_id=7)

    assert outbox.deliver_due() == 1
    assert outbox.deliver_due() == 0
    assert delivered == [{"ticket_id": 7}]
    assert Delivery.objects.get().done_at is not None


@pytest.mark.django_db(transaction=True)
def test_promise_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionManagementError):
        outbox.promise("note", ticket_id=7)


def test_promise_of_a_transaction_rolled_back_is_not_made(delivered: Calls) -> None:
    with transaction.atomic():
        outbox.promise("note", ticket_id=7)
        transaction.set_rollback(True)

    assert outbox.deliver_due() == 0
    assert delivered == []


def test_promise_for_later_waits_for_its_time(delivered: Calls) -> None:
    outbox.promise("note", run_at=timezone.now() + timedelta(minutes=5), ticket_id=7)

    assert outbox.deliver_due() == 0
    assert later(minutes=6) == 1


def test_promise_with_a_key_is_made_once_even_after_its_delivery(delivered: Calls) -> None:
    outbox.promise("note", key="digest 2026-11", ticket_id=7)
    outbox.deliver_due()
    outbox.promise("note", key="digest 2026-11", ticket_id=7)
    outbox.deliver_due()

    assert len(delivered) == 1


def test_promise_can_be_withdrawn_before_its_delivery(delivered: Calls) -> None:
    outbox.promise("note", ticket_id=7)
    outbox.promise("note", ticket_id=8)

    assert outbox.withdraw("note", ticket_id=7) == 1
    outbox.deliver_due()
    assert delivered == [{"ticket_id": 8}]


def test_promise_that_was_delivered_cannot_be_withdrawn(delivered: Calls) -> None:
    outbox.promise("note", ticket_id=7)
    outbox.deliver_due()

    assert outbox.withdraw("note", ticket_id=7) == 0


def test_handler_may_promise_more_which_is_delivered_too(delivered: Calls) -> None:
    outbox.handler("begin")(lambda **ids: outbox.promise("note", **ids))
    outbox.promise("begin", ticket_id=7)

    assert outbox.deliver_due() == 2
    assert delivered == [{"ticket_id": 7}]


def test_failure_undoes_the_handlers_rows_and_keeps_the_error(delivered: Calls) -> None:
    def promise_and_break(**ids: object) -> None:
        outbox.promise("note", **ids)
        break_down()

    outbox.handler("broken")(promise_and_break)
    outbox.promise("broken", ticket_id=7)
    outbox.deliver_due()

    delivery = Delivery.objects.get()
    assert delivery.last_error == "RuntimeError: the printer is on fire"
    assert (delivery.attempts, delivery.done_at, delivery.dead_at) == (1, None, None)


def test_failure_is_tried_again_after_a_while(delivered: Calls) -> None:
    outbox.handler("broken")(break_down)
    outbox.promise("broken")
    outbox.deliver_due()

    outbox.deliver_due()
    assert Delivery.objects.get().attempts == 1
    later(seconds=11)
    assert Delivery.objects.get().attempts == 2


def test_poison_is_dead_after_five_attempts_and_the_others_go_on(delivered: Calls) -> None:
    outbox.handler("broken")(break_down)
    outbox.promise("broken")
    for _ in range(5):
        outbox.promise("note")
        later(hours=1)

    dead = Delivery.objects.dead().get()
    assert (dead.name, dead.attempts) == ("broken", 5)
    assert later(hours=9) == 0
    assert len(delivered) == 5


def test_refusal_by_the_domain_is_dead_at_once() -> None:
    def refuse() -> None:
        raise Refused("The ticket is closed.")

    outbox.handler("refused")(refuse)
    outbox.promise("refused")
    outbox.deliver_due()

    assert Delivery.objects.dead().get().last_error == "Refused: The ticket is closed."


def test_refusal_by_the_domain_is_no_error_of_the_program(caplog: pytest.LogCaptureFixture) -> None:
    def refuse() -> None:
        raise Refused("The ticket is closed.")

    outbox.handler("refused")(refuse)
    outbox.promise("refused")
    with caplog.at_level("INFO"):
        outbox.deliver_due()

    levels = {record.levelname for record in caplog.records if "refused" in record.getMessage()}
    assert levels == {"INFO"}


def test_unknown_name_is_dead_with_a_clear_error() -> None:
    outbox.promise("nobody_knows")
    outbox.deliver_due()

    assert "'nobody_knows'" in Delivery.objects.dead().get().last_error


def test_worker_lost_five_times_is_dead() -> None:
    outbox.promise("note")
    past = timezone.now() - timedelta(seconds=1)
    Delivery.objects.update(attempts=runner.MAX_ATTEMPTS, leased_until=past)

    outbox.deliver_due()

    assert Delivery.objects.dead().get().last_error == runner.LOST


def test_dead_promise_can_be_tried_again(delivered: Calls) -> None:
    outbox.promise("later_known", ticket_id=7)
    outbox.deliver_due()
    outbox.handler("later_known")(lambda **ids: delivered.append(ids))

    assert dead_letters.retry(Delivery.objects.all()) == 1
    assert outbox.deliver_due() == 1
    assert delivered == [{"ticket_id": 7}]


def test_two_handlers_of_one_name_are_refused(delivered: Calls) -> None:
    with pytest.raises(ValueError, match="two functions"):
        outbox.handler("note")(break_down)


def test_late_promises_are_found(delivered: Calls) -> None:
    now = timezone.now()
    outbox.promise("note", run_at=now - timedelta(minutes=1))
    outbox.promise("note", run_at=now)

    assert Delivery.objects.late(at=now).count() == 1


def test_drain_ends_when_its_time_is_up(delivered: Calls) -> None:
    outbox.promise("note")
    outbox.promise("note")

    assert runner.drain(outbox.QUICK, seconds=0) == runner.Drained(delivered=1, is_empty=False)
    assert runner.drain(outbox.QUICK, seconds=5) == runner.Drained(delivered=1, is_empty=True)


def test_queues_are_drained_apart(delivered: Calls) -> None:
    outbox.promise("note", queue=outbox.LONG)

    assert runner.drain(outbox.QUICK).delivered == 0
    assert runner.drain(outbox.LONG).delivered == 1


def test_every_attempt_of_a_promise_has_the_same_id() -> None:
    seen: list[str] = []

    def note_id() -> None:
        seen.append(outbox.stable_id())
        if len(seen) == 1:
            break_down()

    outbox.handler("sent")(note_id)
    outbox.promise("sent")
    outbox.deliver_due()
    later(minutes=1)

    assert seen == [f"delivery-{Delivery.objects.get().pk}"] * 2
