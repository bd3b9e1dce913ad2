"""Certificates for a server on this machine: signed by an authority of the test's own, or by nobody else than itself."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_FIRST, _LAST = datetime(2000, 1, 1), datetime(2199, 12, 31)  # whatever the hour at which a test has stopped the clock


@dataclass(frozen=True)
class Certificates:
    """Files: what the server shows, with its key, and what a client has to trust."""

    chain: tuple[Path, Path]
    trusted: Path


def signed(folder: Path, *, host: str = "localhost") -> Certificates:
    """A certificate for a host, and the authority that signed it."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _certificate("Otoritas uji", authority_key, "Otoritas uji", authority_key, None)
    return _written(folder, _certificate(host, key, "Otoritas uji", authority_key, host), key, authority)


def self_signed(folder: Path, *, host: str = "localhost") -> Certificates:
    """A certificate that vouches for itself; the authority is another one."""
    key, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    return _written(folder, _certificate(host, key, host, key, host), key, _certificate("Otoritas lain", other, "Otoritas lain", other, None))


def _certificate(name: str, key: ec.EllipticCurvePrivateKey, issuer: str, by: ec.EllipticCurvePrivateKey, host: str | None) -> x509.Certificate:
    """For a host, or for an authority where there is none."""
    builder = x509.CertificateBuilder(_name(issuer), _name(name), key.public_key(), x509.random_serial_number(), _FIRST, _LAST)
    builder = builder.add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
    if host is None:
        builder = builder.add_extension(x509.KeyUsage(True, False, False, False, False, True, True, False, False), critical=True)
    else:
        names = [x509.DNSName(host)] + ([x509.IPAddress(ip_address("127.0.0.1"))] if host == "localhost" else [])
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(by, hashes.SHA256())


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _written(folder: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey, authority: x509.Certificate) -> Certificates:
    made = Certificates((folder / "peer.crt", folder / "peer.key"), folder / "authority.crt")
    made.chain[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    made.chain[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    made.trusted.write_bytes(authority.public_bytes(Encoding.PEM))
    return made
