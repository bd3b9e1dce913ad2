import pytest

from portal.people import passwords


@pytest.fixture
def hashings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each password that is compared with a kept one; what takes the time."""
    compared: list[str] = []
    really = passwords._verify

    def verify(password: str, kept: str) -> bool:
        compared.append(kept)
        return really(password, kept)

    monkeypatch.setattr(passwords, "_verify", verify)
    return compared
