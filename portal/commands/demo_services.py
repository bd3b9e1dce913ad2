"""The demo's catalogue: services with their standard, and the drop boxes that take their letters."""

from datetime import datetime
from pathlib import Path

from portal.offices import imports, places
from portal.offices.models import Office
from portal.services import boxes, catalogue_import
from portal.services.models import (
    Appointment,
    BoxItem,
    BoxPickup,
    BoxService,
    CannedAnswer,
    ClosureEffect,
    InboundLetter,
    Opinion,
    Particular,
    Pause,
    RequestDraft,
    RequestEvent,
    RequestFile,
    Requirement,
    Service,
    ServiceOffice,
    ServiceRequest,
    SlotOffer,
)
from portal.sheets import read

_DATA = Path(__file__).parent / "demo_data" / "services.csv"
_BY = "flask demo"
_BOXES = (  # office, place, hours, the services that it takes; none: all of the office
    ("kantor-wali-kota-jakarta-pusat", "meja satpam Blok C, khusus legalisir", "Mo-Fr 08:00-16:00", ("legalisir-dokumen",)),
    ("kantor-wali-kota-jakarta-timur", "pos jaga gerbang utama", "24/7", ()),
    ("kantor-kecamatan-menteng", "teras depan, di samping papan pengumuman", "24/7", ()),
    ("kantor-kecamatan-tanah-abang", "lobi, dekat meja informasi", "Mo-Fr 08:00-16:00", ("surat-keterangan-domisili", "surat-keterangan-tidak-mampu")),
    ("kantor-kecamatan-pasar-minggu", "pos jaga, pintu barat", "Mo-Su 06:00-20:00", ()),
    ("sudin-pajak-jakarta-pusat-kantor-dinas-teknis-abdul-muis", "lantai dasar, di depan lift", "Mo-Fr 07:30-16:00", ("pengurangan-pbb",)),
)


def make(now: datetime) -> None:
    """The catalogue and the boxes, once the offices are there."""
    lines = read(_DATA, required=catalogue_import.REQUIRED, optional=catalogue_import.COLUMNS)
    imports.run(catalogue_import.take_services, lines, by=_BY, now=now, progress=lambda done, total: None)
    services = {service.slug: service for service in Service.select()}
    for slug, place, opening, only in _BOXES:
        box = places.add_drop_box(Office.get(Office.slug == slug), place, opening, by=_BY, now=now)
        boxes.take_only(box, [services[each] for each in only], by=_BY, now=now)


def throw_away() -> None:
    """The catalogue with all that was asked for; the audit trail stays."""
    of_requests = (ClosureEffect, SlotOffer, RequestFile, BoxItem, BoxPickup, InboundLetter, Appointment, Pause, RequestEvent, RequestDraft, ServiceRequest)
    for table in (*of_requests, CannedAnswer, Opinion, BoxService, ServiceOffice, Particular, Requirement, Service):
        table.delete().execute()
