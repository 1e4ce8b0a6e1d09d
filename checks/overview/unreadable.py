"""Of whom is something unknown, because a row of theirs could not be read? What a rule stops finding about them has not
been put right for that."""

from collections.abc import Iterator, Mapping

import numpy as np

from checks.engine.columns import Columns, Ints
from checks.engine.guards import ASIDE
from checks.engine.persons import NOBODY
from checks.findings.fingerprints import person
from facts.model.schema import PERSON_KEYS
from facts.model.tables import showing_people


def unread(kinds: Mapping[str, Columns], people: Mapping[str, Ints], secret: bytes) -> dict[str, frozenset[str]]:
    """Table → the people of its rows set aside, each by every number that they are known by, as keyed hashes."""
    result, known_by = {}, showing_people()
    for kind in kinds:
        if kind.startswith(ASIDE):
            mine = np.unique(people[kind])
            mine = mine[mine != NOBODY]
            found = {pair for each in (kind, *known_by) for pair in _numbers(each, kinds, people, mine)}
            result[kind.removeprefix(ASIDE)] = frozenset(person(secret, *pair) for pair in found)
    return result


def _numbers(
    kind: str, kinds: Mapping[str, Columns], people: Mapping[str, Ints], whose: Ints
) -> Iterator[tuple[str, str]]:
    if kind not in kinds:
        return
    rows = np.isin(people[kind], whose)
    for field in PERSON_KEYS:
        if field in kinds[kind].frame:
            codes, texts = kinds[kind].codes(field)
            for code in np.unique(codes[rows]):
                if code >= 0:
                    yield field, str(texts[code])
