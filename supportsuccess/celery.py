import os

from celery import Celery

from supportsuccess import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportsuccess.settings")

broker.use()
app = Celery("supportsuccess")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="jobs")
