"""Killed at a named place and started again, work comes to what it comes to undisturbed.

Nothing is lost, nothing doubled: all tables are as after a clean run, the audit's groups and
changes among them. A mail alone may be sent twice, in the moment between the mail server's word
and ours, and then under the same Message-ID.
"""

import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from supportsuccess.imports.models import BatchState, ImportBatch
from tests.conftest import _flush
from tests.storms import points
from tests.storms.conftest import Mailbox, Processes, wait_until_alone
from tests.storms.points import Kill
from tests.storms.processes import STATEMENT, Point
from tests.storms.state import told
from tests.storms.stories import NOW, STORIES, Story, time_passes

pytestmark = pytest.mark.django_db(transaction=True)
FACTS = ("accounts_", "tickets_", "insights_")
KILLS_IN_A_ROW = 4  # of five attempts the last one is let live


@dataclass
class Trial:
    """Runs a story killed and started again, and compares with how it ends undisturbed."""

    processes: Processes
    mailbox: Mailbox
    folder: Path
    # by story: the tables, the mails, what was answered, how many statements it took
    clean: ClassVar[dict[str, tuple[Any, ...]]] = {}

    def begin(self, name: str) -> tuple[Story, dict[str, Any]]:
        story = STORIES[name]
        if name not in self.clean:
            counting = Point(name="all", place=STATEMENT, call=0)
            arguments = story.begin(self.folder)
            result, statements = self.processes.finish(story.work, arguments, at=counting)
            mails = Counter(to for _, to in self.mailbox.taken)
            self.clean[name] = told(since=NOW), mails, result, statements
        self.forget()
        return story, story.begin(self.folder)

    def forget(self) -> None:
        _flush(None)
        self.mailbox.taken.clear()

    def start_again(self, story: Story, arguments: dict[str, Any]) -> Any:
        """A minute later somebody starts it again."""
        time_passes()
        result, _ = self.processes.finish(story.work, arguments)
        wait_until_alone()
        return result

    def ends_as_if_undisturbed(self, name: str, story: Story, arguments: dict[str, Any]) -> int:
        """Start it again and compare; how many mails came twice."""
        tables, mails, result, _ = self.clean[name]
        assert self.start_again(story, arguments) == result
        assert_same(told(since=NOW), tables)
        assert Counter(to for _, to in set(self.mailbox.taken)) == mails
        return len(self.mailbox.taken) - mails.total()

    def assert_no_trace(
        self, name: str, story: Story, arguments: dict[str, Any], *, kills: int
    ) -> None:
        """All is as undisturbed, a mail sent twice per kill apart.

        An import killed between its end and its report is not started again by itself; by hand
        it would be a second one, which changes nothing and has groups of its own.
        """
        if is_imported(name):
            assert_same(facts(), facts_of(self.clean[name][0]))
        else:
            assert self.ends_as_if_undisturbed(name, story, arguments) <= kills


@pytest.fixture
def trial(processes: Processes, mailbox: Mailbox, tmp_path: Path) -> Trial:
    return Trial(processes, mailbox, tmp_path)


def assert_same(now, then):
    assert now.keys() == then.keys()
    for table in then:
        assert now[table] == then[table], table


def facts():
    return facts_of(told(since=NOW))


def facts_of(tables):
    return {name: rows for name, rows in tables.items() if name.startswith(FACTS)}


def is_imported(name):
    return name == "import" and ImportBatch.objects.filter(state=BatchState.DONE).exists()


@pytest.mark.parametrize("kill", points.ALL, ids=str)
def test_work_killed_at_a_point_ends_as_if_it_had_not_been(trial, kill: Kill):
    story, arguments = trial.begin(kill.story)

    trial.processes.kill(story.work, arguments, at=kill.point)

    assert trial.ends_as_if_undisturbed(kill.story, story, arguments) == kill.mails_again


def test_an_import_killed_before_it_tells_is_started_again_without_a_change(trial):
    story, arguments = trial.begin("import")
    untold = Point(name="told", place="tickets.management.commands.import_tickets:_report")
    trial.processes.kill(story.work, arguments, at=untold)
    before = facts()

    trial.start_again(story, arguments)

    assert_same(facts(), before)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", STORIES)
def test_work_killed_at_any_statement_ends_as_if_it_had_not_been(trial, is_small, name):
    trial.begin(name)
    statements = range(1, trial.clean[name][-1] + 1)

    for number in random.sample(statements, 2) if is_small else statements:
        story, arguments = trial.begin(name)
        point = Point(name=f"statement {number}", place=STATEMENT, call=number)
        trial.processes.kill(story.work, arguments, at=point)

        trial.assert_no_trace(name, story, arguments, kills=1)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", STORIES)
def test_work_killed_at_random_moments_ends_as_if_it_had_not_been(trial, is_small, name):
    for _ in range(1 if is_small else 20):
        story, arguments = trial.begin(name)
        for _ in range(KILLS_IN_A_ROW):
            process, answer = trial.processes.start(story.work, arguments)
            time.sleep(random.uniform(0.01, 0.6))  # noqa: S311 - any moment will do
            process.kill()
            process.join()
            answer.close()
            wait_until_alone()
            time_passes()
            if is_imported(name):  # started once more it would be an import that changes nothing
                break

        trial.assert_no_trace(name, story, arguments, kills=KILLS_IN_A_ROW)
