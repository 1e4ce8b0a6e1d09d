"""Names as they are compared: what is written in several ways and means one thing becomes one text."""

import unicodedata
from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from facts.model.frames import distinct_texts

_ONE_DOT = str.maketrans(dict.fromkeys("•‧・･．.∙⋅", "·"))
_CLEAN = "^[0-9A-Za-z()·\u4e00-\u9fff]*$"
"""Texts that are one way to write them already."""
_ONE_BRACKET = str.maketrans("（）［］【】｛｝", "()[][]{}")


def name_key(names: pd.Series) -> pd.Categorical:
    """Person names after NFKC, with the dots of minority names made one and blanks dropped."""
    return _turned(names, lambda text: _without_blanks(unicodedata.normalize("NFKC", text).translate(_ONE_DOT)))


def title_key(titles: pd.Series) -> pd.Categorical:
    """Majors and class names with full-width and half-width brackets made one and blanks dropped."""
    return _turned(titles, lambda text: _without_blanks(text.translate(_ONE_BRACKET)))


def _without_blanks(text: str) -> str:
    return "".join(text.split())


def _turned(values: pd.Series, turn: Callable[[str], str]) -> pd.Categorical:
    """The few distinct texts are turned, and the codes kept."""
    column = values.cat
    texts = column.categories.to_numpy(dtype=object, copy=True)
    clean = pc.match_substring_regex(distinct_texts(values), _CLEAN)
    unclean = np.flatnonzero(~clean.to_numpy(zero_copy_only=False))
    texts[unclean] = [turn(str(text)) for text in texts[unclean]]
    turned = pd.Categorical(pd.Series(texts, dtype="str"))
    codes = np.append(turned.codes, -1)[column.codes.to_numpy()]
    return pd.Categorical.from_codes(codes, categories=turned.categories)
