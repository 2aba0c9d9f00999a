"""All settings, read from the environment.

SS_PUBLIC_URL makes this a production installation: then nothing below has a default that
production must set. Without it everything runs on one machine, for the demo and for development.
"""

import os
from urllib.parse import quote, urlsplit

from django.utils.csp import CSP
from kombu import Exchange, Queue

from supportsuccess import environment
from supportsuccess.embedded import paths
from supportsuccess.logs import logging_config

BASE_DIR = paths.BASE_DIR
PUBLIC_URL = os.environ.get("SS_PUBLIC_URL", "").rstrip("/")
PRODUCTION = bool(PUBLIC_URL)
DEBUG = os.environ.get("SS_DEBUG") == "1"

# Addresses and secrets

if PRODUCTION:
    SECRET_KEY = environment.required("SS_SECRET_KEY")
    ALLOWED_HOSTS = [urlsplit(PUBLIC_URL).hostname or ""]
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
else:
    SECRET_KEY = os.environ.get("SS_SECRET_KEY") or paths.kept_secret("secret_key", length=64)
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    PUBLIC_URL = f"http://localhost:{os.environ.get('PORT', '8000')}"
ALLOWED_HOSTS += [host for host in os.environ.get("SS_ALLOWED_HOSTS", "").split(",") if host]

if PUBLIC_URL.startswith("https://"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# Apps and middleware

INSTALLED_APPS = [
    "supportsuccess.embedded",  # before Django's own: its `migrate` knows the owner role
    "supportsuccess.audit",
    "supportsuccess.outbox",
    "supportsuccess.imports",
    "supportsuccess.bulk",
    "supportsuccess.lists",
    "accounts",
    "tickets",
    "insights",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "lucide",
    "pgtrigger",
    "django_linear_migrations",
]
FIRST_PARTY_APPS = [
    "supportsuccess.audit",
    "supportsuccess.outbox",
    "supportsuccess.imports",
    "supportsuccess.bulk",
    "supportsuccess.lists",
    "accounts",
    "tickets",
    "insights",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.requests.OwnDisplay",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "supportsuccess.lists.toasts.HtmxToasts",
    "supportsuccess.not_allowed.NotAllowedPages",
    "supportsuccess.audit.middleware.OperationMiddleware",  # after all that may turn away
]
ROOT_URLCONF = "supportsuccess.urls"
WSGI_APPLICATION = "supportsuccess.wsgi.application"
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
                "supportsuccess.lists.context_processors.display",
                "accounts.views.demo.demo",
            ],
        },
    }
]

# PostgreSQL: `default` is the app role, which owns nothing; `owner` migrates and loads in bulk.

LIMITS_BY_PROCESS = {
    "web": {
        "statement_timeout": "5s",
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "10s",
    },
    "worker": {
        "statement_timeout": "280s",
        "lock_timeout": "20s",
        "idle_in_transaction_session_timeout": "280s",
    },
}
OWNER_LIMITS = {"lock_timeout": "60s"}
_embedded = f"@{quote(str(paths.postgres_socket_dir()), safe='')}/supportsuccess"
if PRODUCTION:
    _database_url = environment.required("DATABASE_URL")
    _owner_url = environment.required("DATABASE_OWNER_URL")
else:
    _database_url = os.environ.get("DATABASE_URL") or f"postgresql://ss_app{_embedded}"
    _owner_url = os.environ.get("DATABASE_OWNER_URL") or (
        os.environ.get("DATABASE_URL") or f"postgresql://ss_owner{_embedded}"
    )
DATABASES = {
    "default": environment.database(
        _database_url, limits=LIMITS_BY_PROCESS[os.environ.get("SS_PROCESS", "worker")]
    ),
    "owner": environment.database(_owner_url, limits=OWNER_LIMITS),
}
# With RabbitMQ there is no Redis: rate limits and the like live in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Celery: the broker is a doorbell, the database knows what is to be done.

CELERY_BROKER_URL = (
    environment.required("BROKER_URL")
    if PRODUCTION
    else os.environ.get("BROKER_URL") or f"redis+socket://{paths.valkey_socket()}"
)
_on_rabbitmq = CELERY_BROKER_URL.startswith("amqp")
CELERY_TASK_DEFAULT_QUEUE = "quick"
CELERY_TASK_DEFAULT_EXCHANGE = "supportsuccess"
CELERY_TASK_DEFAULT_EXCHANGE_TYPE = "topic"
CELERY_TASK_DEFAULT_ROUTING_KEY = "quick"
CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum" if _on_rabbitmq else "classic"
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_QUEUES = [
    Queue(
        name,
        Exchange("supportsuccess", type="topic"),
        routing_key=name,
        queue_arguments={"x-queue-type": "quorum"} if _on_rabbitmq else None,
    )
    for name in ("quick", "long")
]
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_HEARTBEAT = 30
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
CELERY_REDIS_SOCKET_TIMEOUT = 5
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"confirm_publish": True}
    if _on_rabbitmq
    else {
        # The timeout exceeds the task time limit; the sweep that gives a killed worker's task back
        # runs every interval x throttle seconds (100 by default).
        "visibility_timeout": 600,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }
)
# Ticks alone: what is due, the tables know. A tick that finds no worker is worth nothing later.
CELERY_BEAT_SCHEDULE = {
    **{
        f"ring-{queue}": {
            "task": "outbox.ring",
            "args": [queue],
            "schedule": 2.0,
            "options": {"queue": queue, "expires": 10},
        }
        for queue in ("quick", "long")
    },
    "tick": {
        "task": "outbox.tick",
        "schedule": 5.0,
        "options": {"queue": "quick", "expires": 10},
    },
}

# People

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.RoleBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ["email", "name"]}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "accounts.backends.NobodySignsUp"
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator makes the people
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_TOTP_ISSUER = "Support-to-Success"
USERSESSIONS_TRACK_ACTIVITY = False  # it would cost every request five statements

# Mail, files, pages

if PRODUCTION:
    MAILERS = {"default": environment.mailer(environment.required("SS_MAIL_URL"))}
else:
    MAILERS = {
        "default": environment.mailer(
            os.environ.get("SS_MAIL_URL") or f"file://{quote(str(paths.state_dir() / 'mail'))}"
        )
    }
DEFAULT_FROM_EMAIL = os.environ.get(
    "SS_MAIL_FROM", f"Support-to-Success <noreply@{urlsplit(PUBLIC_URL).hostname}>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Tests alone set it, to a host:port that takes in plain what would leave for other companies.
OUTGOING_TEST_SERVER = ""

STATIC_URL = "/static/"
# One machine serves the files from where they are; production collects them in a folder.
STATIC_ROOT = environment.required("SS_STATIC_ROOT") if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "supportsuccess" / "static"]
MEDIA_ROOT = os.environ.get("SS_MEDIA_ROOT") or str(paths.state_dir() / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600

LANGUAGE_CODE = "en"
USE_I18N = False  # one language; looking up which costs every link and value of a page
TIME_ZONE = "UTC"
USE_TZ = True

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["supportsuccess.parsing.JsonBody"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.backends.BearerToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PAGINATION_CLASS": "supportsuccess.lists.pagination.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "supportsuccess.schema.OperationSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "supportsuccess.problems.problem",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Support-to-Success",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "ReturnReasonEnum": "tickets.models.ReturnReason",
        "HandoffStateEnum": "tickets.models.HandoffState",
        "ProblemStateEnum": "tickets.models.ProblemState",
        "RenewalStateEnum": "accounts.models.RenewalState",
        "CustomerKindEnum": "accounts.models.CustomerKind",
        "TicketKindEnum": "tickets.models.TicketKind",
        "PriorityEnum": "tickets.models.Priority",
        "OutcomeEnum": "tickets.models.HandoffOutcome",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "supportsuccess.schema.describe_problems",
    ],
}

LOGGING = logging_config(level=os.environ.get("SS_LOG_LEVEL", "INFO"))
