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
    majors,
    marking,
    numbers,
    order,
    procedure,
    records,
    registration,
    status,
    traces,
    untimely,
    withdrawal,
)
from facts.demo.plot import Plot

BUILT = (
    "REG-01", "REG-02", "REG-03", "REG-07", "REG-09", "IDN-01", "IDN-02", "MRK-01", "MRK-02", "MRK-03", "MRK-04",
    "MRK-05", "RPT-01", "LEV-01", "LEV-02", "ADM-01", "ADM-06", "PRC-01", "WDR-04", "CLS-01",
    "IDN-03", "IDN-04", "IDN-05", "IDN-06", "IDN-07", "IDN-08", "CLS-03", "CLS-04", "GRD-01", "GRD-02", "GRD-03",
    "GRD-04", "STY-01", "HND-01", "SYS-01",
    "ADM-02", "ADM-03", "ADM-04", "ADM-05", "DEF-01", "DEF-02", "DEF-03", "REG-04", "REG-05", "REG-06", "REG-08",
    "REG-10",
    "PRC-02", "TRF-01", "TRF-02", "LEV-03", "MRK-06", "MRK-07", "RPT-02", "WDR-01", "WDR-02", "WDR-03",
)  # fmt: skip
"""The rules that the pack holds now; what is planted for others is in the data and left out of the ledger. CLS-02 is
not checked until a school writes its coding rules, so what it would find is left out too."""
LARGE = 6000
SMALL = 300

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
    """For rules in BUILT, ordered by rule and key."""
    later: tuple[Planted, ...]
    """For the other rules of the catalogue."""
    near_misses: tuple[NearMiss, ...]


def shapes() -> dict[str, tuple[tuple[Shape, ...], tuple[Shape, ...]]]:
    """For each rule the shapes of its violations and of its near misses."""
    parts = (
        registration, fees, records, identity, marking, leave, absence, arrival, deferral, procedure, classes,
        numbers, graduation, traces,
        order, majors, status, untimely, withdrawal,
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
        wanted = max(2 if rule in BUILT else 1, round(size * max(3, 2 * len(bad))))
        for i in range(wanted):
            found += bad[i % len(bad)](plot)
        for shape in fine * (2 if size == 1.0 else 1):
            plot.victims.clear()
            found += shape(plot)
            what = (shape.__doc__ or "").strip()
            near += [NearMiss(rule, what, plot.no(who)) for who in plot.victims]
    ledger = sorted(set(found), key=lambda p: (p.rule, tuple(value for _, value in p.key)))
    return Planting(
        tuple(p for p in ledger if p.rule in BUILT), tuple(p for p in ledger if p.rule not in BUILT), tuple(near)
    )
