"""The standard of a service: what may be said, what is kept, and what the trail tells of it."""

from dataclasses import replace

import pytest

from portal.audit import AuditEntry
from portal.offices import board
from portal.refusals import Refused
from portal.services import deadlines, particulars, requests, standards
from portal.services.models import Particular, Service
from portal.services.standards import CHOICE, COPY, DATE, NONE, ORIGINAL, TEXT, Ask, Need, Standard
from tests import make

FULL = Standard(
    "Surat keterangan domisili", "Di mana Anda tinggal.", "Surat", (Need("Kartu keluarga", COPY), Need("Surat RT", ORIGINAL), Need("Alamat", NONE)),
    "Ajukan.\nTunggu.", 3, "Gratis", "UU 24/2013", "Loket pengaduan", ("kantor kecamatan",), (), (), ("counter", "online"), "", True,
    (Ask("Keperluan", CHOICE, "Pilih satu.", ("Sekolah", "Bank"), True), Ask("Nomor KK", TEXT, is_sensitive=True)))  # fmt: skip


def added(standard: Standard = FULL, **facts) -> Service:
    return standards.add(standard, **{**make.ACT, **facts})


def held(service: Service) -> Standard:
    return standards.of([service])[service.id]


def test_what_was_said_of_a_service_is_what_stands_in_the_catalogue(database):
    office, other = make.office("A", slug="kantor-a"), make.office("B", slug="kantor-b")
    said = replace(FULL, offices=(office.slug,), excepted=(other.slug,))
    service = added(said)
    assert held(service) == said
    assert service.slug == "surat-keterangan-domisili"


def test_every_act_on_a_service_is_in_the_trail_and_on_the_board(database):
    version = board.version()
    service = added()
    assert standards.change(service, replace(FULL, cost="Rp10.000"), **make.ACT)
    standards.end(service, **make.ACT)
    standards.restore(service, **make.ACT)
    acts = [(entry.act, entry.after) for entry in AuditEntry.select().where(AuditEntry.kind == "service").order_by(AuditEntry.id)]
    assert [act for act, _ in acts] == ["service_added", "service_changed", "service_ended", "service_restored"]
    assert acts[1][1] == {"cost": "Rp10.000"}
    assert board.version() == version + 4


def test_saying_the_same_again_is_no_act(database):
    service = added()
    version, acts = board.version(), AuditEntry.select().count()
    assert not standards.change(service, FULL, **make.ACT)
    standards.restore(service, **make.ACT)
    assert (board.version(), AuditEntry.select().count()) == (version, acts)


def test_a_service_that_ends_twice_ended_once(database):
    service = added()
    standards.end(service, **make.ACT)
    standards.end(service, **make.ACT)
    assert AuditEntry.select().where(AuditEntry.act == "service_ended").count() == 1


def test_a_question_keeps_its_row_while_its_words_and_kind_stay_and_others_end(database):
    service = added()
    before = {row.label: row.id for row in Particular.select()}
    asks = (Ask("Nomor KK", TEXT, "16 angka", is_sensitive=True), Ask("Keperluan", TEXT), Ask("Tanggal", DATE))
    standards.change(service, replace(FULL, asks=asks), **make.ACT)
    assert held(service).asks == asks
    rows = {row.label: row for row in Particular.select().where(Particular.ended_at.is_null())}
    assert rows["Nomor KK"].id == before["Nomor KK"]
    assert rows["Keperluan"].id != before["Keperluan"]
    assert Particular.get_by_id(before["Keperluan"]).ended_at == make.NOW


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * 201}),
        ("summary", {"summary": "a\0b"}),
        ("working_days", {"working_days": 0}),
        ("working_days", {"working_days": 251}),
        ("channels", {"channels": ()}),
        ("channels", {"channels": ("counter", "merpati")}),
        ("why_not_remote", {"channels": ("counter",)}),
        ("needs", {"needs": (Need("", COPY),)}),
        ("needs", {"needs": (Need("Kartu", "emas"),)}),
        ("needs", {"needs": (Need("Kartu"),) * 61}),
        ("asks", {"asks": (Ask("A", "gambar"),)}),
        ("asks", {"asks": (Ask("A", CHOICE, options=("satu",)),)}),
        ("asks", {"asks": (Ask("Nama"), Ask("nama"))}),
        ("asks", {"asks": (Ask("A|B"),)}),
        ("offices", {"offices": ("x",), "excepted": ("x",)}),
        ("offices", {"offices": ("tidak-ada",)}),
        ("excepted", {"excepted": ("tidak-ada",)}),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field_and_nothing_is_kept(database, field, changes):
    with pytest.raises(Refused) as refused:
        added(replace(FULL, **changes))
    assert refused.value.field == field
    assert not Service.select().exists()


@pytest.mark.parametrize("slug", ["Besar", "dua--garis", "spasi di", "-", "x" * 121])
def test_an_address_has_small_letters_digits_and_dashes(database, slug):
    with pytest.raises(Refused) as refused:
        added(slug=slug)
    assert refused.value.field == "slug"


def test_two_services_never_share_an_address_also_where_one_has_ended(database):
    standards.end(added(), **make.ACT)
    for slug, field in (("", "name"), ("surat-keterangan-domisili", "slug")):
        with pytest.raises(Refused) as refused:
            added(slug=slug)
        assert refused.value.field == field


def test_a_counter_is_enough_where_it_is_said_why(database):
    assert held(added(replace(FULL, channels=("counter",), why_not_remote="Sidik jari direkam."))).channels == ("counter",)


def test_who_asked_keeps_the_time_that_the_standard_promised_then(database):
    office = make.office()
    service = make.service(at=[office], working_days=3)
    asked = make.request(service, office)
    promised = asked.due_on
    Service.update(working_days=10).where(Service.id == service.id).execute()
    deadlines.recount([asked.id], now=make.NOW)
    row = requests.find(asked.number)
    assert (row.due_on, deadlines.counted(row, now=make.NOW).due_on) == (promised, promised)
    assert make.request(Service.get_by_id(service.id), office).due_on > promised


def test_a_question_that_becomes_sensitive_has_its_earlier_answers_sealed(database):
    office = make.office(slug="kantor-a")
    service = added(replace(FULL, offices=(office.slug,), asks_nik=False))
    purpose = Particular.get(Particular.label == "Keperluan")
    asked = make.request(service, office, answers={purpose.id: "Sekolah"})
    assert asked.answers == {str(purpose.id): "Sekolah"}
    standards.change(service, replace(held(service), asks=(replace(FULL.asks[0], is_sensitive=True), FULL.asks[1])), **make.ACT)
    row = requests.find(asked.number)
    assert set(row.answers[str(purpose.id)]) == {"sealed"} and particulars.read(row) == {purpose.id: "Sekolah"}
