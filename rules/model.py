"""The form of a rule file and of a pack file, as pydantic models (their JSON Schema serves editors)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from typing import Literal as Lit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from facts.model.procedures import Procedure
from rules.condition import MOST_DAYS

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,9}-[0-9]{2,3}$")]
CauseId = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9-]*/)?[A-Z][A-Z0-9]{1,9}-[0-9]{2,3}$")]
"""A rule of the same pack, or `pack/RULE` of another."""
Severity = Lit["error", "warning", "notice"]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Effective(_Form):
    """A rule judges as_of dates within it, both ends inclusive; null: open."""

    start: date | None = Field(default=None, alias="from")
    end: date | None = Field(default=None, alias="to")


class Example(_Form):
    """Rows of tables, and the keys of the findings that they must give (none: a near miss)."""

    name: Line
    as_of: date | None = None
    like: int | None = Field(
        default=None, description="Start from that example (1 is the first); its tables are replaced."
    )
    parameters: dict[str, Any] = Field(default={}, description="Parameter values other than the pack's.")
    facts: dict[str, list[dict[str, Any]]]
    finds: list[dict[str, str]]
    severity: Severity | None = Field(
        default=None, description="Of each of these findings: shows where one is over (`over`) and where not."
    )


class OwnerCase(_Form):
    """Who answers for the findings of which the condition holds; without one, for all that are left."""

    owner: Line = Field(description="One of the six offices, or a template that gives one.")
    when: Line | None = Field(default=None, description="A condition on the facts of the match: fact.field …")


def _as_cases(written: Any) -> Any:
    return [{"owner": written}] if isinstance(written, str) else written


Owners = Annotated[
    list[OwnerCase],
    Field(min_length=1),
    BeforeValidator(_as_cases, json_schema_input_type=Line | Annotated[list[OwnerCase], Field(min_length=1)]),
]


class RuleFile(_Form):
    """One rule, one file."""

    id: RuleId
    title: Line
    title_en: Line
    clause: Line = Field(description="The clause of the regulation, as the pack numbers it; several with 、")
    severity: Severity
    owners: Owners = Field(
        alias="owner",
        description="One of the six offices, or a template that gives one; by case: a list of owner and when, the "
        "first that holds counts, the last one has no when.",
    )
    per: list[Line] = Field(min_length=1, description="fact.field …: what makes one finding.")
    when: list[dict[str, str | None]] = Field(min_length=1)
    over: Line | None = Field(
        default=None,
        description="Where this condition on the facts of the match holds, the finding is over: one step milder.",
    )
    population: dict[str, str | None] | None = Field(
        default=None,
        min_length=1,
        description="FACT: condition, what the rule looks at (several: their sum). Default: all facts of the first.",
    )
    message: Line = Field(description="The finding in one sentence: {{ fact.field }}, {{ params.NAME }}, {{ due }}.")
    remedy: Line
    decision: Line | None = Field(default=None, description="What the meeting is asked to decide on its findings.")
    due: Line | None = Field(default=None, description="The deadline, a date term such as change.mark_due_on.")
    effective: Effective = Effective()
    follows: list[CauseId] = []
    note: str | None = Field(default=None, description="How a case is settled that the regulation leaves open.")
    examples: list[Example] = Field(min_length=2)


class Clause(_Form):
    """A numbered clause in the regulation's words; without a rule it says why."""

    id: Line
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    uncovered: Line | None = None


Figure = int | float | date | str
"""One value of a parameter, as YAML or TOML has it."""
InForce = int | date | Decimal | str
"""One value of a parameter as rules read it: money is a Decimal in yuan, exact to the fen."""
Values = Mapping[str, Any]
"""Name → value in force: InForce, a list of them, a mapping to them, or None where it is unset."""


class Parameter(_Form):
    """A figure that a school may set otherwise in xuejian.toml; null: unset, rules that need it are not checked."""

    title: Line
    type: Lit["int", "date", "money", "text", "pattern"] = Field(
        description="money: in yuan; pattern: a regular expression for a whole number."
    )
    shape: Lit["one", "list", "table"] = "one"
    unit: str = ""
    clause: str | None = None
    basis: Lit["校内"] | None = Field(
        default=None, description="校内: the regulation names no figure, this one is the school's own."
    )
    least: int = Field(default=0, description="Of an int or money: the smallest value that has a meaning.")
    most: int = Field(default=MOST_DAYS, description="Of an int or money: the largest value that has a meaning.")
    value: Figure | list[Figure] | dict[str, Figure] | None


class PackFile(_Form):
    """pack.yaml: the regulation's clauses in order, the parameters and the procedures."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Line
    version: Line
    regulation: Line
    clauses: list[Clause]
    parameters: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")], Parameter]
    procedures: list[Procedure]
