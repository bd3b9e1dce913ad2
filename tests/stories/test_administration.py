"""A new office opens: its people come in by file, its head closes it, and an administrator keeps all of it in order, with JavaScript off."""

import io
import re

from portal import clock
from portal.audit import AuditEntry
from portal.offices import postings
from portal.offices.models import Office
from portal.people.models import Person
from tests import make
from tests.views.administration import Desk
from tests.views.world import MORNING

PEOPLE = """nip,name,email,office,position,supervisor_nip,roles,starts
198001012005011001,Kepala Uji,kepala@kantor.example,kantor-kelurahan-uji,Lurah,,head,2020-01-01
198502022010012002,Pegawai Uji,,kantor-kelurahan-uji,Analis,198001012005011001,,2020-01-01
"""


def test_an_office_is_made_its_people_come_in_by_file_and_its_head_may_close_it(client, at):
    at(MORNING)
    make.region("31", "Jakarta")
    desk = Desk(client)

    assert desk.post("/admin/kantor/baru", name="Kantor Kelurahan Uji", region="31", hours="Mo-Fr 08:00-15:00").status_code == 303
    assert desk.post("/admin/kantor/kantor-kelurahan-uji/kotak-surat", place="pos jaga", hours="24/7").status_code == 303

    data = {"csrf_token": desk.token(), "file": (io.BytesIO(PEOPLE.encode()), "orang.csv")}
    shown = client.post("/admin/impor/people", data=data, content_type="multipart/form-data").text
    assert not Person.select().where(Person.name == "Kepala Uji").exists()
    found = re.search(r'action="(/admin/impor/people/[\w-]+)"', shown)
    assert found
    assert desk.post(found[1]).status_code == 303

    head, worker = Person.get(Person.name == "Kepala Uji"), Person.get(Person.name == "Pegawai Uji")
    assert "Atasan: Kepala Uji" in desk.get(f"/admin/orang/{worker.id}").text
    assert desk.post(f"/admin/orang/{head.id}/undang").status_code == 303
    assert "kepala@kantor.example" in desk.get("/surat").text

    office = Office.get(Office.slug == "kantor-kelurahan-uji")
    assert postings.may_act_for(postings.standing(head, clock.now().date()), "head", office)
    rule = {"name": "Jam pendek", "legal_basis": "SE 1", "first_day": "2020-09-22", "hours": "08:00-08:30", "office": office.slug}
    assert desk.post("/admin/kebijakan/baru/reduced_hours", **rule).status_code == 303
    assert client.get(f"/api/v1/offices/{office.slug}").get_json()["state"] == "off_hours"

    told = {act for (act,) in AuditEntry.select(AuditEntry.act).where(AuditEntry.actor_id == desk.person.id).tuples()}
    assert {"office_added", "drop_box_added", "person_imported", "invitation_promised", "policy_set"} <= told
