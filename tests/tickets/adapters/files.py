"""Small files in the layouts that are imported, made up row by row."""

import csv
import gzip
import io

from supportsuccess import audit, outbox
from supportsuccess.imports import actions
from supportsuccess.outbox import jobs

BY = audit.System("test")
SERVICENOW_ROW = {
    "number": "INC001",
    "incident_state": "New",
    "reassignment_count": "0",
    "reopen_count": "0",
    "sys_mod_count": "0",
    "caller_id": "Caller 7",
    "opened_at": "3/5/2016 09:00",
    "sys_updated_by": "Updated by 1",
    "sys_updated_at": "3/5/2016 09:05",
    "contact_type": "Phone",
    "location": "Location 1",
    "category": "Category 4",
    "subcategory": "Subcategory 2",
    "u_symptom": "?",
    "priority": "3 - Moderate",
    "assignment_group": "Group 70",
    "assigned_to": "?",
    "resolved_at": "9/5/2016 10:00",
    "closed_at": "14/5/2016 10:00",
}
SOLVED = {
    "incident_state": "Resolved",
    "sys_mod_count": "2",
    "sys_updated_at": "9/5/2016 10:00",
    "assigned_to": "Resolver 5",
}
CLOSED = {"incident_state": "Closed", "sys_mod_count": "3", "sys_updated_at": "14/5/2016 10:00"}


def servicenow_row(**cells):
    return {**SERVICENOW_ROW, **cells}


def incident(number, *, location="Location 1", **cells):
    """Three rows of an incident: opened, solved, closed."""
    same = {"number": number, "location": location, **cells}
    return [servicenow_row(**same, **changes) for changes in ({}, SOLVED, CLOSED)]


def csv_bytes(rows, *, packed=False):
    file = io.StringIO()
    writer = csv.DictWriter(file, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    content = file.getvalue().encode()
    return gzip.compress(content) if packed else content


def checked(rows, *, format_name="servicenow", by=BY, **options):
    """A batch of these rows after its check."""
    batch = actions.upload_file(
        [csv_bytes(rows)], file_name="log.csv", format=format_name, options=options, by=by
    )
    jobs.run_here(actions.check_import(batch, by=by, queue=outbox.HERE))
    batch.refresh_from_db()
    return batch


def imported(rows, *, at, format_name="servicenow", by=BY, **options):
    """A batch of these rows after its run."""
    batch = checked(rows, format_name=format_name, by=by, **options)
    jobs.run_here(actions.run_import(batch, by=by, at=at, queue=outbox.HERE))
    batch.refresh_from_db()
    return batch


def undone(batch, *, at):
    jobs.run_here(actions.undo_import(batch, by=BY, at=at, queue=outbox.HERE))
    batch.refresh_from_db()
    return batch
