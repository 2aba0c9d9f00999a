import socket
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default as policy

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings
from django.urls import reverse

from accounts.actions.notifications import notify, recall
from accounts.models import Channel, Notification, NotificationPreference
from supportsuccess import outbox
from supportsuccess.lists.table import PAGE_SIZE
from tests.counting import count_queries
from tests.factories.base import make
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 2, 8, tzinfo=UTC)
HELD = timedelta(seconds=10)


def tell(*users, key="handoff:1:1", at=NOW):
    return notify(
        users,
        kind="handoff_offered",
        title="Mina Falk offered Renewal risk: Halden Lifts",
        path="/handoffs/1/",
        key=key,
        at=at,
    )


def test_notify_tells_each_person_once_per_key():
    user = UserFactory()

    tell(user)
    tell(user)

    assert Notification.objects.visible_to(user).count() == 1


def test_notify_leaves_out_who_has_left():
    assert tell(UserFactory(is_active=False)) == []


def test_mail_waits_ten_seconds(mailoutbox):
    tell(UserFactory())

    outbox.deliver_due(at=NOW + HELD - timedelta(seconds=1))
    assert mailoutbox == []
    outbox.deliver_due(at=NOW + HELD)
    assert len(mailoutbox) == 1


def test_mail_is_a_link_and_a_count(mailoutbox):
    tell(UserFactory())

    outbox.deliver_due(at=NOW + HELD)

    mail = mailoutbox[0]
    html, _ = mail.alternatives[0]
    for text in (mail.body, html):
        assert f"{django_settings.PUBLIC_URL}/handoffs/1/" in text
        assert "1 unread notice" in text
        assert "Halden" not in text + mail.subject


def test_mail_is_not_sent_twice(mailoutbox):
    notice = tell(UserFactory())[0]
    outbox.deliver_due(at=NOW + HELD)

    outbox_again(notice)

    assert len(mailoutbox) == 1


def outbox_again(notice):
    outbox.promise("send_notification", notification_id=notice.pk)
    outbox.deliver_due()


def test_mail_sent_again_after_a_crash_has_the_same_id(mailoutbox):
    notice = tell(UserFactory())[0]
    outbox.deliver_due(at=NOW + HELD)
    Notification.objects.update(mailed_at=None)

    outbox_again(notice)

    first, second = (mail.message()["Message-ID"] for mail in mailoutbox)
    assert first == second


def test_mail_respects_who_does_not_want_it(mailoutbox):
    user = UserFactory()
    make(
        NotificationPreference,
        user=user,
        kind="handoff_offered",
        channel=Channel.MAIL,
        is_wanted=False,
    )

    tell(user)

    outbox.deliver_due(at=NOW + HELD)
    assert mailoutbox == []
    assert Notification.objects.visible_to(user).unread().count() == 1


def test_recall_takes_back_what_was_not_mailed(mailoutbox):
    tell(UserFactory())

    taken_back = recall("handoff:1:1", at=NOW + timedelta(seconds=5))

    outbox.deliver_due(at=NOW + HELD)
    assert (taken_back, Notification.objects.count(), mailoutbox) == (1, 0, [])


def test_recall_leaves_what_was_mailed(mailoutbox):
    tell(UserFactory())
    outbox.deliver_due(at=NOW + HELD)

    assert recall("handoff:1:1", at=NOW + timedelta(seconds=9)) == 0


class Mailbox:
    """What an SMTP server received."""

    def __init__(self):
        self.received = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the server's name for it
        self.received.append(envelope)
        return "250 OK"


@pytest.fixture
def smtp_server(settings):
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    options = {"host": "127.0.0.1", "port": port}
    backend = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}
    yield mailbox
    controller.stop()


def test_mail_arrives_at_an_smtp_server(smtp_server):
    user = UserFactory()
    notice = tell(user)[0]

    outbox.deliver_due(at=NOW + HELD)

    (envelope,) = smtp_server.received
    mail = message_from_bytes(envelope.content, policy=policy)
    assert envelope.rcpt_tos == [user.email]
    assert mail["Subject"] == "Handoff offered"
    assert mail["Message-ID"].startswith(f"<notification-{notice.pk}@")
    assert b"\r\nList-Unsubscribe: <http://localhost:8000/notifications/stop/" in envelope.content
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_a_mail_server_that_is_down_loses_nothing(smtp_server, settings):
    notice = tell(UserFactory())[0]
    reachable = settings.MAILERS
    settings.MAILERS = unreachable(reachable)
    assert outbox.deliver_due(at=NOW + HELD) == 0

    settings.MAILERS = reachable
    outbox.deliver_due(at=datetime.now(UTC) + timedelta(minutes=1))

    notice.refresh_from_db()
    assert notice.mailed_at is not None
    assert len(smtp_server.received) == 1


def unreachable(reachable):
    options = reachable["default"]["OPTIONS"] | {"port": 1, "timeout": 1}
    return {"default": reachable["default"] | {"OPTIONS": options}}


# Pages


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


def test_notifications_lists_ones_own(client, reader):
    tell(reader)
    tell(UserFactory(), key="handoff:2:2")

    page = client.get(reverse("accounts:notifications"))

    assert page.content.count(b"Mina Falk offered") == 1


def test_notices_beyond_a_page_stand_on_the_next(client, reader):
    url = reverse("accounts:notifications")
    for number in range(PAGE_SIZE + 1):
        tell(reader, key=f"handoff:{number}:1", at=NOW + timedelta(minutes=number))

    listing = client.get(url).context["listing"]
    later = client.get(url + listing.next_url).context["listing"]

    assert len(listing.page.rows) == PAGE_SIZE
    assert [row.created_at for row in later.page.rows] == [NOW]


def test_notices_are_found_by_word_and_by_what_is_unread(client, reader):
    url = reverse("accounts:notifications")
    read, unread = tell(reader)[0], tell(reader, key="handoff:2:1")[0]
    client.get(reverse("accounts:notification", args=[read.pk]))

    found = client.get(url + "?unread=1&q=halden").context["listing"]
    nothing = client.get(url + "?q=brixworth").context["listing"]

    assert [row.pk for row in found.page.rows] == [unread.pk]
    assert nothing.page.rows == []


def test_the_bell_counts_what_is_unread(client, reader):
    tell(reader)

    assert b"1" in client.get(reverse("accounts:notifications_unread")).content
    client.post(reverse("accounts:notifications_read"))
    assert b"1" not in client.get(reverse("accounts:notifications_unread")).content


def test_a_notice_leads_to_its_page_and_is_read(client, reader):
    notice = tell(reader)[0]

    response = client.get(reverse("accounts:notification", args=[notice.pk]))

    notice.refresh_from_db()
    assert (response.url, notice.read_at is not None) == ("/handoffs/1/", True)


def test_a_notice_of_somebody_else_is_not_found(client, reader):
    notice = tell(UserFactory())[0]

    response = client.get(reverse("accounts:notification", args=[notice.pk]))

    assert response.status_code == 404


def test_notifications_cost_the_same_for_many(client, reader):
    url = reverse("accounts:notifications")
    tell(reader)
    one = count_queries(client, url)
    for number in range(2, 7):
        tell(reader, key=f"handoff:{number}:1")

    assert count_queries(client, url) == one
