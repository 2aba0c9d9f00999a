import pytest
from django.utils import timezone

from accounts.models import Role
from supportsuccess import audit
from supportsuccess.outbox.models import Job
from tests.factories.labels import LabelRuleFactory
from tests.factories.people import UserFactory
from tests.factories.tickets import TicketFactory
from tickets.actions.label_rules import answer_by_rules
from tickets.models import Dimension, LabelRule, LabelValue

pytestmark = pytest.mark.django_db
PAGE = "/setup/labels/rules/"


def angry():
    return LabelValue.objects.get(dimension=Dimension.SENTIMENT, slug="angry")


def answer(ticket):
    answer_by_rules([ticket.pk], by=audit.System("test"), at=timezone.now())


def given(**columns):
    return {"name": "Anger", "value": angry().pk, "keywords": "furious", **columns}


@pytest.fixture
def lead(client):
    user = UserFactory(role=Role.LEAD)
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ADMIN, 200), (Role.LEAD, 200), (Role.AGENT, 403), (Role.CSLEAD, 403)],
)
def test_admins_and_support_leads_write_rules(client, role, status):
    client.force_login(UserFactory(role=role))

    assert client.get(PAGE).status_code == status


def test_a_lead_adds_a_rule_a_phrase_a_line(client, lead):
    response = client.post(f"{PAGE}new/", given(keywords="furious\n so  angry \n\nfurious"))

    assert response.status_code == 302
    assert LabelRule.objects.get().keywords == ["furious", "so angry"]


@pytest.mark.usefixtures("lead")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"keywords": ""}, (409, "The rule would answer every ticket")),
        ({"value": "0"}, (422, "This value is not in use. Choose one of those shown.")),
        ({"keywords": "x" * 61}, (422, "is too long")),
        ({"keywords": "\n".join(f"w{n}" for n in range(51))}, (409, "too many for one rule")),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, wrong, said):
    response = client.post(f"{PAGE}new/", given(**wrong))

    assert (response.status_code, said[1] in response.content.decode()) == (said[0], True)


def test_two_who_change_one_rule_are_told(client, lead):
    rule = LabelRuleFactory()
    url = f"{PAGE}{rule.pk}/"

    statuses = [client.post(url, given(name=name, seen=1)).status_code for name in ("One", "Two")]

    rule.refresh_from_db()
    assert (statuses, rule.name) == ([302, 409], "One")


def test_a_rule_is_moved_retired_and_brought_back(client, lead):
    first, second = LabelRuleFactory(position=0), LabelRuleFactory(position=1)

    client.post(f"{PAGE}{second.pk}/move/", {"way": "earlier"})
    client.post(f"{PAGE}{second.pk}/move/", {"way": "earlier"})
    client.post(f"{PAGE}{second.pk}/move/", {"way": "sideways"})
    assert list(LabelRule.objects.in_use()) == [second, first]
    for step, used in (("retire", 1), ("retire", 1), ("restore", 2), ("restore", 2)):
        client.post(f"{PAGE}{second.pk}/{step}/")
        assert LabelRule.objects.in_use().count() == used


def test_the_preview_says_how_many_and_which(client, lead):
    TicketFactory(subject="Furious about maps", opened_at=timezone.now())

    shown = client.get(f"{PAGE}preview/", given(name="")).content.decode()
    empty = client.get(f"{PAGE}preview/", given(keywords="")).content.decode()

    assert "Would answer <strong>1</strong>" in shown
    assert "Furious about maps" in shown
    assert "Choose an answer" in empty


def test_answering_from_the_page_starts_a_job(client, lead):
    response = client.post(f"{PAGE}answer/")

    job = Job.objects.get()
    assert (response.url, job.title) == (job.get_absolute_url(), "Answer by rules")


def test_pages_say_which_rule_answered(client, lead):
    LabelRuleFactory(name="Outlook sync")
    ticket = TicketFactory(subject="Furious")
    answer(ticket)

    page = client.get(ticket.get_absolute_url()).content.decode()
    panel = client.get(f"{ticket.get_absolute_url()}label/").content.decode()

    assert "By rule “Outlook sync”" in page
    assert "by rule “Outlook sync”" in panel


def test_a_list_shows_what_a_rule_answered_and_which_are_retired(client, lead):
    rule, ticket = LabelRuleFactory(name="Rage"), TicketFactory(subject="Furious")
    LabelRuleFactory(name="Wrath", is_active=False)
    TicketFactory(subject="Calm")
    answer(ticket)

    tickets = client.get("/tickets/", {"rule": rule.pk}).content.decode()
    retired = client.get(PAGE, {"state": "retired"}).content.decode()

    assert ("Furious" in tickets, "Calm" in tickets) == (True, False)
    assert ("Wrath" in retired, "Rage" in retired) == (True, False)
