import contextlib
import os
import signal
import time
import urllib.error
import urllib.request
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from supportsuccess.embedded import first_start, locks, obstacles, paths, programs
from supportsuccess.embedded.postgres import Postgres
from supportsuccess.embedded.processes import CannotStart
from supportsuccess.embedded.supervisor import Lines, Supervisor
from supportsuccess.embedded.valkey import Valkey

READY_SECONDS = 90.0


class Command(BaseCommand):
    help = "Run everything on this machine: servers where no URL is given, web, workers, clock."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", default=os.environ.get("PORT", "8000"))
        parser.add_argument("--no-demo", action="store_true", help="start without the demo company")

    def handle(self, *args: Any, **options: Any) -> None:
        self.began = time.monotonic()
        self.port = obstacles.parse_port(options["port"])
        self.address = f"http://localhost:{self.port}"
        state = paths.make_state_dir()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        with obstacles.only_one(state / "up.lock", address=self.address):
            obstacles.refuse_taken_port(self.port)
            obstacles.refuse_full_disk(state)
            self._run_all(load_demo=not options["no_demo"])

    def _run_all(self, *, load_demo: bool) -> None:
        supervisor = Supervisor(say=self.say)
        with contextlib.ExitStack() as undo:
            undo.callback(self._stop, supervisor)
            undo.enter_context(contextlib.suppress(KeyboardInterrupt))
            self._start_servers(supervisor, undo)
            self._fill_database(load_demo=load_demo)
            self._start_programs(supervisor)
            self._welcome()
            supervisor.watch()

    def _start_servers(self, supervisor: Supervisor, undo: contextlib.ExitStack) -> None:
        if not os.environ.get("DATABASE_URL"):
            lock = paths.make_state_dir() / "postgres.lock"
            undo.enter_context(locks.take_soon(lock, seconds=30))
            postgres = Postgres()
            supervisor.add(postgres)
            postgres.create_roles().create_database()
            self.say("postgres", f"runs in {postgres.data} {self._clock()}")
        if not os.environ.get("BROKER_URL"):
            supervisor.add(Valkey())
            self.say("valkey", f"runs {self._clock()}")

    def _fill_database(self, *, load_demo: bool) -> None:
        self.say("migrate", "brings the tables up to date; the first time takes longest")
        first_start.migrate(Lines(self.say, "migrate"))
        if load_demo and not os.environ.get("SS_PUBLIC_URL"):
            first_start.load_demo_once(Lines(self.say, "demo"))
        self.how_to_sign_in = first_start.how_to_sign_in()
        connections.close_all()

    def _start_programs(self, supervisor: Supervisor) -> None:
        self.say("web", f"starts {self._clock()}")
        supervisor.add(programs.web(port=self.port, say=self.say))
        self._wait_until_ready(supervisor)
        supervisor.add(programs.worker("quick", processes=2, say=self.say))
        supervisor.add(programs.worker("long", processes=1, say=self.say))
        supervisor.add(programs.beat(say=self.say))

    def _wait_until_ready(self, supervisor: Supervisor) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not _answers(f"http://127.0.0.1:{self.port}/readyz"):
            if time.monotonic() > deadline:
                raise CannotStart("the web server does not answer: the lines above say why")
            for program in supervisor.programs:
                supervisor.revive(program)
            time.sleep(0.1)

    def _welcome(self) -> None:
        self.stdout.write(f"\nSupport-to-Success is ready at {self.address} {self._clock()}\n")
        self.stdout.write(self.how_to_sign_in)
        if not os.environ.get("SS_MAIL_URL"):
            self.stdout.write(f"Mail is written to {paths.state_dir() / 'mail'}")
        self.stdout.write("Stop with Ctrl-C; what you did is kept.\n")
        self.stdout.flush()

    def _stop(self, supervisor: Supervisor) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self.say("up", "stops everything")
        connections.close_all()
        supervisor.stop()
        self.say("up", "stopped; ./ss up starts again where it was")

    def say(self, name: str, text: str) -> None:
        self.stdout.write(f"{name:>8} | {text}")
        self.stdout.flush()

    def _clock(self) -> str:
        return f"({time.monotonic() - self.began:.1f} s)"


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
