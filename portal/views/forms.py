"""Forms as they were typed: values, and what is wrong with them beside each field."""

from dataclasses import dataclass, field
from typing import Any

from flask import request

from portal.refusals import Refused
from portal.views.language import say


@dataclass
class Form:
    """What stands in the fields of a form, and the refusals by field ("" is the form as a whole)."""

    values: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, **values: Any) -> "Form":
        """A form filled in beforehand."""
        several = {name: value if isinstance(value, list | tuple) else [value] for name, value in values.items()}
        return cls({name: ["" if each is None else str(each) for each in held] for name, held in several.items()})

    @classmethod
    def sent(cls) -> "Form":
        """The form that was just sent."""
        return cls({name: request.form.getlist(name) for name in request.form})

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, [""])[0] if self.values.get(name) else ""

    def all(self, name: str) -> list[str]:
        return [value for value in self.values.get(name, []) if value]

    def refuse(self, refusal: Refused) -> "Form":
        """Put a refusal beside its field."""
        self.errors.setdefault(refusal.field, say(refusal.sentence))
        return self
