"""Who may open what: every route says so beside its address, and one guard before all views sees to it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult, urlsplit

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager
from flask_wtf.csrf import CSRFError, CSRFProtect

from portal import clock
from portal.audit import Actor
from portal.offices import postings
from portal.offices.models import Office
from portal.offices.postings import Standing
from portal.people import roles, second_factor, sessions
from portal.people.models import Person, Session
from portal.refusals import Refused
from portal.words import Sentence

PUBLIC = "public"  # everybody, the same for all, cached
ANYONE = "anyone"  # everybody, but what is shown is for one person alone
_TOKEN = "_user_id"  # where Flask-Login keeps what get_id() returns
_SAFE = {"GET", "HEAD", "OPTIONS"}
_FIRST_STEPS = {"account.second_factor_start", "sign_in.confirm", "sign_in.enter_confirmation"}  # open while a second factor is still owed
csrf = CSRFProtect()


class SignIn(LoginManager):
    """Flask-Login without its remember-me cookie, which would read the session, and so vary, on public pages too."""

    def init_app(self, app: Flask, add_context_processor: bool = True) -> None:
        app.login_manager = self  # type: ignore[attr-defined]


def allow(*who: str) -> Callable[[Any], Any]:
    """Mark a view with the acts whose holders may open it, or with PUBLIC or ANYONE; a house test fails on a route without this."""

    def mark(view: Any) -> Any:
        view.allowed = frozenset(who)
        return view

    return mark


def lasting(view: Any) -> Any:
    """Mark a public view whose answer follows from its address, the version of the board and the clock alone: portal.front may keep it."""
    view.is_lasting = True
    return view


def by_mailed_link(view: Any) -> Any:
    """Mark a view whose address is a secret mailed to one person, unknown to other sites: a mail program acts on it without session or form (RFC 8058)."""
    view.has_secret_address = True
    return view


def changing_nothing(view: Any) -> Any:
    """Mark a view whose form changes nothing and shows nothing of anybody; it is sent only because what stands in it must stand in no address and no log."""
    view.changes_nothing = True
    return view


def resumes(show: Callable[..., Any]) -> Callable[[Any], Any]:
    """Mark the view of a form that needs no account: where its session has ended, show(refusal, **parts of the address) shows it again as typed."""

    def mark(view: Any) -> Any:
        view.shows_again = show
        return view

    return mark


@dataclass
class Visitor:
    """Who is signed in for this request, and what they are today."""

    person: Person
    session: Session
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(current_app.config["SETTINGS"].zone).date()

    @cached_property
    def standing(self) -> Standing:
        return postings.standing(self.person, self.today)

    @cached_property
    def workplace(self) -> dict[str, Any] | None:
        """Where one works today, as what and under whom: read here, so that no template asks for it."""
        posting = postings.main_posting(self.person, self.today)
        return {"office": posting.office, "position": posting.position, "supervisor": posting.supervisor, "posting": posting} if posting else None

    def may(self, *acts: str) -> bool:
        return bool(self.standing.acts.intersection(acts))

    @cached_property
    def closable(self) -> set[int] | None:
        """Ids of the offices that one may close: heads their own and what is below them, administrators any (None)."""
        return postings.offices_under(self.standing, roles.HEAD, roles.ADMIN)

    def may_close(self, *offices: Office) -> bool:
        """Whether one may close every one of these offices."""
        return bool(offices) and (self.closable is None or self.closable.issuperset(office.id for office in offices))

    @property
    def actor(self) -> Actor:
        return Actor(self.person.name, self.person.id, address=request.remote_addr or "")

    def actor_over(self, offices: list[Office]) -> Actor:
        """The actor over these offices, with the head in whose place (a.n.) a Plt or Plh acts."""
        return replace(self.actor, acting_for_id=postings.acts_for(self.standing, self.person, offices))


def start(app: Flask) -> None:
    """Put the guard before all views, and give templates the visitor."""
    settings = app.config["SETTINGS"]
    is_safe = settings.base_url.startswith("https://")
    app.config.update(
        SESSION_COOKIE_NAME="__Host-sesi" if is_safe else "sesi", SESSION_COOKIE_SECURE=is_safe, SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)  # fmt: skip
    csrf.init_app(app)
    manager = SignIn(app)
    manager.session_protection = None
    manager.user_loader(_person_of_token)
    app.before_request(_guard)
    app.jinja_env.globals["visitor"] = visitor


def visitor() -> Visitor | None:
    """The one who is signed in; on public pages always nobody: they are the same for all."""
    return g.get("visitor")


def me() -> Visitor:
    """The one who is signed in, where the guard let nobody else through."""
    found: Visitor = g.visitor
    return found


def begin(new: Session) -> None:
    """Tie this browser to a session; whatever it held before is gone."""
    session.clear()
    session[_TOKEN] = new.token


def forget() -> None:
    session.clear()


def safe_target(target: str) -> str:
    """An address of this portal to go on to, or the staff's home: never another site."""
    is_ours = target.startswith("/") and not target.startswith("//") and target.isprintable() and "\\" not in target
    parts = _split(target) if is_ours else None
    return target if parts is not None and not parts.scheme and not parts.netloc else url_for("home.today")


def needs_password() -> Any:
    """Before a sensitive act: the page to give the password again, with what was typed, or nothing where it was given lately."""
    if sessions.is_fresh(me().session, now=me().now):
        return None
    from portal.views.sign_in import ask_password_with_typed

    return ask_password_with_typed()


def is_resumed() -> bool:
    """Whether the form that was sent came without its token, from a page of ours, and is only shown again."""
    return bool(g.get("is_resumed"))


def here() -> str:
    """The address that was asked for, with its question but without the name of the site."""
    return request.full_path.rstrip("?")


def page_of_form() -> str:
    """The page on which one is, or from which a form was sent: an address that can be opened."""
    if request.method in _SAFE:
        return here()
    sent_from = _split(request.referrer or "")
    if sent_from is not None and sent_from.path and sent_from.netloc == request.host:
        return safe_target(sent_from.path + (f"?{sent_from.query}" if sent_from.query else ""))
    return here() if current_app.create_url_adapter(request).test(request.path, "GET") else url_for("home.today")  # type: ignore[union-attr]


def is_sent_from_here() -> bool:
    """Whether a form was sent from a page of this portal, as far as the browser says; a stranger's form is never kept for later."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    if site != "same-origin" or origin is None:
        return site == "same-origin"
    parts = _split(origin)
    return parts is not None and parts.netloc == request.host


def _split(address: str) -> SplitResult | None:
    """The parts of an address that a browser named; none where it is no address."""
    try:
        return urlsplit(address)
    except ValueError:
        return None


def _person_of_token(token: str) -> Person | None:
    found = sessions.of_token(token, now=clock.now())
    return found.person if found else None


def _guard() -> Any:
    """Let through who may; send strangers to sign in with what they typed; refuse the others."""
    view = current_app.view_functions.get(request.endpoint or "")
    allowed: frozenset[str] = getattr(view, "allowed", frozenset())
    if view is None or PUBLIC in allowed:
        return None
    g.visitor = _visitor()
    if ANYONE not in allowed and g.visitor is None:
        return _to_sign_in()
    is_free = getattr(view, "has_secret_address", False) or getattr(view, "changes_nothing", False)
    if request.method not in _SAFE and not is_free and (stop := _untrusted()) is not None:
        return stop
    if ANYONE in allowed:
        return None
    if (unfinished := _unfinished(g.visitor)) is not None:
        return unfinished
    if not g.visitor.may(*allowed):
        abort(403)
    return None


def _untrusted() -> Any:
    """A form without its token is refused; one that the same browser opened before its last sign-in may be sent once more."""
    try:
        csrf.protect()
    except CSRFError:
        show = getattr(current_app.view_functions[request.endpoint or ""], "shows_again", None)
        if show is not None and is_sent_from_here():
            g.is_resumed = True
            return show(_sent_too_late(), **(request.view_args or {}))
        if g.visitor is not None and request.headers.get("Origin") and is_sent_from_here():
            from portal.views.sign_in import offer_again

            return offer_again()
        raise Refused(Sentence("Formulir ini dibuka sebelum Anda masuk, atau kuki diblokir. Kembali, muat ulang halamannya, lalu kirim lagi.")) from None
    return None


def _sent_too_late() -> Refused:
    if request.cookies:
        return Refused(Sentence("Halaman ini sudah lama terbuka. Isian Anda masih ada: kirim sekali lagi."))
    return Refused(Sentence("Halaman ini sudah lama terbuka, atau peramban Anda menolak kuki. Isian Anda masih ada: izinkan kuki, lalu kirim sekali lagi."))


def _visitor() -> Visitor | None:
    now = clock.now()
    found = sessions.of_token(session[_TOKEN], now=now) if session.get(_TOKEN) else None
    return Visitor(found.person, found, now) if found else None


def _unfinished(who: Visitor) -> Response | None:
    """The second factor comes before everything, where a policy asks for it or the account has it."""
    if not who.session.is_complete:
        return redirect(url_for("sign_in.code", next=page_of_form()), 303)  # type: ignore[return-value]
    must_start = who.person.totp_secret is None and second_factor.is_required(who.standing.roles, day=who.today)
    if must_start and request.endpoint not in _FIRST_STEPS:
        return redirect(url_for("account.second_factor_start"), 303)  # type: ignore[return-value]
    return None


def _to_sign_in() -> Any:
    if request.method in _SAFE and request.headers.get("HX-Request-Type") == "partial":
        return Response(status=401)  # a redirect would put the whole sign-in page where a part of this one stands
    if request.method in _SAFE:
        return redirect(url_for("sign_in.form", next=here()), 303)
    from portal.views.sign_in import ask_with_typed

    return ask_with_typed()
