"""Tests: a throw-away cluster of their own, unless DATABASE_URL is given."""

import os
import tempfile

if "SS_TEST_STATE_DIR" not in os.environ:
    # Before the other settings read it; the workers of pytest-xdist inherit it.
    os.environ["SS_TEST_STATE_DIR"] = tempfile.mkdtemp(prefix="ss-test-")
os.environ["SS_STATE_DIR"] = os.environ["SS_TEST_STATE_DIR"]
for name in ("SS_PUBLIC_URL", "SS_MAIL_URL", "SS_DEMO_PASSWORD", "SS_DEBUG", "PORT"):
    os.environ.pop(name, None)

from supportsuccess.settings import *  # noqa: E402, F403, TID251 - settings on top of settings

ALLOWED_HOSTS += ["testserver"]  # noqa: F405 - from the line above
# A password is checked thousands of times in a run; what protects it is not under test.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Every test client has a handler of its own: it must not read the whole static folder each time.
WHITENOISE_AUTOREFRESH = True
# For `manage.py lintmigrations`, which only ./ss check runs.
INSTALLED_APPS += ["django_migration_linter"]  # noqa: F405 - from the import above
