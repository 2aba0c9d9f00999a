"""A chat is told a kind, a count and a link of what waits; who sets it, and what it never gets."""

import json
from datetime import timedelta

import pytest

from accounts.actions.chat import set_chat, stop_chat
from accounts.actions.notice_settings import stop_mail
from accounts.models import ChatHook, Role
from supportsuccess import outbox
from supportsuccess.audit.models import Change
from supportsuccess.outbox.models import Delivery
from tests.factories.parties import TUESDAY_AT_TEN, make_offer, make_parties
from tests.factories.people import UserFactory
from tickets.actions.handoffs import withdraw_handoff

pytestmark = pytest.mark.django_db
URL = "https://chat.example.com/hooks/secret"
HELD = timedelta(seconds=10)


@pytest.fixture
def parties():
    return make_parties()


def said(server):
    return [json.loads(body)["text"] for _, _, body in server.got]


def test_a_person_is_told_by_chat_of_what_waits_and_no_more(parties, chat):
    set_chat(parties.csm, url=URL, by=parties.csm)
    make_offer(parties)

    outbox.deliver_due(at=TUESDAY_AT_TEN + HELD)

    link = "http://localhost:8000/notifications/?kind=handoff_offered"
    assert said(chat) == [f"Handoff offered: 1 unread. {link}"]


def test_a_team_is_told_of_what_is_offered_to_it(parties, chat):
    set_chat(parties.success, url=URL, by=parties.success_lead)
    make_offer(parties)

    outbox.deliver_due(at=TUESDAY_AT_TEN + HELD)

    assert [text.partition(".")[0] for text in said(chat)] == ["Handoff offered: 1 unread"]


def test_what_does_not_wait_is_not_told_by_chat(parties, chat):
    set_chat(parties.csm, url=URL, by=parties.csm)
    stop_mail(parties.csm, kind="handoff_offered")
    make_offer(parties)

    outbox.deliver_due(at=TUESDAY_AT_TEN + HELD)

    assert chat.got == []


def test_a_chat_that_is_gone_is_a_dead_letter_without_its_secret(parties, chat, caplog):
    chat.status = 404
    set_chat(parties.csm, url=URL, by=parties.csm)
    make_offer(parties)

    outbox.deliver_due(at=TUESDAY_AT_TEN + HELD)

    (dead,) = Delivery.objects.dead()
    assert (dead.name, dead.last_error) == ("send_chat", "Refused: The other side answered 404.")
    assert "secret" not in caplog.text + json.dumps(dead.arguments)


def test_a_chat_that_is_down_is_tried_again_under_the_same_id(parties, chat):
    chat.status = 503
    set_chat(parties.csm, url=URL, by=parties.csm)
    make_offer(parties)
    outbox.deliver_due(at=TUESDAY_AT_TEN + HELD)
    chat.status = 200

    outbox.deliver_due(at=Delivery.objects.get(name="send_chat").run_at)

    first, second = (headers["webhook-id"] for _, headers, _ in chat.got)
    assert first == second
    assert not Delivery.objects.pending().filter(name="send_chat").exists()


def test_what_was_taken_back_in_time_is_not_told(parties, chat):
    set_chat(parties.success, url=URL, by=parties.success_lead)
    offered = make_offer(parties)
    withdraw_handoff(offered, by=parties.agent, at=TUESDAY_AT_TEN + timedelta(seconds=5))

    outbox.deliver_due(at=TUESDAY_AT_TEN + HELD)

    assert chat.got == []


def test_nothing_is_told_after_it_was_stopped(parties, chat):
    set_chat(parties.csm, url=URL, by=parties.csm)
    make_offer(parties)
    stop_chat(parties.csm, by=parties.csm)

    outbox.deliver_due(at=TUESDAY_AT_TEN + HELD)

    assert chat.got == []


def test_the_audit_keeps_no_secret(parties):
    set_chat(parties.csm, url=URL, by=parties.csm)

    (change,) = Change.objects.filter(table_name="accounts_chathook")
    assert "secret" not in json.dumps([change.before, change.after])


def test_the_page_keeps_an_address_and_shows_it_never_again(client, parties):
    client.force_login(parties.csm)

    client.post("/me/chat/", {"url": URL})
    page = client.get("/me/chat/").content.decode()

    assert ChatHook.objects.get().url == URL
    assert "chat.example.com" in page
    assert "secret" not in page.replace("It is a secret", "")


def test_the_page_stops_it(client, parties):
    set_chat(parties.csm, url=URL, by=parties.csm)
    client.force_login(parties.csm)

    client.post("/me/chat/", {"stop": "1"})

    assert not ChatHook.objects.exists()


@pytest.mark.parametrize("url", ["http://chat.example.com/x", "https://a:b@chat.example.com/"])
def test_the_page_refuses_other_addresses(client, parties, url):
    client.force_login(parties.csm)

    assert client.post("/me/chat/", {"url": url}).status_code == 409
    assert not ChatHook.objects.exists()


def test_a_team_is_set_by_its_lead_and_an_administrator_alone(client, parties):
    path, answers = f"/teams/{parties.success.pk}/chat/", {}
    others = (parties.support_lead, parties.csm, UserFactory(role=Role.ADMIN))
    for user in (parties.success_lead, *others):
        client.force_login(user)
        answers[user.name] = client.get(path).status_code

    assert list(answers.values()) == [200, 404, 403, 200]
