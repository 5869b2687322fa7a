"""Every setting, from the environment, each with a safe default and one line saying what it does."""

from __future__ import annotations

import secrets
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from . import gis

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# PATROLWATCH_HOME: folder for the database, broker, cache and uploads of the embedded default.
HOME = Path(env.str("PATROLWATCH_HOME", default=str(BASE_DIR / "var")))
HOME.mkdir(parents=True, exist_ok=True)


def _stored_secret() -> str:
    """A secret made once and kept in `HOME`, so that sessions outlive a restart without any set-up."""
    path = HOME / "secret_key"
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii") or secrets.token_urlsafe(50)


# SECRET_KEY: signs sessions; made and kept in PATROLWATCH_HOME unless given.
SECRET_KEY = env.str("SECRET_KEY", default="") or _stored_secret()
# DEBUG: Django's error pages with details; never on a public machine.
DEBUG = env.bool("DEBUG", default=False)
# ALLOWED_HOSTS: host names that the site answers to, comma separated.
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# CSRF_TRUSTED_ORIGINS: origins (with scheme) that may post forms, behind a proxy.
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# HTTPS_ONLY: redirect to https, send HSTS and keep cookies to https.
HTTPS_ONLY = env.bool("HTTPS_ONLY", default=False)
# SITE_URL: the public address that citations and downloads name.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
# MAP_TILE_URL: a tile address ({z}/{x}/{y}) drawn under the bundled base map; none by default.
MAP_TILE_URL = env.str("MAP_TILE_URL", default="")
# MAP_TILE_ATTRIBUTION: the attribution that the tiles' owner asks for.
MAP_TILE_ATTRIBUTION = env.str("MAP_TILE_ATTRIBUTION", default="")
# EMBARGO_HOURS: a patrol is public this many hours after it ended, at the earliest.
EMBARGO_HOURS = env.int("EMBARGO_HOURS", default=72)
# PUBLIC_GRID_DEG: public geometry is snapped to this grid, in degrees.
PUBLIC_GRID_DEG = env.float("PUBLIC_GRID_DEG", default=0.01)
# SENSITIVE_GRID_DEG: the grid for patrols marked sensitive, in degrees.
SENSITIVE_GRID_DEG = env.float("SENSITIVE_GRID_DEG", default=0.1)
# APPROVAL_BY_ANOTHER: whoever approves must not be who wrote last.
APPROVAL_BY_ANOTHER = env.bool("APPROVAL_BY_ANOTHER", default=True)
# IMPORT_MAX_MB: the largest file an editor may upload, in megabytes.
IMPORT_MAX_MB = env.int("IMPORT_MAX_MB", default=64)
# IMPORT_STALE_SECONDS: an import whose worker has been silent for this long is taken up again.
IMPORT_STALE_SECONDS = env.int("IMPORT_STALE_SECONDS", default=120)

# INTAKE_USER_AGENT: how the intake names itself to the sites that it reads, with an address to ask at.
INTAKE_USER_AGENT = env.str("INTAKE_USER_AGENT", default=f"PatrolWatch (+{SITE_URL}/about/)")
# INTAKE_TEST_HOSTS: host:port that may be read although it is not public; for tests and the demo only.
INTAKE_TEST_HOSTS = env.list("INTAKE_TEST_HOSTS", default=[])
# INTAKE_HOST_SECONDS: pause between two calls to one host; a site's robots.txt may ask for more.
INTAKE_HOST_SECONDS = env.float("INTAKE_HOST_SECONDS", default=5.0)
# INTAKE_SECONDS: the longest that one fetch may take.
INTAKE_SECONDS = env.float("INTAKE_SECONDS", default=30.0)
# INTAKE_MAX_MB: the largest page or feed that is read, in megabytes.
INTAKE_MAX_MB = env.int("INTAKE_MAX_MB", default=8)
# INTAKE_CA_FILE: further certificate authorities (PEM) for sites that no browser's list knows.
INTAKE_CA_FILE = env.str("INTAKE_CA_FILE", default="")
# INTAKE_TRIES: how often a fetch, an extraction or a match is tried before an editor is asked.
INTAKE_TRIES = env.int("INTAKE_TRIES", default=5)
# INTAKE_REST_AFTER: a source that failed this often in a row rests until an editor wakes it.
INTAKE_REST_AFTER = env.int("INTAKE_REST_AFTER", default=8)
# INTAKE_STALE_SECONDS: work whose worker is silent for this long is taken up again.
INTAKE_STALE_SECONDS = env.float("INTAKE_STALE_SECONDS", default=120)
# INTAKE_TEND_SECONDS: how often beat looks for sources that are due and for work that was left.
INTAKE_TEND_SECONDS = env.float("INTAKE_TEND_SECONDS", default=5)

# API_RATE: requests a minute that the API answers to one address without a token.
API_RATE = env.int("API_RATE", default=120)
# API_TOKEN_RATE: requests a minute that it answers to one token.
API_TOKEN_RATE = env.int("API_TOKEN_RATE", default=1200)
# EXPORT_RATE: files a minute (CSV tables, the data package) that one address gets without a token.
EXPORT_RATE = env.int("EXPORT_RATE", default=60)
# EXPORT_TOKEN_RATE: files a minute for one token.
EXPORT_TOKEN_RATE = env.int("EXPORT_TOKEN_RATE", default=600)
# EXPORTS_AT_ONCE: how many tables are streamed at the same time, over all processes.
EXPORTS_AT_ONCE = env.int("EXPORTS_AT_ONCE", default=6)
# EXPORT_SECONDS: a download that takes longer is broken off.
EXPORT_SECONDS = env.int("EXPORT_SECONDS", default=1800)
# API_PROXIES: how many proxies stand in front; only then their X-Forwarded-For is believed.
API_PROXIES = env.int("API_PROXIES", default=0)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.forms",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "leaflet",
    "djgeojson",
    "simple_history",
    "csp",
    "patrols",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Above WhiteNoise, so that scripts, styles and the base map are compressed and revalidated too.
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "patrols.views.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "patrolwatch.urls"
WSGI_APPLICATION = "patrolwatch.wsgi.application"
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
            ]
        },
    }
]
# Widgets of our own have their templates beside all others.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# DATABASE_URL: sqlite:///… or postgres://user@host:port/name.
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{HOME / 'patrolwatch.sqlite3'}")}
_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if _SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=30000;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Compiling a query of sixty columns takes PostgreSQL longer than answering it.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# CELERY_BROKER_URL: filesystem:// (embedded), redis://… or amqp://….
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost//")
if CELERY_BROKER_URL.startswith("filesystem:"):
    _BROKER = HOME / "broker"
    for folder in ("queue", "control", "processed"):
        (_BROKER / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_BROKER / "queue"),
        "data_folder_out": str(_BROKER / "queue"),
        "control_folder": str(_BROKER / "control"),
        "processed_folder": str(_BROKER / "processed"),
        "store_processed": False,
        "polling_interval": 0.5,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(HOME / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "resume-stale-imports": {"task": "patrols.intake.tasks.resume_stale_imports", "schedule": 30.0},
    "tend-intake": {
        "task": "patrols.intake.tasks.tend_intake",
        "schedule": INTAKE_TEND_SECONDS,
        # What no worker took before the next one came would only pile up.
        "options": {"expires": max(INTAKE_TEND_SECONDS, 30)},
    },
    # Embargoes run out without anybody writing anything.
    "refresh-snapshots": {
        "task": "patrols.publish.tasks.refresh_snapshots",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}

# CACHE_URL: where progress and derived data are kept; a folder by default, redis://… for several machines.
CACHES = {
    "default": env.cache_url("CACHE_URL", default=f"filecache://{HOME / 'cache'}"),
}
# Charts have a cache of their own: a file cache that is full drops what it likes, and progress must stay.
CACHES["charts"] = CACHES["default"] | {"KEY_PREFIX": "charts", "TIMEOUT": 24 * 3600}
if CACHES["default"]["BACKEND"].endswith("FileBasedCache"):
    CACHES["charts"] |= {
        "LOCATION": f"{CACHES['default']['LOCATION']}/charts",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    }

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"

LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "patrols" / "locale"]
# A language is offered once its catalogue is there: half a translation is worse than none.
LANGUAGES = [
    ("en", "English"),
    *(
        (code, name)
        for code, name in (("tr", "Türkçe"), ("ru", "Русский"), ("ar", "العربية"))
        if (LOCALE_PATHS[0] / code / "LC_MESSAGES" / "django.mo").exists()
    ),
]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = HOME / "uploads"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS_ONLY
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_TILE_ORIGIN = ["/".join(MAP_TILE_URL.replace("{s}", "*").split("/")[:3])] if MAP_TILE_URL else []
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Leaflet moves its panes with inline style attributes.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:", *_TILE_ORIGIN],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "NUM_PROXIES": API_PROXIES,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "PatrolWatch",
    "DESCRIPTION": "The public record of joint military patrols, as OGC API - Features and plain tables.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.0.3",
    "LICENSE": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
    "SERVE_INCLUDE_SCHEMA": False,
}

GDAL_LIBRARY_PATH = gis.gdal_library_path()
GEOS_LIBRARY_PATH = gis.geos_library_path()
LEAFLET_CONFIG = {
    "TILES": [("Tiles", MAP_TILE_URL, {"attribution": MAP_TILE_ATTRIBUTION})] if MAP_TILE_URL else [],
    "DEFAULT_CENTER": (36.6, 40.0),
    "DEFAULT_ZOOM": 8,
    "MIN_ZOOM": 2,
    "MAX_ZOOM": 18,
    "RESET_VIEW": False,
    "SCALE": "metric",
    "ATTRIBUTION_PREFIX": "",
}

SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SIMPLE_HISTORY_ENABLED = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    # LOG_LEVEL: how much is written to the console.
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
