"""Administration of the catalogue: services with their standard, added, changed, ended, taken along as CSV; and what each drop box takes."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from portal import clock
from portal.offices.models import DropBox
from portal.refusals import Refused
from portal.services import boxes, catalogue, catalogue_import, standards
from portal.services.models import Service
from portal.views import asked
from portal.views.access import allow, me
from portal.views.admin_offices import with_field
from portal.views.admin_service_form import ASK_KINDS, filled, kinds_in_use, rows, sent_standard
from portal.views.answers import show
from portal.views.form_pages import Field, FormPage
from portal.views.forms import Form
from portal.views.request_words import CHANNELS
from portal.views.sheets import line
from portal.words import later

bp = Blueprint("admin_services", __name__, url_prefix="/admin/layanan")
PAGE, _BIGGEST = 50, 2**31


@bp.get("")
@allow("administer")
def overview() -> str:
    text, number = asked.text("q"), asked.page("hal")
    services = Service.select().order_by(Service.ended_at.is_null(False), Service.name, Service.id)
    if text:
        services = services.where(Service.name.contains(text) | Service.slug.contains(text))
    found = list(services.offset((number - 1) * PAGE).limit(PAGE + 1))
    return show("admin/services.html", "admin/_services.html", rows=found[:PAGE], has_more=len(found) > PAGE, page=number, text=text, words=CHANNELS)


@bp.get("/unduh.csv")
@allow("administer")
def download() -> Response:
    """The catalogue in the columns in which it is taken in."""
    body = b"".join(line(row) for row in [catalogue_import.COLUMNS, *catalogue_import.rows(catalogue.listed())])
    return Response(body, mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=layanan.csv"})


@bp.route("/baru", methods=["GET", "POST"])
@allow("administer")
def new() -> Any:
    def act(sent: Form) -> None:
        standards.add(sent_standard(sent), slug=sent["slug"], by=me().actor, now=clock.now())

    return _answer(act, Form.of(channels=["counter", "online"]))


@bp.route("/<slug>/ubah", methods=["GET", "POST"])
@allow("administer")
def change(slug: str) -> Any:
    service = _service(slug)

    def act(sent: Form) -> None:
        standards.change(service, sent_standard(sent), by=me().actor, now=clock.now())

    return _answer(act, filled(standards.of([service])[service.id]), service)


@bp.post("/<slug>/<any('akhiri', 'pulihkan'):act>")
@allow("administer")
def put(slug: str, act: str) -> Any:
    verb = standards.end if act == "akhiri" else standards.restore
    verb(_service(slug), by=me().actor, now=clock.now())
    return redirect(url_for(".overview"), 303)


@bp.route("/kotak-surat/<int:number>", methods=["GET", "POST"])
@allow("administer")
def box(number: int) -> Any:
    """Hours of a drop box, and the services whose letters it takes."""
    found = DropBox.get_or_none(DropBox.id == number) if number < _BIGGEST else None
    if found is None:
        abort(404)
    given = {service.slug: service for service in catalogue.given_at([found.office_id])}
    taken = [service.slug for service in boxes.services_of([found]).get(found.id, [])]

    def act(sent: Form) -> None:
        chosen = [given[slug] for slug in dict.fromkeys(sent.all("services")) if slug in given]
        with_field("hours", lambda: boxes.change(found, sent["hours"].strip()[:1000], chosen, by=me().actor, now=clock.now()))

    to = url_for("admin_offices.show", slug=found.office.slug)
    return _box_page(found, to, [(slug, service.name) for slug, service in given.items()]).answer(act, to, Form.of(hours=found.hours, services=taken))


def _box_page(found: DropBox, to: str, offered: list[tuple[str, str]]) -> FormPage:
    fields = [Field("hours", later("Jam"), hint=later("Contoh: Mo-Fr 08:00-13:30. Kosong: dapat dicapai setiap saat."))]
    if offered:
        fields.append(Field("services", later("Untuk layanan"), "picks", later("Tanpa pilihan: semua layanan kantor ini."), options=offered))
    trail = [(url_for("admin_offices.overview"), later("Kantor")), (to, found.office.name)]
    return FormPage("kotak", later("Ubah kotak surat"), later("Simpan"), fields, trail, found.place)


def _answer(act: Any, given: Form, service: Service | None = None) -> Any:
    """The form of a service, or what the act did with the one sent: 303 to the list, or 422 with all that was typed."""
    if request.method != "POST":
        return _page(given, service)
    sent = Form.sent()
    try:
        act(sent)
    except Refused as refusal:
        return _page(sent.refuse(refusal), service, 422)
    return redirect(url_for(".overview"), 303)


def _page(form: Form, service: Service | None, status: int = 200) -> Response:
    body = render_template(
        "admin/service_form.html", form=form, service=service, channels=CHANNELS, kinds=kinds_in_use(form), ask_kinds=ASK_KINDS,
        rows=rows(form), trail=[(url_for(".overview"), later("Layanan"))])  # fmt: skip
    return Response(body, status)


def _service(slug: str) -> Service:
    found = Service.get_or_none(Service.slug == slug) if "\0" not in slug else None
    return found if found is not None else abort(404)
