"""The Celery application: ``celery -A netdash worker`` and ``celery -A netdash beat``."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netdash.settings")

app = Celery("netdash")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["netdash.jobs"])
