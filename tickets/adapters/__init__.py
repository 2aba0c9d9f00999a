"""Layouts of ticket files that can be imported: one small module each, registered here."""

from supportsuccess.imports import register
from tickets.adapters.events import EVENTS
from tickets.adapters.italian import ITALIAN
from tickets.adapters.labels import LABELS
from tickets.adapters.messages import MESSAGES
from tickets.adapters.servicenow import SERVICENOW

register(SERVICENOW)
register(ITALIAN)
register(EVENTS)
register(LABELS)
register(MESSAGES)
