"""Where netdash itself runs, as far as a preview must know it."""

from __future__ import annotations

import re
import socket
from functools import lru_cache

from django.conf import settings

from netdash.topology.facts import Facts


@lru_cache(maxsize=1)
def read_place() -> Facts:
    """Name the containers of netdash and of the proxy before it.

    A container's host name is the beginning of its id, unless somebody chose another; then
    NETDASH_OWN_CONTAINERS names them.
    """
    host = socket.gethostname()
    own = (host,) if re.fullmatch(r"[0-9a-f]{12}", host) else ()
    return Facts(own_ids=own + settings.OWN_CONTAINERS, proxy_ids=settings.PROXY_CONTAINERS)
