"""A portal with one more form, which takes a file and gives it back: what every domain with attachments does on its own pages."""

from typing import Any

from flask import Blueprint, Flask, Response, redirect, render_template_string, request

from portal import clock, create_app, db, files
from portal.files import Attachment
from portal.refusals import NotFound, Refused
from portal.views import attachments, limits
from portal.views.access import ANYONE, allow, me, resumes
from portal.views.forms import Form
from portal.words import Sentence

_PAGE = """<!doctype html><html lang="id"><title>Uji</title>
{% from "macros/forms.html" import errors, field, token %}{% from "macros/files.html" import file_field %}
{{ errors(form) }}<form method="post" action="/uji" id="uji" enctype="multipart/form-data">{{ token() }}
{{ field(form, "description", "Uraian", required=true) }}{{ file_field(form, "evidence", "Bukti") }}<button>Simpan</button></form>"""
_PUBLIC_PAGE = """<!doctype html><html lang="id"><title>Uji</title>
{% from "macros/forms.html" import errors, field, token, trap %}{% from "macros/files.html" import files_field %}
{{ errors(form) }}<form method="post" action="/uji/warga" id="warga" enctype="multipart/form-data">{{ token() }}{{ trap(form) }}
<input type="hidden" name="submission_key" value="{{ form["submission_key"] or "baru" }}">
{{ field(form, "description", "Uraian", required=true) }}{{ files_field(form, "files", "Berkas") }}<button>Kirim</button></form>"""
bp = Blueprint("filing", __name__, url_prefix="/uji")


@bp.route("", methods=["GET", "POST"])
@allow("own_account")
@attachments.takes_files
def form() -> Any:
    if request.method != "POST":
        return render_template_string(_PAGE, form=Form())
    sent = Form.sent()
    try:
        stored = attachments.sent_file("evidence")
        if not sent["description"]:
            raise Refused(Sentence("Bagian ini wajib diisi."), field="description")
        with db.transaction():
            added = files.record(stored, by_id=me().person.id, now=me().now) if stored else None
    except Refused as refusal:
        return Response(render_template_string(_PAGE, form=sent.refuse(refusal)), 422)
    return redirect(f"/uji/{added.id}" if added else "/uji", 303)


def _again(refusal: Refused) -> Response:
    form = Form.sent().refuse(refusal)
    attachments.hold_files("files", form=form)
    return limits.refused(render_template_string(_PUBLIC_PAGE, form=form), refusal)


@bp.get("/warga")
@allow(ANYONE)
def asked_of_anybody() -> str:
    return render_template_string(_PUBLIC_PAGE, form=Form())


@bp.post("/warga")
@allow(ANYONE)
@attachments.takes_several_files
@resumes(_again)
def from_anybody() -> Any:
    sent = Form.sent()
    try:
        limits.check_trap()
        with limits.submission():
            stored = attachments.sent_files("files")
            if not sent["description"]:
                raise Refused(Sentence("Bagian ini wajib diisi."), field="description")
            with db.transaction():
                for each in stored:
                    files.record(each, now=clock.now())
    except Refused as refusal:
        return _again(refusal)
    return redirect("/uji/terima-kasih", 303)


@bp.get("/nomor/<number>")
@allow(ANYONE)
def look_up(number: str) -> str:
    with limits.guesses():
        if number != "benar":
            raise NotFound(Sentence("Tidak ada."))
    return number


@bp.post("/kecil")
@allow("own_account")
def small() -> str:
    return "".join(request.files)


@bp.get("/<int:number>")
@allow("own_account")
def show(number: int) -> Response:
    return attachments.download(Attachment.get_by_id(number), is_shown=True)


def portal_with_files(app: Flask) -> Flask:
    """A second portal over the suite's database and folder, with the form above."""
    before = db.database.obj
    made = create_app(app.config["SETTINGS"])
    db.database.initialize(before)
    made.testing = True
    made.register_blueprint(bp)
    return made
