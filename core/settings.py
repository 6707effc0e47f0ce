"""Settings: everything an operator may change, read once from `CLEARHOLD_*`."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings with their defaults. An environment variable `CLEARHOLD_MAX_PAGES=50` sets `max_pages`."""

    model_config = SettingsConfigDict(env_prefix="CLEARHOLD_", frozen=True)

    home: Path = Field(default=Path("var"), description="where database, documents and bundles live")
    database_url: str | None = Field(default=None, description="SQLAlchemy URL; SQLite under home when unset")
    policy: Path | None = Field(default=None, description="policy file to start with; the built-in one when unset")
    checkpoint_dir: Path | None = Field(default=None, description="audit checkpoints; home/checkpoints when unset")
    bundle: Path | None = Field(default=None, description="extraction bundle; the shipped one when unset")
    document_key_file: Path | None = Field(
        default=None, description="file of keys that stored documents are sealed with; plain bytes when unset"
    )
    retention: Path | None = Field(
        default=None, description="file that says how long papers are kept; all are kept for good when unset"
    )
    cluster: str | None = Field(
        default=None, description="Dask scheduler that training runs use (`tcp://host:8786`); one machine when unset"
    )

    host: str = Field(default="127.0.0.1", description="address the page and API listen on")
    port: int = Field(default=8460, ge=0, le=65535, description="their port; 0 takes a free one")
    secure_cookies: bool = Field(default=False, description="set when served over HTTPS")
    public_url: str | None = Field(
        default=None, description="address people reach the page under, for links; the request's own when unset"
    )
    local_login: bool = Field(default=True, description="whether people may log in with a password kept here")
    session_hours: int = Field(default=10, ge=1, description="how long a login lasts at most")
    session_idle_minutes: int = Field(default=60, ge=1, description="how long a login lasts without anybody's doing")

    rate_read: int = Field(
        default=6_000, ge=0, description="reading requests a minute, a caller and process; 0 for any number"
    )
    rate_write: int = Field(default=3_000, ge=0, description="the same of requests that change something")
    rate_score: int = Field(default=600_000, ge=0, description="the same of `/v1/score` and `/v1/decide`")
    rate_strangers: int = Field(
        default=3_000, ge=0, description="the same of one address whose callers were not accepted yet"
    )
    most_at_once: int = Field(
        default=256, ge=1, description="API requests one process works on or keeps waiting; more is refused with 503"
    )

    oidc_issuer: str | None = Field(
        default=None, description="OpenID provider people sign in with: its issuer, exactly; none when unset"
    )
    oidc_client_id: str | None = Field(default=None, description="what this program is called there")
    oidc_client_secret: SecretStr | None = Field(default=None, description="its secret there; none for a public client")
    oidc_client_secret_file: Path | None = Field(default=None, description="file the secret is in instead")
    oidc_scopes: str = Field(default="openid profile email", description="what is asked for at a sign-in")
    oidc_label: str = Field(default="single sign-on", description="what the button of the login page calls it")
    oidc_name_claim: str = Field(default="preferred_username", description="claim a new person's name comes from")
    oidc_role_claim: str = Field(default="roles", description="claim of roles or groups; dots lead into objects")
    oidc_roles: str = Field(default="", description="`theirs=ours, …`: the first somebody has is their role here")
    oidc_default_role: str | None = Field(default=None, description="role of who has none of them; refused when unset")
    oidc_skew_seconds: int = Field(default=60, ge=0, le=600, description="how far the provider's clock may differ")
    oidc_api_audience: str | None = Field(
        default=None, description="audience of access tokens that programs may use as API keys; none when unset"
    )
    oidc_scope_claim: str = Field(default="scope", description="claim of such a token that names scopes of API keys")

    workers: int = Field(
        default=1, ge=1, description="processes of one node that read papers; a preview or replay starts as many"
    )
    lease_seconds: float = Field(default=30.0, gt=0, description="silence after which a node loses its paper")
    claim_minutes: float = Field(default=15.0, gt=0, description="how long a person keeps a claimed case")
    max_attempts: int = Field(default=3, ge=1, description="attempts before a paper goes to a person unread")

    log_format: str = Field(
        default="human", pattern="^(human|json)$", description="lines of the log: for people, or a JSON object each"
    )
    ready_lag_seconds: float = Field(
        default=900.0, gt=0, description="age of the oldest waiting paper from which `/readyz` calls the queue behind"
    )
    ready_free_bytes: int = Field(
        default=1_000_000_000, ge=0, description="free space of the home below which `/readyz` calls the disk short"
    )
    metrics_access: str = Field(
        default="loopback",
        pattern="^(loopback|key|open)$",
        description="who may read `/metrics`: this machine itself, and from elsewhere an administrator or a key with "
        "the scope `metrics`; `key`: only these; `open`: everybody",
    )
    metrics_seconds: float = Field(
        default=15.0,
        ge=0,
        description="how old the figures of `/metrics` and `/readyz` may be that a database is read for",
    )

    max_bytes: int = Field(default=50_000_000, ge=1, description="largest document that is taken in")
    max_pages: int = Field(default=200, ge=1, description="most pages of a document that is read")
    max_page_pixels: int = Field(default=80_000_000, ge=1, description="largest picture of a page")
    max_xml_depth: int = Field(default=100, ge=1, description="deepest nesting of an e-invoice")
    max_archive_ratio: float = Field(default=100.0, gt=1, description="unpacked over packed size")
    max_archive_files: int = Field(default=1_000, ge=1, description="most files in a zip or e-mail")
    max_feed_rows: int = Field(default=20_000_000, ge=1, description="most rows of a feed file")
    read_seconds: float = Field(default=120.0, gt=0, description="time limit of the reading process, a document")
    read_memory_bytes: int = Field(default=3_000_000_000, ge=100_000_000, description="its memory limit")
    schema_check: bool = Field(default=True, description="hold e-invoices that break the rules of EN 16931")
    ocr: str = Field(default="auto", pattern="^(auto|tesseract|rapidocr)$", description="which OCR engine")
    webhook_private: bool = Field(
        default=False, description="whether events may go to private addresses, and without TLS"
    )
    webhook_seconds: float = Field(default=15.0, gt=0, le=60, description="how long a receiver may take to answer")
    event_log_people: str = Field(
        default="pseudonyms",
        pattern="^(pseudonyms|names)$",
        description="what people are called in an exported event log",
    )

    def url(self) -> str:
        """The database's SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{(self.home / 'clearhold.db').resolve()}"

    def checkpoints(self) -> Path:
        """Folder of the audit checkpoints: better on another disk than the database."""
        return self.checkpoint_dir or self.home / "checkpoints"

    def given_files(self) -> frozenset[Path]:
        """Files with secrets that the operator brings: never in a backup, never in the way of a restore."""
        given = (self.oidc_client_secret_file, self.document_key_file)
        return frozenset(path.resolve() for path in given if path is not None)
