from datetime import UTC, datetime, timedelta

import factory

from tests.factories.base import AuditedFactory
from tests.factories.customers import CustomerFactory
from tickets.models import Message, MessageDirection, Ticket, TicketEvent, TicketEventKind

OPENED_AT = datetime(2026, 6, 1, 9, tzinfo=UTC)


class TicketFactory(AuditedFactory):
    number = factory.Sequence(lambda n: f"T-{n}")
    external_id = factory.SelfAttribute("number")
    source = "test"
    subject = factory.Sequence(lambda n: f"Subject {n}")
    customer = factory.SubFactory(CustomerFactory)
    opened_at = OPENED_AT
    last_event_at = factory.SelfAttribute("opened_at")

    class Meta:
        model = Ticket


class TicketEventFactory(AuditedFactory):
    ticket = factory.SubFactory(TicketFactory)
    kind = TicketEventKind.CHANGED
    key = factory.Sequence(lambda n: f"event-{n}")
    occurred_at = factory.LazyAttribute(lambda event: event.ticket.opened_at + timedelta(hours=1))
    recorded_at = factory.SelfAttribute("occurred_at")

    class Meta:
        model = TicketEvent


class MessageFactory(AuditedFactory):
    ticket = factory.SubFactory(TicketFactory)
    key = factory.Sequence(lambda n: f"message-{n}")
    direction = MessageDirection.INBOUND
    body = "It does not start."
    occurred_at = factory.LazyAttribute(lambda message: message.ticket.opened_at)
    recorded_at = factory.SelfAttribute("occurred_at")

    class Meta:
        model = Message
