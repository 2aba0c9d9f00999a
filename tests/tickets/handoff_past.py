"""What a handoff's past says, for tests to compare."""

from tickets.models import HandoffHolder


def holders_of(handoff):
    rows = HandoffHolder.objects.filter(handoff=handoff).order_by("during")
    return [(row.user.name, row.cause) for row in rows]


def kinds_of(handoff):
    return list(handoff.events.in_order().values_list("kind", flat=True))
