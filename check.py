"""What the machine checks: `./ss check [NAME…]`. Each check says what it ran and what it found."""

import concurrent.futures
import dataclasses
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from supportsuccess.embedded import paths
from supportsuccess.embedded.command import database_for_command

ROOT = Path(__file__).parent
BIN = Path(sys.executable).parent
OUR_APPS = ["audit", "outbox", "imports", "accounts", "tickets", "insights"]
PACKAGES = ["supportsuccess", "accounts", "tickets", "insights"]
# What a production installation sets, for `check --deploy`, besides its database.
PRODUCTION = {
    "SS_PUBLIC_URL": "https://support.example.com",
    "SS_SECRET_KEY": hashlib.sha512(b"only for this check").hexdigest(),
    "SS_MAIL_URL": "smtp+tls://mail.example.com",
    "SS_STATIC_ROOT": "staticfiles",
    "BROKER_URL": "amqp://broker.example.com",
}


@dataclasses.dataclass(frozen=True)
class Finding:
    name: str
    passed: bool
    text: str
    seconds: float = 0.0


def run(*command: str | Path, **environment: str) -> tuple[bool, str]:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout


def manage(*arguments: str, **environment: str) -> tuple[bool, str]:
    return run(sys.executable, "manage.py", *arguments, **environment)


def tracked(*patterns: str) -> list[str]:
    """Files of the tree, with those that are not committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def check_format() -> tuple[bool, str]:
    return run(BIN / "ruff", "format", "--check", ".")


def check_lint() -> tuple[bool, str]:
    return run(BIN / "ruff", "check", ".")


def check_imports() -> tuple[bool, str]:
    return run(BIN / "lint-imports", "--no-cache")


def check_types() -> tuple[bool, str]:
    return run(BIN / "mypy", *PACKAGES)


def check_templates() -> tuple[bool, str]:
    templates = tracked("*.html")
    if not templates:
        return False, "there are no templates"
    return all_of(
        run(BIN / "djade", "--target-version", "6.1", "--check", *templates),
        run(BIN / "djhtml", "--tabwidth", "2", "--check", *templates),
        run(BIN / "djlint", "--lint", "--profile=django", "--quiet", *templates),
    )


def check_idiom() -> tuple[bool, str]:
    return run(BIN / "django-upgrade", "--target-version", "6.1", "--check", *tracked("*.py"))


def check_migrations() -> tuple[bool, str]:
    return all_of(
        manage("makemigrations", "--check", "--dry-run"),
        manage("check"),  # with django-linear-migrations' own
        manage(
            *("lintmigrations", "--no-cache", "--database", "owner", "--quiet", "ok", "ignore"),
            # What makes an app's first tables breaks no running release.
            *("--ignore-initial-migrations", "--include-apps", *OUR_APPS),
            # What was unique by two columns is unique by three, so no row can be against it.
            *("--ignore-name", "0005_messages_of_files"),
            DJANGO_SETTINGS_MODULE="tests.settings",
            SS_LOG_LEVEL="WARNING",
        ),
    )


def check_deploy() -> tuple[bool, str]:
    server = quote(str(paths.postgres_socket_dir()), safe="")
    return manage(
        *("check", "--deploy", "--fail-level", "WARNING"),
        **PRODUCTION,
        DATABASE_URL=f"postgresql://ss_app@{server}/supportsuccess",
        DATABASE_OWNER_URL=f"postgresql://ss_owner@{server}/supportsuccess",
    )


def check_dependencies() -> tuple[bool, str]:
    return run(BIN / "deptry", ".")


def check_locks() -> tuple[bool, str]:
    wrong = []
    for name in ("base", "dev"):
        sources = b"".join(
            (ROOT / "requirements" / f"{part}.in").read_bytes() for part in ("base", name)
        )
        lock = (ROOT / "requirements" / f"{name}.txt").read_text()
        if not lock.startswith(f"# sources: {hashlib.sha256(sources).hexdigest()}\n"):
            wrong.append(f"requirements/{name}.txt is not of its sources: run requirements/lock.sh")
        if "://" in lock:
            wrong.append(f"requirements/{name}.txt holds an address: see requirements/lock.sh")
    return not wrong, "\n".join(wrong)


def check_vulnerabilities() -> tuple[bool, str]:
    passed, text = run(
        *(BIN / "pip-audit", "--requirement", "requirements/base.txt", "--require-hashes"),
        *("--disable-pip", "--timeout", "5", "--progress-spinner", "off"),
    )
    if not passed and "Found " not in text:
        return True, "skipped: the service that knows vulnerabilities cannot be reached from here"
    return passed, text


def all_of(*results: tuple[bool, str]) -> tuple[bool, str]:
    failed = [text for passed, text in results if not passed]
    return not failed, "\n".join(failed)


CHECKS: dict[str, Callable[[], tuple[bool, str]]] = {
    "types": check_types,
    "format": check_format,
    "lint": check_lint,
    "imports": check_imports,
    "templates": check_templates,
    "idiom": check_idiom,
    "migrations": check_migrations,
    "deploy": check_deploy,
    "dependencies": check_dependencies,
    "locks": check_locks,
    "vulnerabilities": check_vulnerabilities,
}


def find(name: str) -> Finding:
    began = time.monotonic()
    passed, text = CHECKS[name]()
    return Finding(name, passed=passed, text=text, seconds=time.monotonic() - began)


def tell(finding: Finding) -> None:
    verdict = "ok  " if finding.passed else "FAIL"
    print(f"{verdict} {finding.name} ({finding.seconds:.1f} s)", flush=True)
    if not finding.passed or finding.text.startswith("skipped"):
        print(finding.text.strip(), flush=True)


def main(names: list[str]) -> int:
    if unknown := set(names) - CHECKS.keys():
        print(f"there is no check {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}")
        return 2
    with tempfile.TemporaryDirectory(prefix="ss-check-") as state:
        os.environ["SS_STATE_DIR"] = os.environ["SS_TEST_STATE_DIR"] = state
        with database_for_command("check"), concurrent.futures.ThreadPoolExecutor(2) as pool:
            running = [pool.submit(find, name) for name in names or CHECKS]
            findings = [done.result() for done in concurrent.futures.as_completed(running)]
    for finding in findings:
        tell(finding)
    return int(not all(finding.passed for finding in findings))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
