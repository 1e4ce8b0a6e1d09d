"""The standard code lists of the field (`codes/*.yaml`), and which of their codes mean which word of the contract."""

import re
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from facts.model.schema import Column

_NUMBER = re.compile(r"0*(\d+)(?:\.0*)?", re.ASCII)
_FOLDER = Path(__file__).with_name("codes")


def standard(kind: str, column: Column, used: Collection[str]) -> Mapping[str, str]:
    """What stands in this column → the contract's word; empty where no list is known, or the list can't be this one.

    `used`: what stands in the column. A list whose codes other systems use in another sense says by which codes that
    is seen (`unless`); it is then not applied, and a person has to say what the codes mean.
    """
    result: dict[str, str] = {}
    if set(used) <= set(column.codes):
        return result
    short = {_short(text) for text in used}
    for listed in _lists():
        means = listed["fields"].get(f"{kind}.{column.name}")
        if means is None:
            continue
        doubt = listed.get("unless")
        if doubt and set(doubt["has"]) & short and not set(doubt["lacks"]) & short:
            continue
        result |= _words(listed, means)
    return {text: result[_short(text)] for text in used if _short(text) in result and text not in column.codes}


def _short(text: str) -> str:
    """A code as it is looked up: in lower case, a number as nothing but itself (03, 3.0 and 3 are one code)."""
    found = _NUMBER.fullmatch(text)
    return found[1] if found else text.casefold()


def _words(listed: Mapping[str, Any], means: Mapping[str, str]) -> dict[str, str]:
    """Code, the name of the code, and other words for it, each in short, → the contract's word."""
    result: dict[str, str] = {}
    for code, word in means.items():
        name = listed["codes"].get(code)
        for text in (code, name, *listed.get("also", {}).get(code, ())):
            if text is not None:
                result.setdefault(_short(text), word)
    return result


@cache
def _lists() -> tuple[Mapping[str, Any], ...]:
    import yaml

    return tuple(
        yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) for path in sorted(_FOLDER.glob("*.yaml"))
    )
