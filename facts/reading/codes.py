"""What a cell's text stands for, before its type is read: codes, and dates in a form that a person has mapping."""

from collections.abc import Callable
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from facts.model.codelists import standard
from facts.model.schema import Column, ColumnType, Fact
from facts.model.values import parse_code_text, plain
from facts.reading.loose import tightened
from facts.reading.mapping import SourceMapping
from facts.sources.cells import Texts

GUARD = '="'


def prepared(model: type[Fact], column: Column, texts: Texts, mapping: SourceMapping) -> Texts:
    """The column with its distinct texts replaced by what they stand for; the codes of the rows stay.

    What a person wrote of codes goes before the contract's own words, and those before the standard code lists.
    """
    if pc.any(pc.starts_with(texts.distinct, GUARD)).as_py():
        texts = _replaced(texts, unguarded)
    if loose := column.loose:
        texts = _replaced(texts, lambda text: tightened(text, loose))
    codes = mapping.codes.get(column.name, {})
    if codes:
        known = {parse_code_text(text): value for text, value in codes.items()}
        texts = _replaced(texts, lambda text: known.get(parse_code_text(text), text))
    if column.type is ColumnType.CODE:
        used = [parse_code_text(text) for text in _standing(texts)]
        listed = standard(model.about.kind, column, used)
        if listed:
            texts = _replaced(texts, lambda text: listed.get(parse_code_text(text), text))
    if mapping.date_form and column.type is ColumnType.DATE:
        form = mapping.date_form
        texts = _replaced(texts, lambda text: _day(text, form))
    return texts


def unguarded(text: str) -> str:
    """Without the formula that keeps a spreadsheet from taking a text for a number: ="0101" is 0101."""
    return text[2:-1] if text.startswith(GUARD) and text.endswith('"') and len(text) > 2 else text


def _standing(texts: Texts) -> list[str]:
    """The distinct texts that stand in some row."""
    codes = np.unique(texts.codes)
    standing: list[str] = texts.distinct.take(pa.array(codes[codes >= 0])).to_pylist()
    return standing


def _replaced(texts: Texts, means: Callable[[str], str]) -> Texts:
    return Texts(texts.codes, pa.array([means(text) for text in texts.distinct.to_pylist()], pa.string()))


def _day(text: str, form: str) -> str:
    """The date in the contract's form, where it is written as mapping."""
    try:
        return datetime.strptime(plain(text), form).date().isoformat()  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        return text
