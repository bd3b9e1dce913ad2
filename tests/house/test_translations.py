"""The catalogue holds every sentence of the portal, and the check finds each way in which it could not."""

import subprocess
from pathlib import Path

import pytest

from tests.house import translations

ROOT = Path(__file__).parents[2]
POT = """msgid "Buka sampai {closes}."
msgstr ""

msgid "%(count)s kantor"
msgid_plural "%(count)s kantor"
msgstr[0] ""
msgstr[1] ""
"""
WHOLE = {"": "Open until {closes}.", "[0]": "%(count)s office", "[1]": "%(count)s offices"}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A template of two sentences and its catalogue, translated and compiled."""
    pot, po = tmp_path / "messages.pot", tmp_path / "messages.po"
    pot.write_text(POT, encoding="utf-8")
    translations.write(pot, po)
    text = po.read_text(encoding="utf-8")
    for mark, english in WHOLE.items():
        head, _, tail = text.rpartition(f'msgstr{mark} ""\n')
        text = f'{head}msgstr{mark} "{english}"\n{tail}'
    po.write_text(text, encoding="utf-8")
    translations.write(pot, po)
    return pot, po


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_every_sentence_of_the_portal_is_in_the_english_catalogue() -> None:
    checked = subprocess.run(["bin/translations", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_whole_catalogue_has_no_problem(files: tuple[Path, Path]) -> None:
    assert translations.problems(*files) == []


def test_writing_a_catalogue_again_leaves_no_difference(files: tuple[Path, Path]) -> None:
    before = [files[1].read_bytes(), files[1].with_suffix(".mo").read_bytes()]
    translations.write(*files)
    assert [files[1].read_bytes(), files[1].with_suffix(".mo").read_bytes()] == before


def test_a_new_sentence_is_missing_until_it_is_taken_over_and_empty_until_it_is_translated(files: tuple[Path, Path]) -> None:
    pot, po = files
    pot.write_text(POT + '\nmsgid "Tutup total"\nmsgstr ""\n', encoding="utf-8")
    assert translations.problems(pot, po) == ["missing: Tutup total"]
    translations.write(pot, po)
    assert translations.problems(pot, po) == ["empty: Tutup total"]


def test_a_sentence_that_nobody_says_any_more_is_obsolete_and_then_dropped(files: tuple[Path, Path]) -> None:
    pot, po = files
    change(pot, 'msgid "Buka sampai {closes}."\nmsgstr ""\n\n', "")
    assert translations.problems(pot, po) == ["obsolete: Buka sampai {closes}."]
    translations.write(pot, po)
    assert translations.problems(pot, po) == []


@pytest.mark.parametrize(("before", "after", "problem"), [
    ("until {closes}.", "until {close}.", "other places than {closes}: Buka sampai {closes}. -> Open until {close}."),
    ("%(count)s offices", "%(num)s offices", "other places than %(count)s: %(count)s kantor | %(count)s kantor -> %(num)s offices"),
    ('"%(count)s offices"', '""', "empty: %(count)s kantor | %(count)s kantor"),
    ("#, python-brace-format", "#, fuzzy, python-brace-format", "fuzzy: Buka sampai {closes}."),
    ("plural=(n != 1)", "plural=0", "header: Plural-Forms: nplurals=2; plural=(n != 1); is not said"),
])  # fmt: skip
def test_a_translation_that_would_fail_on_the_screen_is_named(files: tuple[Path, Path], before: str, after: str, problem: str) -> None:
    change(files[1], before, after)
    assert problem in translations.problems(*files)


def test_a_compiled_catalogue_that_is_out_of_step_is_named(files: tuple[Path, Path]) -> None:
    change(files[1], "Open until", "Serving until")
    assert translations.problems(*files) == ["messages.mo is not what messages.po compiles to: run `make translations`"]


@pytest.mark.parametrize("code", [
    'def f(end):\n    return Sentence("Buka" if end else "Tutup")',
    'def f(end):\n    text = later("Buka") if end else "Tutup"\n    return Sentence(text)',
    'def f(end):\n    return gettext(f"Buka {end}")',
])  # fmt: skip
def test_a_text_that_the_collector_cannot_see_is_named(tmp_path: Path, code: str) -> None:
    (tmp_path / "hours.py").write_text(code, encoding="utf-8")
    assert [problem.partition(": ")[2] for problem in translations.unmarked(tmp_path)] == ["a text that the collector cannot see; mark it with later()"]


def test_marked_texts_and_tables_of_them_are_seen(tmp_path: Path) -> None:
    (tmp_path / "hours.py").write_text(
        'def f(end):\n    text = later("Buka") if end else later("Tutup")\n    return Sentence(text), Sentence(WORDS["open"])', encoding="utf-8"
    )
    assert translations.unmarked(tmp_path) == []
