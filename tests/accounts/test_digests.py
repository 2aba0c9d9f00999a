"""One mail a day of what nobody waits for: exactly once, in the person's morning."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.actions import digests
from accounts.actions.digests import collect_digests
from accounts.actions.notifications import Told, notify
from accounts.jobs import promise_digests
from accounts.models import Channel, Digest, NoticeReason, Notification
from supportsuccess import outbox
from supportsuccess.outbox.models import Delivery
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
# a Tuesday; half past seven and half past eight in UTC
EVENING = datetime(2026, 6, 1, 17, tzinfo=UTC)
EARLY = datetime(2026, 6, 2, 7, 30, tzinfo=UTC)
MORNING = datetime(2026, 6, 2, 8, 30, tzinfo=UTC)


def tell(user, *, kind="handoff_accepted", key="1", at=EVENING):
    told = {user.pk: Told(NoticeReason.SENDER)}
    return notify([user], kind=kind, title="Halden", path="/", key=key, at=at, told=told)[0]


def test_a_digest_is_a_count_of_each_kind_with_its_link(mailoutbox):
    user = UserFactory()
    for number in range(2):
        tell(user, key=str(number))
    tell(user, kind="handoff_completed", key="3")

    collect_digests(at=MORNING)
    outbox.deliver_due()

    (mail,) = mailoutbox
    assert mail.subject == "3 notices"
    assert "Handoff accepted: 2: http" in mail.body
    assert "/notifications/?kind=handoff_accepted" in mail.body
    assert "Halden" not in mail.body + mail.alternatives[0][0]


def test_a_digest_comes_in_the_morning_of_the_person(mailoutbox):
    tell(UserFactory(timezone="Asia/Kolkata"))  # half past one in the afternoon
    tell(UserFactory(timezone="America/New_York"))  # half past three at night

    assert collect_digests(at=EARLY) == 1
    outbox.deliver_due()

    assert [mail.extra_headers["Message-ID"][:7] for mail in mailoutbox] == ["<digest"]


def test_nobody_gets_two_digests_of_a_day(mailoutbox):
    user = UserFactory()
    tell(user)
    collect_digests(at=MORNING)
    tell(user, key="2", at=MORNING)

    later = [collect_digests(at=MORNING + timedelta(hours=hours)) for hours in (1, 6, 24)]

    outbox.deliver_due()
    assert (later, len(mailoutbox)) == ([0, 0, 1], 2)


def test_a_second_digest_of_a_day_is_refused_by_the_table():
    user = UserFactory()
    Digest.objects.create(user=user, on=MORNING.date(), created_at=MORNING)

    with pytest.raises(IntegrityError), transaction.atomic():
        Digest.objects.create(user=user, on=MORNING.date(), created_at=MORNING)


def test_an_empty_digest_is_not_sent(mailoutbox):
    user = UserFactory()
    tell(user)
    collect_digests(at=MORNING)
    Notification.objects.update(read_at=MORNING)

    outbox.deliver_due()

    assert (mailoutbox, Digest.objects.get().mailed_at) == ([], None)


def test_a_digest_waits_for_a_working_day(mailoutbox):
    tell(UserFactory(), at=datetime(2026, 6, 5, 17, tzinfo=UTC))
    saturday, monday = (datetime(2026, 6, day, 9, tzinfo=UTC) for day in (6, 8))

    assert (collect_digests(at=saturday), collect_digests(at=monday)) == (0, 1)


def test_what_was_told_a_moment_ago_waits_for_its_undo():
    tell(UserFactory(), at=MORNING)

    assert collect_digests(at=MORNING + timedelta(seconds=5)) == 0


def test_a_digest_that_was_cut_short_is_made_again_once(monkeypatch, mailoutbox):
    tell(UserFactory())
    with monkeypatch.context() as cut:
        cut.setattr(digests.outbox, "promise", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            collect_digests(at=MORNING)

    made = [collect_digests(at=MORNING) for _ in range(2)]

    outbox.deliver_due()
    assert (made, len(mailoutbox)) == ([1, 0], 1)


def test_a_digest_sent_again_after_a_crash_has_the_same_id(mailoutbox):
    tell(UserFactory())
    collect_digests(at=MORNING)
    outbox.deliver_due()
    Digest.objects.update(mailed_at=None)

    with transaction.atomic():
        outbox.promise("send_digest", digest_id=Digest.objects.get().pk)
    outbox.deliver_due()

    first, second = (mail.extra_headers["Message-ID"] for mail in mailoutbox)
    assert first == second


def test_the_tick_promises_the_collecting(mailoutbox):
    tell(UserFactory())
    with transaction.atomic():
        promise_digests(due_at=MORNING)

    outbox.deliver_due()

    assert len(mailoutbox) == 1
    assert not Delivery.objects.pending().exists()


def test_what_is_mailed_at_once_is_in_no_digest():
    user = UserFactory()
    told = {user.pk: Told(NoticeReason.RECEIVER)}
    notify([user], kind="handoff_offered", title="x", path="/", key="1", at=EVENING, told=told)

    assert collect_digests(at=MORNING) == 0
    assert Notification.objects.get().channel == Channel.MAIL
