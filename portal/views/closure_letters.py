"""The letter after an act on a closure: why the office closes and until when, what that changes for this person, what to do now; also fit to be read out."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from portal.offices.closures import REASONS
from portal.services.models import COUNTER, DROPBOX
from portal.views import effect_words
from portal.views.language import say
from portal.words import Sentence, later

_ACTS = {
    "announced": later("Loket {office} tutup {window} karena {reason}."),
    "extended": later("Penutupan loket {office} karena {reason} diperpanjang: sekarang {window}."),
    "shortened": later("Penutupan loket {office} dipersingkat: sekarang {window}."),
    "reopened": later("Loket {office} buka lagi, lebih awal dari rencana."),
    "withdrawn": later("Pengumuman penutupan loket {office} kami tarik: kantor melayani seperti biasa."),
}
_SUBJECTS = {
    "after": later("Waktu baru untuk janji temu Anda"),
    "diverted": later("Waktu dan tempat baru untuk janji temu Anda"),
    "elsewhere": later("Tempat baru untuk janji temu Anda"),
    "held": later("Waktu baru untuk janji temu Anda"),
    "none": later("Janji temu Anda ditunda, waktu baru menyusul"),
    "online": later("Permohonan Anda dilanjutkan secara daring"),
    "restored": later("Janji temu Anda kembali ke waktu semula"),
    "earlier": later("Anda boleh datang lebih awal"),
    "pickup": later("Jangan datang dulu untuk mengambil hasil Anda"),
    "pickup_again": later("Hasil Anda dapat diambil lagi"),
    "office": later("Permohonan Anda dilayani kantor lain"),
    "channel": later("Permohonan Anda dilayani lewat kanal lain"),
    "box": later("Kotak surat sementara tidak dapat dipakai"),
    "box_again": later("Kotak surat dapat dipakai lagi"),
    "remote": later("Permohonan Anda dilanjutkan sesudah layanan daring berjalan lagi"),
    "remote_again": later("Permohonan Anda dilanjutkan"),
    "counter": later("Loket tutup: pilih waktu sesudahnya"),
    "counter_again": later("Loket buka lagi: Anda dapat memilih waktu"),
    "due": later("Batas waktu permohonan Anda bergeser"),
}
_TO_DO = {
    "slot": later("Cocok? Pastikan lewat tautan di bawah. Tidak cocok? Pilih di sana waktu atau kanal lain. Tanpa jawaban pun waktu itu tetap milik Anda."),
    "none": later("Anda tidak perlu melakukan apa-apa. Kalau tidak mau menunggu, pilih kanal lain lewat tautan di bawah."),
    "online": later("Anda tidak perlu melakukan apa-apa. Kalau lebih suka kanal lain, pilih lewat tautan di bawah."),
    "restored": later("Anda tidak perlu melakukan apa-apa. Tidak cocok lagi? Pilih waktu lain lewat tautan di bawah."),
    "earlier": later("Mau lebih awal? Pilih waktunya lewat tautan di bawah."),
    "pickup": later("Hasil Anda tersimpan dan dapat diambil sesudahnya. Lewat tautan di bawah terlihat mulai kapan."),
    "pickup_from": later("Hasil Anda tersimpan. Bawa nomor permohonan ini waktu mengambilnya."),
    "pickup_again": later("Bawa nomor permohonan ini."),
    "choose": later("Pilih waktu kedatangan lewat tautan di bawah."),
    "drop": later("Masukkan surat Anda ke kotak surat, dengan nomor permohonan ini di amplop."),
    "send": later("Suratnya tidak perlu dimasukkan ke kotak. Kirim isi atau fotonya lewat tautan di bawah, kalau belum."),
    "": later("Anda tidak perlu melakukan apa-apa. Nomor permohonan Anda tetap."),
}  # fmt: skip
_CALLED = {  # where it is read out on the telephone, to somebody who can say at once what fits
    "slot": later("Cocok? Kalau tidak, katakan sekarang: petugas memilihkan waktu atau kanal lain. Tanpa jawaban pun waktu itu tetap milik Anda."),
    "none": later("Anda tidak perlu melakukan apa-apa. Kalau tidak mau menunggu, katakan sekarang: petugas memilihkan kanal lain."),
    "online": later("Anda tidak perlu melakukan apa-apa. Kalau lebih suka kanal lain, katakan sekarang."),
    "restored": later("Anda tidak perlu melakukan apa-apa. Tidak cocok lagi? Katakan sekarang: petugas memilihkan waktu lain."),
    "earlier": later("Mau lebih awal? Katakan sekarang: petugas memilihkan waktunya."),
    "pickup": later("Hasil Anda tersimpan dan dapat diambil sesudahnya."),
    "choose": later("Katakan kapan Anda mau datang: petugas memilihkan waktunya."),
    "send": later("Suratnya tidak perlu dimasukkan ke kotak. Petugas memberi tahu bagaimana isinya dapat dikirim."),
}
_ANSWERED = ("slot", "none", "online", "restored", "earlier", "choose")  # what one can say at once to what there is to do
_SHUT = {"pickup": "pickup", "box": "box", "counter": "counter", "online": "remote"}
_WAIT_NOT = ("after", "diverted", "elsewhere", "held")  # a slot is held, and an answer is welcome


def subject(facts: Mapping[str, Any]) -> str:
    """What matters most of an act, as the subject of its letter."""
    return _SUBJECTS.get(_main(facts), later("Kabar penutupan kantor untuk permohonan Anda"))


def read(facts: Mapping[str, Any], *, is_called: bool = False) -> dict[str, Any]:
    """What the letter's template takes: the act, its changes, and what to do, in words, to be read or to be heard; the office may stand as it was and is."""
    deed = _deed(facts)
    office = facts["office"]
    is_moved = isinstance(office, dict)
    zone = ZoneInfo((office.get("was_zone") if is_moved else "") or facts["zone"])
    told = {**facts, "office": office} if is_moved else {name: fact for name, fact in facts.items() if name != "office"}
    return {
        "office": office["to"] if is_moved else office,
        "why": say(_why(facts, office["was"] if is_moved else office, zone)),
        "changes": [say(each) for each in effect_words.to_citizen(told, zone)],
        "to_do": say(Sentence(_CALLED.get(deed, _TO_DO[deed]) if is_called else _TO_DO[deed])),
    }


def awaits_answer(facts: Mapping[str, Any]) -> bool:
    """Whether there is something to choose for the person."""
    return _deed(facts) in _ANSWERED


def _why(facts: Mapping[str, Any], office: str, zone: ZoneInfo) -> Sentence:
    """What was declared, by whom nobody asks: which office, until when, for which reason."""
    window = effect_words.window(facts["starts"], facts.get("ends"), facts.get("review_on"), zone)
    reason = say(Sentence(REASONS.get(facts.get("reason", ""), REASONS["other"])))
    return Sentence(_ACTS.get(facts.get("act", ""), _ACTS["announced"]), office=office, window=window, reason=reason[:1].lower() + reason[1:])


def _main(facts: Mapping[str, Any]) -> str:
    """The change that weighs most for a person: a trip that would be in vain before a date that moves."""
    if facts.get("slot"):
        way: str = facts["slot"]["way"]
        if effect_words.is_elsewhere(facts["slot"], facts.get("office")):
            return "elsewhere"
        return way if facts["slot"].get("to") or way == "online" else "none"
    moved = [name for name in ("office", "channel") if isinstance(facts.get(name), dict)]  # else the office is a name alone
    shut = [said if facts[name]["shut"] else f"{said}_again" for name, said in _SHUT.items() if name in facts]
    return next(iter([*moved, *shut, *(name for name in ("earlier", "due") if facts.get(name))]), "")


def _deed(facts: Mapping[str, Any]) -> str:
    """What there is to do now."""
    main, channel = _main(facts), facts.get("channel") or {"was": "", "to": ""}
    if main in _WAIT_NOT:
        return "slot"
    if main in ("counter", "counter_again") or (main == "channel" and channel["to"] == COUNTER):
        return "choose"
    if main == "box_again" or (main == "channel" and channel["to"] == DROPBOX):
        return "drop"
    if main == "channel" and channel["was"] == DROPBOX:
        return "send"
    if main == "pickup" and facts["pickup"].get("again"):
        return "pickup_from"
    return main if main in _TO_DO else ""
