"""The dated rules of services: how long a slot is, how long letters rest, how long personal data are kept."""

from typing import Any

from portal.policies import APPOINTMENTS, LETTER_QUARANTINE, REQUEST_RETENTION
from portal.services import appointments

USUAL: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    (APPOINTMENTS, appointments.USUAL, "Lama dan jangka janji temu", "Bawaan portal; sesuaikan dengan aturan setempat"),
    (LETTER_QUARANTINE, {"hours": 24}, "Karantina isi kotak surat", "Bawaan portal; sesuaikan dengan aturan setempat"),
    (REQUEST_RETENTION, {"months": 24}, "Penyimpanan data pribadi permohonan", "UU 27/2022; sesuaikan dengan jadwal retensi arsip setempat"),
)
