"""Read where mail goes out from one address, as settings of Django."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORTS_BY_SCHEME = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
WISH = "EMAIL_URL is not an address of a mail server: write smtp+tls://user:password@host:587."


def read_mail_url(url: str) -> dict[str, Any]:
    """Read ``smtp://``, ``smtp+tls://`` (STARTTLS) or ``smtps://`` with host, port, user, password.

    Signs like ``@`` in user and password are written as ``%40``. Empty for no mail server.
    """
    if not url:
        return {}
    try:
        found = urlsplit(url)
        port = found.port or PORTS_BY_SCHEME[found.scheme]
    except (ValueError, KeyError):
        raise ImproperlyConfigured(WISH) from None
    if not found.hostname:
        raise ImproperlyConfigured(WISH)
    return {
        "EMAIL_HOST": found.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(found.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(found.password or ""),
        "EMAIL_USE_TLS": found.scheme == "smtp+tls",
        "EMAIL_USE_SSL": found.scheme == "smtps",
    }
