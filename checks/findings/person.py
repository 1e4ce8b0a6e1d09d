"""Whom a finding concerns, so that people are counted once: the one place that tells them apart."""

from checks.results import Finding
from facts.model.computed import KINDS
from facts.model.schema import columns

PERSON_FIELDS = ("student_no", "person_no", "exam_no", "id_number")
"""Fields that say whom a finding concerns, the most telling first."""
PERSONAL = frozenset(c.name for kind in KINDS.values() for c in columns(kind).values() if c.personal or c.secret)
"""Names of fields that are masked in one fact at least."""


def number(finding: Finding) -> tuple[str, str] | None:
    """The field that says whom a finding concerns, with its value: of the key, else of the evidence; a masked number
    only where there is no other. None where it concerns nobody."""
    places = [finding.key, *(evidence.fields for evidence in finding.evidence)]
    found = [(name, str(value)) for name in PERSON_FIELDS for place in places if (value := place.get(name)) is not None]
    return next((each for each in found if "*" not in each[1]), found[0] if found else None)


def concerned(finding: Finding) -> str:
    """Tells people apart. A masked number may be that of several, so the finding stands for itself there."""
    found = number(finding)
    return found[1] if found and "*" not in found[1] else finding.fingerprint
