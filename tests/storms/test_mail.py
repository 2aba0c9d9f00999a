"""Two thousand notices while web, worker and mail server are killed: none is lost."""

import random
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from accounts.models import Notification
from supportsuccess.outbox.models import Delivery
from tests.factories.people import UserFactory
from tests.storms.conftest import Processes
from tests.storms.stories import time_passes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
PEOPLE, THINGS, THINGS_SMALL = 20, 100, 15
WORKERS = 2
MOST_SECONDS = 300
DOWN_SECONDS = 0.3
MOST_KILLS = 60


@dataclass
class MailServer:
    """A process of its own on a port that stays the same."""

    port: int
    ledger: Path
    process: subprocess.Popen | None = None

    def start(self):
        command = [sys.executable, "-m", "tests.storms.smtp", str(self.port), str(self.ledger)]
        self.process = subprocess.Popen(command)

    def kill(self):
        """It comes back by itself, after a while in which nobody answers."""
        self.stop()
        time.sleep(DOWN_SECONDS)
        self.start()

    def stop(self):
        self.process.kill()
        self.process.wait()

    def taken(self):
        """By Message-ID, how often it was taken; for whom."""
        lines = [line.split() for line in self.ledger.read_text().splitlines()]
        return Counter(message_id for message_id, _ in lines), dict(lines)


@pytest.fixture
def mail_server(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / "ledger").touch()
    server = MailServer(port, tmp_path / "ledger")
    server.start()
    yield server
    server.stop()


@dataclass
class Restarted:
    """A program that is there until its work is done, however often it is killed."""

    programs: Processes
    work: str
    arguments: dict
    running: tuple = ()

    def start(self):
        self.running = self.programs.start(self.work, self.arguments)

    def kill(self):
        process, _ = self.running
        process.kill()
        process.join()
        self.start()

    def finish(self):
        process, answer = self.running
        assert answer.poll(MOST_SECONDS), f"{self.work} does not end"
        error, _ = answer.recv()
        process.join()
        assert error is None, error


def test_no_notice_is_lost_and_repeats_are_told_by_their_id(
    processes, mail_server, *, is_small, capsys
):
    people = UserFactory.create_batch(PEOPLE)
    things = THINGS_SMALL if is_small else THINGS
    announced = {"person_ids": [person.pk for person in people], "things": things}
    mailed = {"notices": PEOPLE * things, "port": mail_server.port}
    web = Restarted(processes, "announce", announced)
    workers = [Restarted(processes, "send_mail", mailed) for _ in range(WORKERS)]

    kills = MOST_KILLS // 3 if is_small else MOST_KILLS
    killed = live_through(web, workers, mail_server, notices=PEOPLE * things, kills=kills)

    taken, to = mail_server.taken()
    notices = dict(Notification.objects.values_list("pk", "user__email"))
    repeats = taken.total() - len(taken)
    assert len(notices) == PEOPLE * things
    assert {told(message_id): address for message_id, address in to.items()} == notices
    assert not Delivery.objects.filter(dead_at__isnull=False).exists()
    assert repeats <= killed["worker"] + WORKERS * killed["mail server"]
    with capsys.disabled():
        print(f"\n{len(notices)} notices, killed {dict(killed)}, {repeats} repeated")  # noqa: T201 - the figure that it is run for


def live_through(web, workers, mail_server, *, notices, kills):
    """Kill one after the other until all is mailed, or it is enough; how often each was."""
    chance = random.Random(2000)  # noqa: S311 - the same storm each time
    programs, killed = [web, *workers], Counter()
    for program in programs:
        program.start()
    while is_any_unsent(notices) and killed.total() < kills:
        time.sleep(chance.uniform(0.2, 0.8))
        name, victim = chance.choice(
            [("web", web), *(("worker", one) for one in workers), ("mail server", mail_server)]
        )
        victim.kill()
        killed[name] += 1
    wait_for_the_rest(notices)
    for program in programs:
        program.finish()
    return killed


def is_any_unsent(notices):
    return Notification.objects.filter(mailed_at__isnull=False).count() < notices


def wait_for_the_rest(notices):
    deadline = time.monotonic() + MOST_SECONDS
    while is_any_unsent(notices) and time.monotonic() < deadline:
        time_passes()  # what met no mail server waits for its next attempt
        time.sleep(1)


def told(message_id):
    """The notice that a Message-ID is of."""
    return int(message_id.removeprefix("<notification-").partition("@")[0])
