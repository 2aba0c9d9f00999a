"""The folder is the answer: what an app may hold, how long a file may be, what is named nowhere."""

import subprocess
from pathlib import Path

import pytest

from supportsuccess.embedded.paths import BASE_DIR

LONGEST = 400
APPS = ("accounts", "tickets", "insights")
PLUMBING = ("audit", "imports", "lists", "outbox")
# A file or a package of that name, in every app.
EVERY_APP = {
    "__init__",
    "actions",
    "admin",
    "api",
    "apps",
    "emails",
    "filters",
    "forms",
    "jobs",
    "lists",
    "management",
    "migrations",
    "models",
    "queries",
    "tasks",
    "templatetags",
    "urls",
    "views",
}
ONE_APP = {
    "accounts": {"adapters", "backends", "permissions", "requests", "viewsets"},
    "tickets": {"adapters", "suggestions"},
    "insights": {"demo", "measures", "scoring"},
}
# Names that say nothing about what is inside.
NOWHERE = {
    "base_utils",
    "common",
    "constants",
    "helper",
    "helpers",
    "managers",
    "misc",
    "mixins",
    "services",
    "shared",
    "signals",
    "util",
    "utils",
}
# A change of these is a change of the layout in the house style.
AT_THE_ROOT = {
    *APPS,
    ".ci",
    ".github",
    "bench",
    "docs",
    "requirements",
    "supportsuccess",
    "templates",
    "tests",
}
SOURCES = {".css", ".html", ".js", ".py", ".sh", ".sql"}


def sources() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    return [Path(name) for name in listed.stdout.splitlines() if (BASE_DIR / name).exists()]


def test_an_app_holds_only_what_the_house_style_names() -> None:
    misplaced = [
        f"{path}: {path.parts[1].removesuffix('.py')} is not a room of {path.parts[0]}"
        for path in sources()
        if path.parts[0] in APPS
        and path.parts[1].removesuffix(".py") not in EVERY_APP | ONE_APP[path.parts[0]]
    ]

    assert misplaced == []


def test_the_root_holds_only_what_the_house_style_names() -> None:
    folders = {path.parts[0] for path in sources() if len(path.parts) > 1}

    assert folders - AT_THE_ROOT == set()


def test_no_name_is_empty_of_meaning() -> None:
    vague = [str(path) for path in sources() if {path.stem, *path.parts[:-1]} & NOWHERE]

    assert vague == []


def test_no_file_is_longer_than_one_can_read() -> None:
    lengths = {
        str(path): len((BASE_DIR / path).read_bytes().splitlines())
        for path in sources()
        if path.suffix in SOURCES and "migrations" not in path.parts
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


@pytest.mark.parametrize("app", [*APPS, *(f"supportsuccess/{name}" for name in PLUMBING)])
def test_packages_are_split_by_noun_not_by_kind(app: str) -> None:
    rooms = {path.stem for path in (BASE_DIR / app).iterdir()}
    doubled = [
        str(path.relative_to(BASE_DIR))
        for path in (BASE_DIR / app).glob("*/*.py")
        if path.stem in rooms & EVERY_APP - {"__init__"} and path.parent.name in EVERY_APP
    ]

    assert doubled == []


def test_every_test_stands_where_its_subject_does() -> None:
    known = {"browser", "factories", "oracle", "smoke", "storms", "supportsuccess", *APPS}
    strangers = {
        path.parts[1] for path in sources() if path.parts[0] == "tests" and len(path.parts) > 2
    }

    assert strangers - known == set()


def test_no_file_chooses_the_python_for_everyone() -> None:
    # Version managers and uv both read it, and break where that version is not installed.
    assert not (BASE_DIR / ".python-version").exists()
