"""What `up` runs beside the servers: web, two workers and the clock."""

import os
import signal

from supportsuccess.embedded.supervisor import Child, Say

CELERY = ("celery", "--app", "supportsuccess", "--quiet")
# On one machine root is who started it; tasks are JSON, which runs nothing.
NO_LECTURE = "ignore:You're running the worker with superuser privileges"
QUIET_WORKER = ("--without-gossip", "--without-mingle", "--loglevel", "WARNING")


def web(*, port: int, say: Say) -> Child:
    return Child(
        "web",
        [
            "gunicorn",
            "supportsuccess.wsgi:application",
            f"--bind=127.0.0.1:{port}",
            "--worker-class=gthread",
            f"--workers={os.environ.get('SS_WEB_WORKERS', '2')}",
            "--threads=4",
            "--preload",
            "--timeout=30",
            "--graceful-timeout=10",
            "--log-level=warning",
            "--no-control-socket",
        ],
        say=say,
        environment={"SS_PROCESS": "web", "PORT": str(port)},
    )


def worker(queue: str, *, processes: int, say: Say) -> Child:
    return Child(
        queue,
        [
            *CELERY,
            "worker",
            f"--queues={queue}",
            f"--hostname={queue}@%h",
            f"--concurrency={processes}",
            *QUIET_WORKER,
        ],
        say=say,
        environment={"SS_PROCESS": "worker", "PYTHONWARNINGS": NO_LECTURE},
        # Orphaned it must not finish a long task first: the task is due again anyway.
        orphan_signal=signal.SIGQUIT,
    )


def beat(*, say: Say) -> Child:
    return Child(
        "beat",
        [
            *CELERY,
            "beat",
            "--scheduler=celery.beat:Scheduler",
            "--pidfile=",
            "--loglevel=WARNING",
        ],
        say=say,
        environment={"SS_PROCESS": "worker"},
    )
