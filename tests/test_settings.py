from dataclasses import fields
from pathlib import Path

import pytest

from portal import settings
from portal.settings import Settings, SettingsError


def load(folder: Path, file: str | None = None, **environment: str) -> Settings:
    if file is not None:
        (folder / "settings.toml").write_text(file, encoding="utf-8")
    return settings.load({"PORTAL_INSTANCE": str(folder), **environment})


def test_without_any_setting_the_portal_is_a_local_one(tmp_path: Path):
    made = load(tmp_path)
    assert (made.port, made.base_url, made.timezone, made.locale, made.demo) == (8000, "http://127.0.0.1:8000", "Asia/Jakarta", "id", "no")
    assert made.database_url == f"sqlite:///{tmp_path / 'portal.db'}"
    assert made.is_local


def test_the_environment_comes_before_the_file_and_the_file_before_the_default(tmp_path: Path):
    file = 'timezone = "Asia/Makassar"\nlocale = "en"\nport = 8100\n'
    made = load(tmp_path, file, PORTAL_LOCALE="id", PORT="8200")
    assert (made.timezone, made.locale, made.port, made.base_url) == ("Asia/Makassar", "id", 8200, "http://127.0.0.1:8200")


def test_an_empty_variable_says_nothing(tmp_path: Path):
    assert load(tmp_path, 'owner = "Kota"', PORTAL_OWNER="", PORT="").owner == "Kota"


def test_what_a_caller_gives_comes_before_everything(tmp_path: Path):
    assert settings.load({"PORTAL_LOCALE": "id"}, instance=tmp_path, locale="en").locale == "en"


def test_the_key_that_init_kept_signs_unless_another_is_given(tmp_path: Path):
    (tmp_path / "secret.key").write_text("tersimpan\n", encoding="ascii")
    assert load(tmp_path).secret_key == "tersimpan"
    assert load(tmp_path, PORTAL_SECRET_KEY="lain").secret_key == "lain"


def test_a_slash_behind_the_address_is_no_matter_and_its_host_is_answered_to(tmp_path: Path):
    made = load(tmp_path, PORTAL_BASE_URL="https://layanan.example.go.id/", PORTAL_TRUSTED_HOSTS=" a.example , b.example,")
    assert made.base_url == "https://layanan.example.go.id"
    assert made.hosts == ["layanan.example.go.id", "a.example", "b.example"]
    assert not made.is_local


@pytest.mark.parametrize(("name", "value"), [
    ("PORT", "delapan"), ("PORT", "0"), ("PORT", "65536"), ("PORT", "-1"), ("PORT", "80.5"),
    ("PORTAL_BASE_URL", "layanan.go.id"), ("PORTAL_BASE_URL", "ftp://layanan.go.id"), ("PORTAL_BASE_URL", "https://layanan.go.id/portal"), ("PORTAL_BASE_URL", "https://"),
    ("PORTAL_BASE_URL", "http://[::1"), ("PORTAL_BASE_URL", "http://layanan.go.id:banyak"), ("PORTAL_BASE_URL", "http://layanan.go.id?x=1"),
    ("PORTAL_DATABASE_URL", "mysql://localhost/portal"), ("PORTAL_DATABASE_URL", "portal.db"),
    ("PORTAL_TIMEZONE", "WIB"), ("PORTAL_TIMEZONE", "Asia/Tegal"), ("PORTAL_TIMEZONE", "../etc/passwd"), ("PORTAL_LOCALE", "jv"), ("PORTAL_DEMO", "mungkin"),
])  # fmt: skip
def test_a_wrong_value_stops_the_start_with_one_line_that_names_it(tmp_path: Path, name: str, value: str):
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, **{name: value})
    said = str(caught.value)
    assert said.startswith(name + ": ")
    assert value.rstrip("/") in said
    assert "\n" not in said


@pytest.mark.parametrize("file", ["= 3", "warna = 'biru'", "instance = '/tmp'", "timezone = [1]", "port = 'x'", "locale = 3"])
def test_a_wrong_file_stops_the_start_with_one_line(tmp_path: Path, file: str):
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, file)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_text_stops_the_start_with_one_line(tmp_path: Path):
    (tmp_path / "settings.toml").write_bytes(b"owner = '\xff'")
    with pytest.raises(SettingsError):
        load(tmp_path)


def test_every_setting_is_described_with_its_variable_in_one_sentence():
    told = settings.described()
    assert [name for name, _, _ in told] == [settings.environment_name(each.name) for each in fields(Settings)]
    for name, _, says in told:
        assert name == "PORT" or name.startswith("PORTAL_")
        assert says.endswith(".")
        assert len(says) > 20
