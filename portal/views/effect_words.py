"""What an act on a closure changed for one request, in sentences: neutral for the staff, and addressed to the citizen."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from portal.offices.partly import last_of
from portal.services.models import COUNTER, DROPBOX
from portal.views.request_words import CHANNEL_IN_SENTENCE
from portal.words import Sentence, later

_STAFF = {
    "after": later("Janji temu {was} dipindah ke {to}."),
    "diverted": later("Janji temu {was} dipindah ke {to} di {office}."),
    "elsewhere": later("Janji temu {was} pindah ke {office}; hari dan jamnya tetap."),
    "online": later("Janji temu {was} tidak dapat dilayani; permohonan dilanjutkan secara daring."),
    "none": later("Janji temu {was} tidak dapat dilayani; waktu penggantinya disediakan begitu hari buka lagi diketahui."),
    "restored": later("Janji temu kembali ke waktu semula: {to}."),
    "held": later("Waktu pengganti untuk janji temu {was} sudah disediakan: {to}."),
    "office": later("Dilayani di {to}, semula di {was}. Nomor tetap."),
    "channel": later("Dilayani lewat {to}, semula lewat {was}. Nomor tetap."),
    "pickup": later("Hasil tidak dapat diambil {window}."),
    "pickup_from": later("Dapat diambil lagi mulai {when}."),
    "pickup_again": later("Hasil dapat diambil lagi seperti biasa."),
    "box": later("Kotak surat tidak dapat dipakai {window}."),
    "box_again": later("Kotak surat dapat dipakai lagi seperti biasa."),
    "remote": later("Layanan daring berhenti {window}; permohonan dilanjutkan sesudahnya."),
    "remote_again": later("Layanan daring berjalan lagi seperti biasa."),
    "counter": later("Loket tidak melayani {window}; pemohon belum memilih waktu."),
    "counter_from": later("Loket melayani lagi mulai {when}."),
    "counter_again": later("Loket melayani lagi seperti biasa; pemohon dapat memilih waktu."),
    "due": later("Batas waktu bergeser dari {was} ke {to}."),
    "due_known": later("Batas waktu sekarang {to}."),
    "due_unknown": later("Batas waktu {was} tidak berlaku lagi; yang baru dihitung begitu hari buka lagi diketahui."),
    "due_arrival": later("Batas waktu dihitung sejak pemohon atau suratnya datang."),
    "earlier_online": later("Waktu mulai {when} dapat dipilih; tanpa jawaban, permohonan tetap dilanjutkan."),
    "earlier": later("Waktu yang lebih awal dapat dipilih mulai {when}; tanpa jawaban, janji temu tetap."),
}
_CITIZEN = {
    "after": later("Janji temu Anda {was} dipindah ke {to}. Waktu itu sudah kami sediakan untuk Anda."),
    "diverted": later("Janji temu Anda {was} dipindah ke {to} di {office}. Waktu itu sudah kami sediakan untuk Anda."),
    "elsewhere": later("Janji temu Anda {was} pindah ke {office}; hari dan jamnya tetap. Waktu itu sudah kami sediakan untuk Anda."),
    "online": later("Janji temu Anda {was} tidak dapat dilayani. Permohonan Anda kami lanjutkan secara daring; Anda tidak perlu datang."),
    "none": later("Janji temu Anda {was} tidak dapat dilayani. Kami menyediakan waktu lain begitu hari buka lagi diketahui, lalu memberi tahu Anda."),
    "restored": later("Janji temu Anda kembali ke waktu yang Anda pilih semula: {to}."),
    "held": later("Waktu pengganti untuk janji temu Anda {was} sudah disediakan: {to}."),
    "office": later("Permohonan Anda dilayani di {to}, semula di {was}. Nomornya tetap."),
    "channel": later("Permohonan Anda dilayani lewat {to}, semula lewat {was}. Nomornya tetap."),
    "pickup": later("Hasil Anda tidak dapat diambil {window}. Mohon jangan datang pada waktu itu."),
    "pickup_from": later("Dapat diambil lagi mulai {when}."),
    "pickup_again": later("Hasil Anda dapat diambil lagi seperti biasa."),
    "box": later("Kotak surat tidak dapat dipakai {window}. Mohon jangan memasukkan surat pada waktu itu."),
    "box_again": later("Kotak surat dapat dipakai lagi seperti biasa."),
    "remote": later("Layanan daring berhenti {window}. Permohonan Anda kami lanjutkan sesudahnya."),
    "remote_again": later("Layanan daring berjalan lagi. Permohonan Anda kami lanjutkan seperti biasa."),
    "counter": later("Loket tidak melayani {window}. Pilih waktu sesudahnya."),
    "counter_from": later("Loket melayani lagi mulai {when}."),
    "counter_again": later("Loket melayani lagi seperti biasa. Anda dapat memilih waktu."),
    "due": later("Paling lambat selesai {to}, semula {was}."),
    "due_known": later("Paling lambat selesai {to}."),
    "due_unknown": later("Semula paling lambat selesai {was}. Tanggal yang baru kami hitung begitu hari buka lagi diketahui."),
    "due_arrival": later("Batas waktunya dihitung sejak Anda atau surat Anda datang."),
    "earlier_online": later("Kantor buka lebih awal: kalau lebih suka datang, Anda boleh memilih waktu mulai {when}. Kalau tidak, permohonan tetap berjalan."),
    "earlier": later("Kantor buka lebih awal: Anda boleh memilih waktu mulai {when}. Kalau tidak, janji temu Anda tetap."),
}
_SHUT = {"pickup": "pickup", "box": "box", "online": "remote", "counter": "counter"}  # a fact with times, and its sentence
_Said = tuple[str, dict[str, Any]]


def changes(facts: Mapping[str, Any], zone: ZoneInfo) -> list[Sentence]:
    """What changed for the request, one sentence a change, as the staff reads it; moments on the clocks of its office."""
    return [Sentence(_STAFF[what], **held) for what, held in _said(facts, zone)]


def to_citizen(facts: Mapping[str, Any], zone: ZoneInfo) -> list[Sentence]:
    """The same changes, addressed to the citizen."""
    return [Sentence(_CITIZEN[what], **held) for what, held in _said(facts, zone)]


def _said(facts: Mapping[str, Any], zone: ZoneInfo) -> Iterator[_Said]:
    """Which sentences a change needs, and what fills them: a move says its office and channel itself."""
    slot, office, channel = facts.get("slot"), facts.get("office"), facts.get("channel")
    there, zone = _zones(office, zone)
    is_diverted = bool(slot and office and slot["way"] == "diverted")
    if slot:
        yield _of_slot(slot, office, zone, there)
    if office and not is_diverted:
        yield "office", {"was": office["was"], "to": office["to"]}
    if channel and not (slot and slot["way"] == "online"):
        yield "channel", {side: Sentence(CHANNEL_IN_SENTENCE[channel[side]]) for side in ("was", "to")}
    for name, said in _SHUT.items():
        yield from _of_windows(name, said, facts, there)
    if facts.get("due") and any(facts["due"].values()):
        waits = _waits_for_arrival(slot, channel)
        yield ("due_arrival", {}) if waits and not facts["due"].get("to") else _of_deadline(facts["due"])
    if facts.get("earlier"):
        yield "earlier_online" if facts.get("goes_on") else "earlier", {"when": _moment(facts["earlier"], there)}


def _zones(office: Mapping[str, Any] | None, zone: ZoneInfo) -> tuple[ZoneInfo, ZoneInfo]:
    """The clocks of the office now, and of the one before."""
    held = office or {}
    return tuple(ZoneInfo(held[side]) if held.get(side) else zone for side in ("zone", "was_zone"))  # type: ignore[return-value]


def _of_slot(slot: Mapping[str, Any], office: Mapping[str, Any] | None, zone: ZoneInfo, there: ZoneInfo) -> _Said:
    way = "after" if slot["way"] == "diverted" and not office else slot["way"]
    if not slot.get("to") and way != "online":
        way = "none"
    held = {"was": _moment(slot["was"], zone), "to": _moment(slot["to"], there) if slot.get("to") else ""}
    if way != "diverted" or not office:
        return way, held
    return "elsewhere" if is_elsewhere(slot, office) else way, {**held, "office": office["to"]}


def is_elsewhere(slot: Mapping[str, Any], office: Any) -> bool:
    """Whether an appointment moved to another office and kept its day and hour, on the same clock."""
    if not isinstance(office, Mapping) or slot["way"] != "diverted" or not slot.get("to"):
        return False
    same_clock = office.get("was_zone") in (None, office.get("zone"))
    return same_clock and datetime.fromisoformat(slot["was"]) == datetime.fromisoformat(slot["to"])


def _of_windows(name: str, said: str, facts: Mapping[str, Any], zone: ZoneInfo) -> Iterator[_Said]:
    """One sentence for each time in which something is shut, or that it is as usual again."""
    if name not in facts:
        return
    if not facts[name]["shut"]:
        yield f"{said}_again", {}
    for since, until in facts[name]["shut"]:
        is_running = bool(facts.get("starts")) and _moment(facts["starts"], zone) < _moment(since, zone) and _moment(since, zone).time() != time()
        yield said, {"window": window(since, until, facts.get("review_on"), zone, is_running=is_running)}
    if facts[name].get("again"):
        yield f"{said}_from", {"when": _moment(facts[name]["again"], zone)}


def window(since: str, until: str | None, review_on: str | None, zone: ZoneInfo, *, is_running: bool = False) -> Sentence:
    """A time in which something is shut, within a sentence: its days where it is whole days, the open end with the day on which it is looked at again.

    Of one that runs already, in the middle of a day, only the end matters.
    """
    start = _moment(since, zone)
    first: date | datetime = start.date() if start.time() == time() else start
    if until is None:
        if review_on:
            return Sentence("mulai {first} sampai pemberitahuan lebih lanjut (ditinjau {review})", first=first, review=date.fromisoformat(review_on))
        return Sentence("mulai {first} sampai pemberitahuan lebih lanjut", first=first)
    last = last_of(_moment(until, zone), zone)
    if is_running:
        return Sentence("sampai {last}", last=last)
    if first == last:
        return Sentence("pada hari {day}", day=first)
    return Sentence("dari {first} sampai {last}", first=first, last=last)


def _waits_for_arrival(slot: Mapping[str, Any] | None, channel: Mapping[str, Any] | None) -> bool:
    """Whether no deadline runs because a person or a paper is waited for."""
    return bool(slot and slot["way"] == "restored") or (channel or {}).get("to") in (COUNTER, DROPBOX)


def _of_deadline(due: Mapping[str, Any]) -> _Said:
    held = {side: date.fromisoformat(due[side]) for side in ("was", "to") if due.get(side)}
    return "due" if len(held) == 2 else "due_known" if "to" in held else "due_unknown", held


def _moment(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).astimezone(zone)
