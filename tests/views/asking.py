"""A citizen before the form of a request: one service at one office with two desks and a drop box, on a Thursday morning."""

import io
from datetime import datetime
from typing import Any

from flask import Flask

from portal.offices import places
from portal.services.models import Requirement, ServiceRequest
from tests import make
from tests.views.staff import Browser, fields_of

MORNING = "2020-09-17T09:00+07:00"
NOW = datetime.fromisoformat(MORNING)
TYPED = {"channel": "online", "name": "Warga Contoh", "phone": "0812-0000-0000", "email": "warga@example.org", "description": "Untuk sekolah anak."}


class Asking:
    """The service and its office, the citizen's browser, and the address of the form."""

    def __init__(self, app: Flask) -> None:
        self.office = make.office("Kantor Kecamatan Uji", email="surat@uji.example", phone="(021) 555 01", lat=-6.17, lon=106.82, desks=2)
        places.add_drop_box(self.office, "lobi Blok A", "Mo-Fr 08:00-13:30", **make.ACT)
        self.service = make.service("Surat keterangan uji", at=[self.office], cost="Gratis")
        Requirement.create(service=self.service, place=0, text="Surat pengantar RT", form="original")
        self.citizen = Browser(app)
        self.form = f"/permohonan/baru?layanan={self.service.slug}&kantor={self.office.slug}"

    def send(self, page: str = "", *, to: str = "", browser: Browser | None = None, files: Any = (), **typed: str) -> Any:
        """The form as its page holds it, with what is typed into it."""
        who = browser or self.citizen
        held: dict[str, Any] = {name: values for name, values in fields_of(page or who.get(self.form).text, "permohonan").items() if name != "csrf_token"}
        if files:
            held["files"] = [(io.BytesIO(content), name) for name, content in files]
        return who.post(to or self.form, {**held, **TYPED, **typed}, content_type="multipart/form-data")

    def only(self) -> ServiceRequest:
        """The one request that there is."""
        (found,) = ServiceRequest.select()
        return found
