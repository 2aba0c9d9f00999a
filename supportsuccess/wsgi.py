import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportsuccess.settings")
# A page waits for nothing long: settings give this process the short database timeouts.
os.environ.setdefault("SS_PROCESS", "web")

application = get_wsgi_application()
