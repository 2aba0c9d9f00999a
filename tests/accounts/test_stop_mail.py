"""The way out of a kind of mail, for who is not signed in: looking at it changes nothing."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions.notifications import Told, notify
from accounts.models import NoticeReason, NotificationPreference
from accounts.queries.mail_links import stop_token
from supportsuccess import outbox
from tests.accounts.test_notifications import HELD, NOW
from tests.factories.base import change
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(mailoutbox):
    user = UserFactory()
    told = {user.pk: Told(NoticeReason.RECEIVER)}
    about = {"kind": "handoff_offered", "title": "x", "path": "/handoffs/1/", "key": "1"}
    notify([user], **about, at=NOW, told=told)
    outbox.deliver_due(at=NOW + HELD)
    return mailoutbox[0]


@pytest.fixture
def machine():
    """What a mail provider posts with: no session, and CSRF is checked."""
    return Client(enforce_csrf_checks=True)


def stop_path(mail):
    return re.fullmatch(r"<https?://[^/]+(/.*)>", mail.extra_headers["List-Unsubscribe"])[1]


def are_stopped():
    return NotificationPreference.objects.exists()


def test_one_click_stops_the_mail(mail, machine, mailoutbox):
    answer = machine.post(stop_path(mail), {"List-Unsubscribe": "One-Click"})

    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (answer.status_code, are_stopped()) == (200, True)


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_the_link_stops_nothing(mail, machine, method):
    answer = getattr(machine, method)(stop_path(mail))

    assert (answer.status_code, are_stopped()) == (200, False)
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_page_names_nobody(mail, machine):
    page = machine.get(stop_path(mail)).content.decode()

    assert "Handoff offered" in page
    assert "person" not in page.lower().replace("personal", "")


def test_a_forged_link_stops_nothing(mail, machine):
    for path in (stop_path(mail)[:-2] + "x/", stop_path(mail).replace("stop/", "stop/x")):
        assert machine.post(path).status_code == 404
    assert not are_stopped()


def test_the_link_of_one_kind_is_none_of_another(machine):
    first, second = (stop_token(1, kind=kind) for kind in ("handoff_offered", "handoff_asked"))
    mixed = first.partition(":")[0] + ":" + second.partition(":")[2]

    assert machine.post(reverse("accounts:stop_mail", args=[mixed])).status_code == 404


def test_the_link_of_somebody_who_left_is_none(machine):
    user = UserFactory()
    token = stop_token(user.pk, kind="handoff_offered")
    change(user, is_active=False)

    assert machine.post(reverse("accounts:stop_mail", args=[token])).status_code == 404


def test_text_and_html_say_the_same_and_why(mail):
    html, _ = mail.alternatives[0]

    said = re.sub(r"<[^>]+>", " ", html)
    why = "You get this because you are its receiver."
    for line in (why, "Open it", "No more mail of this kind"):
        assert line in mail.body
        assert line in said
    links = set(re.findall(r"https?://[^\s\"]+", mail.body))
    assert links == set(re.findall(r'href="([^"]+)"', html))
