"""Who may open which address: the table of docs/roles.md, made from what the routes say; python -m tests.house.matrix writes it."""

import sys
from pathlib import Path

from flask import Flask

from portal.people import roles
from portal.views.access import ANYONE, PUBLIC

FILE = Path(__file__).parents[2] / "docs" / "roles.md"
NOBODY = "nobody"
COLUMNS = (NOBODY, *roles.ROLES)
ALLOWED, REFUSED, SIGN_IN = "yes", "–", "sign in"
_SAFE = ("HEAD", "OPTIONS")
_HEAD = """# Who may open what

Made by `python -m tests.house.matrix` from what every route says beside its address (`@allow`) and from the table in `portal/people/roles.py`;
`tests/house/test_matrix.py` asks the portal the same for every role and compares. “yes”: opens; “–”: refused (403); “sign in”: sent to the sign-in page first.
A role alone is meant: who holds several may do what any of them may. What belongs to whom (my office, my account) is asked beside the object,
and tested with the wrong person.
"""


def routes(app: Flask) -> list[tuple[str, str, frozenset[str]]]:
    """Every address with a method and the acts that open it, in the order of addresses."""
    rules = [(rule, app.view_functions[rule.endpoint].allowed) for rule in app.url_map.iter_rules()]  # type: ignore[attr-defined]
    return sorted((rule.rule, method, allowed) for rule, allowed in rules for method in (rule.methods or set()).difference(_SAFE))


def answer(allowed: frozenset[str], who: str) -> str:
    """What somebody with this role alone, or nobody, meets at a route."""
    if allowed & {PUBLIC, ANYONE}:
        return ALLOWED
    if who == NOBODY:
        return SIGN_IN
    return ALLOWED if allowed & roles.acts_of({who}) else REFUSED


def table(app: Flask) -> str:
    """The document: addresses for everybody as a list, the others as a table of roles."""
    open_to_all = [f"- `{method} {rule}`" for rule, method, allowed in routes(app) if allowed & {PUBLIC, ANYONE}]
    kept = [each for each in routes(app) if not each[2] & {PUBLIC, ANYONE}]
    lines = [f"| {' | '.join(('address', *COLUMNS))} |", "|---" * (len(COLUMNS) + 1) + "|"]
    lines += [f"| `{method} {rule}` | {' | '.join(answer(allowed, who) for who in COLUMNS)} |" for rule, method, allowed in kept]
    return "\n".join([_HEAD, "## Open to everybody", "", *open_to_all, "", "## For those who sign in", "", *lines, ""])


def main() -> int:
    from portal import create_app, settings

    FILE.write_text(table(create_app(settings.load({}, database_url="sqlite:///:memory:", secret_key="none"))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
