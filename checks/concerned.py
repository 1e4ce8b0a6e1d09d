"""Whom a finding concerns, so that people are counted once: the one place that tells them apart."""

from checks.results import Finding
from facts.computed import KINDS
from facts.schema import columns

PERSON_FIELDS = ("student_no", "person_no", "exam_no", "id_number")
"""Fields that say whom a finding concerns, the most telling first."""
PERSONAL = frozenset(c.name for kind in KINDS.values() for c in columns(kind).values() if c.personal or c.secret)
"""Names of fields that are masked in one fact at least."""


def concerned(finding: Finding) -> str:
    """Whom a finding concerns, by the key, else by the evidence. A masked number may be that of several people."""
    places = [finding.key, *(evidence.fields for evidence in finding.evidence)]
    for name in PERSON_FIELDS:
        for place in places:
            value = place.get(name)
            if value is not None and "*" not in str(value):
                return str(value)
    return finding.fingerprint
