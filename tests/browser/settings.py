"""What the served program of the browser tests runs with."""

from tests.settings import *  # noqa: F403 - settings on top of settings

STYLEGUIDE = True
