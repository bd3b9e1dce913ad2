"""A small country for the tests of pages: offices in three zones, closures of every kind, as of Tuesday, 22 September 2020."""

from datetime import UTC, datetime, timedelta
from typing import Any

from portal import heartbeat
from portal.offices import calendars, closures, places
from portal.offices.closures import Detour
from portal.offices.models import Closure, Office
from tests import make

MORNING = "2020-09-22T09:00+07:00"
NIGHT = "2020-09-22T23:00+07:00"
HALL = "kantor-wali-kota-jakarta-pusat"
SERVICE = "surat-keterangan-domisili"


class World:
    """What was made, by name."""

    def __init__(self) -> None:
        regions = {code: make.region(code, name) for code, name in REGIONS.items()}
        self.hall = make.office(
            "Kantor Wali Kota Jakarta Pusat", region="31.71", kind="kantor wali kota", lat=-6.17, lon=106.82, phone="(021) 555 01", email="surat@hall.example"
        )
        self.floor = make.unit(self.hall, "Kantor Wali Kota Jakarta Pusat: Lantai 2", region="31.71")
        self.neighbour = make.office("Kantor Wali Kota Jakarta Selatan", region="31.74", kind="kantor wali kota", lat=-6.26, lon=106.81)
        self.health = make.office("Kantor Dinas Kesehatan", region="31.71", lat=-6.18, lon=106.83)
        self.post = make.unit(self.health, "Kantor Dinas Kesehatan: Posko", region="31.71")
        self.village = make.office("Kantor Kelurahan Karang Anyar", region="31.71.02.1004", lat=-6.15, lon=106.84)
        self.denpasar = make.office("Kantor Wali Kota Denpasar", region="51.71", timezone="Asia/Makassar")
        self.jayapura = make.office("Kantor Wali Kota Jayapura", region="91.71", timezone="Asia/Jayapura")
        self.station = make.office("Pos Siaga <Banjir> & Kebakaran", region="31.74", opening="24/7")
        places.add_drop_box(self.hall, "lobi Blok A", "Mo-Fr 08:00-13:30", **make.ACT)
        calendars.add_regional(datetime(2020, 9, 25, tzinfo=UTC).date(), "Hari Jadi", regions["51"], **make.ACT)
        self.service = make.service("Surat keterangan domisili", slug=SERVICE, kinds=["kantor wali kota"], at=[self.village], cost="Gratis")
        self._close()
        heartbeat.beat("worker", now=datetime.fromisoformat(MORNING))

    def _close(self) -> None:
        said = make.NOW - timedelta(days=30)
        self.main = make.closure(
            self.hall,
            reason="confirmed_case",
            online=True,
            dropbox=True,
            note="Surat lewat kotak surat.",
            legal_basis="Pergub 88/2020",
            detours=[Detour(self.neighbour), Detour(place="Tenda di halaman", service="KTP")],
        )
        self.partly = make.closure(self.health, excepted=[self.post], first="2020-09-21")
        self.open_end = make.closure(self.village, days=None, online=False, dropbox=False, first="2020-09-19", now=said)
        self.eastern = make.closure(self.jayapura, first="2020-09-22", days=2)
        self.past = make.closure(self.neighbour, first="2020-08-24", days=2, now=said)
        self.coming = make.closure(self.neighbour, first="2020-09-28", days=1)
        self.mistake = make.closure(self.denpasar, first="2020-09-22", days=2)
        closures.withdraw(self.mistake, reason="Keliru.", by="kepala", now=make.NOW + timedelta(hours=1))

    def offices(self) -> list[Office]:
        return [each for each in vars(self).values() if isinstance(each, Office)]

    def closures(self) -> list[Closure]:
        return [each for each in vars(self).values() if isinstance(each, Closure)]


REGIONS: dict[str, str] = {
    "31": "Daerah Khusus Ibukota Jakarta",
    "31.71": "Kota Administrasi Jakarta Pusat",
    "31.71.02": "Sawah Besar",
    "31.71.02.1004": "Karang Anyar",
    "31.74": "Kota Administrasi Jakarta Selatan",
    "51": "Bali",
    "51.71": "Kota Denpasar",
    "91": "Papua",
    "91.71": "Kota Jayapura",
}


def public_addresses(world: World) -> dict[str, str]:
    """Every kind of public page and feed by its endpoint, as the addresses of this world."""
    slug = world.hall.slug
    return {
        "offices.board": "/",
        "offices.office": f"/kantor/{slug}",
        "offices.notice": f"/kantor/{slug}/pengumuman",
        "nearby.choose": "/dekat?dari=31.71",
        "catalogue.overview": "/layanan",
        "catalogue.show": f"/layanan/{SERVICE}",
        "data.reuse": "/data",
        **_of_history(slug),
        "feeds.everything": "/umpan.atom",
        "feeds.region": "/umpan/31.71.atom",
        "feeds.office": f"/kantor/{slug}/umpan.atom",
        "feeds.calendar": f"/kantor/{slug}/kalender.ics",
        "feeds.badge": f"/kantor/{slug}/lencana.svg",
        "api.offices": "/api/v1/offices",
        "closure_public.show": f"/pengumuman/{world.main.id}",
        "closure_public.press": f"/pengumuman/{world.main.id}/siaran-pers",
        "api.office": f"/api/v1/offices/{slug}",
        "api.timeline": f"/api/v1/offices/{slug}/timeline",
        "api.closures": "/api/v1/closures",
        "api.description": "/api/v1/openapi.json",
    }


def _of_history(slug: str) -> dict[str, str]:
    return {
        "history.office": f"/kantor/{slug}/riwayat",
        "history.office_table": f"/kantor/{slug}/riwayat.csv",
        "history.region": "/wilayah/31/riwayat",
        "history.region_table": "/wilayah/31/riwayat.csv",
        "region_map.show": "/wilayah/31/peta",
        "embed.board": "/sematan",
        "sitemap.index": "/sitemap.xml",
    }


def json_of(client: Any, address: str) -> Any:
    """The JSON of an answer that must be one."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.get_json()
