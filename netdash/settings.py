"""Settings, all from the environment; the README's table is tested against this file."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from netdash.mail import read_mail_url

BASE_DIR = Path(__file__).resolve().parent.parent


def read_flag(name: str, default: bool = False) -> bool:
    """Read an on/off variable: 1, true, yes, on; 0, false, no, off; empty is the default."""
    value = os.environ.get(name, "").strip().lower()
    if value in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
        return value in ("1", "true", "yes", "on") if value else default
    raise ImproperlyConfigured(f"{name} is {value!r}: write 1 or 0.")


def read_secret(path: Path) -> str:
    """Read a secret kept in the data folder, made at the first start (mode 0600).

    Of processes that start together one writes it; the others wait until it is there.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        for _ in range(100):
            if key := path.read_text():
                return key
            time.sleep(0.02)
        raise ImproperlyConfigured(f"{path} is empty: delete it.") from None
    with os.fdopen(descriptor, "w") as file:
        file.write(key := secrets.token_urlsafe(50))
    return key


DATA_DIR = Path(os.environ.get("NETDASH_DATA") or BASE_DIR / "data").resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

DEBUG = read_flag("NETDASH_DEBUG")
SECRET_KEY = os.environ.get("NETDASH_SECRET_KEY") or read_secret(DATA_DIR / "secret-key")
ALLOWED_HOSTS = os.environ.get("NETDASH_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("NETDASH_ORIGINS", "").split(",") if o]

# Behind https everything secure is on; on plain http only loopback is meant to be used.
IS_HTTPS = read_flag("NETDASH_HTTPS")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "netdash_session"
CSRF_COOKIE_NAME = "netdash_csrf"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "netdash.apps.NetdashAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_celery_beat",
    "django_htmx",
    "axes",
    "csp",
    "netdash",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "netdash.views.middleware.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "netdash.views.middleware.StoreAwayMiddleware",
]
ROOT_URLCONF = "netdash.urls"
ASGI_APPLICATION = "netdash.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "netdash.views.frame.frame",
            ],
        },
    },
]

DATABASES = {"default": dj_database_url.config(default=f"sqlite:///{DATA_DIR / 'netdash.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
FILE_UPLOAD_HANDLERS = ["netdash.forms.uploads.SmallUploadHandler"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "netdash.views.entrance.locked_out"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("NETDASH_STATIC") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = os.environ.get("TZ") or "UTC"
USE_TZ = True
USE_I18N = False

REDIS_URL = os.environ.get("REDIS_URL") or f"unix://{DATA_DIR / 'valkey.sock'}"
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever: Celery's own default ends a worker at 100
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "global_keyprefix": "netdash:celery:",
    "socket_connect_timeout": 5,
    # Whoever sends does not wait for a broker that is away: a job is found again by itself.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "beat-is-alive": {
        "task": "netdash.jobs.tasks.note_beat",
        "schedule": 30.0,
        "options": {"expires": 60},  # nobody wants an old one when a worker comes back
    },
    "pick-up-jobs": {
        "task": "netdash.jobs.tasks.pick_up_jobs",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "settle-clean-ups": {
        "task": "netdash.jobs.tasks.settle_cleanup_runs",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "settle-journal": {
        "task": "netdash.jobs.tasks.settle_journal",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "sweep-sessions": {
        "task": "netdash.jobs.tasks.sweep",
        "schedule": crontab(hour="4", minute="7"),
    },
}

HEALTH_TOKEN = os.environ.get("NETDASH_HEALTH_TOKEN") or read_secret(DATA_DIR / "health-token")

WHY_SIMULATED_VARIABLE = "NETDASH_WHY_SIMULATED"
"""Set by ``script/up`` for the pages: why it shows a simulated engine that nobody asked for."""
WHY_SIMULATED = os.environ.get(WHY_SIMULATED_VARIABLE, "")

IS_READ_ONLY = read_flag("NETDASH_READ_ONLY")
OWN_CONTAINERS = tuple(filter(None, os.environ.get("NETDASH_OWN_CONTAINERS", "").split(",")))
PROXY_CONTAINERS = tuple(filter(None, os.environ.get("NETDASH_PROXY_CONTAINERS", "").split(",")))
JOURNAL_DAYS = int(os.environ.get("NETDASH_JOURNAL_DAYS") or 365)
CLEANUP_DAYS = int(os.environ.get("NETDASH_CLEANUP_DAYS") or 90)

MAIL = read_mail_url(os.environ.get("EMAIL_URL", ""))
HAS_MAIL = bool(MAIL)
globals().update(MAIL)  # as Django's own settings: EMAIL_HOST and those beside it
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("NETDASH_MAIL_FROM") or "netdash@localhost"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"axes": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": os.environ.get("NETDASH_LOG_LEVEL") or "INFO"},
}
