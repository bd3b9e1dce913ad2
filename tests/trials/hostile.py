"""Forms as nobody should send them: whatever the public may post to, with wrong types, lengths, encodings, methods, files and bodies."""

import hashlib
import io
import re
import zipfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_from_bytes, urlsplit

from flask import Flask
from hypothesis import strategies as some
from werkzeug.routing import Rule

from portal import db, files, heartbeat
from portal.audit import AuditEntry
from portal.offices import places
from portal.people.models import Attempt, Session
from portal.services import appointments, handling
from portal.services.models import RequestDraft, RequestEvent, ServiceRequest
from portal.views import limits
from portal.views.access import ANYONE, PUBLIC
from tests import make, pictures
from tests.views.reading import Reading
from tests.views.staff import Browser

NOW = make.local("2020-09-21T09:00")  # a Monday on which offices serve
_MAY_REMAIN = (Attempt, RequestDraft, Session)  # what a refused form leaves on purpose: a counted try, a sealed draft of this browser
_ON_RECORD = {"/masuk": {"audit_entry"}, "/masuk/kode": {"audit_entry"}}  # a wrong sign-in stands in the trail
_BOUNDARY = "batas"
_OFFICER = make.Actor("Sari", 1)
_HONEST = {b"pdf": pictures.PDF, b"jpg": pictures.picture()}


def zip_bomb() -> bytes:
    """Twenty million zeros in twenty thousand bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ktp.pdf", b"\0" * 20_000_000)
    return held.getvalue()


LIES = (b"", b"x", pictures.HTML, pictures.SVG, pictures.ZIP, pictures.PROGRAM, pictures.GIF, zip_bomb(), pictures.png_saying(60_000, 60_000),
        pictures.png_saying(10, 10, with_text=b"\0" * 9_000_000), pictures.picture()[:50], pictures.PDF[:5], b"\xff\xd8\xff\xe0" + b"\0" * 500,
        b"%PDF-1.7\n" + pictures.PROGRAM, b"\0\0\0\x18ftypheic" + b"\0" * 60, pictures.picture("TIFF"), pictures.picture() + zip_bomb())  # fmt: skip
NASTY = (b"", b" ", b"\0", b"a\0b", b"\xff\xfe\x00", b"\xed\xa0\x80", "\u202eakges\u202c".encode(), "\ufeff\u200b\u2066".encode(), "e\u0301".encode() * 300,
         b"%00%0d%0a", b"\r\nSet-Cookie: a=b", b"../../../../etc/passwd", b"..\\..\\con", b"{{7*7}}${7*7}<%=7*7%>", b"<script>alert(1)</script>",
         b"'; DROP TABLE service_request; --", b"-1", b"0", b"1e999", b"9" * 400, b"9223372036854775808", "\u0663\u0664".encode(), b"x" * 100_000,
         b"\n" * 20_000, b"2020-02-30", b"9999-12-31T23:59:59+14:00", b"0001-01-01T00:00", b"2020-09-21T09:00+99:99", b"true", b"null", b"[]", b"on",
         b"counter", b"dropbox", b"elsewhere", b"merpati", "\U0001f4a9".encode() * 50, b"a@b\r\nBcc: c@d.id", b"online\0")  # fmt: skip
NAMES = (b"", b"csrf_token", b"files", b"files_kept", b"__proto__", b"submission_key", b"number", b"name[]", b"a\0b", b"x" * 5000, b"\xff", b"../name")
FILE_NAMES = (b"ktp.pdf", b"../../../etc/cron.d/x.pdf", b"C:\\con.pdf", b"a\0.pdf", b".pdf", b"", b"x" * 4000 + b".pdf", "\u202efdp.exe".encode(),
              b"\xff\xfe.jpg", b'a"; name="name', b"a.pdf.exe", b"a\r\nX: 1.pdf")  # fmt: skip
KINDS = ("application/x-www-form-urlencoded", f"multipart/form-data; boundary={_BOUNDARY}", "multipart/form-data", "application/json", "text/plain",
         "application/x-www-form-urlencoded; charset=utf-16", "multipart/mixed; boundary=x", "image/png", "\u00e9", "")  # fmt: skip
METHODS = ("POST",) * 12 + ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO")
VALID = {"name": "Warga Contoh", "phone": "0812 0000 0000", "email": "warga@example.org", "channel": "online", "description": "Mohon surat.", "digits": "0000",
         "text": "Terima kasih.", "website": "", "identifier": "P-1", "password": "salah sama sekali"}  # fmt: skip

Part = tuple[bytes, bytes, bytes | None, bytes]  # name, content, name of the file (none: a field), kind


@dataclass(frozen=True)
class Submission:
    """One form as it goes over the line."""

    rule: str
    method: str
    kind: str
    address: dict[str, str]
    body: bytes
    is_partial: bool
    lies: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        return f"{self.method} {self.rule} {self.address} {self.kind} {len(self.body)} bytes {self.body[:3000]!r}"


@dataclass
class Town:
    """A small office with requests that somebody holds open, and every form of the public with the fields that its pages show."""

    app: Flask
    browser: Browser = field(init=False)
    rules: list[Rule] = field(init=False)
    fields: dict[str, dict[str, str]] = field(init=False)
    seen: Counter[int] = field(default_factory=Counter)
    kept: int = 0

    def __post_init__(self) -> None:
        heartbeat.beat("worker", now=NOW)
        office = make.office("Kantor Wali Kota", desks=2, slug="kantor-uji")
        places.add_drop_box(office, "lobi", "24/7", **make.ACT)
        kinds = [{"kind": kind, "options": ["Baru"], "is_sensitive": kind == "text"} for kind in ("text", "long_text", "date", "number", "choice")]
        service = make.service("Surat keterangan", at=[office], slug="layanan-uji", asks_nik=True, particulars=kinds)
        slot = appointments.free(service, office, now=NOW)[0].starts_at
        asked, booked, boxed, done = (make.request(service, office, now=NOW, **facts) for facts in
                                      ({}, {"channel": "counter", "slot": slot}, {"channel": "dropbox"}, {}))  # fmt: skip
        handling.ask(asked, "Mohon unggah KTP.", by=_OFFICER, now=NOW)
        handling.finish(done, by=_OFFICER, now=NOW)
        self.numbers = [each.number for each in (asked, booked, boxed, done, make.request(service, office, now=NOW))]
        self.browser = Browser(self.app)
        for number in self.numbers[:4]:  # the last one stays closed to this browser
            assert self.browser.post(f"/permohonan/{number}/buka", {"digits": "0000"}).status_code == 303
        self.rules = public_forms(self.app)
        self.fields = self._harvest()

    def _harvest(self) -> dict[str, dict[str, str]]:
        """By the rule of a form the fields that some page shows in it, with a value that fits."""
        pages = ["/permohonan/baru?layanan=layanan-uji&kantor=kantor-uji", "/lacak", "/masuk", "/masuk/lupa", "/masuk/kode"]
        pages += [f"/permohonan/{number}{rest}" for number in self.numbers for rest in ("", "/jadwal", "/survei")]
        adapter, found = self.app.url_map.bind("localhost"), defaultdict[str, dict[str, str]](dict)
        for page in pages:
            for action, fields in forms_of(self.browser.get(page).text, page).items():
                rule, _ = adapter.match(urlsplit(action).path, method="POST", return_rule=True)
                found[rule.rule] |= fields
        return found

    def send(self, sent: Submission) -> Any:
        """Send a form, look at what it left behind, and take it back; fails on an error of ours, a trace, or anything kept of what was refused."""
        with self.app.app_context():
            limits.forget()
        cookie = self.browser.client.get_cookie("sesi")
        assert cookie is not None
        with db.database.atomic() as point:
            before = counts()
            answer = self.browser.client.open(address(sent), method=sent.method, data=sent.body, content_type=sent.kind or None,
                                              headers={"HX-Request": "true", "HX-Request-Type": "partial"} if sent.is_partial else {})  # fmt: skip
            after = counts()
            self.check(sent, answer, before, after)
            point.rollback()
        self.browser.client.set_cookie("sesi", cookie.value)  # the browser that the next one meets has not signed out, nor closed a request
        return answer

    def check(self, sent: Submission, answer: Any, before: dict[str, int], after: dict[str, int]) -> None:
        status = answer.status_code
        self.seen[status] += 1
        assert status < 500, (status, sent)
        assert b"Traceback" not in answer.data and b'File "/' not in answer.data, sent
        if status >= 400 or sent.method in {"GET", "HEAD", "OPTIONS", "TRACE"}:
            changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
            assert set(changed) <= _ON_RECORD.get(sent.rule, set()), (changed, status, sent)
        made = after["service_request"] - before["service_request"]
        self.kept += before != after
        assert made in {0, 1}, sent
        if made:
            row = ServiceRequest.select().order_by(ServiceRequest.id.desc()).get()
            assert RequestEvent.select().where(RequestEvent.request == row).exists() and row.name and (row.phone or row.email)
            assert AuditEntry.select().where(AuditEntry.act == "request_filed", AuditEntry.object_id == str(row.id)).exists()
        for lie in sent.lies:
            assert not files._path(hashlib.sha256(lie).hexdigest()).exists(), sent


def public_forms(app: Flask) -> list[Rule]:
    """Every address to which everybody may post, of the map of addresses itself, so that a new form is among them."""
    open_to_all = {ANYONE, PUBLIC}
    return [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ()) and open_to_all & app.view_functions[rule.endpoint].allowed]


def public_pages(app: Flask) -> list[Rule]:
    """Every page that everybody may open."""
    open_to_all = {ANYONE, PUBLIC}
    return [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and open_to_all & app.view_functions[rule.endpoint].allowed]


def filled(rule: str, values: dict[str, str]) -> str:
    """The address of a rule with something in each of its places."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], rule)


def forms_of(page: str, at: str) -> dict[str, dict[str, str]]:
    """The forms of a page that post something: by their address the names in them, each with a value that fits."""
    found: dict[str, dict[str, str]] = {}
    fields: dict[str, str] = {}
    for tag, held in Reading(page).tags:
        if tag == "form":
            fields = found.setdefault(held.get("action") or at, {}) if held.get("method", "").lower() == "post" else {}
        elif tag in {"input", "select", "textarea", "button"} and held.get("name") and held.get("type") != "file":
            fields.setdefault(held["name"], VALID.get(held["name"], held.get("value", "")))
    return found


def address(sent: Submission) -> str:
    return filled(sent.rule, {name: quote_from_bytes(value.encode("utf-8", "surrogatepass"), safe="") for name, value in sent.address.items()})


def counts() -> dict[str, int]:
    """How many rows each table holds, but for what a refused form may leave; one question."""
    tables = [table for table in _tables(db.Table) if table not in _MAY_REMAIN]
    columns = ", ".join(f'(SELECT COUNT(*) FROM "{table._meta.table_name}")' for table in tables)
    return dict(zip((table._meta.table_name for table in tables), db.database.execute_sql(f"SELECT {columns}").fetchone(), strict=True))


def _tables(of: Any) -> list[Any]:
    return [each for below in of.__subclasses__() for each in (below, *_tables(below))]


_VALUES = some.one_of(some.sampled_from(NASTY), some.binary(max_size=60), some.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
_IN_ADDRESS = some.one_of(some.sampled_from(["x", "0000-0000-000", "..", "\0", "\udcff", "9" * 500, "%2e%2e", "\u202e"]), some.text(min_size=1, max_size=20))


@some.composite
def submissions(draw: Any, town: Town) -> Submission:
    """A form of the public, right but for what is hostile in it; or a body that is none."""
    rule = draw(some.sampled_from(town.rules))
    known = {name.encode(): value.encode() for name, value in (town.fields.get(rule.rule) or town.fields["/permohonan/baru"]).items()}
    known[b"csrf_token"] = town.browser.token.encode()
    parts: list[Part] = [(name, value, None, b"") for name, value in known.items()]
    names = some.one_of(some.sampled_from(sorted(known)), some.sampled_from(NAMES))
    for _ in range(draw(some.integers(0, 3))):
        parts = _spoilt(parts, draw(names), draw(_VALUES), draw(some.sampled_from(["set", "twice", "drop", "many"])))
    lies = tuple(draw(some.lists(some.sampled_from(LIES), max_size=2)))
    honest = draw(some.lists(some.sampled_from(sorted(_HONEST)), max_size=1))
    for content in (*lies, *(_HONEST[each] for each in honest)):
        parts.append((draw(some.sampled_from([b"files", b"files", b"evidence", b"name"])), content, draw(some.sampled_from(FILE_NAMES)), b"application/pdf"))
    kind = KINDS[1] if any(part[2] is not None for part in parts) else draw(some.sampled_from(KINDS[:2]))
    if draw(some.integers(0, 9)) == 0:
        kind = draw(some.sampled_from(KINDS))
    body = (
        _multipart(parts)
        if "multipart" in kind
        else b"&".join(quote_from_bytes(part[0]).encode() + b"=" + quote_from_bytes(part[1]).encode() for part in parts)
    )
    number = draw(some.one_of(some.sampled_from(town.numbers), some.sampled_from(town.numbers), _IN_ADDRESS))
    cut = draw(some.one_of(some.none(), some.none(), some.none(), some.integers(0, 400)))
    return Submission(rule.rule, draw(some.sampled_from(METHODS)), kind, dict.fromkeys(rule.arguments, number),
                      body if cut is None else body[: len(body) - cut], draw(some.booleans()), lies)  # fmt: skip


def _spoilt(parts: list[Part], name: bytes, value: bytes, how: str) -> list[Part]:
    """The fields of a form with one that is wrong, twice there, missing, or there a thousand times over."""
    others = [part for part in parts if part[0] != name]
    if how == "drop":
        return others
    if how == "many":
        return parts + [(name, value[:20], None, b"")] * 1500
    return [*(parts if how == "twice" else others), (name, value, None, b"")]


def _multipart(parts: list[Part]) -> bytes:
    lines = []
    for name, content, filename, kind in parts:
        head = b'--%b\r\nContent-Disposition: form-data; name="%b"' % (_BOUNDARY.encode(), name)
        head += b'; filename="%b"\r\nContent-Type: %b' % (filename, kind) if filename is not None else b""
        lines.append(head + b"\r\n\r\n" + content)
    return b"\r\n".join([*lines, b"--%b--\r\n" % _BOUNDARY.encode()])
