import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supportsuccess.embedded.paths import BASE_DIR


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.smoke)


@pytest.fixture
def broker_url() -> str:
    url = os.environ.get("BROKER_URL")
    if not url:
        pytest.fail("a smoke runs against a broker: set BROKER_URL")
    return url


@pytest.fixture
def start_worker(
    database_environment: dict[str, str], broker_url: str, tmp_path: Path
) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """start_worker("quick"): on the test's database and the given broker."""
    running: list[subprocess.Popen[bytes]] = []

    def start_one(queue: str) -> subprocess.Popen[bytes]:
        running.append(
            start(
                *("worker", f"--queues={queue}", f"--hostname={queue}{len(running)}@%h"),
                *("--concurrency=1", "--without-gossip", "--without-mingle"),
                environment=database_environment,
                log=tmp_path / f"{queue}{len(running)}.log",
            )
        )
        return running[-1]

    yield start_one
    stop(running)


@pytest.fixture
def beat(
    database_environment: dict[str, str], broker_url: str, tmp_path: Path
) -> Iterator[subprocess.Popen[bytes]]:
    running = start(
        *("beat", "--scheduler=celery.beat:Scheduler", "--pidfile="),
        environment=database_environment,
        log=tmp_path / "beat.log",
    )
    yield running
    stop([running])


def start(*arguments: str, environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "supportsuccess", "--quiet", *arguments],
            cwd=BASE_DIR,
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def stop(running: list[subprocess.Popen[bytes]]) -> None:
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
