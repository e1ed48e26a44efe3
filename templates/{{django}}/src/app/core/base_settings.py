"""Django's settings, as all services have them.

The project's `app/settings.py` takes them all over, and adds its own applications. What differs
from one place to another is an environment variable: see `settings.py` beside this file.
"""

import sys
from pathlib import Path
from typing import Any

from app.core.databases import database_settings
from app.core.logs import logging_configuration
from app.core.mail import mail_server
from app.core.settings import load_settings

SERVICE = load_settings()
"""The settings from the environment."""

IN_PRODUCTION = SERVICE.environment == "production"

# -- What Django itself is told -------------------------------------------------------------------

SECRET_KEY = SERVICE.secret_key.get_secret_value()
# Never: its pages show what is nobody's business, and answer in another shape than in production.
# Tracebacks are in the log, in development too.
DEBUG = False
ALLOWED_HOSTS = list(SERVICE.allowed_hosts)
ROOT_URLCONF = "app.urls"
WSGI_APPLICATION = "app.wsgi.application"

# Ours first: of templates and commands of one name, the first application's count.
INSTALLED_APPS = [
    "app.core",
    "app.accounts.apps.AccountsConfig",
    "app.accounts.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "django_filters",
    "django_tasks_db",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
]

MIDDLEWARE = [
    "app.core.middleware.RequestContext",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "app.core.middleware.BodyLimit",
    "app.core.middleware.Common",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # For the admin; a request that has no cookie pays next to nothing for them.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
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

LANGUAGE_CODE = "en"
# One language: messages are written here, and Django's own come beside them.
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True

# -- Data -----------------------------------------------------------------------------------------

DATABASES = {"default": database_settings(SERVICE.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES = SERVICE.max_body_bytes

# Tasks are rows of the same database: one that is enqueued within a transaction is there when the
# transaction commits, and never where it does not.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

_MAIL = mail_server(SERVICE.email_url.get_secret_value())
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _MAIL else 'console'}.EmailBackend"
if _MAIL:
    EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = _MAIL.encrypted_at_once, not _MAIL.encrypted_at_once
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = SERVICE.email_from

# -- Static files: of the admin and the documentation ---------------------------------------------

STATIC_URL = "static/"
# Within the environment, so an image that has that has these too.
STATIC_ROOT = Path(sys.prefix) / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "app.core.static_files.Storage"},
}
# In development nobody collects them; they are found where they are.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not IN_PRODUCTION

# -- Accounts -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
LOGIN_REDIRECT_URL = "/admin/"
PASSWORD_HASHERS = ["app.core.hashers.Argon2"]
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    # As long as NIST SP 800-63B asks for at the least.
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
]
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": SERVICE.access_token_lifetime,
    "REFRESH_TOKEN_LIFETIME": SERVICE.refresh_token_lifetime,
    "ALGORITHM": "HS256",
    "SIGNING_KEY": SECRET_KEY,
}
LOGIN_RATE = SERVICE.login_rate
ON_SIGN_IN: list[str] = []
"""What else is done when somebody signs in: see `app/accounts/hooks.py`."""

# -- The interface --------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["app.accounts.authentication.TokenAuthentication"],
    # A view that may be used by anybody says so.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "app.core.parsers.JSONOnly",
    "DEFAULT_PARSER_CLASSES": ["app.core.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "app.core.pagination.Pagination",
    "DEFAULT_FILTER_BACKENDS": ["app.core.filters.FilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "app.core.openapi.Schema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "app.core.problems.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNICODE_JSON": True,
    # Moments reach the renderer as they are; it writes the same, without a look at time zones.
    "DATETIME_FORMAT": None,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Service",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api",
    # What requests carry and what responses carry are serializers of their own anyway.
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "app.core.openapi.complete",
    ],
}

# -- Safety ---------------------------------------------------------------------------------------

FORWARDED_ALLOW_IPS = SERVICE.forwarded_allow_ips
# What is known of the scheme comes from the server, which believes known proxies only.
SECURE_SSL_REDIRECT = SERVICE.redirects_to_https
# Probes ask by plain HTTP from within.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE_SSL_REDIRECT else 0
SILENCED_SYSTEM_CHECKS = [
    # This service does not speak for other hosts below its own name, nor for ever.
    "security.W005",
    "security.W021",
    # Django asks for 50 characters. Ours have 32 at the least; drawn by lot, that is enough.
    "security.W009",
]
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
X_FRAME_OPTIONS = "DENY"

CORS_URLS_REGEX = r"^/(api/|health/|openapi\.json$)"
CORS_ALLOW_ALL_ORIGINS = "*" in SERVICE.cors_origins
CORS_ALLOWED_ORIGINS = [origin for origin in SERVICE.cors_origins if origin != "*"]
# A front end that is being developed is served from this machine, on some other port.
_LOCAL_ORIGIN = r"http://(localhost|127\.0\.0\.1)(:[0-9]+)?\Z"
CORS_ALLOWED_ORIGIN_REGEXES = [_LOCAL_ORIGIN] if SERVICE.trusts_local_origins else []
CORS_ALLOW_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
CORS_ALLOW_HEADERS = ["authorization", "content-type", "x-request-id"]
CORS_EXPOSE_HEADERS = ["X-Request-ID", "Retry-After"]

# -- Logs -----------------------------------------------------------------------------------------

_TO_ROOT = {"handlers": [], "propagate": True}
LOGGING = {
    **logging_configuration(level=SERVICE.log_level, log_format=SERVICE.logs_as),
    "loggers": {
        # Django has handlers of its own for these.
        "django": {**_TO_ROOT, "level": "INFO"},
        # `RequestContext` writes a line for each request, and `problems` a traceback for a fault.
        "django.request": {**_TO_ROOT, "level": "CRITICAL"},
        "django.server": {**_TO_ROOT, "level": "CRITICAL"},
        # Hosts that we do not know, and what else scanners send: nobody need get up for it.
        "django.security.DisallowedHost": {**_TO_ROOT, "level": "CRITICAL"},
    },
}
