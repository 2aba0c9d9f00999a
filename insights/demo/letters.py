"""What Larkfield's customers and agents wrote to each other, as the file of messages to import."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tickets.adapters.events import EVENTS

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

# The help desk keeps what was written for a hundred days.
KEPT_DAYS = 100
NOTED_SHARE = 0.15
GREETINGS = ("Hello,", "Good morning,", "Dear support team,", "Hi there,")
ASKED: dict[str, tuple[str, ...]] = {
    "question": (
        "I looked through the handbook and did not find it. Could somebody explain how this works?",
        "A colleague told me there is a setting for this, but I cannot see it in my menu.",
        "We are planning next week and would like to know before Friday.",
    ),
    "bug": (
        "It worked until yesterday. Three of our technicians see the same error on their phones.",
        "We tried again after signing out and in, and after installing the app anew: no change.",
        "Our customer stands next to us and waits for the report. This cannot go on.",
        "The numbers on the screen and in the export differ, so we do not trust either.",
    ),
    "missing_feature": (
        "Our auditor asks for it, and so far we do this on paper.",
        "The product we had before, Servanta, did this by itself.",
    ),
    "feature_request": (
        "It would save each of our dispatchers half an hour a day.",
        "I saw something like it at FieldMax and thought of you.",
    ),
    "billing": (
        "The amount differs from what we agreed in the contract. Please check.",
        "Our accounts department needs it by the end of the month. Is there a discount for a year?",
    ),
}
ANSWERED = (
    "Thank you for writing. I have changed the setting for you; please try once more.",
    "This is described in the handbook under Dispatch. I have attached the page.",
    "Our engineers found the cause and the correction is live since this morning.",
    "I have passed this on to our product team, with your words.",
    "As a way around it, open the job from the calendar instead of the board.",
)
NOTED = (
    "Called them: they sound tired of this. Their manager asks what it costs to leave.",
    "Third time this quarter. Linked to the known sync issue.",
    "They are comparing us with Servanta; told the account owner.",
)


def letters(
    rows: Iterable[Mapping[str, Any]], rng: random.Random, *, today: date
) -> Iterator[dict[str, Any]]:
    """What was asked with each ticket of the last months, what was answered, and some notes."""
    since = today - timedelta(days=KEPT_DAYS)
    for row in rows:
        if row["occurred_at"].date() < since:
            continue
        if row["status"] == "new":
            text = rng.choice(ASKED[row["kind"]])
            body = f"{rng.choice(GREETINGS)}\n\n{row['subject']}. {text}\n\n{row['contact']}"
            yield _message(row, "inbound", by=row["contact"], body=body)
            if rng.random() < NOTED_SHARE:
                later = row["occurred_at"] + timedelta(minutes=20)
                yield _message(row, "internal", by="", body=rng.choice(NOTED), at=later)
        elif row["status"] == "solved":
            yield _message(row, "outbound", by=row.get("by", ""), body=rng.choice(ANSWERED))


def _message(
    row: Mapping[str, Any], direction: str, *, by: str, body: str, at: Any = None
) -> dict[str, Any]:
    return {
        "ticket": row["ticket"],
        "source": EVENTS.name,
        "occurred_at": at or row["occurred_at"],
        "message": direction,
        "direction": direction,
        "by": by,
        "body": body,
    }
