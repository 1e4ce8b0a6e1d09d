"""The intakes as the 入学报到管理平台 holds them: those who came, and those who did not and were cleared."""

from typing import Any

import numpy as np

from facts.demo.days import FIRST_EXPORTED, Days, term_of_grade
from facts.demo.lists import BATCHES, KINDS, SECOND_BATCH, TOP_UP
from facts.demo.lives import Lives, entered
from facts.demo.people import NEWEST, Classes, People
from facts.demo.store import NO_DAY, Flags, Ints, Sheet
from facts.demo.systems import FIRST_WELCOME, Presence, draw

FIRST_REVIEWED = 2025
"""The first intake whose 资格初审 the platform still holds."""
NO_SHOWS = 0.025
PROVINCES = {
    "61": "陕西省", "14": "山西省", "41": "河南省", "62": "甘肃省", "64": "宁夏回族自治区", "51": "四川省",
    "50": "重庆市", "15": "内蒙古自治区", "42": "湖北省", "34": "安徽省", "37": "山东省", "13": "河北省",
    "65": "新疆维吾尔自治区",
}  # fmt: skip


def no_shows_needed(classes: Classes) -> int:
    """How many spare people the intakes need."""
    return sum(round(NO_SHOWS * size) + 1 for size in _intakes(classes).values())


def _intakes(classes: Classes) -> dict[int, int]:
    return {g: int(classes.size[classes.grade == g].sum()) for g in range(FIRST_WELCOME, NEWEST + 1)}


def welcome(
    rng: np.random.Generator, days: Days, people: People, lives: Lives, classes: Classes, presence: Presence
) -> Sheet:
    """The rows of all intakes since FIRST_WELCOME; no-shows are the first of the spare people."""
    came = np.flatnonzero(people.placed & (people.grade >= FIRST_WELCOME) & (lives.joined_on == entered(people.grade)))
    years = np.concatenate([np.full(round(NO_SHOWS * size) + 1, g) for g, size in _intakes(classes).items()])
    spare = np.flatnonzero(~people.placed)[: len(years)]
    who = np.concatenate([came, spare])
    grade = np.concatenate([people.grade[came], years])
    by = days.report_by[term_of_grade(grade)]
    klass = np.concatenate([people.admitted[came], rng.choice(np.flatnonzero(classes.grade == NEWEST), len(spare))])
    sheet = rows(rng, people, classes, who, grade, klass)
    arrived = presence.arrived_on[came, term_of_grade(grade[: len(came)]) - FIRST_EXPORTED]
    sheet.set(slice(0, len(came)), arrival="已报到", arrived_on=arrived)
    cleared = by[len(came) :] + rng.integers(3, 14, len(spare))
    sheet.set(slice(len(came), None), arrival="未报到", cleared_on=cleared)
    serving = len(came) + np.flatnonzero(years[1:] > years[:-1])[-2:]  # the last no-shows of two intakes
    sheet.set(serving, arrival="保留入学资格", cleared_on=NO_DAY)
    newest = np.flatnonzero(grade == NEWEST)
    second = in_second_batch(people.kind)[who[newest]]
    sheet.set(newest, report_by=np.where(second, *np.array(BATCHES[::-1], dtype="datetime64[D]")))
    top_up = np.flatnonzero(people.kind[who[: len(came)]] == TOP_UP)
    sheet.set(top_up, entry_mode="专升本")
    sheet.set(np.flatnonzero(grade < FIRST_REVIEWED), review=None)
    return sheet


def in_second_batch(kind: Ints) -> Flags:
    """Whether those of each kind report in the second batch."""
    return np.isin(np.array([k.category for k in KINDS])[kind], SECOND_BATCH)


def rows(rng: np.random.Generator, people: People, classes: Classes, who: Ints, grade: Ints, klass: Ints) -> Sheet:
    """Complete rows, of those who are still to report."""
    n, kind = len(who), classes.kind[klass]
    serial = (rng.permutation(n) + 10000).tolist()
    ticket = np.array([f"{g % 100:02d}0{s:08d}" for g, s in zip(grade.tolist(), serial, strict=True)], dtype=object)
    province = np.array([PROVINCES.get(i[:2], "境外") for i in people.id_number[who]], dtype=object)
    level, category = (np.array([getattr(k, a) for k in KINDS], dtype=object)[kind] for a in ("level", "category"))
    columns: dict[str, Any] = {
        "exam_no": people.exam_no[who],
        "ticket_no": ticket,
        "id_number": people.id_number[who], "name": people.name[who], "sex": people.sex[who],
        "birth_on": people.birth_on[who], "ethnicity": people.ethnicity[who],
        "candidate_type": draw(rng, ("城市应届", "农村应届", "农村往届", "城市往届"), n),
        "subject_code": draw(rng, ("1", "2", "5", "A"), n), "entry_year": grade, "major": classes.major[klass],
        "level": level, "length_years": np.array([str(k.years) for k in KINDS], dtype=object)[kind],
        "entered_on": entered(grade), "entry_mode": draw(rng, ("普通高考", "对口升学", "单独招生"), n, 2.0),
        "score": np.array([str(s) for s in rng.integers(210, 560, n).tolist()], dtype=object), "origin": province,
        "season": np.full(n, "秋季", dtype=object), "language": draw(rng, ("英语", "日语", "俄语"), n, 6.0),
        "college": classes.college[klass], "category": category, "review": np.full(n, "通过", dtype=object),
        "arrival": np.full(n, "暂缓报到", dtype=object), "arrived_on": np.full(n, NO_DAY),
        "cleared_on": np.full(n, NO_DAY), "id_type": people.id_type[who], "report_by": np.full(n, NO_DAY),
    }  # fmt: skip
    return Sheet(who, **columns)
