"""Who is told how: at once what waits for them, else in the digest, both as they want it."""

from datetime import time

import pytest
from django.urls import reverse

from accounts.actions.notice_settings import Hours, change_notice_settings, stop_mail
from accounts.actions.notifications import Told, notify
from accounts.models import Channel, NoticeReason, Notification, NotificationPreference
from accounts.queries.notice_kinds import DIGEST, KINDS
from accounts.queries.notice_routes import Way, way_of, ways_for, wishes_for, wishes_of
from supportsuccess.errors import Refused
from tests.factories.parties import TUESDAY_AT_TEN
from tests.factories.people import UserFactory
from tickets.actions.handoffs.notices import VERBS

pytestmark = pytest.mark.django_db
NOW = TUESDAY_AT_TEN
HOURS = Hours(None, None, is_quiet_on_days_off=False, digest_at=time(8))


def tell(user, *, kind="handoff_offered", reason=NoticeReason.RECEIVER, key="1"):
    told = {user.pk: Told(reason)}
    return notify([user], kind=kind, title="x", path="/", key=key, at=NOW, told=told)[0]


def choose(user, *, has_digest=True, **ways):
    change_notice_settings(user, ways=ways, has_digest=has_digest, hours=HOURS, by=user)


@pytest.mark.parametrize(
    ("kind", "reason", "channel"),
    [
        ("handoff_offered", NoticeReason.RECEIVER, Channel.MAIL),
        ("handoff_offered", NoticeReason.RECEIVER_STAND_IN, Channel.MAIL),
        ("handoff_returned", NoticeReason.SENDER, Channel.MAIL),
        ("handoff_expired", NoticeReason.SENDER, Channel.MAIL),
        ("handoff_expired", NoticeReason.RECEIVER, Channel.DIGEST),
        ("handoff_reassigned", NoticeReason.HOLDER, Channel.MAIL),
        ("handoff_reassigned", NoticeReason.FORMER_HOLDER, Channel.DIGEST),
        ("handoff_accepted", NoticeReason.SENDER, Channel.DIGEST),
        ("handoff_completed", NoticeReason.SENDER, Channel.DIGEST),
    ],
)
def test_what_waits_for_a_person_is_mailed_at_once_and_the_rest_is_not(kind, reason, channel):
    assert tell(UserFactory(), kind=kind, reason=reason).channel == channel


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_choice_is_kept_as_the_rows_that_say_so(kind):
    for way in ways_for(kind):
        wishes = {(kind.name, channel): wish for channel, wish in wishes_for(kind, way=way).items()}

        assert way_of(kind, wishes=wishes) == way


@pytest.mark.parametrize(
    ("way", "channel"),
    [(Way.MAIL, Channel.MAIL), (Way.DIGEST, Channel.DIGEST), (Way.APP, Channel.APP)],
)
def test_a_person_chooses_how_each_kind_reaches_them(way, channel):
    user = UserFactory()
    choose(user, handoff_offered=way, handoff_accepted=way)

    offered = tell(user)
    accepted = tell(user, kind="handoff_accepted", reason=NoticeReason.SENDER, key="2")

    assert {offered.channel, accepted.channel} == {channel}


def test_at_once_is_for_whom_it_waits_alone():
    user = UserFactory()
    choose(user, handoff_expired=Way.MAIL)

    notice = tell(user, kind="handoff_expired", reason=NoticeReason.RECEIVER)

    assert notice.channel == Channel.DIGEST


def test_what_waits_for_somebody_is_never_left_uncounted():
    user = UserFactory()

    with pytest.raises(Refused, match="always counted"):
        choose(user, handoff_offered=Way.SILENT)


def test_the_bell_leaves_out_what_a_person_does_not_want_counted():
    user = UserFactory()
    choose(user, handoff_accepted=Way.SILENT)

    tell(user, kind="handoff_accepted", reason=NoticeReason.SENDER)

    notices = Notification.objects.visible_to(user)
    assert (notices.count(), notices.unread().count()) == (1, 0)


def test_without_a_digest_the_rest_stays_in_the_app():
    user = UserFactory()
    choose(user, has_digest=False)

    notice = tell(user, kind="handoff_accepted", reason=NoticeReason.SENDER)

    assert notice.channel == Channel.APP


def test_the_usual_choice_leaves_no_rows():
    user = UserFactory()
    choose(user, handoff_offered=Way.APP)

    choose(user, handoff_offered=Way.MAIL)

    assert not NotificationPreference.objects.visible_to(user).exists()


def test_stopping_a_mail_twice_changes_nothing():
    user = UserFactory()
    for kind in ("handoff_offered", DIGEST):
        stop_mail(user, kind=kind)
    once = wishes_of([user.pk], kinds=["handoff_offered"])

    for kind in ("handoff_offered", DIGEST):
        stop_mail(user, kind=kind)

    assert wishes_of([user.pk], kinds=["handoff_offered"]) == once
    assert tell(user).channel == Channel.APP


def test_every_step_of_a_handoff_that_is_told_of_is_in_the_table():
    assert {f"handoff_{event.value}" for event in VERBS} <= KINDS.keys()


def test_a_kind_without_a_line_in_the_table_is_refused():
    with pytest.raises(LookupError, match="notice_kinds"):
        tell(UserFactory(), kind="no_such")


# The page


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


URL = "/me/notifications/"
CHOSEN = {
    **{kind.name: Way.MAIL if kind.can_wait else Way.DIGEST for kind in KINDS.values()},
    "digest_at": "08:00",
    "has_digest": "on",
}


def test_the_page_keeps_what_was_chosen(client, reader):
    quiet = {"quiet_from": "19:00", "quiet_until": "07:30", "is_quiet_on_days_off": "on"}

    client.post(URL, CHOSEN | quiet | {"handoff_offered": "digest", "handoff_accepted": "silent"})

    page = client.get(URL).content.decode()
    assert '<option value="silent" selected>' in page
    assert 'name="quiet_from" value="19:00"' in page
    assert reader.notice_hours.is_quiet_on_days_off


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_from": "19:00"},
        {"quiet_from": "19:00", "quiet_until": "19:00"},
        {"quiet_from": "19:00", "quiet_until": "09:00"},
        {"handoff_offered": "silent"},
        {"digest_at": "noon"},
    ],
)
def test_the_page_refuses_what_can_not_be(client, reader, wrong):
    response = client.post(URL, CHOSEN | wrong)

    assert response.status_code == 422
    assert not NotificationPreference.objects.visible_to(reader).exists()


def test_the_list_says_why_and_leads_to_what_would_stop_it(client, reader):
    tell(reader)

    page = client.get(reverse("accounts:notifications")).content.decode()

    assert f'<a href="{URL}#id_handoff_offered">You are its receiver</a>' in page
