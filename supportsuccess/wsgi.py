import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportsuccess.settings")
# A page waits for nothing long: settings give this process the short database timeouts.
os.environ.setdefault("SS_PROCESS", "web")

application = get_wsgi_application()
# Every module that a route names, loaded once before the server forks: no first request pays.
get_resolver().url_patterns  # noqa: B018 - reading it imports them
