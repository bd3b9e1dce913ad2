"""The style that is sent is the style that was written: without comments and spare space, with every string as it was."""

import re
from pathlib import Path

import pytest

from portal.views import assets

STATIC = Path(assets.__file__).parent.parent / "static"
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|' + r"'(?:[^'\\\n]|\\.)*'")


def strings(css: str) -> list[str]:
    return STRING.findall(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))


@pytest.mark.parametrize("name", sorted(path.name for path in STATIC.glob("*.css")))
def test_making_a_style_small_changes_no_string(name):
    css = (STATIC / name).read_text(encoding="utf-8")
    assert strings(assets._small(css)) == strings(css)


@pytest.mark.parametrize("name", sorted(path.name for path in STATIC.glob("*.css")))
def test_making_a_style_small_keeps_every_rule(name):
    css = (STATIC / name).read_text(encoding="utf-8")
    bare = re.sub(r"\s+", "", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)).replace(";}", "}")
    assert re.sub(r"\s+", "", assets._small(css)) == bare


def test_spaces_that_mean_something_stay():
    assert assets._small("a  b > c { margin: 0  calc(1px + 2px) ; }\n/* x */ @media (min-width: 1em) and (print) { a :hover { top: 0 } }") == (
        "a b>c{margin: 0 calc(1px + 2px)}@media (min-width: 1em) and (print){a :hover{top: 0}}"
    )


@pytest.mark.parametrize("name", sorted(assets._PARTS))
def test_every_file_is_packed_smaller_under_a_mark_of_its_content(app, name):
    asset = app.extensions["assets"][name]
    assert 0 < len(asset.packed) < len(asset.body)
    assert len(asset.mark) == 12
