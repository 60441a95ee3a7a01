"""The form of an engine: an address that can be one."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django import forms
from django.core.exceptions import ValidationError

from netdash.models import Engine

SCHEMES = ("unix", "tcp", "http", "https", "ssh")
LONGEST_SOCKET_PATH = 107
"""sun_path holds 108 bytes with the closing zero (unix(7))."""


class EngineForm(forms.ModelForm):  # type: ignore[type-arg]
    """An engine's name and where it answers."""

    class Meta:
        model = Engine
        fields = (
            "name",
            "slug",
            "address",
            "tls_ca",
            "tls_certificate",
            "tls_key",
            "is_enabled",
        )

    def clean_address(self) -> str:
        """Refuse what the engine's client could not use."""
        address = str(self.cleaned_data["address"]).strip()
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError as error:
            raise ValidationError("This is not an address: %s." % error) from error  # noqa: UP031
        if parts.scheme not in SCHEMES:
            raise ValidationError("Begin with unix://, tcp:// or ssh://.")
        if parts.scheme == "unix":
            check_socket(parts)
        elif not parts.hostname:
            raise ValidationError("Name the machine: tcp://name:2376 or ssh://user@name.")
        elif parts.scheme == "tcp" and port is None:
            raise ValidationError("Add the port: 2376 with TLS, 2375 without.")
        return address

    def clean(self) -> dict[str, Any]:
        """Ask for both halves of a TLS identity, and only where TLS is spoken."""
        values = super().clean() or self.cleaned_data
        files = [values.get(name) for name in ("tls_ca", "tls_certificate", "tls_key")]
        if bool(files[1]) != bool(files[2]):
            missing = "tls_key" if files[1] else "tls_certificate"
            self.add_error(missing, "Certificate and key belong together: give both.")
        if any(files) and str(values.get("address", "")).startswith(("unix://", "ssh://")):
            self.add_error("address", "TLS files serve tcp:// only.")
        for name, path in zip(("tls_ca", "tls_certificate", "tls_key"), files, strict=True):
            if path and not os.path.isabs(path):
                self.add_error(name, "Give the whole path, from / on, as the watcher sees it.")
        return dict(values)


def check_socket(parts: SplitResult) -> None:
    """Refuse a path that is no path of a socket."""
    if parts.netloc or not parts.path.startswith("/") or parts.path == "/":
        raise ValidationError("Write three slashes: unix:///var/run/docker.sock.")
    if len(os.fsencode(parts.path)) > LONGEST_SOCKET_PATH:
        raise ValidationError(f"A socket's path has at most {LONGEST_SOCKET_PATH} bytes.")
