"""What was found, without where it stands: what the same college must give, however its systems export it."""

import json
from collections.abc import Mapping
from typing import Any

PLACES = ("file", "sheet", "rows")


def found(document: Mapping[str, Any]) -> bytes:
    """The findings of a findings.json with every field, but for the places in their evidence.

    Where rows of several files prove one fact, each further file is a piece of evidence without fields: a place too.
    """
    findings = [
        {**finding, "evidence": [_said(each) for each in finding["evidence"] if each["fields"]]}
        for finding in document["findings"]
    ]
    return json.dumps(findings, ensure_ascii=False, indent=1).encode()


def _said(evidence: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in evidence.items() if name not in PLACES}
