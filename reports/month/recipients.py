"""What of the report belongs to one office or one college, and how their sheets and files are called."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from checks.history.values import Gone
from reports.month.entry import Entry
from reports.month.model import MonthlyReport
from reports.wording.words import NO_COLLEGE

_DEVICE = re.compile(r"(?:^|(?<=-))(?:CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])(?=\.|$)", re.IGNORECASE)
"""Names that Windows keeps for devices."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\<>|\"'\x00-\x1f]")
_Item = TypeVar("_Item", Entry, Gone)
_LONGEST = 31
"""Characters of a sheet's name, as Excel has it."""


@dataclass(frozen=True)
class Part:
    """An office's (单位) or a college's (学院) share of the findings."""

    kind: str
    name: str
    entries: tuple[Entry, ...]
    solved: tuple[Gone, ...]


def parts(report: MonthlyReport) -> tuple[Part, ...]:
    """Offices, then colleges, in the report's order, those without a finding too."""
    offices = _by(report.entries, lambda entry: entry.owner)
    colleges = _by(report.entries, lambda entry: entry.college or NO_COLLEGE)
    solved = [gone for gone in report.gone if gone.outcome == "solved"]
    done = _by(solved, lambda gone: gone.finding.owner), _by(solved, lambda gone: gone.finding.college or NO_COLLEGE)
    names = (
        dict.fromkeys([*(share.name for share in report.offices), *offices]),
        dict.fromkeys([*(share.name for share in report.colleges), *colleges]),
    )
    return tuple(
        Part(kind, name, tuple(of.get(name, ())), tuple(left.get(name, ())))
        for kind, called, of, left in zip(("单位", "学院"), names, (offices, colleges), done, strict=True)
        for name in called
    )


def _by(items: Iterable[_Item], part: Callable[[_Item], str]) -> dict[str, list[_Item]]:
    of: dict[str, list[_Item]] = {}
    for item in items:
        of.setdefault(part(item), []).append(item)
    return of


def sheet_name(name: str, taken: set[str], longest: int = _LONGEST) -> str:
    """The name as Excel and file systems take it, unlike any in `taken` (to which it is added), whatever the case."""
    plain = _FORBIDDEN.sub(" ", name).strip(" .")[:longest].strip(" .") or "未命名"
    plain = _DEVICE.sub(r"\g<0>_", plain)[:longest]
    unique, number = plain, 2
    while unique.lower() in {each.lower() for each in taken} | {"history"}:
        tail = f"（{number}）"
        unique, number = plain[: longest - len(tail)] + tail, number + 1
    taken.add(unique)
    return unique
