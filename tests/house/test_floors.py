"""The building keeps its floors, its files short, and its functions shorter."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = sorted(path for folder in ("portal", "tests") for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)
FORBIDDEN = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_floor_imports_only_those_below_it():
    ran = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--config", "pyproject.toml"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout
    assert "2 kept, 0 broken" in ran.stdout


@pytest.mark.parametrize("path", CODE, ids=named)
def test_a_file_stays_under_three_hundred_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 300


@pytest.mark.parametrize("path", CODE, ids=named)
def test_a_function_stays_under_thirty_one_lines(path):
    functions = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)]
    assert [f"{each.name}: {each.end_lineno - each.lineno + 1}" for each in functions if each.end_lineno - each.lineno + 1 > 30] == []


@pytest.mark.parametrize("path", [path for path in CODE if "portal" in path.parts], ids=named)
def test_a_module_opens_with_one_sentence_and_has_a_name_of_the_field(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring
    assert docstring.splitlines()[0].endswith(".")
    assert path.stem not in FORBIDDEN


def test_only_the_clock_reads_the_time():
    readers = [
        named(path)
        for path in CODE
        if "portal" in path.parts and any(word in path.read_text(encoding="utf-8") for word in ("datetime.now(", "date.today(", "time.time("))
    ]
    assert readers == ["portal/clock.py"]


def test_a_test_names_the_fixtures_that_it_uses_so_that_none_with_a_database_stays_away_from_postgresql():
    fetching = "getfixture" + "value("
    tests = [path for path in CODE if path.name != "conftest.py"]  # there it is asked only for what the test names
    assert [named(path) for path in tests if fetching in path.read_text(encoding="utf-8")] == []
