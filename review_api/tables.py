"""Tables of who may come in: people, sessions, API keys, failed logins. Only the `account…` modules import them."""

from sqlalchemy import Column, Index, String, Table, Text

from core.columns import CanonicalJson, UtcInstant, metadata

users = Table(
    "users",
    metadata,
    Column("user_id", String(40), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("disabled_at", UtcInstant),
    Column("language", String(16)),
    Column("last_login_at", UtcInstant),
    Column("external_issuer", String(300)),
    Column("external_subject", String(255)),
    Index("uq_users_external", "external_issuer", "external_subject", unique=True),
)

# Only hashes of the tokens are kept: whoever reads this table cannot log in with it.
sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", String(40), nullable=False, index=True),
    Column("created_at", UtcInstant, nullable=False),
    Column("expires_at", UtcInstant, nullable=False, index=True),
    Column("session_id", String(40)),
    Column("seen_at", UtcInstant),
    Column("address", String(64)),
    Column("agent", String(200)),
    Column("method", String(10)),
    Index("uq_sessions_session_id", "session_id", unique=True),
)

# A link to set a password with: shown once to whoever made it, kept as a hash, gone when it was used.
password_resets = Table(
    "password_resets",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", String(40), nullable=False, index=True),
    Column("created_at", UtcInstant, nullable=False),
    Column("expires_at", UtcInstant, nullable=False),
    Column("created_by", String(200), nullable=False),
)

# A sign-in with a provider that was begun: its state comes back once, to the browser that began it.
oidc_logins = Table(
    "oidc_logins",
    metadata,
    Column("state_hash", String(64), primary_key=True),
    Column("browser_hash", String(64), nullable=False),
    Column("leads_to", Text, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("expires_at", UtcInstant, nullable=False, index=True),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("key_id", String(40), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("scopes", CanonicalJson, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("disabled_at", UtcInstant),
    Column("expires_at", UtcInstant),
    Column("last_used_at", UtcInstant),
    Column("created_by", String(200)),
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("failure_id", String(40), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("at", UtcInstant, nullable=False),
    Index("ix_login_failures_address", "address", "at"),
    Index("ix_login_failures_name", "name", "at"),
)
