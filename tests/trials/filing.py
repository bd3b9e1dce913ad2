"""Citizens who ask while the server is killed, and who send the form again where no answer came."""

from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from portal import clock, db
from portal.audit import AuditEntry
from portal.outbox import Letter
from portal.services import appointments
from portal.services.models import Appointment, RequestEvent, ServiceRequest
from tests import make
from tests.trials.submitting import Press, Submitting
from tests.views.staff import fields_of

FORM = "/permohonan/baru"


@dataclass
class Filing(Submitting):
    """The same crowd before the form of the public: every fourth asks for a time at the counter."""

    keys: list[str] = field(default_factory=list)

    def _presses(self) -> list[Press]:
        with self.app.app_context():
            office = make.office("Kantor Wali Kota", opening="24/7", desks=self.people)
            service = make.service(at=[office])
            slot = appointments.free(service, office, now=clock.now(), most=40)[-1].starts_at.isoformat()
        return [self._press_of(number, f"{FORM}?layanan={service.slug}&kantor={office.slug}", slot) for number in range(self.people)]

    def _press_of(self, number: int, address: str, slot: str) -> Press:
        """The form as one citizen's browser sends it, with the key that its page held."""
        client = self.app.test_client()
        held = fields_of(client.get(address).text, "permohonan")
        self.keys.append(held["submission_key"][0])
        by_counter = {"channel": "counter", "slot": slot} if number % 4 == 0 else {"channel": "online"}
        typed = {"name": f"Warga Contoh {number}", "phone": "081200000000", "email": f"warga{number}@example.org", "description": "Mohon surat.", **by_counter}
        cookie = client.get_cookie("sesi")
        assert cookie is not None
        return Press(address, f"sesi={cookie.value}", urlencode({**held, **typed}, doseq=True))

    def verdict(self) -> str:
        """What became of the requests, in a line; fails where an answered one is not kept, or one is kept twice or in part."""
        assert Counter(press.status for press in self.presses) == {303: self.people}
        rows = {row.submission_key: row for row in ServiceRequest.select()}
        assert ServiceRequest.select().count() == len(rows) == self.people and set(rows) == set(self.keys)
        mine = [rows[key] for key in self.keys]
        assert [press.led_to.rpartition("/")[2] for press in self.presses] == [row.number for row in mine]
        self._assert_whole(mine)
        repeated = [(press, row) for press, row in zip(self.presses, mine, strict=True) if len(press.sent) > 1]
        kept = sum(row.created_at < press.sent[-1] for press, row in repeated)
        engine = "PostgreSQL" if db.is_postgres() else "SQLite"
        return (f"{engine}: {self.people} requests filed over {self.kills} kills: {self.people - len(repeated)} answered at once, {len(repeated)} sent again "
                f"({kept} of them had been kept before the answer was lost), 0 lost, 0 twice, 0 in part")  # fmt: skip

    def _assert_whole(self, rows: list[ServiceRequest]) -> None:
        """One beginning of the history, one line of the trail and one letter for each; a seat for those who chose one."""
        ids = Counter(row.id for row in rows)
        assert Counter(id for (id,) in RequestEvent.select(RequestEvent.request).where(RequestEvent.what == "submitted").tuples()) == ids
        assert Counter(int(id) for (id,) in AuditEntry.select(AuditEntry.object_id).where(AuditEntry.act == "request_filed").tuples()) == ids
        assert Counter(key for (key,) in Letter.select(Letter.key).tuples()) == Counter(f"request_received {row.number} " for row in rows)
        seats = {(request, seat) for request, seat in Appointment.select(Appointment.request, Appointment.seat).tuples()}
        assert {request for request, _ in seats} == {row.id for row in rows if row.channel == "counter"} and len({seat for _, seat in seats}) == len(seats)
        if db.is_sqlite():
            assert db.database.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
