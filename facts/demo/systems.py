"""What each system holds about the people: 在校生, 学籍, 缴费, 迎新, 返校报到, 学期注册, 暂缓报到, 毕业, 交接, 班级."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from facts.demo.days import CURRENT, FIRST_EXPORTED, Days, term_of_grade
from facts.demo.lists import KINDS
from facts.demo.lives import Lives, entered
from facts.demo.people import Classes, People
from facts.demo.store import NO_DAY, Dates, Flags, Ints, Objects, Sheet

FIRST_WELCOME = 2023
FIRST_DEFERRAL = 10
"""The first term with deferrals in the exports."""
FIRST_ARCHIVED = 2024
"""The first year whose graduates stand in 毕业."""
FIRST_HANDOVER = np.datetime64("2024-03-01")
"""Since when handovers are noted down."""
FEN = 100
LOANS, GREEN = 0.05, 0.06
"""Of those who pay: up to which lot they have 助学贷款, which comes later in the year, and up to which 绿色通道."""


@dataclass
class Presence:
    """Persons × the terms from FIRST_EXPORTED to CURRENT."""

    inside: Flags
    arrived_on: Dates
    deferred: Flags
    """Arrived late, by an approved deferral."""

    @staticmethod
    def build(rng: np.random.Generator, days: Days, people: People, lives: Lives) -> "Presence":
        n, terms = len(people.kind), np.arange(FIRST_EXPORTED, CURRENT + 1)
        by = days.report_by[terms][None, :]
        start = days.starts_on[terms][None, :]
        shape = (n, len(terms))
        arrived = start - 1 + (rng.random(shape) ** 1.5 * 6).astype(np.int64)
        away_to = np.where(np.isnat(lives.away_to), np.datetime64("2099-01-01"), lives.away_to)[:, None]
        away_from = lives.away_from[:, None]
        returning = (away_to >= start - 1) & (away_to <= by)
        arrived = np.where(returning, np.maximum(arrived, away_to), arrived)
        arrived = np.maximum(arrived, np.minimum(entered(people.grade)[:, None], by))
        inside = people.placed[:, None] & (lives.joined_on[:, None] <= by)
        inside &= np.isnat(lives.left_on)[:, None] | (lives.left_on[:, None] > by)
        inside &= ~((away_from <= by) & (away_to > by))
        deferred = inside & lives.quiet[:, None] & (rng.random(shape) < 0.006) & (terms >= FIRST_DEFERRAL)[None, :]
        late = by + 1 + (rng.random(shape) * 11).astype(np.int64)
        return Presence(inside, np.where(deferred, late, np.minimum(arrived, by)), deferred)

    def cells(self, wanted: Flags) -> tuple[Ints, Ints]:
        """(person, term) of the cells wanted, ordered by person."""
        who, column = np.nonzero(wanted)
        return who, column + FIRST_EXPORTED


def draw(rng: np.random.Generator, options: tuple[str, ...], n: int, power: float = 1.0) -> Objects:
    """One of the options each; with a power above 1 the first ones are the more frequent."""
    picked: Objects = np.array(options, dtype=object)[(rng.random(n) ** power * len(options)).astype(int)]
    return picked


def students(people: People, lives: Lives, classes: Classes) -> Sheet:
    who = np.flatnonzero(people.placed)
    c = people.class_of[who]
    kind = people.kind[who]
    return Sheet(
        who,
        student_no=people.student_no[who], id_number=people.id_number[who], name=people.name[who], sex=people.sex[who],
        birth_on=people.birth_on[who], ethnicity=people.ethnicity[who], exam_no=people.exam_no[who],
        level=np.array([k.level for k in KINDS], dtype=object)[kind],
        category=np.array([k.category for k in KINDS], dtype=object)[kind],
        college=classes.college[c], major=classes.major[c], class_no=classes.class_no[c], grade=classes.grade[c],
        length_years=np.array([k.years for k in KINDS])[kind], entered_on=entered(people.grade[who]),
        status=lives.status[who], id_type=people.id_type[who],
    )  # fmt: skip


def records(rng: np.random.Generator, days: Days, people: People, lives: Lives, classes: Classes) -> Sheet:
    has = np.array([k.has_record for k in KINDS])[people.kind] & people.placed
    who = np.flatnonzero(has)
    n = len(who)
    level = np.array([k.level for k in KINDS], dtype=object)[people.kind[who]]
    joined = lives.joined_on[who]
    first = entered(people.grade[who]) + 44
    registered = np.where(joined > first, joined + 8, first) + rng.integers(0, 22, n)
    left = np.fmin(
        np.fmin(lives.left_on[who], np.where(np.isnat(lives.away_to[who]), lives.away_from[who], NO_DAY)), days.as_of
    )
    year = (
        left.astype("datetime64[M]").astype(np.int64) // 12
        + 1970
        - (left.astype("datetime64[M]").astype(np.int64) % 12 < 7)
    )
    annual = np.array([f"{y}-{y + 1}" for y in year.tolist()], dtype=object)
    fresh = (people.grade[who] == year) & (rng.random(n) < 0.5)
    annual[fresh] = None
    return Sheet(
        who,
        platform=np.where(level == "中职", "中职学籍系统", "学信网").astype(object), student_no=people.student_no[who],
        id_number=people.id_number[who], name=people.name[who], exam_no=people.exam_no[who], level=level,
        major=_half_width(classes.major)[people.class_of[who]], entered_on=entered(people.grade[who]),
        status=lives.record_status[who], registered_on=registered, annual_registration=annual,
        id_type=people.id_type[who],
    )  # fmt: skip


def _half_width(majors: Objects) -> Objects:
    """As the platform writes them: with half-width brackets."""
    return np.strings.replace(np.strings.replace(majors.astype("U"), "（", "("), "）", ")").astype(object)


def fees(rng: np.random.Generator, days: Days, people: People, lives: Lives, presence: Presence) -> Sheet:
    years = (presence.inside.shape[1] + 1) // 2
    padded = np.zeros((len(people.kind), years * 2), dtype=bool)
    padded[:, : presence.inside.shape[1]] = presence.inside
    who, year = np.nonzero(padded[:, 0::2] | padded[:, 1::2])
    boards = rng.random(len(people.kind))[who] < 0.85
    tuition = np.array([k.tuition for k in KINDS])[people.kind[who]] * FEN
    relief = np.where(rng.random(len(who)) < 0.05, rng.integers(1, 5, len(who)) * 1000 * FEN, 0)
    term = FIRST_EXPORTED + 2 * year
    now = year == years - 1
    lot = rng.random(len(who))
    free = np.array([k.level == "中职" for k in KINDS])[people.kind[who]]
    served = lives.served[who] & (days.starts_on[term] >= lives.away_to[who] - 7)
    relief = np.where(free | served, tuition, np.minimum(relief, tuition))
    quiet = lives.quiet[who] & ~free
    loan, green = quiet & (lot < LOANS), quiet & now & (lot >= LOANS) & (lot < GREEN)
    aid = np.select([free, served, loan, green], ["免学费", "服兵役资助", "助学贷款", "绿色通道"], "").astype(object)
    aid[aid == ""] = None
    deferring = now & (rng.random(len(who)) < 0.03) & (aid == None)  # noqa: E711 - elementwise
    paid = np.where(deferring, (tuition - relief) // 2, np.where(now & (loan | green), 0, tuition - relief))
    registered = days.starts_on[term] - 6 + (rng.random(len(who)) * 10).astype(np.int64)
    until = np.where(deferring, np.datetime64("2026-12-31"), NO_DAY)
    academic = np.array([days.year(t) for t in range(FIRST_EXPORTED, CURRENT + 2, 2)], dtype=object)[year]
    order = np.argsort(np.concatenate([np.arange(len(who)), np.flatnonzero(boards)]), kind="stable")

    def both(first: Any, second: Any) -> Any:
        return np.concatenate([first, np.broadcast_to(second, len(who))[boards]])[order]

    person = both(who, who)
    return Sheet(
        person,
        student_no=people.student_no[person], academic_year=both(academic, academic),
        item=both(np.full(len(who), "学费", dtype=object), np.full(len(who), "住宿费", dtype=object)),
        payable=both(tuition, np.full(len(who), 1200 * FEN)), paid=both(paid, np.full(len(who), 1200 * FEN)),
        relief=both(relief, np.zeros(len(who), dtype=np.int64)), deferred_until=both(until, np.full(len(who), NO_DAY)),
        aid=both(aid, np.full(len(who), None, dtype=object)), registered_on=both(registered, registered),
    )  # fmt: skip


def checkins(days: Days, people: People, lives: Lives, presence: Presence) -> Sheet:
    who, term = presence.cells(presence.inside)
    back = (term > term_of_grade(people.grade[who])) | (lives.joined_on[who] > entered(people.grade[who]))
    who, term = who[back], term[back]
    return Sheet(
        who, student_no=people.student_no[who], term=_term(days, term),
        arrived_on=presence.arrived_on[who, term - FIRST_EXPORTED], marked_on=np.full(len(who), NO_DAY),
    )  # fmt: skip


def registrations(days: Days, people: People, presence: Presence) -> Sheet:
    who, term = presence.cells(presence.inside)
    arrived = presence.arrived_on[who, term - FIRST_EXPORTED]
    return Sheet(who, student_no=people.student_no[who], term=_term(days, term), registered_on=arrived)


def deferrals(rng: np.random.Generator, days: Days, people: People, presence: Presence) -> Sheet:
    who, term = presence.cells(presence.deferred)
    new = term == term_of_grade(people.grade[who])
    by, arrived = days.report_by[term], presence.arrived_on[who, term - FIRST_EXPORTED]
    until = np.minimum(arrived + rng.integers(0, 4, len(who)), by + 14)
    approved = by - rng.integers(0, 4, len(who))
    nobody = np.full(len(who), None, dtype=object)
    return Sheet(
        who,
        student_no=np.where(new, nobody, people.student_no[who]), exam_no=np.where(new, people.exam_no[who], nobody),
        term=_term(days, term), applied_on=approved - rng.integers(0, 6, len(who)), until=until, approved_on=approved,
        approver=np.where(new, "招生办", "学生处").astype(object),
    )  # fmt: skip


def graduations(rng: np.random.Generator, people: People, lives: Lives) -> Sheet:
    who = np.flatnonzero(lives.graduated_in >= FIRST_ARCHIVED)
    n, year = len(who), lives.graduated_in[who]
    june = ((year - 1970) * 12 + 5).astype("datetime64[M]").astype("datetime64[D]")
    college, academic = june - 20 + rng.integers(0, 12, n), june + rng.integers(0, 12, n)
    registered = june + 14 + rng.integers(0, 8, n)
    delivered = np.where(rng.random(n) < 0.96, registered + rng.integers(0, 12, n), NO_DAY)
    recovered = np.where(np.isnat(delivered), registered + 20 + rng.integers(0, 30, n), NO_DAY)
    code = {"毕业": 6, "结业": 7, "肄业": 8}
    certificate = np.array(
        [f"13999{y}0{code[s]}{i:06d}" for i, (y, s) in enumerate(zip(year.tolist(), lives.status[who], strict=True))],
        dtype=object,
    )
    return Sheet(
        who, student_no=people.student_no[who], conclusion=lives.status[who], college_on=college, academic_on=academic,
        registered_on=registered, certificate_no=certificate, delivered_on=delivered, recovered_on=recovered,
        archived_on=recovered + rng.integers(0, 10, n),
    )  # fmt: skip


UNITS = {
    "休学": ("教务处", "学生处"), "保留学籍": ("教务处", "学生处"), "复学": ("教务处", "二级学院"),
    "留级": ("教务处", "二级学院"), "转专业": ("教务处", "二级学院"), "转入": ("教务处", "二级学院"),
    "转出": ("教务处", "学生处"),
    "自愿退学": ("教务处", "学生处"), "自动退学": ("教务处", "学生处"), "取消学籍": ("教务处", "财务处"),
    "开除学籍": ("教务处", "学生处"), "死亡": ("学生处", "教务处"),
}  # fmt: skip


def handovers(changes: Sheet) -> Sheet:
    issued = changes["issued_on"] >= FIRST_HANDOVER
    units = np.array([UNITS[k] for k in changes["kind"][issued]], dtype=object).reshape(-1, 2)
    handed = changes["issued_on"][issued]
    return Sheet(
        changes.who[issued], change_no=changes["change_no"][issued], from_unit=units[:, 0], to_unit=units[:, 1],
        handed_on=handed, received_on=handed.copy(),
    )  # fmt: skip


def class_groups(classes: Classes) -> Sheet:
    order = np.argsort(classes.class_no.astype("U8"), kind="stable")
    kind = classes.kind[order]
    return Sheet(
        np.full(len(order), -1), class_no=classes.class_no[order], college=classes.college[order],
        major=classes.major[order], level=np.array([k.level for k in KINDS], dtype=object)[kind],
        category=np.array([k.category for k in KINDS], dtype=object)[kind], grade=classes.grade[order],
    )  # fmt: skip


def _term(days: Days, term: Ints) -> Objects:
    return np.array(days.terms, dtype=object)[term]
