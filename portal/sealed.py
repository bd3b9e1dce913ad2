"""What must not be readable in the database: sealed under the installation's key, found again by fingerprint."""

import base64
import binascii
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_keys: dict[str, bytes] = {}


class Unreadable(Exception):
    """A sealed text that this key, or this place, does not open."""


def use(secret: str) -> None:
    """Derive the keys of this installation from its secret."""
    for purpose in ("seal", "fingerprint"):
        _keys[purpose] = HKDF(hashes.SHA256(), 32, salt=None, info=b"tetap-melayani " + purpose.encode()).derive(secret.encode())


def seal(text: str, *, about: str) -> str:
    """The text encrypted and bound to what it is `about`; it opens nowhere else. The key's mark stands in front."""
    nonce = os.urandom(12)
    closed = AESGCM(_keys["seal"]).encrypt(nonce, text.encode(), about.encode())
    return f"{_mark()}:{base64.urlsafe_b64encode(nonce + closed).decode()}"


def unseal(sealed: str, *, about: str) -> str:
    """The text again; Unreadable where key or place differ, or a bit was changed."""
    mark, _, body = sealed.partition(":")
    if mark != _mark():
        raise Unreadable
    try:
        raw = base64.urlsafe_b64decode(body)
        return AESGCM(_keys["seal"]).decrypt(raw[:12], raw[12:], about.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError):
        raise Unreadable from None


def fingerprint(text: str) -> str:
    """The same for the same text, and no way back without the key."""
    return hmac.new(_keys["fingerprint"], text.encode(), hashlib.sha256).hexdigest()


def _mark() -> str:
    return hashlib.sha256(_keys["seal"]).hexdigest()[:8]
