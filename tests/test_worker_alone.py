"""The statistics packages take a second or two to import: the worker alone pays that."""

import subprocess
import sys

from supportsuccess.embedded.paths import BASE_DIR

# All that a web process may come to import: routes, views, and what the outbox finds by name.
AS_A_WEB_PROCESS = """
import sys, supportsuccess.wsgi
from django.urls import get_resolver
from supportsuccess.imports import formats
from supportsuccess.outbox import details, registry, schedules
get_resolver().url_patterns, formats.load(), registry.load(), schedules.names(), details._load()
print(*{name.partition(".")[0] for name in sys.modules})
"""
STATISTICS = {"joblib", "numpy", "scipy", "sklearn"}


def imported_by(program):
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=BASE_DIR, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_a_web_process_never_imports_statistics():
    imported = imported_by(AS_A_WEB_PROCESS)

    assert "tickets" in imported
    assert imported & STATISTICS == set()
