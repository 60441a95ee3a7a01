"""Static files, collected again only when they changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command


def collect_static_files() -> None:
    """Collect and compress the static files, unless the last time had the same."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    wanted = find_signature()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    call_command("collectstatic", "--noinput", "--clear", verbosity=0)
    stamp.write_text(wanted)


def find_signature() -> str:
    """Hash names, sizes and times of our files, and the versions that bring others."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).rglob("*")):
            facts = path.stat()
            digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
