"""How a status change is made: its steps in order, each with its office (四-4..四-6, 五-5, 五-6, 附表1), as data.

The values come from the rule pack; here is only their form, because `facts.derive` compares changes with them.
"""

from pydantic import BaseModel, ConfigDict, Field


class Step(BaseModel):
    """One step: the date field of a change that shows it, who takes it, and which of the six offices answers for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    field: str
    """A date field of `change`."""
    title: str
    by: str
    """Who takes the step, in the regulation's words: 学生, 二级学院, 校医务室, …"""
    office: str
    """The office that answers for it when it is missing or early."""
    reason: str | None = None
    """The step counts only for changes with this 异动原因."""
    called: str | None = Field(default=None, alias="said")
    """What findings call it instead of its title, where that would tell the reason of the change."""
    record_only: bool = False
    """The step falls away for a student without a record row (非在籍生)."""


class Procedure(BaseModel):
    """The steps of some kinds of change, in order; issued_on is the last."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kinds: tuple[str, ...]
    steps: tuple[Step, ...]
