"""What the tables refuse, whoever writes: broken by raw SQL."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from supportsuccess import audit
from tests.factories.contracts import ContractFactory, ContractLineFactory
from tests.factories.handoffs import HandoffFactory
from tests.factories.labels import LabelingFactory
from tests.factories.parties import TUESDAY_AT_TEN, make_offer, make_parties
from tests.factories.tickets import TicketFactory
from tickets.actions import handoffs
from tickets.models import HandoffPacket, HandoffTemplate, HandoffType
from tickets.queries.packets import facts_for_packet

pytestmark = pytest.mark.django_db
NOW = TUESDAY_AT_TEN


@pytest.fixture
def offered():
    return make_offer(make_parties())


def run(statement, *parameters):
    with (
        transaction.atomic(),
        audit.group("test", by=audit.System("test")),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_second_open_one_is_refused_by_the_table(offered):
    same = {"customer": offered.customer, "type": offered.type, "to_team": offered.to_team}

    with pytest.raises(IntegrityError, match="handoff_one_open_per_customer_type_team"):
        HandoffFactory(**same)


def test_an_open_one_without_holder_is_refused(offered):
    with pytest.raises(IntegrityError, match="one holder without gap"):
        run(
            "UPDATE tickets_handoffholder SET during = tstzrange(lower(during), %s)"
            " WHERE handoff_id = %s",
            NOW.replace(year=2027),
            offered.pk,
        )


def test_an_ended_one_with_a_holder_is_refused(offered):
    with pytest.raises(IntegrityError, match="one holder without gap"):
        run(
            "UPDATE tickets_handoff SET state = 'cancelled', closed_at = now() WHERE id = %s",
            offered.pk,
        )


def test_a_gap_between_two_holders_is_refused(offered):
    later = NOW.replace(hour=20)

    with pytest.raises(IntegrityError, match="one holder without gap"):
        run(
            """
            UPDATE tickets_handoffholder SET during = tstzrange(lower(during), %s)
             WHERE handoff_id = %s;
            INSERT INTO tickets_handoffholder (handoff_id, user_id, during, cause, reason)
            VALUES (%s, %s, tstzrange(%s, NULL), 'accepted', '')
            """,
            NOW.replace(hour=12),
            offered.pk,
            offered.pk,
            offered.receiver_id,
            later,
        )


def test_two_holders_at_a_time_are_refused(offered):
    with pytest.raises(IntegrityError, match="handoffholder_one_at_a_time"):
        run(
            "INSERT INTO tickets_handoffholder (handoff_id, user_id, during, cause, reason)"
            " VALUES (%s, %s, tstzrange(%s, NULL), 'accepted', '')",
            offered.pk,
            offered.receiver_id,
            NOW,
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tickets_handoffevent SET text = 'x'",
        "UPDATE tickets_handoffpacket SET content = 'x'",
    ],
)
def test_what_was_said_and_given_is_never_changed(offered, statement):
    with pytest.raises(DatabaseError, match="are never changed"):
        run(statement)


# The packet


def test_the_packet_is_what_its_hash_says(offered):
    packet = offered.packets.get()

    assert hashlib.sha256(packet.content.encode()).hexdigest() == packet.sha256


def test_the_packet_does_not_change_when_the_customer_does():
    parties = make_parties()
    ticket = TicketFactory(customer=parties.customer, opened_at=NOW, subject="Sync fails")
    handoff = make_offer(parties, tickets=[ticket])
    before = handoff.packets.get().content

    ContractLineFactory(contract=ContractFactory(customer=parties.customer))
    handoffs.add_ticket(
        handoff, ticket=TicketFactory(customer=parties.customer), by=parties.agent, at=NOW
    )

    assert HandoffPacket.objects.get(handoff=handoff).content == before


def test_the_packet_tells_what_is_known():
    parties = make_parties()
    ticket = TicketFactory(customer=parties.customer, opened_at=NOW, kind="bug")
    labeling = LabelingFactory(ticket=ticket)
    ContractLineFactory(contract=ContractFactory(customer=parties.customer), arr=312_000)

    facts = json.loads(make_offer(parties, tickets=[ticket]).packets.get().content)

    assert facts["money"] == [{"currency": "EUR", "arr": "312000.00"}]
    assert facts["tickets"][0]["number"] == ticket.number
    assert facts["last_90_days"]["by_kind"][0]["tickets"] == 1
    assert facts["last_90_days"]["labels"][labeling.dimension] == {labeling.value.name: 1}
    assert facts["last_two_way_touch"] is None


def test_the_packet_looks_only_at_the_labels_of_its_own_tickets():
    parties = make_parties()
    handoff = make_offer(parties, tickets=[TicketFactory(customer=parties.customer)])

    with CaptureQueriesContext(connection) as asked:
        facts_for_packet(handoff, at=NOW)

    newest = [q["sql"] for q in asked if "DISTINCT ON" in q["sql"]]
    assert newest
    assert all('"ticket_id" IN (' in q.split("DISTINCT ON")[1] for q in newest)


def test_there_is_a_template_for_every_type():
    assert set(HandoffTemplate.objects.values_list("type", flat=True)) == set(HandoffType)


def test_handoffs_are_written_by_their_actions_alone():
    raw = re.compile(
        r"(Handoff|HandoffHolder|HandoffEvent|HandoffPacket)\.objects[^\n]*"
        r"\.(create|bulk_create|update|get_or_create|delete)\("
    )
    sources = [
        path
        for app in ("accounts", "tickets", "insights")
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py")
        if "actions/handoffs" not in path.as_posix() and "demo" not in path.parts
    ]

    found = [f"{path}: {match[0]}" for path in sources for match in raw.finditer(path.read_text())]

    assert not found, f"Write handoffs by tickets/actions/handoffs: {found}"
