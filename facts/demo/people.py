"""Who there is: classes of majors, and the people in them, before anything has happened to anyone."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from facts.demo import names
from facts.demo.days import CURRENT, term_of_grade
from facts.demo.lists import COLLEGES, KINDS, LEVELS
from facts.demo.store import Dates, Flags, Ints, Objects

NEWEST = 2026
FIRST_GRADUATES = 2023
CLASS_SIZE = 37
FIRST_TYPED = 2021
"""The first grade of which the exports tell the type of identity paper."""
LEAVERS = 0.75
"""Of a grade that has left, so many are still in the exports, measured by a grade in school."""


@dataclass
class Classes:
    """One element a class."""

    class_no: Objects
    kind: Ints
    grade: Ints
    college: Objects
    major: Objects
    size: Ints

    def __post_init__(self) -> None:
        keys = list(zip(self.kind.tolist(), self.grade.tolist(), self.major.tolist(), strict=True))
        first: dict[Any, int] = {}
        for i, key in enumerate(keys):
            first.setdefault(key, i)
        self.below: Ints = np.array([[first.get((k, g + d, m), -1) for k, g, m in keys] for d in (0, 1, 2)])
        """By years set back, the class of the same major so many grades below; -1: there is none."""
        same: dict[Any, list[int]] = {}
        for i, (k, g, _) in enumerate(keys):
            same.setdefault((k, g), []).append(i)
        other = []
        for i, (k, g, m) in enumerate(keys):
            group = same[k, g]
            turned = group[group.index(i) :] + group[: group.index(i)]
            other.append(next((j for j in turned if self.major[j] != m), -1))
        self.other: Ints = np.array(other)
        """The next class of the same kind and grade with another major; -1: there is none."""

    @property
    def last_term(self) -> Ints:
        """Index of the last term of each class."""
        years = np.array([k.years for k in KINDS])[self.kind]
        return np.asarray(term_of_grade(self.grade) + 2 * years - 1)


@dataclass
class People:
    """One element a person: those admitted to a class, and after them some who never had a place (`class_of` is -1)."""

    student_no: Objects
    id_number: Objects
    name: Objects
    sex: Objects
    birth_on: Dates
    ethnicity: Objects
    exam_no: Objects
    kind: Ints
    grade: Ints
    """The year of entry."""
    admitted: Ints
    """The class at entry."""
    class_of: Ints
    """The class now."""
    id_type: Objects

    @property
    def placed(self) -> Flags:
        return np.asarray(self.admitted >= 0)


def found_classes(students: int) -> Classes:
    """The classes of a college with about so many students in school, and those of the years that have left."""
    majors: dict[str, list[tuple[int, int, str]]] = {
        level: sorted(
            (
                (c, 1 + sum(len(college[1 + before]) for before in range(place)) + m, major)
                for c, college in enumerate(COLLEGES)
                for m, major in enumerate(college[1 + place])
            ),
            key=lambda row: row[1::-1],  # so that neighbours are of different colleges
        )
        for place, level in enumerate(LEVELS)
    }
    rows: list[tuple[str, int, int, str, str, int]] = []
    used: dict[tuple[int, int, int], int] = {}
    for k, kind in enumerate(KINDS):
        in_school = students * kind.share / kind.years
        for grade in range(FIRST_GRADUATES - kind.years, NEWEST + 1):
            left = term_of_grade(grade) + 2 * kind.years - 1 < CURRENT
            if left and not kind.has_record:
                continue
            size = max(4.0 * kind.classes, in_school * (LEAVERS if left else 1))
            count = max(kind.classes, round(size / CLASS_SIZE))
            for i in range(count):
                c, m, major = majors[kind.level][i % len(majors[kind.level])]
                used[c, m, grade] = n = used.get((c, m, grade), 0) + 1
                places = round(size * (i + 1) / count) - round(size * i / count)
                rows.append((f"{c + 1:02d}{m:02d}{grade % 100:02d}{n:02d}", k, grade, COLLEGES[c][0], major, places))
    columns = list(zip(*rows, strict=True))
    texts = [np.array(columns[i], dtype=object) for i in (0, 3, 4)]
    numbers = [np.array(columns[i], dtype=np.int64) for i in (1, 2, 5)]
    return Classes(texts[0], numbers[0], numbers[1], texts[1], texts[2], numbers[2])


def admit(rng: np.random.Generator, classes: Classes, spare: int) -> People:
    """The people of the classes, ordered by student number, and `spare` who never came to have a place."""
    order = np.argsort(classes.class_no.astype("U8"), kind="stable")
    admitted = np.repeat(order, classes.size[order])
    seat = (
        np.arange(len(admitted))
        - np.repeat(np.cumsum(classes.size[order]) - classes.size[order], classes.size[order])
        + 1
    )
    n = len(admitted)
    student_no = np.strings.add(classes.class_no[admitted].astype("U8"), np.strings.zfill(seat.astype("U2"), 2)).astype(
        object
    )
    outsiders = np.array([f"{99}01{26:02d}{i // 100 + 1:02d}{i % 100:02d}" for i in range(spare)], dtype=object)
    kind = np.concatenate([classes.kind[admitted], rng.integers(0, 2, spare)])
    grade = np.concatenate([classes.grade[admitted], np.full(spare, NEWEST)])
    age = np.array([k.age for k in KINDS])[kind]
    spread = np.array([k.ages for k in KINDS])[kind]
    born_from = ((grade - age - 1971) * 12 + 8).astype("datetime64[M]").astype("datetime64[D]") + 30 - spread * 180
    identity = names.invent(rng, born_from, spread * 365)
    serial = rng.permutation(n + spare) + 100000
    prefix = np.strings.zfill((grade % 100).astype("U2"), 2)
    province = identity.area.astype("U2")
    exam_no = np.strings.add(np.strings.add(prefix, province), np.strings.zfill(serial.astype("U10"), 10)).astype(
        object
    )
    place = np.concatenate([admitted, np.full(spare, -1)])
    return People(
        np.concatenate([student_no, outsiders]), identity.id_number, identity.name, identity.sex, identity.birth_on,
        identity.ethnicity, exam_no, kind, grade, place, place.copy(),
        np.where(grade >= FIRST_TYPED, "居民身份证", None),
    )  # fmt: skip
