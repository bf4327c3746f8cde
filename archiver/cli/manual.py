"""The manual of the search language, as `archiver help search` shows it."""

from __future__ import annotations

from archiver.text.fields import FIELDS, HAS, LANGUAGES

_MANUAL = """\
ARCHIVER SEARCH

NAME
    archiver search - find statements in the archive

SYNOPSIS
    archiver search [OPTIONS] WORDS...

    Put a search into single quotes, so that the shell leaves it alone:
    archiver search 'ferry "old harbour" -storm chan:@pier* date:2025-03..'

WORDS
    ferry harbour       both, with other endings too: ferries, harbour's. Case, accents,
                        ё and е, Arabic marks and letter variants make no difference.
                        Forms with another stem are words of their own: (went OR go),
                        (дети OR ребёнок), and in Arabic (جندي OR جنود).
    =ferry              this form only
    ferr*               words that begin so
    "old harbour"       these words side by side, in these forms
    "ferry storm"~5     these words with no more than five others between them
    /ferr(y|ies)\\b/     a regular expression (Python's), capitals and small letters alike.
                        A whole word in it (with a blank or \\b on both sides) lets the
                        index be asked first; without one every post is read.
    @NAME               a saved search, as if it stood here in parentheses

    Chinese, Japanese and Thai words are found inside a sentence. A word with a hyphen
    or a full stop in it (3.5, Saint-Denis) is looked for as a phrase. 1200 finds 1,200,
    1.200 and 1 200, and 1,200 finds 1200 (1,200,000 begins so, and is found too); =1200 and
    "1,200" find what is written so.

OPERATORS
    ferry harbour       and (AND may be written)
    ferry OR boat       either; weaker than "and"
    -storm, NOT storm   without
    ( )                 groups

    Operators are upper case or signs: "and", "or" and "not" are words like others.
    What should not be taken for a sign goes into double quotes.

FIELDS
    A value with blanks goes into double quotes: chan:"Harbour Ministry". A name that is
    nearly one of these (chann:x, channel:x) is refused; other words with a colon in them
    (12:30, https://...) are words, and whatever stands in double quotes is.

{fields}

    has: knows
{has}

    lang: knows {languages}.
    It is told from letters and common words; posts of a word or two have none.

    Several chan: (fwd:, from:, lang:, id:) side by side mean any of them. Every field can
    be excluded (-has:photo) and stand in parentheses and beside OR.

    date:, added:       2024   2024-05   2024-05-17   today   yesterday
                        2024-05-17T14, date:"2024-05-17 14:30"   that hour, that minute; Z or
                        +03:00 behind it, as results have it, else in the zone of --tz
                        2024-05-17T14..16    from two o'clock until five; ..T16:30
                        7d  2w  3M  1y       so long ago, until now
                        2024-03..05-01       from March 1st to May 1st; 2024..  ..2024-05
                        @1715904000          that second
    views:, copies:     >1000  >=1000  <50  10..20  5  2k  1M

RESULTS
    One result a statement, where the newest of its posts that the search finds stands. Its
    text is that of the post shown for all; "+14 copies in 9 channels" counts the others,
    "matched 2025-03-04 08:20Z @pier/12" is the post found, where another one is shown, and
    "(its text)" says that the words shown are of that one.
    All that is asked for must hold for one post.

    --all               each post for itself
    --originals-only    the first post of each statement, and never a forward
    --versions          earlier wordings and deleted posts too, marked as such
    --sort              newest, oldest, relevance (of the newest 4,000 posts), views, copies
    --limit, --cursor   so many; go on where a page ended, as the archive was then
    --context N         N posts before and after in the channel
    --thread            what a result answers, and what answers it
    --count             how many
    --by                how many by channel, day, week, month, year, lang or fwd;
                        --plot FILE draws it
    --format            text, json, jsonl, csv, ids, links, text0 (docs/search.md)
    --open, --pager     the first result in the browser; page by page

WATCHING
    archiver saved add NAME WORDS...     keep a search
    archiver search @NAME --new          what came since it was last asked
    archiver saved check --exec COMMAND  all of them; news as JSON to COMMAND

EXIT CODES
    0 found   1 nothing found   2 the search cannot be read; a mark shows the place
"""


def search_manual() -> str:
    """The whole manual."""
    return _MANUAL.format(
        fields=_table({f"{name}:": told for name, told in FIELDS.items()}, 4),
        has=_table(HAS, 8),
        languages=" ".join(LANGUAGES),
    )


def _table(rows: dict[str, str], indent: int) -> str:
    return "\n".join(
        f"{' ' * indent}{name:<{20 - indent + 4}}{told}" for name, told in rows.items()
    )
