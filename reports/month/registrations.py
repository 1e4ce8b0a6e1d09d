"""The three registrations (四-2) as the report shows them: who has which, in all and by college."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from checks.results import RegistrationCount, Registrations
from reports.wording.words import HAVING

PARTS = ("缴费", "学期注册", "学籍注册")
MEANING = (
    "缴费：本学年费用已缴清，或缓缴未到期。学期注册：已办本学期的注册；暂缓报到仍有效的，暂不要求。"
    "学籍注册：学籍有效，并已办本学年的注册（当年新办学籍的也是）；不注册学籍的学生类别，暂不要求。"
    "休学、保留学籍和已离校的不在内。"
)
CAUTION = "“缺”以数据截至日计，期限未到的也在内；不明的没有核查，既不当作有，也不当作缺。"
_Having = tuple[str, str, str]


@dataclass(frozen=True)
class Combination:
    """Students who have the same: of each of PARTS a key of words.HAVING."""

    states: _Having
    students: int
    share: float = 0
    """Of the largest number of students who don't have all; 0 for those who do."""

    @property
    def complete(self) -> bool:
        return {"has", "excused"}.issuperset(self.states)


@dataclass(frozen=True)
class Standing:
    """How those of one college, or all, stand."""

    name: str
    students: int
    complete: int
    """Who have all that is wanted of them."""
    lacks: tuple[int, int, int]
    """Who lack each of PARTS."""
    unknown: int
    """Of whom any of the three is not known."""

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means all."""
        return self.complete * 100 // self.students if self.students else None


@dataclass(frozen=True)
class ThreeRegistrations:
    term: str | None
    """None where nothing could be counted."""
    whole: Standing
    combinations: tuple[Combination, ...]
    """All that there can be of has and lacks where they are known, also those of nobody; and what else there is."""
    colleges: tuple[Standing, ...]
    gaps: tuple[str, ...]
    """What is missing for knowing more."""


def three_registrations(counted: Registrations, colleges: Iterable[str] = ()) -> ThreeRegistrations:
    """`colleges`: those that are shown also where nobody is in school."""
    names = dict.fromkeys((*colleges, *(count.college for count in counted.counts)))
    return ThreeRegistrations(
        counted.term,
        _standing("全校", counted.counts),
        tuple(_combinations(counted.counts)),
        tuple(_standing(name, [count for count in counted.counts if count.college == name]) for name in names),
        counted.gaps,
    )


def said_of(three: ThreeRegistrations) -> Iterator[str]:
    """The numbers as sentences, and what was not checked."""
    gaps = "；".join(three.gaps)
    if three.term is None:
        yield f"本学期的三项注册没有核查{'：' if gaps else ''}{gaps}。没有核查不等于没有问题。"
        return
    whole = three.whole
    percent = "" if whole.percent is None else f"（{whole.percent}%）"
    lacks = "，".join(f"缺{part}{number:,}人" for part, number in zip(PARTS, whole.lacks, strict=True))
    yield (
        f"{three.term}学期，在读学生{whole.students:,}人，三项齐全{whole.complete:,}人{percent}；"
        f"{lacks}，不明{whole.unknown:,}人。"
    )
    if gaps:
        yield f"没有核查：{gaps}。"


def _combinations(counts: Iterable[RegistrationCount]) -> Iterator[Combination]:
    students: Counter[_Having] = Counter()
    for count in counts:
        students[_having(count)] += count.students
    known = [{"has", "lacks"} if {each[part] for each in students} != {"unknown"} else {"unknown"} for part in range(3)]
    every = [Combination(states, students[states]) for states in product(HAVING, HAVING, HAVING)]
    most = max((each.students for each in every if not each.complete), default=0)
    for each in every:
        if each.students or all(state in some for state, some in zip(each.states, known, strict=True)):
            share = 0 if each.complete or not most else each.students / most
            yield Combination(each.states, each.students, share)


def _having(count: RegistrationCount) -> _Having:
    return count.fee, count.term, count.record


def _standing(name: str, counts: Iterable[RegistrationCount]) -> Standing:
    each = [Combination(_having(count), count.students) for count in counts]
    lacks = [sum(one.students for one in each if one.states[part] == "lacks") for part in range(3)]
    return Standing(
        name,
        sum(one.students for one in each),
        sum(one.students for one in each if one.complete),
        (lacks[0], lacks[1], lacks[2]),
        sum(one.students for one in each if "unknown" in one.states),
    )
