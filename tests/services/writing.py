"""Letters as they come by e-mail, whole and broken."""

from email.message import EmailMessage

from tests.pictures import picture

PHOTO = picture()


def letter(text: str = "Mohon surat domisili.", *, subject: str = "Surat domisili", sender: str = "Siti Aminah <siti@warga.example.org>",
           to: str = "layanan@kota.example", mark: str = "<1@warga.example.org>", html: str = "", files: dict[str, bytes] | None = None,
           **headers: str) -> EmailMessage:  # fmt: skip
    """A letter as a mail program writes it."""
    made = EmailMessage()
    for name, value in {
        "From": sender,
        "To": to,
        "Subject": subject,
        "Message-ID": mark,
        **{key.replace("_", "-"): each for key, each in headers.items()},
    }.items():
        if value:
            made[name] = value
    if text:
        made.set_content(text)
    if html:
        (made.add_alternative if text else made.set_content)(html, subtype="html")
    for name, content in (files or {}).items():
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made


def raw(*lines: bytes, body: bytes = b"Mohon surat.") -> bytes:
    """A letter line by line, as no mail program should write it."""
    return b"\r\n".join([*lines, b"", body])
