"""An invented ServiceNow incident log, the same one each time."""

import csv
import io
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from tickets.adapters.servicenow import SERVICENOW

SEED = 20_250_201
BEGINS = datetime(2024, 1, 1, 8, 0)  # noqa: DTZ001 - the log names no zone
STATES = ("New", "Active", "Active", "Resolved", "Closed")
PRIORITIES = ("2 - High", "3 - Moderate", "3 - Moderate", "4 - Low")
MINUTES_BETWEEN = 9


def incident_log(*, rows: int) -> bytes:
    """A file of this many updates of incidents, five each."""
    # the seed makes the same file each time
    rng = random.Random(SEED)  # noqa: S311 - nothing to guess
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, SERVICENOW.required_columns, lineterminator="\n")
    writer.writeheader()
    for number in range(rows // len(STATES)):
        writer.writerows(_incident(number, rng))
    return made.getvalue().encode()


def _incident(number: int, rng: random.Random) -> Iterator[dict[str, object]]:
    opened_at = BEGINS + timedelta(minutes=number * MINUTES_BETWEEN)
    updated_at = opened_at
    caller = rng.randrange(5_000)
    fixed = {
        "number": f"INC{number:07}",
        "reopen_count": 0,
        "opened_at": _written(opened_at),
        "caller_id": f"Caller {caller}",
        "location": f"Location {caller % 200}",
        "priority": rng.choice(PRIORITIES),
        "contact_type": "Phone",
        "assignment_group": f"Group {rng.randrange(40)}",
        "category": f"Category {rng.randrange(50)}",
        "subcategory": f"Subcategory {rng.randrange(200)}",
        "u_symptom": f"Symptom {rng.randrange(500)}",
    }
    for update, state in enumerate(STATES):
        yield {
            **fixed,
            "incident_state": state,
            "sys_mod_count": update,
            "sys_updated_at": _written(updated_at),
            "sys_updated_by": f"Updated by {rng.randrange(300)}",
            "reassignment_count": min(update, 1),
            "assigned_to": f"Resolver {rng.randrange(200)}",
        }
        updated_at += timedelta(minutes=rng.randrange(1, 2_000))


def _written(moment: datetime) -> str:
    return f"{moment.day}/{moment.month}/{moment.year} {moment:%H:%M}"
