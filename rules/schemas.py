"""JSON Schema of a rule file and of a pack file, for editors: `# yaml-language-server: $schema=rule.schema.json`."""

import json
from typing import Any

from pydantic import BaseModel

from facts.model.computed import KINDS
from facts.model.schema import columns
from rules.model import PackFile, RuleFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FORMS: dict[str, type[BaseModel]] = {"rule": RuleFile, "pack": PackFile}


def schema(form: str) -> dict[str, Any]:
    """The schema of `rule` or `pack`: what the pydantic model says, and for rules the facts that may be named."""
    made = FORMS[form].model_json_schema()
    if form == "rule":
        _name_facts(made)
    return {"$schema": DIALECT, **made}


def schema_json(form: str) -> str:
    return json.dumps(schema(form), ensure_ascii=False, indent=2) + "\n"


def _name_facts(made: dict[str, Any]) -> None:
    kinds = "|".join(KINDS)
    head = rf"^({kinds})(\s+as\s+[a-z][A-Za-z0-9_]*)?$|^no\s+({kinds})\??$"
    made["properties"]["when"]["items"] |= {
        "propertyNames": {"pattern": head},
        "minProperties": 1,
        "maxProperties": 1,
        "description": "FACT: condition, FACT as NAME: condition, or no FACT: condition.",
    }
    made["properties"]["population"]["anyOf"][0] |= {
        "propertyNames": {"enum": [*KINDS]},
        "description": "FACT: condition on its own fields; empty: all of them.",
    }
    made["properties"]["per"]["items"] = {"type": "string", "pattern": r"^[a-z][A-Za-z0-9_]*\.[a-z_]+$"}
    made["$defs"]["Example"]["properties"]["facts"] = {
        "type": "object",
        "description": "Rows by fact; a table that is not named is given and empty.",
        "additionalProperties": False,
        "properties": {kind: _rows(kind) for kind in KINDS},
    }


def _rows(kind: str) -> dict[str, Any]:
    fields = {c.name: _field(c.heading, c.codes) for c in columns(KINDS[kind]).values()}
    row = {"type": "object", "additionalProperties": False, "properties": fields}
    return {"type": "array", "title": KINDS[kind].about.heading, "items": row}


def _field(heading: str, codes: tuple[str, ...]) -> dict[str, Any]:
    return {"title": heading, "enum": [*codes, None]} if codes else {"title": heading}
