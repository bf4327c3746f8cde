"""Names as single tokens of the index: the same when a post is written and when it is asked for."""

from __future__ import annotations

import re

from archiver.text.fold import fold


def joined(text: str) -> str:
    """A name as one token: its folded words without what parts them.

    >>> joined("web_page"), joined("Новости_Дня")
    ('webpage', 'новостидня')
    """
    return "".join(fold(text))


def named(name: str) -> str:
    """A @name or a host as one token.

    >>> named("Some_News"), named("example.org")
    ('some·news', 'example·org')
    """
    return re.sub(r"[\W_]", "\u00b7", name.casefold())
