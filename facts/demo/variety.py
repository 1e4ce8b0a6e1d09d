"""Lives that are not everybody's: identity papers from elsewhere, 专升本, classes and students away by arrangement."""

import numpy as np

from facts.demo.attendance import ABSENT
from facts.demo.days import CURRENT, Days
from facts.demo.lists import KINDS, TOP_UP
from facts.demo.lives import Lives
from facts.demo.people import NEWEST, Classes, People
from facts.demo.store import Flags, Sheet
from facts.model.identity import complete

_PAPERS = (
    ("护照", "E{0:08d}"), ("港澳居民来往内地通行证", "H{0:08d}"), ("台湾居民来往大陆通行证", "0{0:07d}"),
    ("港澳台居民居住证", ""), ("外国人永久居留身份证", "USA1101{1}01"), ("其他", "QT{0:08d}"),
)  # fmt: skip
"""(证件类型, form of its number from a serial and a birth date of six digits)."""
_PAPERS_SHARE = 0.002
_ABROAD_SHARE = 0.003
_INTERNSHIP = np.datetime64("2026-10-12")
_INTERNSHIP_ENDS = np.datetime64("2027-01-08")
_EXCHANGE = np.datetime64("2026-08-24")
_EXCHANGE_ENDS = np.datetime64("2027-01-15")
_LONG_INTERNSHIPS = ("高职扩招", "五年制")
"""Categories of which every class of the last year is away; of the other 专科, every third one is."""


def papers(people: People, lives: Lives) -> None:
    """Gives a few students in school, one at least of every type, papers that are no resident card, in place."""
    degree = np.isin(people.kind, [0, 1])
    here = np.flatnonzero(people.placed & degree & lives.quiet & (lives.status == "在读") & (people.grade > NEWEST - 4))
    count = max(len(_PAPERS), round(_PAPERS_SHARE * len(here)))
    for place, who in enumerate(here[:: max(1, len(here) // count)][:count].tolist()):
        kind, form = _PAPERS[place % len(_PAPERS)]
        born = str(people.birth_on[who]).replace("-", "")
        number = form.format(1234567 + 7919 * place, born[2:])
        if not number:
            male = people.sex[who] == "男"
            number = str(complete(np.array([f"810000{born}{100 + 2 * place + male:03d}"]))[0])
        people.id_type[who], people.id_number[who] = kind, number
        lives.quiet[who] = False


def go_on(people: People, lives: Lives) -> None:
    """Whoever is in 专升本 is a graduate of a 专科 of the same year, where there is one: the same person, in place."""
    three = np.array([k.level == "专科" and k.years == 3 and k.category == "普招" for k in KINDS])
    for grade in np.unique(people.grade[people.placed]).tolist():
        into = np.flatnonzero(people.placed & (people.kind == TOP_UP) & (people.grade == grade))
        came = np.flatnonzero(
            people.placed & three[people.kind] & (people.grade == grade - 3) & (lives.status == "毕业") & lives.quiet
        )[: len(into)]
        into = into[: len(came)]
        for column in (people.id_number, people.name, people.sex, people.birth_on, people.ethnicity):
            column[into] = column[came]
        lives.quiet[came] = False
    lives.quiet[people.kind == TOP_UP] = False


def place(
    days: Days, people: People, lives: Lives, classes: Classes, calls: Sheet, checkin: Sheet
) -> tuple[Sheet, Flags]:
    """(实习安排; who is away by it). In place: a class on 顶岗实习 has no lessons; of those on exchange half are called
    as absent and half are not called, and none has reported back."""
    last = (classes.last_term == CURRENT) | (classes.last_term == CURRENT + 1)
    category = np.array([k.category for k in KINDS], dtype=object)[classes.kind]
    level = np.array([k.level for k in KINDS], dtype=object)[classes.kind]
    groups = np.flatnonzero(last & np.isin(category, _LONG_INTERNSHIPS))
    third = np.flatnonzero(last & (level == "专科") & (category == "普招"))[2::3]
    groups = np.sort(np.concatenate([groups, third]))
    away: Flags = np.isin(people.class_of, groups) & people.placed
    calls.drop(away[calls.who] & (days.called[calls["day"]] >= _INTERNSHIP))
    here = people.placed & lives.quiet & (lives.status == "在读") & np.isin(people.kind, [0]) & ~away
    here = np.flatnonzero(here & (people.grade == NEWEST - 1))
    count = max(2, round(_ABROAD_SHARE * len(here)))
    abroad = here[:: max(1, len(here) // count)][:count]
    now = calls["day"] < len(days.teaching)
    calls.set(np.isin(calls.who, abroad[0::2]) & now, result=ABSENT)
    calls.drop(np.isin(calls.who, abroad[1::2]) & now)
    checkin.drop(np.isin(checkin.who, abroad) & (checkin["term"] == days.terms[CURRENT]))
    away[abroad] = True
    none = np.full(len(groups), None, dtype=object)
    who = np.concatenate([np.full(len(groups), -1), abroad])
    sheet = Sheet(
        who,
        class_no=np.concatenate([classes.class_no[groups], np.full(len(abroad), None, dtype=object)]),
        student_no=np.concatenate([none, people.student_no[abroad]]),
        from_on=np.where(who < 0, _INTERNSHIP, _EXCHANGE), until=np.where(who < 0, _INTERNSHIP_ENDS, _EXCHANGE_ENDS),
        kind=np.where(who < 0, "顶岗实习", "交换").astype(object),
    )  # fmt: skip
    calls.finish()
    checkin.finish()
    return sheet, away
