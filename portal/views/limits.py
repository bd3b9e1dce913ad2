"""How often one address may send what needs no account, and a trap for programs that fill in every field."""

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from flask import Flask, Response, current_app, request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import ConfigurationError, StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from portal import clock
from portal.people import throttle
from portal.refusals import NotFound, Refused
from portal.settings import SettingsError
from portal.views.access import visitor
from portal.words import Sentence

TRAP = "website"  # a field that no person sees; what fills in forms by itself likes its name
_MINUTES = 10
_PATIENCE = {"socket_connect_timeout": 1, "socket_timeout": 1}  # seconds that a form waits for Redis
log = logging.getLogger("portal")


class TooOften(Refused):
    """Too many from one address; in `wait` seconds there is room again."""

    def __init__(self, sentence: Sentence, *, wait: int, field: str = "") -> None:
        super().__init__(sentence, field=field)
        self.wait = wait


def start(app: Flask) -> None:
    """Count in the storage of the settings, and tell templates the name of the trap."""
    app.extensions["limits"] = _counter_in(app.config["SETTINGS"].limits_storage)
    app.jinja_env.globals.update(trap_name=TRAP, is_trap_sprung=is_trap_sprung)


@contextmanager
def submission(what: str = "request") -> Iterator[None]:
    """Around the verb of a form that needs no account: TooOften before it where this address has sent enough; what succeeds is counted, a correction is not."""
    most = _at_most("limit_submissions")
    _check(most, what)
    yield
    _count(most, what)


@contextmanager
def guesses(what: str = "number", *, wrong: type[Refused] = NotFound) -> Iterator[None]:
    """Around the look-up of something secret: TooOften where this address has been wrong too often; only what is raised as `wrong` is counted."""
    most = _at_most("limit_guesses")
    _check(most, what)
    try:
        yield
    except wrong:
        _count(most, what)
        raise


def upload(field: str) -> None:
    """Count one file of somebody without an account; TooOften beside the field where it is one too many."""
    most = _at_most("limit_uploads")
    _check(most, "upload", field)
    _count(most, "upload")


def refused(page: str, refusal: Refused) -> Response:
    """A form that comes back as it was typed: 422, and where it was sent too often 429 with the time to wait."""
    answer = Response(page, 422)
    if isinstance(refusal, TooOften):
        answer.status_code = 429
        answer.headers["Retry-After"] = str(refusal.wait)
    return answer


def is_trap_sprung() -> bool:
    """Whether the field was filled in that no person sees."""
    return bool(request.form.get(TRAP, "").strip())


def check_trap() -> None:
    """Refuse what fills in every field; a person whose browser did so sees the field then, and can empty it."""
    if is_trap_sprung():
        raise Refused(Sentence("Kolom ini harus kosong; mungkin peramban Anda mengisinya sendiri. Kosongkan, lalu kirim sekali lagi."), field=TRAP)


def forget() -> None:
    """Let go of all that was counted."""
    _counter().storage.reset()


def _check(most: RateLimitItem, what: str, field: str = "") -> None:
    if visitor() is not None:
        return
    try:
        if _counter().test(most, what, _place()):
            return
        until = _counter().get_window_stats(most, what, _place()).reset_time
    except StorageError:  # without its storage the portal goes on: to count is less than to serve
        log.exception("what each address sends cannot be counted")
        return
    wait = max(1, math.ceil(until - clock.now().timestamp()))
    log.warning("too often from one address: %s", what)
    words = Sentence("Sudah terlalu banyak kiriman dari jaringan Anda. Tunggu {minutes} menit, lalu coba lagi.", minutes=math.ceil(wait / 60))
    raise TooOften(words, wait=wait, field=field)


def _count(most: RateLimitItem, what: str) -> None:
    if visitor() is not None:
        return
    try:
        _counter().hit(most, what, _place())
    except StorageError:
        log.exception("what each address sends cannot be counted")


def _at_most(setting: str) -> RateLimitItem:
    return RateLimitItemPerMinute(getattr(current_app.config["SETTINGS"], setting), _MINUTES, namespace="portal")


def _place() -> str:
    return throttle.place(request.remote_addr or "")


def _counter() -> MovingWindowRateLimiter:
    found: MovingWindowRateLimiter = current_app.extensions["limits"]
    return found


@cache
def _counter_in(address: str) -> MovingWindowRateLimiter:
    """One for all applications of a process: what is counted is of the address that sends."""
    options = {} if address.startswith("memory") else _PATIENCE
    try:
        return MovingWindowRateLimiter(storage_from_string(address, wrap_exceptions=True, **options))
    except (ConfigurationError, ValueError) as error:
        raise SettingsError(f"PORTAL_LIMITS_STORAGE: {address!r} cannot be used. {error}") from None
