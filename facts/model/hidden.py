"""Identity numbers in texts: what they look like (GB 11643-1999), and how a text is shown in which one stands.

It imports nothing heavy: every sentence that a command says goes through here.
"""

import re
import unicodedata
from datetime import date

LENGTH = 18
CHECK_CHARACTERS = "10X98765432"
"""By the weighted sum of the 17 digits, modulo 11."""
PROVINCES = frozenset(
    (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83)
)
"""The first two digits of GB/T 2260; 81, 82 and 83 are also the residence permits of 港澳台 residents (2018)."""

_WRITTEN = r"\d{6}[ -]?\d{4}[ -]?\d{4}[ -]?\d{3}[\dXxＸｘ]"
_SOMEWHERE, _ANYWHERE = re.compile(_WRITTEN), re.compile(f"(?=({_WRITTEN}))")
"""18 places in a text, in groups or not; the second finds those that overlap as well."""
_HASH = re.compile(r"(?:[0-9a-f]{16}){1,4}")


def hidden(text: str) -> str:
    """The text with each valid number in it masked but for its last four places, whatever stands before or behind it:
    full-width digits, a lower-case x, and blanks or hyphens between its groups count too."""
    if len(text) < LENGTH or not _SOMEWHERE.search(text) or _HASH.fullmatch(text):
        return text
    shown, end = "", 0
    for found in _ANYWHERE.finditer(text):
        if found.start() >= end and _is_valid(found[1]):
            shown += f"{text[end : found.start()]}***{found[1][-4:]}"
            end = found.end(1)
    return shown + text[end:]


def _is_valid(written: str) -> bool:
    """As `read` has it, of one number as it stands in a text; whoever bears it may be born on any day."""
    number = unicodedata.normalize("NFKC", written).replace(" ", "").replace("-", "").upper()
    digits = [int(place) for place in number[:17]]
    if digits[0] * 10 + digits[1] not in PROVINCES:
        return False
    if sum(digit * 2 ** (17 - at) for at, digit in enumerate(digits)) % 11 != CHECK_CHARACTERS.find(number[17]):
        return False
    try:
        return bool(date(int(number[6:10]), int(number[10:12]), int(number[12:14])))
    except ValueError:
        return False
