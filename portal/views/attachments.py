"""Attachments on their way in and out: taken from a form, kept while the form is corrected, sent so that no browser runs them."""

import secrets
from collections.abc import Iterator
from contextlib import suppress
from functools import reduce
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Flask, Request, Response, current_app, g, request, send_file, session
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage

from portal import clock, contents, files
from portal.files import Attachment, Stored
from portal.refusals import Refused
from portal.views import limits
from portal.views.access import ANYONE, is_resumed, visitor
from portal.views.answers import PRIVATE
from portal.views.forms import Form
from portal.views.language import number
from portal.words import Sentence

_FORM = 1_000_000  # what else a form may hold
_ROOM = 2  # a file of so many times the limit is still read, so that its form comes back with a sentence beside the field
_KEPT_FOR = 12 * 3600  # shorter than the day after which the sweep takes what no row names
_OWNER = "files_of"  # in the session of somebody without an account: whose files they are
_IN_MEMORY = 500_000
_HARMLESS = {
    "Cache-Control": PRIVATE,
    # The one style is that of the page which the browser itself puts around a picture.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Opener-Policy": "unsafe-none",  # a sandboxed page that asks for more must not be opened, says the standard of HTML
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class FormRequest(Request):
    """A request whose files are read no further than they may be kept; the rest of a body that is too large is let go as it comes."""

    most_files = 0  # the bound of this request; 0: none beyond that of its body

    def _get_file_stream(
        self, total_content_length: int | None, content_type: str | None, filename: str | None = None, content_length: int | None = None
    ) -> IO[bytes]:
        if not self.most_files:
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        self._files_begun = getattr(self, "_files_begun", 0) + bool(filename)
        return _Bounded(files.limit() * files.MEGABYTE + 1 if self._files_begun <= self.most_files else 0)


class _Bounded(SpooledTemporaryFile):
    """A file that takes everything and keeps the beginning: one byte more than is allowed tells that it was too large."""

    def __init__(self, most: int) -> None:
        super().__init__(max_size=_IN_MEMORY)
        self._most = most

    def write(self, content: Any) -> int:
        super().write(content[: max(0, self._most - self.tell())])
        return len(content)


def start(app: Flask) -> None:
    """Let larger bodies through where a view says so, and tell templates what a file may be."""
    app.request_class = FormRequest
    app.url_value_preprocessor(_allow_files)
    app.jinja_env.globals.update(
        kept_file=kept_file, kept_files=kept_files, upload_limit=files.limit, upload_count=files.count, upload_kinds=",".join(contents.KINDS)
    )
    app.jinja_env.filters.update(file_size=file_size)


def takes_files(view: Any) -> Any:
    """Mark a view whose form may bring a file: its body may be larger than others; unless ANYONE may open it, from browsers that have signed in."""
    view.takes_files = lambda: 1
    return view


def takes_several_files(view: Any) -> Any:
    """Mark a view whose form may bring as many files as the settings allow in all."""
    view.takes_files = files.count
    return view


def sent_file(field: str) -> Stored | None:
    """The file that a form brings, checked and on disk, or the one it brought before it was corrected; Refused beside the field."""
    sent = request.files.get(field)
    found = [_taken(sent, field)] if sent is not None and sent.filename else _kept(field, most=1)
    _held()[field] = found, None
    return found[0] if found else None


def sent_files(field: str, most: int | None = None) -> list[Stored]:
    """The files of one field, each once: those brought before and still ticked, then the new ones; Refused beside the field, the good ones stay kept."""
    if field not in _held():
        _held()[field] = _all_of(field, most or files.count())
    found, refusal = _held()[field]
    if refusal is not None:
        raise refusal
    return found


def hold_files(field: str, most: int | None = None, *, form: Form | None = None) -> None:
    """Before a form is shown again: keep what can be kept of a field's files, whatever else was wrong, and say in the form what cannot."""
    try:
        sent_files(field, most)
    except Refused as refusal:
        if form is not None:
            form.refuse(refusal)


def kept_file(field: str) -> dict[str, Any] | None:
    """What a form that comes back to be corrected says about the file that it brought: its name, its size, and the token that stands for it."""
    return next(iter(kept_files(field)), None)


def kept_files(field: str) -> list[dict[str, Any]]:
    """The same of every file of a field."""
    found, _ = _held().get(field, ([], None))
    owner = _owner() if found else ""
    return [{"name": each.name, "size": each.size, "token": _signer().dumps([owner, each.digest, each.name, each.mimetype, each.size])} for each in found]


def download(attachment: Attachment, *, is_shown: bool = False) -> Response:
    """The content under its owner's name, to be saved, or where that is wanted a picture to be seen; who may have it is for the route to say."""
    answer = send_file(
        files.path_of(attachment), mimetype=attachment.mimetype, as_attachment=not (is_shown and attachment.mimetype.startswith("image/")),
        download_name=attachment.name, conditional=False, etag=False)  # fmt: skip
    answer.headers.remove("Last-Modified")
    answer.headers.update(_HARMLESS)
    return answer


def file_size(size: int) -> str:
    """1,2 MB, or 340 kB."""
    return f"{number(max(1, round(size / 1024)))} kB" if size < files.MEGABYTE else f"{number(round(size / files.MEGABYTE, 1))} MB"


def _all_of(field: str, most: int) -> tuple[list[Stored], Refused | None]:
    """What could be kept of a field's files, and the refusal of the rest."""
    kept = {each.digest: each for each in _kept(field, most=most)}
    new = [sent for sent in request.files.getlist(field) if sent.filename]
    refusals: list[Refused] = []
    while new and len(kept) < most:
        sent = new.pop(0)
        try:
            stored = _taken(sent, field)
            kept.setdefault(stored.digest, stored)
        except Refused as refusal:
            refusals.append(_named(refusal, sent, field))
    if new:
        names = ", ".join(_short(sent) for sent in new)
        refusals.append(Refused(Sentence("Paling banyak {most} berkas. Tidak ikut: {names}.", most=most, names=names), field=field))
    return list(kept.values()), reduce(_both, refusals) if refusals else None


def _taken(sent: FileStorage, field: str) -> Stored:
    who = visitor()
    if who is None:
        limits.upload(field)
    return files.take(sent.stream, sent.filename or "", now=who.now if who else clock.now(), field=field)


def _named(refusal: Refused, sent: FileStorage, field: str) -> Refused:
    """The refusal with the name of its file; too many files are too many, whatever their names."""
    if isinstance(refusal, limits.TooOften):
        return refusal
    return Refused(Sentence("“{name}”: {refusal}", name=_short(sent), refusal=refusal.sentence), field=field)


def _short(sent: FileStorage) -> str:
    """What its owner calls a file, as it can be said in a sentence."""
    return "".join(sign for sign in sent.filename or "" if sign.isprintable())[-60:]


def _both(one: Refused, other: Refused) -> Refused:
    late = next((each for each in (one, other) if isinstance(each, limits.TooOften)), None)
    said = Sentence("{one} {other}", one=one.sentence, other=other.sentence)
    return limits.TooOften(said, wait=late.wait, field=one.field) if late else Refused(said, field=one.field)


def _kept(field: str, *, most: int) -> list[Stored]:
    """The files that the tokens of a corrected form stand for; only for who sent them."""
    return list(_loaded(request.form.getlist(f"{field}_kept")[:most]))


def _loaded(tokens: list[str]) -> Iterator[Stored]:
    for token in tokens:
        with suppress(BadData):
            owner, *facts = _signer().loads(token, max_age=_KEPT_FOR)
            if _is_mine(owner):
                yield Stored(*facts)


def _is_mine(owner: int | str) -> bool:
    """Whether a file is of who sends the form; where a session has ended between two steps of one form, its files go on with it."""
    if is_resumed() and visitor() is None and _OWNER not in session and isinstance(owner, str):
        session[_OWNER] = owner
    return owner == _owner()


def _owner() -> int | str:
    """Whose the files are: a person's, or of the browser of somebody without an account."""
    who = visitor()
    if who is not None:
        return who.person.id
    return session.setdefault(_OWNER, secrets.token_urlsafe(12))


def _held() -> dict[str, tuple[list[Stored], Refused | None]]:
    """The files of this request, by field."""
    return g.setdefault("held_files", {})


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="kept file")


def _allow_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    view = current_app.view_functions.get(endpoint or "")
    takes = getattr(view, "takes_files", None)
    if takes is not None and (ANYONE in view.allowed or "_user_id" in session):  # type: ignore[union-attr]
        request.most_files = takes()  # type: ignore[attr-defined]
        request.max_content_length = _ROOM * takes() * files.limit() * files.MEGABYTE + _FORM
