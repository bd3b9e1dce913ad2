"""Pages with one form and one job: what is asked, what the button says, where one goes afterwards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, render_template, request

from portal.refusals import Refused
from portal.views.forms import Form
from portal.words import Sentence


@dataclass(frozen=True)
class Field:
    """One thing that is asked: text, date, number, email, tel, textarea, file, select (one of the options) or picks (some of them)."""

    name: str
    label: str
    type: str = "text"
    hint: str | Sentence = ""
    options: Sequence[tuple[str, str]] = ()
    required: bool = False
    short: bool = False


@dataclass(frozen=True)
class FormPage:
    """A page that asks, and says where it stands: the trail leads from administration to the page before."""

    id: str
    title: str | Sentence
    button: str
    fields: Sequence[Field] = ()
    trail: Sequence[tuple[str, str]] = ()  # address and words of the pages above
    lead: str | Sentence = ""
    warning: Sentence | None = None
    takes_file: bool = False

    def answer(self, act: Callable[[Form], Any], then: str | Callable[[Any], str], given: Form | None = None) -> Any:
        """The empty form, or what the act did with the one sent: 303 onwards, or 422 with all that was typed."""
        if request.method != "POST":
            return self.show(given or Form())
        sent = Form.sent()
        try:
            done = act(sent)
        except Refused as refusal:
            return self.show(sent.refuse(refusal), 422)
        return redirect(then if isinstance(then, str) else then(done), 303)

    def show(self, form: Form, status: int = 200) -> Response:
        """The page with a form as it is filled in."""
        return Response(render_template("admin/form.html", page=self, form=form), status)
