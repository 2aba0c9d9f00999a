from datetime import UTC, datetime, timedelta

from supportsuccess.outbox.models import Job, JobState
from supportsuccess.outbox.views import pace, time_left, took

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


def running(done=250, total=1000, **fields):
    return Job(state=JobState.RUNNING, done=done, total=total, started_at=START, **fields)


def test_pace_and_time_left_are_those_so_far():
    now = START + timedelta(minutes=5)

    assert pace(running(), at=now) == "50 a minute"
    assert time_left(running(), at=now) == "about 15 min"


def test_while_it_runs_some_time_is_left():
    now = START + timedelta(minutes=5)

    assert time_left(running(done=900), at=now) == "less than a minute"
    assert time_left(running(done=1000), at=now) == "less than a minute"
    assert time_left(running(done=800), at=now) == "about 1 min"


def test_nothing_is_said_before_the_first_step_has_ended():
    now = START + timedelta(minutes=5)

    assert pace(running(done=0), at=now) == time_left(running(done=0), at=now) == ""


def test_an_ended_job_says_how_long_it_took():
    job = Job(state=JobState.DONE, done=1000, total=1000, started_at=START)
    job.finished_at = START + timedelta(seconds=40)

    assert (took(job), pace(job, at=START + timedelta(days=1))) == ("40 s", "1,500 a minute")
    assert took(running()) == ""
