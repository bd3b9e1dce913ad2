"""Administration of holidays: a year's list, regional ones added, single ones cancelled and restored."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from peewee import JOIN

from portal import clock
from portal.offices import calendars
from portal.offices.models import Holiday, Region
from portal.views import typed
from portal.views.access import allow, me
from portal.views.form_pages import Field, FormPage
from portal.views.forms import Form
from portal.views.language import zone_now
from portal.words import later

bp = Blueprint("admin_calendar", __name__, url_prefix="/admin/libur")
_FIRST, _LAST, _BIGGEST = 2000, 2100, 2**31


@bp.get("")
@allow("administer")
def overview() -> str:
    this = zone_now(me().now).year
    text = request.args.get("tahun", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 and _FIRST <= int(text) <= _LAST else this
    rows = list(
        Holiday.select(Holiday, Region)
        .join(Region, JOIN.LEFT_OUTER)
        .where(Holiday.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(Holiday.day, Holiday.id)
    )
    return render_template("admin/holidays.html", rows=rows, year=year, years=sorted({*range(this - 1, this + 3), year}))


@bp.route("/baru", methods=["GET", "POST"])
@allow("administer")
def new() -> Any:
    fields = (
        Field("day", later("Tanggal"), "date", required=True, short=True),
        Field("name", later("Nama hari libur"), required=True),
        Field("region", later("Wilayah"), hint=later("Kode atau nama, misalnya 31.71. Berlaku juga untuk semua di bawahnya."), required=True),
    )

    def act(sent: Form) -> Holiday:
        return calendars.add_regional(typed.day(sent, "day"), sent["name"], typed.region(sent, "region"), by=me().actor, now=clock.now())

    page = FormPage("libur", later("Hari libur daerah"), later("Simpan"), fields, [(url_for(".overview"), later("Hari libur"))])
    return page.answer(act, lambda made: url_for(".overview", tahun=made.day.year))


@bp.post("/<int:number>/<any('batalkan', 'pulihkan'):act>")
@allow("administer")
def change(number: int, act: str) -> Any:
    holiday = Holiday.get_or_none(Holiday.id == number) if number < _BIGGEST else None
    if holiday is None:
        abort(404)
    verb = calendars.cancel if act == "batalkan" else calendars.restore
    verb(holiday, by=me().actor, now=clock.now())
    return redirect(url_for(".overview", tahun=holiday.day.year), 303)
