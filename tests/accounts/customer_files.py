"""Small customer files, made up row by row."""

import csv
import io

from supportsuccess import audit, outbox
from supportsuccess.imports import actions
from supportsuccess.outbox import jobs

BY = audit.System("test")
ROW = {
    "customer": "Halden Lifts",
    "source": "crm",
    "external_id": "C-1",
    "segment": "mid_market",
    "seats": "40",
    "contract": "K-1",
    "contract_kind": "fixed",
    "starts_on": "2026-01-01",
    "ends_on": "2027-12-31",
    "auto_renew": "yes",
    "notice_days": "60",
    "currency": "EUR",
    "product": "Plan",
    "quantity": "40",
    "arr": "12000.00",
    "owner": "",
    "pool": "",
}
COLUMNS = (*ROW, "parent", "fictional", "stage", "kind", "notice_received_on", "timezone")


def row(**cells):
    return {**ROW, **cells}


def csv_bytes(rows):
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def checked(*rows, source="crm"):
    batch = actions.upload_file(
        [csv_bytes(rows)],
        file_name="customers.csv",
        format="customers",
        options={"source": source},
        by=BY,
    )
    jobs.run_here(actions.check_import(batch, by=BY, queue=outbox.HERE))
    batch.refresh_from_db()
    return batch


def imported(*rows, at, source="crm"):
    batch = checked(*rows, source=source)
    jobs.run_here(actions.run_import(batch, by=BY, at=at, queue=outbox.HERE))
    batch.refresh_from_db()
    return batch


def undone(batch, *, at):
    jobs.run_here(actions.undo_import(batch, by=BY, at=at, queue=outbox.HERE))
    batch.refresh_from_db()
    return batch
