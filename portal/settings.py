"""Every setting of an installation: its type, its default, and what it is for."""

import os
import re
import tomllib
from dataclasses import MISSING, dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

PREFIX = "PORTAL_"
LOCALES = ("id", "en")


class SettingsError(Exception):
    """A setting has a value that the portal cannot start with; the text is one clear line."""


def _setting(says: str, default: Any = MISSING, **metadata: Any) -> Any:
    return field(default=default, metadata={"says": says, **metadata})


@dataclass(frozen=True)
class Settings:
    instance: Path = _setting("Folder that this installation owns: settings.toml, database, keys.", Path("instance"))
    database_url: str = _setting("Where the rows are: sqlite:///FILE or postgresql://USER@HOST/NAME.", "")
    port: int = _setting("Port of 127.0.0.1 that the server listens on.", 8000, environment="PORT")
    base_url: str = _setting("Address under which people reach the portal; stands in QR codes, feeds and calendars.", "")
    trusted_hosts: str = _setting("Further host names that the portal answers to, separated by commas.", "")
    secret_key: str = _setting("Key that signs forms and sessions; empty: the one that `flask init` keeps in the instance folder.", "")
    sealing_keys: str = _setting("File of the keys that seal personal data, one for all machines; empty: sealing.keys in the instance folder.", "")
    timezone: str = _setting("Zone of the portal, an IANA name; offices may have their own.", "Asia/Jakarta")
    locale: str = _setting("Language of a page that names none: id or en.", "id")
    owner: str = _setting("Government that runs the portal; stands under its name on every page.", "")
    contact: str = _setting("Telephone number for people who cannot find their office.", "")
    security_contact: str = _setting(
        "Whom to tell of a hole in the portal, in security.txt: an address of e-mail, or one that begins with https: or tel:; empty: the sender of letters.", ""
    )
    proxies: int = _setting("How many trusted proxies stand before the portal and say who the reader is; nginx is 1.", 0)
    mail_server: str = _setting("Host of the mail server; empty: letters wait and can be read on the screen.", "")
    mail_port: int = _setting("Port of the mail server.", 587)
    mail_security: str = _setting("How the mail server is spoken to: starttls, tls, or none on the same machine.", "starttls")
    mail_username: str = _setting("Name that the mail server asks for; empty: it asks for none.", "")
    mail_password: str = _setting("Password of that name.", "")
    mail_from: str = _setting("Address that letters come from.", "")
    imap_server: str = _setting("Host of the mailbox whose letters become requests; empty: none is read. Those dealt with are marked as answered.", "")
    imap_port: int = _setting("Port of the mailbox server.", 993)
    imap_security: str = _setting("How the mailbox is spoken to: tls, starttls, or none on the same machine.", "tls")
    imap_username: str = _setting("Name that the mailbox asks for; where it is an address, answers to our letters go there.", "")
    imap_password: str = _setting("Password of that name.", "")
    imap_folder: str = _setting("Folder of the mailbox in which letters arrive.", "INBOX")
    mailbox_service: str = _setting("Service that a letter by e-mail asks for, by the name in its address.", "")
    mailbox_office: str = _setting("Office of letters that were not sent to the address of one, by the name in its address.", "")
    upload_dir: str = _setting("Folder of attachments; empty: uploads in the instance folder.", "")
    upload_limit: int = _setting("How large an attachment may be, in MB; a proxy before the portal must let it through too.", 10)
    upload_count: int = _setting("How many attachments one form may bring.", 5)
    clamd: str = _setting("Virus scanner that looks at every attachment, host:port of a clamd; empty: none does.", "")
    limits_storage: str = _setting(
        "Where it is counted what each address sends: memory://, each process for itself, or redis://HOST:PORT/0 for all.", "memory://"
    )
    limit_submissions: int = _setting("How many forms of one kind one address may send in ten minutes; a mobile network puts thousands behind one.", 30)
    limit_guesses: int = _setting("How many wrong numbers of requests one address may try in ten minutes.", 60)
    limit_uploads: int = _setting("How many attachments people without an account may send from one address in ten minutes.", 150)
    offline: str = _setting("yes: browsers keep public pages that one has seen, for a moment without network; no: they throw them away again.", "yes")
    one_core: str = _setting(
        "yes: the threads of a server process share one core, as Python runs one of them at a time and loses time handing over; no: the system places them.",
        "yes",
    )
    access_log: str = _setting("File that gets a line for each answer, - for standard output; empty: none. Of private pages no address is written.", "")
    demo: str = _setting("yes: the first start fills an empty database with demo data.", "no")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def uploads(self) -> Path:
        """The folder of attachments."""
        return self.instance / (self.upload_dir or "uploads")

    @property
    def mailbox(self) -> str:
        """The address whose letters become requests; nothing where none are read."""
        own = self.imap_username if "@" in self.imap_username else parseaddr(self.mail_from)[1]
        return own if self.imap_server else ""

    @property
    def ring(self) -> Path:
        """The file of the keys that seal."""
        return self.instance / (self.sealing_keys or "sealing.keys")

    @property
    def is_local(self) -> bool:
        return urlsplit(self.base_url).hostname in {"127.0.0.1", "localhost", "::1"}

    @property
    def hosts(self) -> list[str]:
        """Host names that a request may carry; without the port."""
        own = [urlsplit(self.base_url).hostname or ""]
        local = ["127.0.0.1", "localhost", "[::1]"] if self.is_local else []
        return [*own, *local, *(host.strip() for host in self.trusted_hosts.split(",") if host.strip())]


def load(environment: dict[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings from the environment before instance/settings.toml before the defaults; SettingsError names the first wrong one."""
    environment = dict(os.environ) if environment is None else environment
    instance = Path(overrides.pop("instance", None) or environment.get(PREFIX + "INSTANCE") or "instance").resolve()
    values: dict[str, Any] = {**_from_file(instance / "settings.toml"), **_from_environment(environment), **overrides}
    values["instance"] = instance
    settings = Settings(**{name: _typed(name, value) for name, value in values.items()})
    return _checked(_completed(settings))


def environment_name(name: str) -> str:
    """The variable that sets it."""
    known = {each.name: each for each in fields(Settings)}[name]
    return str(known.metadata.get("environment") or PREFIX + name.upper())


def described() -> list[tuple[str, str, str]]:
    """Each setting as (environment name, default, one sentence), in the order of this file."""
    return [(environment_name(each.name), str(each.default), each.metadata["says"]) for each in fields(Settings)]


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path}: {error}") from None
    known = {each.name for each in fields(Settings)} - {"instance"}
    lowered = {name.lower(): value for name, value in values.items()}
    for name in lowered:
        if name not in known:
            raise SettingsError(f"{path}: there is no setting {name!r}; `flask settings` lists them.")
    return lowered


def _from_environment(environment: dict[str, str]) -> dict[str, str]:
    named = {each.name: environment.get(environment_name(each.name)) for each in fields(Settings)}
    return {name: value for name, value in named.items() if value}


def _typed(name: str, value: Any) -> Any:
    if name in {"port", "mail_port", "imap_port", "proxies", "upload_limit", "upload_count", "limit_submissions", "limit_guesses", "limit_uploads"}:
        try:
            return int(value)
        except (TypeError, ValueError):
            raise SettingsError(f"{environment_name(name)}: {value!r} is not a whole number.") from None
    return value if name == "instance" else str(value)


def _completed(settings: Settings) -> Settings:
    values = {each.name: getattr(settings, each.name) for each in fields(Settings)}
    values["base_url"] = (settings.base_url or f"http://127.0.0.1:{settings.port}").rstrip("/")
    values["database_url"] = settings.database_url or f"sqlite:///{settings.instance / 'portal.db'}"
    key = settings.instance / "secret.key"
    values["secret_key"] = settings.secret_key or (key.read_text(encoding="ascii").strip() if key.exists() else "")
    return Settings(**values)


def _checked(settings: Settings) -> Settings:
    wrong = {
        "port": not 0 < settings.port < 65536,
        "base_url": not _is_address(settings.base_url),
        "database_url": not settings.database_url.startswith(("sqlite:///", "postgresql://")),
        "security_contact": not re.fullmatch(r"|[^\s@:]+@[^\s@:]+|(mailto|https|tel):\S+", settings.security_contact),
        "proxies": not 0 <= settings.proxies < 10,
        "mail_port": not 0 < settings.mail_port < 65536,
        "mail_security": settings.mail_security not in {"starttls", "tls"} and not (settings.mail_security == "none" and _is_here(settings.mail_server)),
        "imap_port": not 0 < settings.imap_port < 65536,
        "imap_security": settings.imap_security not in {"starttls", "tls"} and not (settings.imap_security == "none" and _is_here(settings.imap_server)),
        "mailbox_service": bool(settings.imap_server) and not settings.mailbox_service,
        "mailbox_office": bool(settings.imap_server) and not settings.mailbox_office,
        "upload_limit": not 1 <= settings.upload_limit <= 100,
        "upload_count": not 1 <= settings.upload_count <= 20,
        "limits_storage": not settings.limits_storage.startswith(("memory://", "redis://", "rediss://")),
        "limit_submissions": not 1 <= settings.limit_submissions <= 100_000,
        "limit_guesses": not 1 <= settings.limit_guesses <= 100_000,
        "limit_uploads": not 1 <= settings.limit_uploads <= 100_000,
        "clamd": not _is_host_and_port(settings.clamd),
        "timezone": settings.timezone not in available_timezones(),
        "locale": settings.locale not in LOCALES,
        "demo": settings.demo not in {"yes", "no"},
        "offline": settings.offline not in {"yes", "no"},
        "one_core": settings.one_core not in {"yes", "no"},
    }
    for name in (name for name, fails in wrong.items() if fails):
        says = {each.name: each.metadata["says"] for each in fields(Settings)}[name]
        raise SettingsError(f"{environment_name(name)}: {getattr(settings, name)!r} cannot be used. {says}")
    return settings


def _is_address(text: str) -> bool:
    """http or https, a host, perhaps a port, and nothing behind it."""
    try:
        address = urlsplit(text)
        return address.scheme in {"http", "https"} and bool(address.hostname) and address.port != 0 and not (address.path or address.query or address.fragment)
    except ValueError:
        return False


def _is_host_and_port(text: str) -> bool:
    """host:port, or nothing."""
    return not text or (bool(re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^\s:\[\]]+):\d{1,5}", text, re.ASCII)) and 0 < int(text.rpartition(":")[2]) < 65536)


def _is_here(host: str) -> bool:
    """This machine; or no mail server at all."""
    return host in {"", "localhost", "127.0.0.1", "::1"}
