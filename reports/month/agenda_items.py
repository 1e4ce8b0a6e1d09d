"""What the meeting is asked, as values: decided in reports.month.agenda, shown by every renderer."""

from dataclasses import dataclass
from datetime import date

from facts.model.values import chinese_date


@dataclass(frozen=True)
class Subject:
    """Somebody (or something) that an item of the agenda concerns, once, however many findings there are."""

    anchor: str
    """Of the first finding."""
    label: str
    """学号, 考生号, or 对象 where it is nobody."""
    number: str
    college: str | None
    case: str
    """How the case stands."""


@dataclass(frozen=True)
class AgendaItem:
    """Something for the meeting to decide: a broken rule, how many and whom it concerns, and what is proposed."""

    rule: str
    title: str
    severity: str
    decision: str
    """What the pack asks the meeting; empty where it words nothing."""
    proposal: str
    facts: str
    """How grave it is: since when overdue, how many new. Empty where nothing is known of it."""
    findings: int
    people: int
    """0 where it is not about people."""
    lead: str
    support: str
    """Who takes part beside the leading unit; may be empty."""
    by: date
    """Until when it should be done."""
    by_what: str
    """Why then: 下次例会 or 规定的期限."""
    subjects: tuple[Subject, ...]
    """The first few."""
    subjects_left: int = 0

    @property
    def count(self) -> str:
        """4人，8项."""
        people = f"{self.people:,}人，" if self.people else ""
        return f"{people}{self.findings:,}项"

    @property
    def question(self) -> str:
        decision = f"{self.decision.rstrip('。')}？" if self.decision else ""
        return f"{decision}是否同意：{self.proposal.rstrip('。')}？"

    @property
    def until(self) -> str:
        return f"{chinese_date(self.by)}（{self.by_what}）前"

    @property
    def heads(self) -> tuple[str, str, str]:
        """Of the table of subjects: 学号 (or what else they are called), 学院, 情况."""
        return "、".join(dict.fromkeys(each.label for each in self.subjects)), "学院", "情况"


@dataclass(frozen=True)
class AgendaLeft:
    """Kinds of findings (rules) that the meeting is not asked about."""

    kinds: int = 0
    notices: int = 0
    """Of these, the ones that are notices only."""
    consequences: int = 0
    """Of these, the ones that other findings bring about."""
