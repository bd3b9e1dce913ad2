"""The dated rules of e-kinerja: which days are worked and how long, and until when a day is logged, validated, and objected to."""

from typing import Any

from portal.offices.hours import DAYS
from portal.policies import LOG_DEADLINE, MONTH_CLOSING, OBJECTION_DEADLINE, VALIDATION_DEADLINE, WORK_WEEK

USUAL: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    (WORK_WEEK, {"minutes": 450, "days": list(DAYS[:5])}, "Hari dan beban kerja", "Perpres 21/2023 Pasal 4; sesuaikan dengan aturan setempat"),
    (LOG_DEADLINE, {"days": 1}, "Batas mengajukan log harian", "Bawaan portal; sesuaikan dengan aturan setempat"),
    (VALIDATION_DEADLINE, {"days": 3}, "Batas atasan memvalidasi", "Bawaan portal; sesuaikan dengan aturan setempat"),
    (MONTH_CLOSING, {"days": 5}, "Penutupan bulan", "Bawaan portal; sesuaikan dengan aturan setempat"),
    (OBJECTION_DEADLINE, {"days": 5}, "Batas mengajukan keberatan", "Bawaan portal; sesuaikan dengan aturan setempat"),
)  # fmt: skip
