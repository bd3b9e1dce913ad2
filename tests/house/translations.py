"""The English catalogue against the sentences of the portal: python -m tests.house.translations POT PO says what is wrong; --write mends what a program can."""

import ast
import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PLURALS = "nplurals=2; plural=(n != 1);"
_PLACES = re.compile(r"\{\w+\}|%\(\w+\)[sd]")
_SPEAKERS = {"Sentence", "gettext", "_"}


class English(Catalog):
    """A catalogue whose header says only what never changes, so that writing it twice leaves no difference."""

    mime_headers = (("Language", "en"), ("MIME-Version", "1.0"), ("Content-Type", "text/plain; charset=utf-8"),
                    ("Content-Transfer-Encoding", "8bit"), ("Plural-Forms", PLURALS))  # type: ignore[assignment]  # fmt: skip


def write(pot: Path, po: Path) -> None:
    """Take new sentences of the template over, drop those that nobody says any more, and compile; translations stay."""
    made = English(locale="en", fuzzy=False, header_comment="# Indonesian is the source; `make translations` keeps this file in step with it.")
    known = _messages(_read(po)) if po.exists() else {}
    for message in _read(pot):
        if message.id:
            old = known.get(_name(message))
            made.add(message.id, old.string if old else "", flags=old.flags if old else (), context=message.context)
    out = io.BytesIO()
    write_po(out, made, width=0, sort_output=True)
    po.write_bytes(out.getvalue())
    po.with_suffix(".mo").write_bytes(compiled(po))


def compiled(po: Path) -> bytes:
    """What the catalogue compiles to, the same bytes each time."""
    made, out = English(locale="en", fuzzy=False), io.BytesIO()
    for message in _read(po):
        if message.id and "fuzzy" not in message.flags:
            made.add(message.id, message.string, context=message.context)
    write_mo(out, made)
    return out.getvalue()


def problems(pot: Path, po: Path) -> list[str]:
    """Every sentence that is missing, untranslated, doubtful, filled differently or no longer said, and a compiled file that is out of step."""
    wanted, catalogue = _messages(_read(pot)), _read(po)
    known = _messages(catalogue)
    found = [f"missing: {name}" for name in wanted if name not in known]
    found += [f"obsolete: {name}" for name in [*known, *map(_name, catalogue.obsolete.values())] if name not in wanted]
    found += [problem for name, message in known.items() if name in wanted for problem in _faults(name, message)]
    text = po.read_text(encoding="utf-8")
    found += [f"header: {name}: {value} is not said" for name, value in English.mime_headers if f'"{name}: {value}' not in text]
    mo = po.with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != compiled(po):
        found.append(f"{mo.name} is not what {po.name} compiles to: run `make translations`")
    return found


def unmarked(folder: Path) -> list[str]:
    """Places in code that speak a text which the collector cannot see: chosen by an if and not marked with later(), or put together."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        for scope in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(scope, ast.FunctionDef):
                found += [f"{path.name}:{line}: a text that the collector cannot see; mark it with later()" for line in _hidden(scope)]
    return found


def _hidden(scope: ast.FunctionDef) -> Iterator[int]:
    named = {each.targets[0].id: each.value for each in ast.walk(scope) if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)}
    for call in ast.walk(scope):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _SPEAKERS and call.args:
            said = call.args[0]
            value = named.get(said.id, said) if isinstance(said, ast.Name) else said
            if not isinstance(said, ast.Constant) and _is_bare(value):
                yield call.lineno


def _is_bare(value: ast.expr) -> bool:
    """Whether a text stands here without a mark; what another call or table gives was marked there."""
    if isinstance(value, ast.IfExp):
        return _is_bare(value.body) or _is_bare(value.orelse)
    return isinstance(value, ast.Constant | ast.JoinedStr | ast.BinOp)


def _faults(name: str, message: Message) -> Iterator[str]:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    if not all(strings):
        yield f"empty: {name}"
    if "fuzzy" in message.flags:
        yield f"fuzzy: {name}"
    wanted = _places(ids)
    for string in filter(None, strings):
        if _places([string]) != wanted:
            yield f"other places than {' '.join(sorted(wanted)) or 'none'}: {name} -> {string}"


def _places(texts: Iterable[str]) -> set[str]:
    return {place for text in texts for place in _PLACES.findall(text)}


def _messages(catalogue: Catalog) -> dict[str, Message]:
    return {_name(message): message for message in catalogue if message.id}


def _name(message: Message) -> str:
    """How a message is called here: its text, with the plural's beside it and its context before it."""
    text = message.id if isinstance(message.id, str) else " | ".join(message.id)
    return f"{message.context}: {text}" if message.context else text


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="en")


def main(pot: str, po: str, *more: str) -> int:
    if "--write" in more:
        write(Path(pot), Path(po))
        return 0
    found = [*unmarked(Path("portal")), *problems(Path(pot), Path(po))]
    print("\n".join(found), end="\n" if found else "", file=sys.stderr)  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
