"""A letter, and the way it goes to a running mail server, for tests of what is written and of how it is handed over."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from portal import outbox, sealed
from portal.outbox import Letter, Recipient
from portal.views import mail, request_letters
from tests import make
from tests.smtp_peer import Peer

MORNING = "2020-09-22T09:00+07:00"
LATER = make.NOW + timedelta(days=7)
_WAITS = {"waiting": 12, "soon": 3, "oldest": "2020-09-15", "escalated": 0}
_OF_WORK: dict[str, dict[str, object]] = {
    "work_digest": {
        "today": "2020-09-22",
        "missing": ["2020-09-18", "2020-09-21"],
        "returned": ["2020-09-17"],
        "due": LATER.isoformat(),
        "zone": "Asia/Jakarta",
    },
    "validation_digest": {**_WAITS, "today": "2020-09-22", "escalated": 2, "acting": [{"name": "Ratna", "kind": "Plh", **_WAITS}], "zone": "Asia/Jakarta"},
    "day_receipt": {"day": "2020-09-21", "receipt": "7KQ4-M2XT-9BD", "at": LATER.isoformat(), "entries": 4, "minutes": 450, "zone": "Asia/Makassar"},
}
_OF_A_REQUEST = {"number": "7KQ4-M2XT-9BD", "service": "Surat keterangan domisili", "office": "Kantor Wali Kota", "slug": "kantor-wali-kota",
                 "zone": "Asia/Jakarta", "text": "Foto KTP belum ada.\nMohon dikirim.", "reason": "Gedung kebanjiran.", "place": "Loket 3",
                 "was": "Kantor Camat", "channel": "counter", "slot": LATER.isoformat(), "has_result": True, "complaints": "Inspektorat, telepon 1500-000",
                 "until": LATER.isoformat(), "files": ["daftar.xlsx"], "more": 2, "most": 5, "megabytes": 10}  # fmt: skip
_OF_A_CLOSURE: dict[str, dict[str, object]] = {  # facts of these names mean something else here
    "request_closure": {"act": "announced", "closure": 1, "reason": "flood", "starts": "2020-09-19T17:00:00+00:00", "ends": "2020-09-22T17:00:00+00:00",
                        "channel": {"was": "counter", "to": "online"}, "slot": {"was": LATER.isoformat(), "to": None, "way": "online"}},
    "offer_unanswered": {"was": MORNING, "slot": LATER.isoformat()},
}  # fmt: skip
Deliver = Callable[..., mail.Undelivered | None]


@pytest.fixture(autouse=True)
def still(at: Callable[[str], object]) -> None:
    at(MORNING)


@pytest.fixture
def peer() -> Peer:
    return Peer()


@pytest.fixture
def delivers(app: Flask, database: None, monkeypatch: pytest.MonkeyPatch) -> Deliver:
    """Sends one letter to a running peer; what went wrong, or nothing."""
    monkeypatch.setattr(mail, "TIMEOUT", 5)

    def deliver(port: int, letter: Letter, *, security: str = "none", **facts: object) -> mail.Undelivered | None:
        with settings(app, mail_server="localhost", mail_port=port, mail_security=security, **facts), app.app_context(), mail.Post() as post:
            try:
                post.send(letter)
            except mail.Undelivered as error:
                return error
        return None

    return deliver


@contextmanager
def settings(app: Flask, **facts: object) -> Iterator[None]:
    kept = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(kept, **facts)
    try:
        yield
    finally:
        app.config["SETTINGS"] = kept


def letter(name: str = "reset", to: str = "Budi", language: str = "id", email: str = "budi@surat.example", key: str = "k", **facts: object) -> Letter:
    held = (
        _OF_WORK.get(name)
        or ({**_OF_A_REQUEST, **_OF_A_CLOSURE.get(name, {})} if name in request_letters.SUBJECTS else None)
        or {"token": sealed.seal("rahasia-sekali", about="link 7"), "link": 7, "expires_at": LATER.isoformat()}
    )
    held = {**held, **facts}
    return outbox.promise(name, Recipient(to, email, language=language), held, key=key, now=make.NOW)
