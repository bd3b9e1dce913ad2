"""Drop boxes: opened by two, counted, each letter matched with its request."""

import secrets
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, redirect, render_template, url_for

from portal import clock, numbers
from portal.offices.models import DropBox
from portal.refusals import Refused
from portal.services import boxes as box_services
from portal.services import catalogue, deadlines, dropbox, pickups
from portal.services.models import BoxItem, BoxPickup, Service
from portal.services.requests import Asked, Unfit
from portal.views import asked, at_desk, typed
from portal.views.access import allow, me
from portal.views.forms import Form
from portal.views.office_services import box_hours
from portal.words import Sentence, later

bp = Blueprint("desk_boxes", __name__, url_prefix="/loket/kotak")
MATCH, FORWARD, REGISTER, UNSEAL, COUNT = "cocokkan", "teruskan", "daftarkan", "buka", "hitung"
_DONE = {
    "ambil": later("Pengambilan dicatat. Sekarang cocokkan suratnya satu per satu."),
    MATCH: later("Surat {number} dicatat."),
    FORWARD: later("Surat {number} dicatat. Teruskan amplopnya ke kantor permohonan itu."),
    REGISTER: later("Surat didaftarkan dengan nomor {number}. Tulis nomor itu di amplop."),
    UNSEAL: later("Surat yang dipilih ditandai sudah dibuka."),
    COUNT: later("Jumlah surat dibetulkan."),
}


@bp.get("")
@allow("serve_requests")
def overview() -> str:
    """The boxes of one's offices, pick-ups that are not finished, and the letters that are awaited."""
    own = at_desk.desk().offices
    found, waits = pickups.boxes(own), pickups.awaited(own)
    return render_template(
        "desk_boxes/overview.html", boxes=found, services=box_services.services_of(found), unfinished=pickups.unfinished(own), waits=waits,
        waiting=pickups.waiting_at(own), hours={box.id: box_hours(box.hours) for box in found}, names=at_desk.names(), now=clock.now(), local=_local,
        zone_of=deadlines.zone_of,
        has_more=len(found) == pickups.MOST)  # fmt: skip


@bp.get("/<int:box>")
@allow("serve_requests")
def show(box: int) -> str:
    """One box: the form with which an opening is recorded, and the last ones."""
    found = _box(box)
    here = clock.now().astimezone(ZoneInfo(found.office.timezone))
    return _box_page(found, Form.of(at=here.strftime("%Y-%m-%dT%H:%M"), first=me().person.name))


@bp.post("/<int:box>")
@allow("serve_requests")
def open_box(box: int) -> Any:
    found, sent = _box(box), Form.sent()
    try:
        if found.ended_at is not None:
            raise Refused(Sentence("Kotak surat ini sudah ditiadakan."))
        letters = typed.whole(sent, "letters")
        if letters is None:
            raise Refused(Sentence("Isi jumlah surat di dalam kotak; 0 bila kosong."), field="letters")
        made = dropbox.open_box(found, _moment(sent["at"], found), sent["first"], sent["second"], letters, by=me().actor, now=clock.now())
    except Refused as refusal:
        return Response(_box_page(found, sent.refuse(refusal)), 422)
    return redirect(url_for(".pickup", pickup=made.id, sudah="ambil"), 303)


@bp.get("/ambil/<int:pickup>")
@allow("serve_requests")
def pickup(pickup: int) -> str:
    """The letters of one opening: those that are recorded, and the form for the next."""
    return _pickup_page(_pickup(pickup), Form())


@bp.post("/ambil/<int:pickup>/<act>")
@allow("serve_requests")
def act(pickup: int, act: str) -> Any:
    """Record a letter, open letters, or correct their count; refused, the page comes back with what was typed."""
    found, sent = _pickup(pickup), Form.sent()
    if act not in _ACTS:
        abort(404)
    try:
        number = _ACTS[act](found, sent)
    except Refused as refusal:
        for each in refusal.refusals if isinstance(refusal, Unfit) else [refusal]:
            sent.refuse(each)
        return Response(_pickup_page(found, sent, act, elsewhere=isinstance(refusal, dropbox.Elsewhere)), 422)
    return redirect(url_for(".pickup", pickup=found.id, sudah=act, nomor=number), 303)


def _match(found: BoxPickup, sent: Form) -> str:
    return _matched(found, sent, forwards=False)


def _forward(found: BoxPickup, sent: Form) -> str:
    return _matched(found, sent, forwards=True)


def _matched(found: BoxPickup, sent: Form, *, forwards: bool) -> str:
    item = dropbox.match(found, sent["number"][:500], own=at_desk.desk().offices, by=me().actor, now=clock.now(), note=sent["note"], forwards=forwards)
    return str(item.request.number)


def _register(found: BoxPickup, sent: Form) -> str:
    service = next((each for each in _services(found.box) if each.slug == sent["service"]), None)
    if service is None:
        raise Refused(Sentence("Pilih layanan."), field="service")
    wanted = Asked(service, found.box.office, "", sent["name"], sent["phone"], sent["email"], description=sent["description"], filed_by=me().person,
                   submission_key=sent["submission_key"] or None)  # fmt: skip
    return str(dropbox.register(found, wanted, by=me().actor, now=clock.now()).request.number)


def _unseal(found: BoxPickup, sent: Form) -> None:
    chosen = set(sent.all("item"))
    items = [item for item in pickups.items(found) if str(item.id) in chosen]
    if not items:
        raise Refused(Sentence("Pilih surat yang dibuka."), field="item")
    dropbox.unseal(items, by=me().actor, now=clock.now())


def _count(found: BoxPickup, sent: Form) -> None:
    letters = typed.whole(sent, "letters")
    if letters is None:
        raise Refused(Sentence("Isi jumlah surat di dalam kotak; 0 bila kosong."), field="letters")
    dropbox.correct_count(found, letters, by=me().actor, now=clock.now())


_ACTS: dict[str, Any] = {MATCH: _match, FORWARD: _forward, REGISTER: _register, UNSEAL: _unseal, COUNT: _count}


def _box_page(found: DropBox, form: Form) -> str:
    return render_template(
        "desk_boxes/box.html", box=found, form=form, latest=pickups.latest(found), hours=box_hours(found.hours), local=_local, now=clock.now(),
        waiting=pickups.waiting_at([found.office_id]).get(found.office_id, 0), services=box_services.services_of([found]).get(found.id, []))  # fmt: skip


def _pickup_page(found: BoxPickup, form: Form, act: str = "", *, elsewhere: bool = False) -> str:
    items, now, own = pickups.items(found), clock.now(), at_desk.desk().offices
    form.values.setdefault("submission_key", [secrets.token_urlsafe(16)])
    zone = ZoneInfo(found.box.office.timezone)
    rests = found.quarantined_until is not None and now < found.quarantined_until
    return render_template(
        "desk_boxes/pickup.html", pickup=found, box=found.box, items=items, left=found.letters - len(items), to_open=_to_open(items), form=form, act=act,
        elsewhere=elsewhere, options=[(each.slug, each.name) for each in _services(found.box)], rests=rests, zone=zone,
        here=now.astimezone(zone), done=_done(), own=own)  # fmt: skip


def _done() -> Sentence | None:
    """What was just done."""
    word, number = asked.text("sudah"), numbers.read(asked.text("nomor", 20)) or ""
    return Sentence(_DONE[word], number=number) if word in _DONE else None


def _to_open(items: list[BoxItem]) -> list[BoxItem]:
    return [item for item in items if item.handled_at is None]


def _services(box: DropBox) -> list[Service]:
    """What a letter out of this box can ask for: the services whose letters it takes, else all that its office gives."""
    return box_services.services_of([box]).get(box.id) or catalogue.given_at([box.office_id])


def _box(id: int) -> DropBox:
    found = pickups.box(id) if id < 2**31 else None
    return found if found is not None and _is_own(found) else abort(404)


def _pickup(id: int) -> BoxPickup:
    found = pickups.pickup(id) if id < 2**31 else None
    return found if found is not None and _is_own(found.box) else abort(404)


def _is_own(box: DropBox) -> bool:
    own = at_desk.desk().offices
    return own is None or box.office_id in own


def _local(moment: datetime, box: DropBox) -> datetime:
    return moment.astimezone(ZoneInfo(box.office.timezone))


def _moment(text: str, box: DropBox) -> datetime:
    """The moment of a field of date and time, on the clocks of the office."""
    try:
        found = datetime.fromisoformat(text.strip()[:40])
        if found.year not in range(2000, 2200):
            raise ValueError
    except ValueError:
        raise Refused(Sentence("Isi hari dan jam kotak dibuka."), field="at") from None
    return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(box.office.timezone))).astimezone(clock.UTC)
