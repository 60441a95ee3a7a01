"""The ASGI entry point: ``uvicorn netdash.asgi:application``."""

import gc
import os
import sys
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netdash.settings")

# WhiteNoise answers with files read synchronously; Django 5.2 reads them in a thread, and warns.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")

django_application = get_asgi_application()

# Only now are the apps ready; a page that nobody asked for yet is no one's wait.
from netdash.views.bodies import limit_bodies  # noqa: E402
from netdash.views.endings import end_streams_first  # noqa: E402
from netdash.views.warming import warm  # noqa: E402

application = end_streams_first(limit_bodies(django_application))

warm()

# What is here now stays: the garbage collector need not walk its 150,000 objects again and
# again, which takes 50 ms and more each time, in the middle of somebody's request.
gc.collect()
gc.freeze()

# Requests are threads. Each time one waits for SQL or Redis the others may compute for this long
# before it goes on: at Python's own 5 ms a quick answer beside a slow one takes four times as long.
sys.setswitchinterval(0.0005)
