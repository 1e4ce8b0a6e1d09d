"""The last twelve months, as their reports counted them."""

from collections.abc import Iterable

from checks.history.values import Point, Run

MONTHS = 12


def trend(run: Run, every: Iterable[Run]) -> tuple[Point, ...]:
    """Twelve months, the last one the run's own; a month without a report has no figures."""
    kept = {each.month: each.figures for each in every if (each.institution, each.pack) == (run.institution, run.pack)}
    kept[run.month] = run.figures
    return tuple(Point(month, kept.get(month)) for month in months(run.month))


def months(last: str, count: int = MONTHS) -> list[str]:
    """`count` months up to and with the last, as 2026-11."""
    year, number = map(int, last.split("-"))
    ordinals = range(year * 12 + number - count, year * 12 + number)
    return [f"{each // 12:04}-{each % 12 + 1:02}" for each in ordinals]
