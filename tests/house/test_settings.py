"""Every setting is documented where it is made, and nothing is documented that does not exist."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from portal import settings

ROOT = Path(__file__).parents[2]
NAMES = {settings.environment_name(each.name) for each in fields(settings.Settings)}
OURS = re.compile(r"\bPORTAL_[A-Z_]+\b")


def test_the_command_lists_every_setting_with_its_sentence(app):
    said = app.test_cli_runner().invoke(args=["settings"])
    assert said.exit_code == 0
    lines = {line.split()[0]: line.split(maxsplit=1)[1] for line in said.output.splitlines()}
    assert set(lines) == NAMES
    assert [name for name, sentence in lines.items() if len(sentence.partition(" Default:")[0]) < 15] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", "bin", ".ci"])
def test_no_document_names_a_setting_that_does_not_exist(name):
    path = ROOT / name
    texts = [each.read_text(encoding="utf-8") for each in (path.iterdir() if path.is_dir() else [path]) if each.is_file()] if path.exists() else []
    assert {found for text in texts for found in OURS.findall(text)} - NAMES == set()


def test_no_code_reads_a_setting_past_the_settings():
    readers = [path.name for path in (ROOT / "portal").rglob("*.py") if "os.environ" in path.read_text(encoding="utf-8")]
    assert readers == ["settings.py"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "acht"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORTAL_BASE_URL", "portal"),
        ("PORTAL_BASE_URL", "ftp://x"),
        ("PORTAL_BASE_URL", "http://x/path"),
        ("PORTAL_LOCALE", "de"),
        ("PORTAL_TIMEZONE", "Jakarta"),
        ("PORTAL_DATABASE_URL", "mysql://x"),
        ("PORTAL_DEMO", "maybe"),
        ("PORTAL_UPLOAD_LIMIT", "ten"),
        ("PORTAL_UPLOAD_LIMIT", "0"),
        ("PORTAL_UPLOAD_LIMIT", "101"),
        ("PORTAL_UPLOAD_COUNT", "0"),
        ("PORTAL_IMAP_PORT", "imap"),
        ("PORTAL_IMAP_PORT", "0"),
        ("PORTAL_IMAP_SECURITY", "ssl"),
        ("PORTAL_LIMITS_STORAGE", "mongodb://x"),
        ("PORTAL_LIMIT_SUBMISSIONS", "many"),
        ("PORTAL_LIMIT_GUESSES", "0"),
        ("PORTAL_LIMIT_UPLOADS", "-1"),
        ("PORTAL_CLAMD", "scanner"),
        ("PORTAL_CLAMD", "scanner:0"),
        ("PORTAL_CLAMD", "::1:3310"),
    ],
)
def test_a_wrong_value_stops_the_start_with_one_clear_line(tmp_path, name, value):
    with pytest.raises(settings.SettingsError) as refused:
        settings.load({name: value}, instance=tmp_path)
    assert name in str(refused.value)
    assert value in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["port = ", 'geheim = "x"', "\xff\xfe"])
def test_a_broken_settings_file_is_named(tmp_path, text):
    (tmp_path / "settings.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(settings.SettingsError, match=r"settings\.toml"):
        settings.load({}, instance=tmp_path)


def test_attachments_lie_in_the_instance_folder_or_where_the_setting_says(tmp_path):
    assert settings.load({}, instance=tmp_path).uploads == tmp_path / "uploads"
    assert settings.load({"PORTAL_UPLOAD_DIR": "files"}, instance=tmp_path).uploads == tmp_path / "files"
    assert settings.load({"PORTAL_UPLOAD_DIR": "/srv/files"}, instance=tmp_path).uploads.as_posix() == "/srv/files"


def test_a_mailbox_needs_a_service_an_office_and_tls_unless_it_is_on_this_machine(tmp_path):
    whole = {"PORTAL_IMAP_SERVER": "mail.example", "PORTAL_MAILBOX_SERVICE": "surat", "PORTAL_MAILBOX_OFFICE": "kantor"}
    assert settings.load(whole, instance=tmp_path).imap_security == "tls"
    for wrong in ({"PORTAL_MAILBOX_SERVICE": ""}, {"PORTAL_MAILBOX_OFFICE": ""}, {"PORTAL_IMAP_SECURITY": "none"}):
        with pytest.raises(settings.SettingsError, match=next(iter(wrong))):
            settings.load({**whole, **wrong}, instance=tmp_path)
    assert settings.load({**whole, "PORTAL_IMAP_SERVER": "localhost", "PORTAL_IMAP_SECURITY": "none"}, instance=tmp_path).imap_security == "none"


@pytest.mark.parametrize("address", ["", "127.0.0.1:3310", "scanner.example.go.id:3310", "[::1]:3310"])
def test_a_scanner_is_named_by_host_and_port(tmp_path, address):
    assert settings.load({"PORTAL_CLAMD": address}, instance=tmp_path).clamd == address


def test_the_environment_comes_before_the_file_and_the_file_before_the_default(tmp_path):
    (tmp_path / "settings.toml").write_text('locale = "en"\ntimezone = "Asia/Makassar"\n')
    chosen = settings.load({"PORTAL_TIMEZONE": "Asia/Jayapura"}, instance=tmp_path)
    assert (chosen.locale, chosen.timezone, chosen.port) == ("en", "Asia/Jayapura", 8000)
