"""Which violations are planted, how many, and beside which near misses; the ledger of what a check must report."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from facts.demo.college import College
from facts.demo.picks import Planted
from facts.demo.plants import (
    absence,
    arrival,
    classes,
    deferral,
    fees,
    graduation,
    identity,
    leave,
    leave_ends,
    majors,
    marking,
    newcomers,
    numbers,
    order,
    pending,
    platforms,
    procedure,
    records,
    registration,
    returning,
    silence,
    status,
    study,
    traces,
    untimely,
    withdrawal,
)
from facts.demo.plot import Plot

LARGE = 6000
SMALL = 600

Shape = Callable[[Plot], Iterable[Planted]]
"""Plants one case with people nobody has touched, and says every finding that follows from it."""


@dataclass(frozen=True)
class NearMiss:
    """A case that a rule must not report."""

    rule: str
    what: str
    student_no: str


@dataclass(frozen=True)
class Planting:
    planted: tuple[Planted, ...]
    """Ordered by rule and key."""
    near_misses: tuple[NearMiss, ...]


def shapes() -> dict[str, tuple[tuple[Shape, ...], tuple[Shape, ...]]]:
    """For each rule the shapes of its violations and of its near misses."""
    parts = (
        registration, fees, records, identity, marking, leave, absence, arrival, deferral, procedure, classes,
        numbers, graduation, traces,
        order, majors, status, untimely, withdrawal,
        newcomers, returning, leave_ends, pending, silence, platforms, study,
    )  # fmt: skip
    return {rule: both for part in parts for rule, both in part.SHAPES.items()}


def plant(rng: np.random.Generator, college: College, students: int) -> Planting:
    """Plant into the college, in place. From SMALL to LARGE students the number of cases a rule grows from one or two
    to twice its shapes."""
    plot = Plot.of(rng, college)
    size = min(1.0, max(0.0, (students - SMALL) / (LARGE - SMALL)))
    found: list[Planted] = []
    near: list[NearMiss] = []
    for rule, (bad, fine) in shapes().items():
        wanted = max(2, round(size * max(3, 2 * len(bad))))
        for i in range(wanted):
            found += bad[i % len(bad)](plot)
        for shape in fine * (2 if size == 1.0 else 1):
            plot.victims.clear()
            found += shape(plot)
            what = (shape.__doc__ or "").strip()
            near += [NearMiss(rule, what, plot.no(who)) for who in plot.victims]
    ledger = sorted(set(found), key=lambda p: (p.rule, tuple(value for _, value in p.key)))
    return Planting(tuple(ledger), tuple(near))
