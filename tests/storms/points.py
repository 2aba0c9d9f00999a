"""The places at which work is killed: story, name, place in the code."""

from dataclasses import dataclass

from tests.storms.processes import Point

JOBS, RUNNER = "supportsuccess.imports.jobs", "supportsuccess.outbox.runner"
RECORDING = "tickets.actions.recording"
HEALTH, QUEUE = "insights.actions.health", "insights.actions.queue"
BULK_ACTIONS, BULK_JOBS = "supportsuccess.bulk.actions", "supportsuccess.bulk.jobs"
STEPS = "tickets.actions.handoffs.steps"
COMMIT = "django.db.backends.base.base:BaseDatabaseWrapper"
CHECK_IMPORT = "supportsuccess.imports.actions:check_import"
LOCK = f"{RUNNER}:_lock"
DELIVER = f"{RUNNER}:deliver"
RECEIPT = "supportsuccess.outbox.job_steps:finish_if_last"


@dataclass(frozen=True, kw_only=True)
class Kill:
    """One place in a story; after some of them a mail is sent again, under the same id."""

    story: str
    point: Point
    mails_again: int = 0

    def __str__(self):
        return f"{self.story}: {self.point}"


def before(story, name, place, *, call=1):
    return Kill(story=story, point=Point(name=f"before {name}", place=place, call=call))


def after(story, name, place, *, call=1, mails_again=0):
    point = Point(name=f"after {name}", place=place, when="after", call=call)
    return Kill(story=story, point=point, mails_again=mails_again)


IMPORT = [
    after("import", "the upload, uncommitted", "supportsuccess.imports.actions:_store_chunks"),
    before("import", "the check is asked for", CHECK_IMPORT),
    after("import", "the check is promised, uncommitted", CHECK_IMPORT),
    before("import", "the first claim", f"{RUNNER}:claim_step"),
    before("import", "the file is read, claimed", f"{JOBS}:check_section"),
    after("import", "the file was cut into sections", "supportsuccess.imports.sections:cut"),
    after("import", "a section was staged", "tickets.actions.staging:stage_events"),
    after(
        "import", "the second section was staged", "tickets.actions.staging:stage_events", call=2
    ),
    after("import", "the check ended, uncommitted", f"{JOBS}:end_check"),
    before("import", "the run is asked for", "supportsuccess.imports.actions:run_import"),
    before("import", "the first section is written", f"{RECORDING}:record_section"),
    after("import", "customers were discovered", f"{RECORDING}:record_customers"),
    after("import", "a section was written", f"{RECORDING}:record_section"),
    before("import", "a section's receipt", f"{JOBS}:_go_on", call=6),
    after("import", "two sections, between them", f"{JOBS}:run_section", call=2),
    before("import", "the third section's commit", RECEIPT, call=8),
    before("import", "the finish", f"{RECORDING}:close_source"),
    after("import", "the finish", f"{RECORDING}:close_source"),
    after("import", "the run ended, uncommitted", f"{JOBS}:end_run"),
]
UNDO = [
    before("undo", "the doorbell, committed", "supportsuccess.outbox.doorbell:ring"),
    before("undo", "the withdrawal", "tickets.actions.withdrawal:retire_withdrawn"),
    after("undo", "the withdrawal", "tickets.actions.withdrawal:retire_withdrawn"),
    after("undo", "the receipt, uncommitted", f"{RUNNER}:_run"),
]
HEALTH_RUN = [
    after("health", "the night was promised", "insights.jobs.health:promise_nightly_health"),
    after("health", "ranges were promised", "insights.jobs.health:start_recompute"),
    before("health", "a range is scored, claimed", f"{HEALTH}:score_day"),
    before("health", "the upsert", f"{HEALTH}:_store_current"),
    after("health", "the upsert", f"{HEALTH}:_store_current"),
    after("health", "the snapshot", f"{HEALTH}:score_day"),
    before("health", "the receipt", "supportsuccess.outbox.job_steps:_note_outcome", call=2),
    after("health", "the receipt, uncommitted", RECEIPT, call=2),
    before("health", "the second range", f"{HEALTH}:score_day", call=2),
    after("health", "the last range", f"{HEALTH}:score_day", call=3),
    before("health", "the queue is made anew", f"{QUEUE}:refresh_whole_queue"),
    after("health", "the chances of loss", f"{QUEUE}:refresh_loss_rates"),
    after("health", "the queue was made anew", f"{QUEUE}:refresh_whole_queue"),
    before("changed", "the marks are scored, taken", f"{HEALTH}:score_changed"),
    after("changed", "the queue was made anew", f"{QUEUE}:refresh_queue"),
]
ACCEPT = [
    after("accept", "the audit group", "supportsuccess.audit.groups:_insert_group"),
    after("accept", "the lock", f"{STEPS}:lock_for"),
    after("accept", "the event", f"{STEPS}:add_event"),
    after("accept", "the holder", f"{STEPS}:start_holding"),
    after("accept", "the mail was promised", "tickets.actions.handoffs.notices:tell_sender"),
    before("accept", "the commit", f"{COMMIT}.commit"),
    after("accept", "the commit", f"{COMMIT}._commit"),
    before("accept", "the answer is kept", "supportsuccess.audit.operations:store_result"),
    after("accept", "the answer was kept", "supportsuccess.audit.operations:store_result"),
]
MAIL = [
    before("accept", "the mail, claimed", DELIVER),
    after("accept", "the mail was locked", LOCK),
    before("accept", "the handler", "accounts.tasks:send_notification"),
    before("accept", "SMTP", "smtplib:SMTP.connect"),
    before("accept", "DATA", "smtplib:SMTP.data"),
    before("accept", "the mail's text, during DATA", "smtplib:SMTP.send", call=5),
    after("accept", "SMTP's 250", "smtplib:SMTP.data", mails_again=1),
    after(
        "accept", "the mail, before the receipt", "accounts.emails:send_notification", mails_again=1
    ),
    after("accept", "the receipt, uncommitted", f"{RUNNER}:_run", mails_again=1),
    after("accept", "the mail's commit", DELIVER),
]
BULK = [
    before("bulk", "the bulk is asked for", f"{BULK_ACTIONS}:start_bulk"),
    after("bulk", "the job is promised, uncommitted", f"{BULK_ACTIONS}:start_bulk"),
    before("bulk", "two rows are decided, claimed", f"{BULK_JOBS}:carry_out"),
    after("bulk", "two rows were decided", f"{BULK_JOBS}:_act_on"),
    after("bulk", "two rows' outcome was noted", f"{BULK_JOBS}:carry_out"),
    before("bulk", "the next two rows", f"{BULK_JOBS}:carry_out", call=2),
    before("bulk", "the last row's receipt", RECEIPT, call=3),
    after("bulk", "the job ended, uncommitted", f"{BULK_JOBS}:end"),
    after("bulk", "the way back is promised, uncommitted", f"{BULK_ACTIONS}:undo_bulk"),
    before("bulk", "two rows are taken back, claimed", f"{BULK_JOBS}:take_back"),
    after("bulk", "two rows were taken back", f"{BULK_JOBS}:take_back"),
    before("bulk", "the last row is taken back", f"{BULK_JOBS}:take_back", call=3),
]
ALL = [*IMPORT, *UNDO, *HEALTH_RUN, *ACCEPT, *MAIL, *BULK]
