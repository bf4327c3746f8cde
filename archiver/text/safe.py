"""Text from strangers made safe for a terminal: nothing in it can act, hide or turn around.

Channel titles, forward names and post text may hold escape sequences (a clipboard write, a window
title, a link that says one address and opens another), overrides of the writing direction and
stacks of marks. What would act becomes a visible mark; what is only invisible is dropped.

Kept: ZWJ and ZWNJ between letters or emoji (Persian spelling, families of emoji), and the marks
U+200E, U+200F, U+061C, which cannot reach beyond their neighbours and which mixed text needs.
"""

from __future__ import annotations

import unicodedata

from archiver.text.patterns import later

REPLACEMENT = "\ufffd"

# C0, DEL, C1; overrides, embeddings and isolates; lone surrogates; interlinear annotation.
_ACTS = later(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb]"
)
# Spaces without width, invisible operators, deprecated format characters, tags out of flags.
_INVISIBLE = later(
    r"[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    r"\U000e0000-\U000e001f\U000e0080-\U000e0fff]"
)
_BREAKS = later(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_STRAY_JOINER = later(
    r"(?<!\S)[\u200c\u200d]+|[\u200c\u200d]+(?!\S)|(?<=[\u200c\u200d])[\u200c\u200d]+"
)
_BLANK_RUN = later(r"\s+")
# Vietnamese and pointed Hebrew need three marks on a letter; zalgo has dozens.
_MARKS = 4
# Marks in a row stand in no text without such a run: a look at each letter takes 0.1 ms a post.
_MANY_MARKS = later(r"[^\w\s]{5}")
# Letters and signs that take one column each; the rest is looked at one by one.
_NARROW = later(
    r"[\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2116]*"
)
_TAB = "    "


def _few_marks(text: str) -> str:
    """The text with no more than four combining marks in a row."""
    if text.isascii() or _MANY_MARKS.search(text) is None:
        return text
    kept, run = [], 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= _MARKS:
            kept.append(char)
    return "".join(kept)


def _harmless(text: str) -> str:
    text = _ACTS.sub(REPLACEMENT, _INVISIBLE.sub("", text))
    return _few_marks(_STRAY_JOINER.sub("", text))


def block(text: str) -> str:
    """Text of several lines: line feeds stay, tabs become four spaces.

    >>> block("a\\tb\\r\\n\\x1b[2Jc")
    'a    b\\n\ufffd[2Jc'
    """
    return _harmless(_BREAKS.sub("\n", text).replace("\t", _TAB))


def one_line(text: str) -> str:
    """Text on one line: every run of blanks and breaks is one space.

    >>> one_line(" a\\n\\n b\\x07 ")
    'a b\ufffd'
    """
    return _BLANK_RUN.sub(" ", block(text)).strip()


def cell(text: str) -> str:
    """Text for a cell of a spreadsheet: an apostrophe before what would be a formula there.

    >>> cell("=1+1"), cell("a = b")
    ("'=1+1", 'a = b')
    """
    text = _ACTS.sub(REPLACEMENT, _BREAKS.sub("\n", text))
    return "'" + text if text.lstrip()[:1] in ("=", "+", "-", "@", "|", "%") and text else text


def width(text: str) -> int:
    """The columns a text takes on a terminal; `text` must be safe already."""
    if text.isascii() or _NARROW.fullmatch(text):
        return len(text)
    return sum(map(_char_width, text))


def _char_width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def truncate(text: str, columns: int) -> str:
    """The beginning of a text that fits `columns`, with an ellipsis when something is left out."""
    if width(text) <= columns:
        return text
    used = 0
    for at, char in enumerate(text):
        used += _char_width(char)
        if used > columns - 1:
            return text[:at].rstrip() + "…" if columns > 0 else ""
    return text
