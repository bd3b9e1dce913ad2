"""What an officer can do with a request: each act with its name in the address, its words, when it fits, and what it reads from its form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.files import Stored
from portal.people.models import Person
from portal.refusals import Refused
from portal.services import canned, following, handling, offers, passing
from portal.services.models import COUNTER, OPEN, READY, WAITING, Appointment, ServiceRequest, SlotOffer
from portal.views import typed
from portal.views.access import me
from portal.views.attachments import sent_files
from portal.views.forms import Form
from portal.words import later


@dataclass(frozen=True)
class Doing:
    """An act as it is sent: on what, with which form, when."""

    request: ServiceRequest
    sent: Form
    now: datetime

    @property
    def seen(self) -> int | None:
        """The revision that the page has shown."""
        value = self.sent["revision"]
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None

    def files(self, act: str) -> tuple[Stored, ...]:
        return tuple(sent_files(f"files-{act}"))


@dataclass(frozen=True)
class Act:
    """One act: what it is called on its fold, what its button says, what is said when it is done, and which canned answers fit."""

    title: str
    button: str
    done: str
    do: Callable[[Doing], ServiceRequest]
    uses: tuple[str, ...] = ()
    takes_files: bool = False


def _claim(it: Doing) -> ServiceRequest:
    return handling.claim(it.request, me().person, by=me().actor, now=it.now)


def _assign(it: Doing) -> ServiceRequest:
    to: Person | None = passing.colleague(it.request, it.sent["officer"])
    return handling.assign(it.request, to, by=me().actor, now=it.now, seen=it.seen)


def _hand_over(it: Doing) -> ServiceRequest:
    field = "other" if it.sent["other"].strip() else "office"
    try:
        office = typed.office(it.sent, field)
        return handling.hand_over(it.request, office, it.sent["reason"], by=me().actor, now=it.now, seen=it.seen)
    except Refused as refusal:
        raise Refused(refusal.sentence, field=field if refusal.field == "office" else refusal.field) from None


def _ask(it: Doing) -> ServiceRequest:
    return handling.ask(it.request, it.sent["text"], by=me().actor, now=it.now, files=it.files("minta"), seen=it.seen)


def _reply(it: Doing) -> ServiceRequest:
    return handling.reply(it.request, it.sent["text"], by=me().actor, now=it.now, files=it.files("balas"), seen=it.seen)


def _hear(it: Doing) -> ServiceRequest:
    return handling.heard(it.request, it.sent["text"], by=me().actor, now=it.now, files=it.files("jawab"), seen=it.seen)


def _note(it: Doing) -> ServiceRequest:
    return handling.note(it.request, it.sent["text"], by=me().actor, now=it.now, files=it.files("catatan"))


def _heed(it: Doing) -> ServiceRequest:
    return handling.heed(it.request, by=me().actor, now=it.now, seen=it.seen)


def _ready(it: Doing) -> ServiceRequest:
    return handling.ready(it.request, it.sent["place"], by=me().actor, now=it.now, text=it.sent["text"], seen=it.seen)


def _finish(it: Doing) -> ServiceRequest:
    return handling.finish(it.request, by=me().actor, now=it.now, text=it.sent["text"], files=it.files("selesai"), seen=it.seen)


def _refuse(it: Doing) -> ServiceRequest:
    return handling.refuse(it.request, it.sent["text"], by=me().actor, now=it.now, objection=it.sent["objection"], files=it.files("tolak"), seen=it.seen)


def _reopen(it: Doing) -> ServiceRequest:
    return handling.reopen(it.request, it.sent["text"], by=me().actor, now=it.now, seen=it.seen)


def _change_channel(it: Doing) -> ServiceRequest:
    return handling.change_channel(it.request, it.sent["channel"], it.sent["reason"], by=me().actor, now=it.now, seen=it.seen)


def _came(it: Doing) -> ServiceRequest:
    return handling.came(it.request, by=me().actor, now=it.now)


def _accept(it: Doing) -> ServiceRequest:
    offers.accept(it.request, now=it.now, by=me().actor, seen=it.seen)
    return it.request


def _book(it: Doing) -> ServiceRequest:
    starts_at = typed.slot(it.sent, "slot", ZoneInfo(it.request.office.timezone))
    following.reschedule(it.request, starts_at, now=it.now, by=me().actor, seen=it.seen)
    return it.request


def _stayed_away(it: Doing) -> ServiceRequest:
    return handling.stayed_away(it.request, by=me().actor, now=it.now)


ACTS = {
    "ambil": Act(later("Kerjakan permohonan ini"), later("Ambil"), later("Permohonan ini sekarang Anda kerjakan."), _claim),
    "pastikan": Act(later("Jawaban pemohon lewat telepon"), later("Catat: pemohon menerima waktu itu"),
                    later("Dicatat: pemohon menerima waktu itu."), _accept),
    "jadwal": Act(later("Pilihkan waktu kedatangan"), later("Simpan waktu ini"), later("Waktu kedatangan disimpan."), _book),
    "datang": Act(later("Pemohon datang"), later("Catat datang"), later("Kedatangan pemohon dicatat."), _came),
    "tidak-datang": Act(later("Pemohon tidak datang"), later("Catat tidak datang"), later("Dicatat tidak datang; pemohon diminta memilih waktu lain."),
                        _stayed_away),
    "dibaca": Act(later("Pesan sudah dibaca"), later("Tandai sudah dibaca"), later("Pesan ditandai sudah dibaca."), _heed),
    "balas": Act(later("Balas pemohon"), later("Kirim"), later("Pesan dikirim kepada pemohon."), _reply, (canned.MESSAGE,), True),
    "minta": Act(later("Minta sesuatu kepada pemohon"), later("Kirim permintaan"), later("Permintaan dikirim; batas waktu dijeda sampai pemohon menjawab."),
                 _ask, (canned.ASK, canned.MESSAGE), True),
    "jawab": Act(later("Catat jawaban pemohon"), later("Simpan jawaban"), later("Jawaban pemohon disimpan; hari kerja dihitung lagi."), _hear, (), True),
    "siap": Act(later("Siap diambil"), later("Umumkan siap diambil"), later("Pemohon diberi tahu bahwa hasilnya siap diambil."), _ready, (canned.READY,)),
    "selesai": Act(later("Selesaikan"), later("Selesaikan"), later("Permohonan selesai."), _finish, (canned.DONE,), True),
    "tolak": Act(later("Tolak"), later("Tolak permohonan"), later("Permohonan ditolak; pemohon diberi tahu alasannya."), _refuse, (canned.REFUSE,), True),
    "tugaskan": Act(later("Tugaskan"), later("Tugaskan"), later("Penugasan disimpan."), _assign),
    "serahkan": Act(later("Serahkan ke kantor lain"), later("Serahkan"), later("Permohonan diserahkan; nomornya tetap."), _hand_over),
    "kanal": Act(later("Ganti kanal"), later("Ganti kanal"), later("Kanal diganti; nomornya tetap."), _change_channel),
    "catatan": Act(later("Catatan untuk rekan"), later("Simpan catatan"), later("Catatan disimpan."), _note, (), True),
    "buka": Act(later("Buka lagi"), later("Buka lagi"), later("Permohonan dibuka lagi."), _reopen),
}  # fmt: skip


def fitting(request: ServiceRequest, held: Appointment | None, offer: SlotOffer | None, now: datetime) -> list[str]:
    """The acts that fit a request now, the main one first: one that its state asks for."""
    if request.state not in OPEN:
        again = [] if request.redacted_at else ["buka"]
        return [*(["balas", "dibaca"] if request.news_at else []), *again, *([] if request.news_at else ["balas"]), "catatan"]
    is_asked = offer is not None and (offer.held is not None or request.channel != COUNTER)
    first = _main(request, is_asked)
    waits_for_person = request.channel == COUNTER and (request.clock_from is None or held is not None)
    fits = {"ambil": _is_free(request), "dibaca": request.news_at is not None,
            "pastikan": is_asked, "jadwal": waits_for_person and (held is None or held.starts_at > now),
            "jawab": request.state == WAITING, "siap": request.state != READY, "datang": waits_for_person,
            "tidak-datang": held is not None and held.starts_at <= now, "buka": False}  # fmt: skip
    return [first, *(name for name in ACTS if name != first and fits.get(name, True))]


def _main(request: ServiceRequest, is_asked: bool) -> str:
    if request.news_at is not None:
        return "balas"
    if request.state in (WAITING, READY):
        return "jawab" if request.state == WAITING else "selesai"
    if is_asked:
        return "pastikan"
    if request.clock_from is None and request.channel == COUNTER:
        return "datang"
    return "ambil" if _is_free(request) else "selesai"


def _is_free(request: ServiceRequest) -> bool:
    """Whether nobody has it in work, or somebody whose account has ended."""
    return request.assignee_id is None or request.assignee.ended_at is not None
