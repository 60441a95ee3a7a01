"""The ASGI entry point: ``uvicorn netdash.asgi:application``."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netdash.settings")

application = get_asgi_application()
