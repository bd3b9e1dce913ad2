"""Drop boxes: opened by two, counted, each letter matched with its request or registered on the spot, and nobody opens one before its quarantine ends."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal import audit, policies
from portal.audit import Actor
from portal.db import locked, transaction
from portal.offices.models import DropBox, Office
from portal.offices.tree import chains
from portal.policies import LETTER_QUARANTINE
from portal.refusals import Refused, plain
from portal.services import deadlines, requests
from portal.services.models import DROPBOX, IN_PROGRESS, OPEN, PAPER, RECEIVED, WAITING, BoxItem, BoxPickup, RequestEvent, ServiceRequest
from portal.services.requests import Asked
from portal.words import Sentence

DEPOSITED, COLLECTED, FORWARDED, UNSEALED = "deposited", "collected", "forwarded", "unsealed"
_MOST = 2000  # letters in one box
_IN_ADDRESS = re.compile(r"/permohonan/([^/?#\s]+)")


class Elsewhere(Refused):
    """A letter whose request lies at an office that is none of one's own; carries the office."""

    def __init__(self, office: Office) -> None:
        super().__init__(Sentence("Permohonan ini ada di {office}. Catat surat ini, lalu teruskan ke sana.", office=office.name), field="number")
        self.office = office


def deposit(request: ServiceRequest, *, now: datetime) -> None:
    """The citizen says that the letter lies in the box; said twice it stands once."""
    with transaction():
        row = requests.held(request)
        if row.channel != DROPBOX or row.state not in OPEN or _has_arrived(row):
            raise Refused(Sentence("Permohonan ini tidak menunggu surat di kotak."))
        if not has_been_deposited(row):
            requests.happened(row, DEPOSITED, now=now)


def has_been_deposited(request: ServiceRequest) -> bool:
    """Whether the citizen has said that the letter lies in the box."""
    return bool(RequestEvent.select().where(RequestEvent.request == request.id, RequestEvent.what == DEPOSITED).exists())


def open_box(box: DropBox, at: datetime, first: str, second: str, letters: int, *, by: Actor, now: datetime) -> BoxPickup:
    """A box was opened by two people who counted its letters; they rest as long as the policy says."""
    first, second = (plain(name, field=field, limit=200, required=True) for name, field in ((first, "first"), (second, "second")))
    if " ".join(first.split()).casefold() == " ".join(second.split()).casefold():
        raise Refused(Sentence("Kotak surat dibuka berdua: isi dua nama yang berbeda."), field="second")
    _check_count(letters)
    if at > now:
        raise Refused(Sentence("Waktu pengambilan belum terjadi."), field="at")
    with transaction():
        box = locked(DropBox.select().where(DropBox.id == box.id)).get()
        if BoxPickup.select().where(BoxPickup.box == box.id, BoxPickup.at == at).exists():
            raise Refused(Sentence("Pengambilan pada waktu ini sudah tercatat."), field="at")
        made = BoxPickup.create(box=box, at=at, first_name=first, second_name=second, letters=letters, quarantined_until=quarantine(box.office, at),
                                noted_at=now, noted_by=by.person_id)  # fmt: skip
        audit.record("box_opened", "drop_box", box.id, by=by, now=now, label=box.place,
                     after={"at": at.isoformat(), "first": first, "second": second, "letters": letters})  # fmt: skip
    return made


def correct_count(pickup: BoxPickup, letters: int, *, by: Actor, now: datetime) -> None:
    """The letters of a pick-up were counted wrong; never fewer than are recorded already."""
    _check_count(letters)
    with transaction():
        row = _held(pickup)
        matched = _matched(row)
        if letters < matched:
            raise Refused(Sentence("Sudah {count} surat yang dicatat dari pengambilan ini.", count=matched), field="letters")
        if letters != row.letters:
            BoxPickup.update(letters=letters).where(BoxPickup.id == row.id).execute()
            audit.record("box_counted_again", "drop_box", row.box_id, by=by, now=now, label=row.box.place, before={"letters": row.letters},
                         after={"letters": letters})  # fmt: skip


def quarantine(office: Office, at: datetime) -> datetime | None:
    """Until when letters collected at a moment rest unopened; nothing where no policy asks for it."""
    day = at.astimezone(ZoneInfo(office.timezone)).date()
    nodes, regions = chains({office.id})[office.id]
    held = policies.holding(policies.of_kind(LETTER_QUARANTINE), office_ids=nodes, region_codes=regions, day=day)
    return at + timedelta(hours=held[0].value["hours"]) if held and held[0].value["hours"] else None


def match(pickup: BoxPickup, typed: str, *, own: Collection[int] | None = None, by: Actor, now: datetime, note: str = "", forwards: bool = False) -> BoxItem:
    """A letter with a number on it is the request of that number: from its collection on the working days count.

    The number may be typed in any way, or be the address that its QR code holds. Elsewhere where the request lies at none of one's own offices (None: all
    are), unless the letter is forwarded there.
    """
    found = _IN_ADDRESS.search(typed)
    with transaction():
        pickup = _held(pickup)
        row = requests.held(requests.find(found.group(1) if found else typed))
        if row.state not in OPEN:
            raise Refused(Sentence("Permohonan {number} sudah ditutup. Daftarkan suratnya sebagai permohonan baru.", number=row.number), field="number")
        if BoxItem.select().where(BoxItem.pickup == pickup.id, BoxItem.request == row.id).exists():
            raise Refused(Sentence("Permohonan {number} sudah tercatat dari pengambilan ini.", number=row.number), field="number")
        is_elsewhere = own is not None and row.office_id not in own
        if is_elsewhere and not forwards:
            raise Elsewhere(row.office)
        _check_room(pickup)
        item = _item(pickup, row, was_announced=True, note=note, by=by, now=now)
        return _forwarded(item, by, now) if is_elsewhere else item


def register(pickup: BoxPickup, asked: Asked, *, by: Actor, now: datetime, note: str = "") -> BoxItem:
    """A letter without a number becomes a request on the spot; the same form sent twice is one."""
    if (known := requests.of_key(asked.submission_key)) is not None and (item := item_of(known)) is not None:
        return item
    with transaction():
        pickup = _held(pickup)
        _check_room(pickup)
        row = requests.submit(replace(asked, channel=DROPBOX, origin=PAPER, is_brief=True), by=by, now=now)
        return item_of(row) or _item(pickup, row, was_announced=False, note=note, by=by, now=now)


def unseal(items: Iterable[BoxItem], *, by: Actor, now: datetime) -> int:
    """The letters are opened and in work; Refused while they still rest. How many were opened now."""
    with transaction():
        return sum(_unsealed(item, by, now) for item in items)


def item_of(request: ServiceRequest) -> BoxItem | None:
    """The letter out of a box that a request is, the first if there are several; none until one has arrived."""
    return BoxItem.select().where(BoxItem.request == request.id).order_by(BoxItem.id).first()


def _forwarded(item: BoxItem, by: Actor, now: datetime) -> BoxItem:
    """The letter goes on unopened to the office of its request, and its officers are shown that it comes."""
    row = item.request
    ServiceRequest.update(news_at=now).where(ServiceRequest.id == row.id).execute()
    BoxItem.update(handled_at=now).where(BoxItem.id == item.id).execute()
    requests.happened(row, FORWARDED, by=by, now=now, was=item.pickup.box.office.name, to=row.office.name)
    return BoxItem.get_by_id(item.id)


def _has_arrived(row: ServiceRequest) -> bool:
    return item_of(row) is not None


def _unsealed(item: BoxItem, by: Actor, now: datetime) -> bool:
    until = item.pickup.quarantined_until
    if until is not None and now < until:
        raise Refused(Sentence("Surat ini masih dikarantina sampai {when}.", when=until.astimezone(deadlines.zone_of(item.request))))
    if not BoxItem.update(handled_at=now).where(BoxItem.id == item.id, BoxItem.handled_at.is_null()).execute():
        return False
    row = requests.held(item.request)
    if row.state == RECEIVED:
        ServiceRequest.update(state=IN_PROGRESS).where(ServiceRequest.id == row.id).execute()
    requests.happened(row, UNSEALED, by=by, now=now)
    audit.record("letter_unsealed", "request", row.id, by=by, now=now, label=row.number)
    return True


def _held(pickup: BoxPickup) -> BoxPickup:
    """The pick-up as it stands now, kept from others, so that two officers cannot record more letters than were counted."""
    return locked(BoxPickup.select().where(BoxPickup.id == pickup.id)).get()


def _matched(pickup: BoxPickup) -> int:
    return int(BoxItem.select().where(BoxItem.pickup == pickup.id).count())


def _check_count(letters: int) -> None:
    if not 0 <= letters <= _MOST:
        raise Refused(Sentence("Isi bilangan dari 0 sampai {most}.", most=_MOST), field="letters")


def _check_room(pickup: BoxPickup) -> None:
    """No more letters than were counted; whoever counted wrong corrects the count first."""
    if _matched(pickup) >= pickup.letters:
        raise Refused(Sentence("Semua {letters} surat dari pengambilan ini sudah dicatat. Betulkan jumlahnya bila suratnya lebih.", letters=pickup.letters),
                      field="number")  # fmt: skip


def _item(pickup: BoxPickup, row: ServiceRequest, *, was_announced: bool, note: str, by: Actor, now: datetime) -> BoxItem:
    """Write the letter down: when it was collected, where, and until when it rests."""
    made = BoxItem.create(pickup=pickup, request=row, was_announced=was_announced, note=plain(note, field="note", limit=500))
    until = pickup.quarantined_until.isoformat() if pickup.quarantined_until else None
    requests.happened(row, COLLECTED, by=by, now=max(pickup.at, row.created_at), at=pickup.at.isoformat(), place=pickup.box.place, quarantined_until=until)
    ServiceRequest.update(clock_from=row.clock_from or pickup.at, **_news(row, now)).where(ServiceRequest.id == row.id).execute()
    deadlines.recount([row.id], now=now)
    audit.record("letter_collected", "request", row.id, by=by, now=now, label=row.number, after={"pickup": pickup.id, "announced": was_announced})
    if was_announced:
        requests.tell(row, "request_collected", key=str(pickup.id), now=now, is_worth_a_call=False, until=until)
    return made


def _news(row: ServiceRequest, now: datetime) -> dict[str, datetime]:
    """A paper that comes to a request in work is something that its officer has to see."""
    return {"news_at": now} if row.state == WAITING or row.channel != DROPBOX else {}
