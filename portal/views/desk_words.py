"""What the desk calls its lists, and the next step of each request in words."""

from datetime import date, datetime

from portal.services.inbox import ABSENT, ASKED, ENDED, FETCHED, MINE, TO_DO, Desk, Waiting
from portal.services.models import COUNTER, DROPBOX, READY, WAITING
from portal.views import request_words
from portal.views.language import dated
from portal.words import Brief, Sentence, later

GROUPS = {  # by what stands in the address
    "": TO_DO,
    "saya": MINE,
    "warga": ASKED,
    "belum-datang": ABSENT,
    "siap": FETCHED,
    "selesai": ENDED,
}
CHIPS = {
    "": later("Perlu ditangani"),
    "saya": later("Milik saya"),
    "warga": later("Menunggu warga"),
    "belum-datang": later("Belum datang"),
    "siap": later("Siap diambil"),
    "selesai": later("Sudah ditutup"),
}


def next_step(row: Waiting, desk: Desk) -> Sentence:
    """What is to be done with a request now, or what it waits for."""
    if row.news_at is not None:
        return Sentence("Baca pesan pemohon, lalu jawab")
    if row.state == WAITING:
        return Sentence("Menunggu jawaban pemohon sejak {day}", day=Brief(_local(row, row.asked_at or row.created_at).date()))
    if row.state == READY:
        return Sentence("Menunggu diambil: {place}", place=row.pickup_place)
    if not row.is_at_work:
        return _ended(row)
    if row.clock_from is None:
        return _absent(row, desk.now)
    if row.assignee_id is None:
        return Sentence("Ambil, lalu periksa")
    return Sentence("Selesaikan") if row.assignee_id == desk.officer else Sentence("Dikerjakan {name}", name=row.assignee)


def due_words(day: date) -> str:
    """Kamis, 24 Sep."""
    return dated(day, "EEEE, d MMM")


def _absent(row: Waiting, now: datetime) -> Sentence:
    """A person or a paper has not come yet."""
    if row.slot is not None:
        when = Brief(_local(row, row.slot))
        return Sentence("Catat: pemohon datang atau tidak ({when})", when=when) if row.slot <= now else Sentence("Pemohon datang {when}", when=when)
    if row.channel == DROPBOX:
        return Sentence("Suratnya belum ada di kotak")
    return Sentence("Pemohon belum datang") if row.channel == COUNTER else Sentence("Ambil, lalu periksa")


def _ended(row: Waiting) -> Sentence:
    state = Sentence(request_words.STATES[row.state])
    return Sentence("{state} {day}", state=state, day=Brief(_local(row, row.closed_at).date())) if row.closed_at is not None else state


def _local(row: Waiting, moment: datetime) -> datetime:
    return moment.astimezone(row.zone)
