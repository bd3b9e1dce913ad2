"""One portal and one browser a test process; without chromium the tests are skipped, in CI they fail."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser import chromium, live


@pytest.fixture(scope="session")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with live.portal(tmp_path_factory.mktemp("live")) as address:
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if not chromium.EXECUTABLE:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("chromium is not installed")
    return {"executable_path": chromium.EXECUTABLE, "args": chromium.ARGUMENTS}
