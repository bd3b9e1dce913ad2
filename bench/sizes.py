"""How much the benchmark makes and how long it presses: by environment, so that a quick look takes minutes and a full run tells the truth."""

import os

IS_QUICK = bool(os.environ.get("BENCH_QUICK"))


def _size(name: str, full: int, quick: int) -> int:
    return int(os.environ.get(f"BENCH_{name}", quick if IS_QUICK else full))


SECONDS = _size("SECONDS", 8, 2)  # of each load
BURST = _size("BURST", 20, 6)  # seconds within which everybody has submitted
ROUNDS = _size("ROUNDS", 15, 5)  # changes after each of which the first answer is timed
CITY = _size("CITY", 1000, 1000)  # offices
COUNTRY = _size("COUNTRY", 91_000, 5000)
PEOPLE = _size("PEOPLE", 6000, 900)  # employees who submit their day
DIFFER = _size("DIFFER", 120, 120)  # offices in another state than usual
ACTS = _size("ACTS", 50, 50)  # a second
SLOW = _size("SLOW", 200, 200)  # clients whose bodies hang
AFFECTED = tuple(int(each) for each in os.environ.get("BENCH_AFFECTED", "10,100,1000" if IS_QUICK else "10,100,1000,10000").split(","))
