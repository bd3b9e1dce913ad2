"""What citizens thought of it, asked once, shown as an index."""

from typing import Any

from babel.numbers import format_decimal
from flask import Blueprint, Response, redirect, render_template, request, url_for

from portal import clock
from portal.refusals import Refused
from portal.services import catalogue, survey, unlocking
from portal.services.models import ELEMENTS, ServiceRequest
from portal.services.requests import Unfit
from portal.services.survey import Index
from portal.views import asked, limits, opened, requests, sheets
from portal.views.access import ANYONE, PUBLIC, allow, resumes
from portal.views.forms import Form
from portal.views.language import language, say
from portal.views.offices import office_row
from portal.words import later

bp = Blueprint("survey", __name__)
bp.after_request(requests.unlisted)
PAGE = 50
QUESTIONS = {
    "requirements": (later("Persyaratan"), later("Apakah persyaratannya sesuai dengan layanannya?")),
    "procedure": (later("Prosedur"), later("Apakah prosedurnya mudah?")),
    "time": (later("Waktu"), later("Apakah pelayanannya cepat?")),
    "cost": (later("Biaya"), later("Apakah biayanya sesuai dengan yang dijanjikan?")),
    "product": (later("Hasil"), later("Apakah hasilnya sesuai dengan yang dijanjikan?")),
    "competence": (later("Kemampuan petugas"), later("Apakah petugasnya cakap?")),
    "conduct": (later("Sikap petugas"), later("Apakah petugasnya sopan dan ramah?")),
    "complaints": (later("Pengaduan"), later("Apakah pertanyaan dan pengaduan ditangani dengan baik?")),
    "facilities": (later("Sarana"), later("Apakah tempat atau situsnya memadai?")),
}
ANSWERS = {"1": later("Tidak"), "2": later("Kurang"), "3": later("Ya"), "4": later("Sangat")}
GRADES = {"A": later("Sangat baik"), "B": later("Baik"), "C": later("Kurang baik"), "D": later("Tidak baik")}


@bp.get("/permohonan/<number>/survei")
@allow(ANYONE)
def ask(number: str) -> Any:
    row = requests.of_number(number)
    return requests.entered(row, number, ".ask") or _form(row, Form())


def _again(refusal: Refused, number: str) -> Response:
    return _refused(requests.of_number(number), refusal)


@bp.post("/permohonan/<number>/survei")
@allow(ANYONE)
@resumes(_again)
def answer(number: str) -> Any:
    row = requests.of_number(number)
    try:
        if not opened.is_open(row):
            unlocking.check_digits(row, request.form.get("digits", ""), now=clock.now())
            opened.open_for_this_browser(row)
        with limits.submission("survey"):
            survey.answer(row, request.form, now=clock.now())
    except Refused as refusal:
        return _refused(row, refusal)
    return redirect(url_for(".ask", number=row.number), 303)


@bp.get("/kepuasan")
@allow(PUBLIC)
def overview() -> str:
    return _public(survey.index(), say(later("Kepuasan warga")), survey.by_office(), survey.by_service())


@bp.get("/kepuasan/kantor/<slug>")
@allow(PUBLIC)
def of_office(slug: str) -> str:
    row = office_row(slug)
    below = survey.with_all_below(row["id"])
    return _public(survey.index(below), row["name"], [], survey.by_service(below), back=url_for("offices.office", slug=slug))


@bp.get("/kepuasan/layanan/<slug>")
@allow(PUBLIC)
def of_service(slug: str) -> str:
    service = catalogue.find(slug)
    return _public(survey.index(service=service), service.name, survey.by_office(service), [], back=url_for("catalogue.show", slug=slug))


@bp.get("/kepuasan.csv")
@allow(PUBLIC)
def table() -> Response:
    head = ["kind", "slug", "name", "answers", "ikm", "grade", *ELEMENTS]
    rows = [("office", row) for row in survey.by_office()] + [("service", row) for row in survey.by_service()]
    lines = [[kind, row.slug, row.name, str(row.index.count), f"{row.index.ikm:.2f}", row.index.grade, *(f"{mean:.2f}" for mean in row.index.means)]
             for kind, row in rows]  # fmt: skip
    body = b"".join(sheets.line(line) for line in [head, *lines])
    return Response(body, mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=kepuasan.csv"})


def hundredths(value: float) -> str:
    """79,38, and 90,00: what stands in one column has the same places."""
    return str(format_decimal(value, format="0.00", locale=language()))


def elements(index: Index) -> list[tuple[str, float]]:
    """The nine elements in words, each with its mean."""
    return [(QUESTIONS[name][0], mean) for name, mean in zip(ELEMENTS, index.means, strict=True)]


def _public(index: Index | None, heading: str, offices: list[survey.Row], services: list[survey.Row], back: str = "") -> str:
    number = asked.page("hal")
    shown = offices[(number - 1) * PAGE : number * PAGE]
    return render_template("survey/overview.html", index=index, heading=heading, offices=shown, services=services if number == 1 else [], back=back,
                           page=number, has_more=len(offices) > number * PAGE, grades=GRADES, elements=elements(index) if index else [],
                           fewest=survey.FEWEST, hundredths=hundredths)  # fmt: skip


def _form(row: ServiceRequest, form: Form) -> str:
    return render_template("survey/ask.html", row=row, number=row.number, form=form, questions=QUESTIONS, answers=ANSWERS, may=survey.may_answer(row),
                           asks_digits=not opened.is_open(row), has_phone=bool(row.phone))  # fmt: skip


def _refused(row: ServiceRequest, refusal: Refused) -> Response:
    form = Form.sent()
    for each in refusal.refusals if isinstance(refusal, Unfit) else [refusal]:
        form.refuse(each)
    return requests.answer_refused(_form(row, form), refusal)
