"""Layouts of ticket files that can be imported: one small module each, listed here."""

from tickets.adapters.italian import ITALIAN
from tickets.adapters.servicenow import SERVICENOW

TICKET_FORMATS = {each.key: each for each in (SERVICENOW, ITALIAN)}

__all__ = ["TICKET_FORMATS"]
