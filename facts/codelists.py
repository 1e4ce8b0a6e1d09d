"""The standard code lists of the field (`codes/*.yaml`), and which of their codes mean which word of the contract."""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from facts.schema import Column

_FOLDER = Path(__file__).with_name("codes")


def standard(kind: str, column: Column, used: Collection[str]) -> Mapping[str, str]:
    """What stands in this column → the contract's word; empty where no list is known, or the list can't be this one.

    `used`: what stands in the column. A list whose codes other systems use in another sense says by which codes that
    is seen (`unless`); it is then not applied, and a person has to say what the codes mean.
    """
    result: dict[str, str] = {}
    if set(used) <= set(column.codes):
        return result
    for listed in _lists():
        means = listed["fields"].get(f"{kind}.{column.name}")
        if means is None:
            continue
        doubt = listed.get("unless")
        if doubt and set(doubt["has"]) & set(used) and not set(doubt["lacks"]) & set(used):
            continue
        result |= _words(listed, means)
    return {text: word for text, word in result.items() if text not in column.codes}


def _words(listed: Mapping[str, Any], means: Mapping[str, str]) -> dict[str, str]:
    """Code, the code without its leading zero, the name of the code, and other words for it → the contract's word."""
    result: dict[str, str] = {}
    for code, word in means.items():
        name = listed["codes"].get(code)
        for text in (code, code.lstrip("0") or "0", name, *listed.get("also", {}).get(code, ())):
            if text is not None:
                result.setdefault(text, word)
    return result


@cache
def _lists() -> tuple[Mapping[str, Any], ...]:
    import yaml

    return tuple(
        yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) for path in sorted(_FOLDER.glob("*.yaml"))
    )
