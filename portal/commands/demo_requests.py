"""The demo's requests: sixty over thirty days, in every state and by every channel, lived through with the verbs that citizens and officers use."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from portal import clock, files, outbox
from portal.audit import Actor
from portal.files import Attachment
from portal.kinerja.working_days import WorkingDays
from portal.offices.models import DropBox, Office
from portal.outbox import Letter
from portal.people import roles
from portal.people.models import Person
from portal.services import appointments, assisted, canned, catalogue, dropbox, following, handling, requests, survey
from portal.services.models import ELEMENTS, MAIL, PAPER, BoxPickup, Particular, RequestFile, Service, ServiceRequest
from portal.services.requests import Asked
from portal.sheets import Line, read

_DATA = Path(__file__).parent / "demo_data" / "requests.csv"
_COLUMNS = ("day", "at", "office", "service", "channel", "origin", "contact", "slot", "description", "story")
_BACK = 60  # calendar days in which thirty working days are found whatever the holidays
_STEP = re.compile(r"(\d+) (\d\d:\d\d) (\w+) ?(.*)")
NO_NIK = "0000000000000000"  # nobody's
_CALLS = 3  # working days; who was to be called before has been
_SAID = {"date": "2020-09-01", "number": "3", "text": "Contoh 123", "long_text": "Jalan Contoh Nomor 12, RT 01/RW 02"}
_ANSWERS = (  # title, text, for which act
    ("Berkas kurang jelas", "Yth. {nama}, berkas yang Anda kirim belum terbaca. Mohon difoto lagi di tempat yang terang.", canned.ASK),
    ("Surat pengantar RT/RW", "Mohon lampirkan surat pengantar dari ketua RT dan RW tempat tinggal Anda.", canned.ASK),
    ("Sedang ditandatangani", "Berkas permohonan {nomor} sudah lengkap. Surat sedang menunggu tanda tangan.", canned.MESSAGE),
    ("Ambil di lobi", "Bawa KTP-el atau identitas lain. Bila diwakilkan, bawa surat kuasa bermeterai.", canned.READY),
    ("Terima kasih", "{layanan} sudah selesai. Terima kasih sudah menunggu.", canned.DONE),
    ("Di luar wilayah", "Alamat Anda di luar wilayah {kantor}. Ajukan di kantor tempat Anda tinggal.", canned.REFUSE),
)


@dataclass(frozen=True)
class _Time:
    """The days of the demo: working days back from today, and a moment that is now."""

    now: datetime
    zone: ZoneInfo
    worked: list[date]  # the latest first

    def moment(self, back: int, at: str) -> datetime:
        """So many working days back at an hour; 0: so many hours and minutes ago."""
        hour, minute = map(int, at.split(":"))
        if back == 0:
            return self.now - timedelta(hours=hour, minutes=minute)
        return clock.at_minute(self.worked[back - 1], hour * 60 + minute, self.zone)


@dataclass
class _Case:
    """One request of the demo with those who deal with it."""

    line: Line
    number: int
    time: _Time
    officer: Person
    head: Person
    row: ServiceRequest = field(init=False)

    @property
    def by(self) -> Actor:
        return Actor(self.officer.name, self.officer.id)


def make(office: Office, people: dict[str, Person], now: datetime) -> None:
    """Sixty requests, canned answers, and letters that have gone already; moments come in their order, as they did."""
    zone = ZoneInfo(office.timezone)
    time = _Time(now, zone, _working_days(office, now.astimezone(zone).date()))
    for title, text, use in _ANSWERS:
        canned.add(title, text, use, office, offices=None, by=Actor(people[roles.HEAD].name, people[roles.HEAD].id), now=now)
    cases = [_Case(line, number, time, people[roles.OFFICER], people[roles.HEAD]) for number, line in enumerate(read(_DATA, required=_COLUMNS), start=1)]
    for _, live in sorted(((at, act) for case in cases for at, act in _life(case)), key=lambda each: each[0]):
        live()
    settle_letters(people[roles.OFFICER], time.moment(_CALLS, "00:00"))


def throw_away() -> None:
    """The files that hang on requests; the requests themselves go with the catalogue."""
    attached = [id for (id,) in RequestFile.select(RequestFile.attachment).distinct().tuples()]
    RequestFile.delete().execute()
    Attachment.delete().where(Attachment.id.in_(attached)).execute()


def _working_days(office: Office, today: date) -> list[date]:
    first = today - timedelta(days=_BACK)
    calendar = WorkingDays.of([office.id], first, today)
    past = (today - timedelta(days=back) for back in range(1, _BACK + 1))
    return [day for day in past if day.weekday() < 5 and not calendar.holiday(office.id, day)]


def _life(case: _Case) -> Iterator[tuple[datetime, Callable[[], object]]]:
    """What happens to a request, each with its moment; an act is carried out only when all before it are."""
    back = int(case.line["day"])
    at = case.time.moment(back, case.line["at"])
    yield at, lambda: _file(case, at)
    for step in case.line["story"].splitlines():
        found = _STEP.fullmatch(step)
        assert found is not None, step
        later, hour, act, text = found.groups()
        yield _step(case, case.time.moment(back - int(later), hour), act, text)


def _step(case: _Case, at: datetime, act: str, text: str) -> tuple[datetime, Callable[[], object]]:
    return at, lambda: _ACTS[act](case, text, at)


def _file(case: _Case, at: datetime) -> None:
    """Take the request in, by the way that its line says."""
    asked = _asked(case, at)
    if asked.origin == PAPER:
        case.row = dropbox.register(_pickup(case, "1", at), asked, by=case.by, now=at).request
    else:
        case.row = assisted.file(asked, case.officer, by=case.by, now=at) if asked.origin in assisted.ORIGINS else requests.submit(asked, now=at)


def _asked(case: _Case, at: datetime) -> Asked:
    line, number = case.line, case.number
    service, office = catalogue.find(line["service"]), Office.get(Office.slug == line["office"])
    phone = f"0812000000{number:02}" if line["contact"] in ("phone", "both") else ""
    email = f"warga{number:02}@example.org" if line["contact"] in ("email", "both") else ""
    asked = Asked(service, office, line["channel"], f"Warga Contoh {number}", phone, email, NO_NIK if service.asks_nik else "", line["description"],
                  {each.id: answer(each) for each in catalogue.particulars(service)}, origin=line["origin"], slot=_slot(case, service, office, at),
                  submission_key=f"demo-{number}")  # fmt: skip
    return replace(asked, files=_files(case, at)) if line["origin"] == MAIL or number % 4 == 1 else asked


def answer(asked: Particular) -> str:
    """What is said to a question of a service."""
    return str(asked.options[0]) if asked.kind == "choice" else _SAID[asked.kind]


def _slot(case: _Case, service: Service, office: Office, at: datetime) -> datetime | None:
    """A time at the counter: "1" is the first one of the next working day, "+3" the fourth from now on."""
    typed, time = case.line["slot"], case.time
    if typed.startswith("+"):
        found = appointments.free(service, office, now=time.now, most=int(typed) + 1)
    elif typed:
        found = appointments.free(service, office, now=at, first=time.worked[int(case.line["day"]) - 1 - int(typed)], most=1)
    else:
        return None
    return found[-1].starts_at if found else None


def _files(case: _Case, at: datetime) -> tuple[files.Stored, ...]:
    return (files.take(_pdf(f"Berkas contoh {case.number}"), "berkas-contoh.pdf", now=at),)


def _pdf(words: str) -> bytes:
    """A page with one line on it."""
    drawn = f"BT /F1 18 Tf 72 720 Td ({words}) Tj ET".encode("ascii")
    objects = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
               b"<</Length %d>>stream\n%b\nendstream" % (len(drawn), drawn), b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")  # fmt: skip
    page, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(page))
        page += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return page + b"xref\n0 6\n0000000000 65535 f \n%btrailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (table, len(page))


def _pickup(case: _Case, letters: str, at: datetime) -> BoxPickup:
    """The opening of the office's first box at a moment; letters that lay in it together come out together."""
    box = DropBox.select().join(Office).where(Office.slug == case.line["office"]).order_by(DropBox.id).get()
    known = BoxPickup.get_or_none(BoxPickup.box == box, BoxPickup.at == at)
    return known or dropbox.open_box(box, at, case.officer.name, "Penjaga Peragaan", int(letters), by=case.by, now=at)


def _collect(case: _Case, letters: str, at: datetime) -> None:
    dropbox.match(_pickup(case, letters, at), case.row.number, by=case.by, now=at)


def _unseal(case: _Case, text: str, at: datetime) -> None:
    item = dropbox.item_of(case.row)
    assert item is not None
    dropbox.unseal([item], by=case.by, now=at)


def _result(case: _Case, text: str, at: datetime) -> None:
    result = files.take(_pdf(f"{case.row.service.name} {case.row.number}"), "hasil.pdf", now=at)
    handling.finish(case.row, by=case.by, now=at, text=text, files=(result,))


def _reschedule(case: _Case, text: str, at: datetime) -> None:
    """To a later hour of the same day."""
    held = appointments.of(case.row)
    assert held is not None
    later = [slot for slot in appointments.free(case.row.service, case.row.office, now=at, most=200) if slot.starts_at > held.starts_at]
    following.reschedule(case.row, later[0].starts_at, now=at)


def _hand_over(case: _Case, text: str, at: datetime) -> None:
    slug, _, reason = text.partition(" ")
    handling.hand_over(case.row, Office.get(Office.slug == slug), reason, by=case.by, now=at)


def _change_channel(case: _Case, text: str, at: datetime) -> None:
    channel, _, reason = text.partition(" ")
    handling.change_channel(case.row, channel, reason, by=case.by, now=at)


_ACTS: dict[str, Callable[[_Case, str, datetime], object]] = {
    "claim": lambda case, text, at: handling.claim(case.row, case.officer, by=case.by, now=at),
    "assign": lambda case, text, at: handling.assign(case.row, case.officer, by=Actor(case.head.name, case.head.id), now=at),
    "ask": lambda case, text, at: handling.ask(case.row, text, by=case.by, now=at),
    "reply": lambda case, text, at: handling.reply(case.row, text, by=case.by, now=at),
    "note": lambda case, text, at: handling.note(case.row, text, by=case.by, now=at),
    "ready": lambda case, text, at: handling.ready(case.row, text, by=case.by, now=at),
    "finish": lambda case, text, at: handling.finish(case.row, by=case.by, now=at, text=text),
    "refuse": lambda case, text, at: handling.refuse(case.row, text, by=case.by, now=at),
    "reopen": lambda case, text, at: handling.reopen(case.row, text, by=case.by, now=at),
    "came": lambda case, text, at: handling.came(case.row, by=case.by, now=at),
    "missed": lambda case, text, at: handling.stayed_away(case.row, by=case.by, now=at),
    "write": lambda case, text, at: following.write(case.row, text, now=at),
    "cancel": lambda case, text, at: following.cancel(case.row, now=at, reason=text),
    "deposit": lambda case, text, at: dropbox.deposit(case.row, now=at),
    "survey": lambda case, text, at: survey.answer(case.row, dict(zip(ELEMENTS, text, strict=True)), now=at),
    "result": _result, "collect": _collect, "unseal": _unseal, "reschedule": _reschedule, "hand_over": _hand_over, "channel": _change_channel,
}  # fmt: skip


def settle_letters(officer: Person, called_before: datetime) -> None:
    """What was promised has gone out long ago, and people have been called; only the latest calls are still to be made."""
    of_requests = Letter.name.startswith("request_")
    Letter.update(state=outbox.SENT, sent_at=Letter.created_at).where(of_requests, Letter.state == outbox.WAITS).execute()
    called = {"state": outbox.REACHED, "reached_at": Letter.created_at, "reached_by": officer.name, "note": "Sudah diberi tahu lewat telepon."}
    Letter.update(called).where(of_requests, Letter.state == outbox.TO_CALL, Letter.created_at < called_before).execute()
