"""A closure in sentences, fact by fact: feed, calendar, public page, press note and data for search engines all say these."""

from portal.offices.closures import WITHDRAWN
from portal.offices.declared import Instead, Meanwhile, Record
from portal.offices.partly import Listing, last_of, listing
from portal.offices.telling import Way, detour_of
from portal.words import Sentence, later

_NAMED = 3  # drop boxes; of more it is enough that there are


def headline(record: Record, offices: str) -> Sentence:
    """What is closed, with the names of the offices as the reader has room for."""
    if record.services:
        return Sentence("Sebagian layanan tutup: {offices}", offices=offices)
    return Sentence(later("Tutup total: {offices}") if record.is_total else later("Tutup tatap muka: {offices}"), offices=offices)


def facts(record: Record) -> list[Sentence]:
    """All that the public should know, what works instead last; of one that was withdrawn only what it was."""
    if record.status == WITHDRAWN:
        return basics(record)
    return [*basics(record), *(Sentence("{first}.", first=way.sentence) for way in ways(record.meanwhile)), *stopped(record.meanwhile)]


def basics(record: Record) -> list[Sentence]:
    """When and why, and what of its offices it takes; first of all that it was withdrawn, if it was."""
    withdrawn = [Sentence("Pengumuman ini ditarik; penutupan ini tidak berlaku.")] if record.status == WITHDRAWN else []
    window = Sentence("Masa penutupan: {period}", period=record.period)
    return [*withdrawn, window, *_promised_before(record), Sentence("Sebab: {reason}.", reason=record.reason), *scope(record)]


def _promised_before(record: Record) -> list[Sentence]:
    """The end that was said first, where it is another now, and the last that was said before it became what it is."""
    said = [event.ends_before for event in record.events if event.ends_before]
    if not said or said[0] == record.closure.ends_at:
        return []
    first, latest = (last_of(end, record.zone) for end in (said[0], said[-1]))
    return [Sentence("Semula sampai {before}.", before=first) if first == latest else
            Sentence("Semula sampai {before}, kemudian diumumkan sampai {latest}.", before=first, latest=latest)]  # fmt: skip


def scope(record: Record) -> list[Sentence]:
    """What it takes of its offices, where that is not all."""
    found = []
    if record.services:
        found.append(Sentence("Hanya layanan {services} yang tutup; layanan lain berjalan seperti biasa.", services=listing(record.services.values())))
    if record.excepted:
        found.append(Sentence("Tetap buka: {parts}.", parts=Listing(tuple(_part(name, record) for _, name in record.excepted))))
    return found


def ways(meanwhile: Meanwhile) -> list[Way]:
    """What works instead; without full stops, to stand in a list."""
    found = [Way("diverted", _diversion(each, meanwhile), office=each.slug) for each in meanwhile.instead]
    if meanwhile.has_online:
        found.append(Way("online", Sentence("Layanan daring tetap berjalan")))
    if meanwhile.has_dropbox:
        places = Listing(tuple(dict.fromkeys(meanwhile.boxes)))
        is_named = 0 < len(places.names) <= _NAMED
        found.append(Way("dropbox", Sentence("Kotak surat: {places}", places=places) if is_named else Sentence("Kotak surat dapat dipakai")))
    return found


def stopped(meanwhile: Meanwhile) -> list[Sentence]:
    """Which ways that people may count on stop too."""
    found = [] if meanwhile.has_online else [Sentence("Layanan daring dan surel juga berhenti.")]
    return [*found, Sentence("Kotak surat tidak dapat dipakai.")] if meanwhile.dropbox is False else found


def _diversion(instead: Instead, meanwhile: Meanwhile) -> Sentence:
    said = detour_of(instead.service, instead.place, meanwhile.services)
    if instead.first_day and instead.last_day and instead.first_day != instead.last_day:
        return Sentence("{way} ({first} sampai {last})", way=said, first=instead.first_day, last=instead.last_day)
    if instead.first_day and instead.last_day:
        return Sentence("{way} (hanya {first})", way=said, first=instead.first_day)
    if instead.first_day:
        return Sentence("{way} (mulai {first})", way=said, first=instead.first_day)
    return Sentence("{way} (sampai {last})", way=said, last=instead.last_day) if instead.last_day else said


def _part(name: str, record: Record) -> str:
    """A part without the name of its office, where there is only one."""
    return name.removeprefix(f"{record.taken[0][1]}: ") if len(record.taken) == 1 else name
