"""netdash: see, change and explain the networks of Docker engines."""

from netdash.celery import app as celery_app

__all__ = ["celery_app"]
