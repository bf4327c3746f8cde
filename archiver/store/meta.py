"""The filters of a post as words of the index's `meta` column, told apart by the first letter.

    c12       channel.id of the channel         f     forwarded at all; f7: from channel.id 7
    nword     a word of the forward's name, in order: fwd:"Some Name" is a phrase of them
    aword     a word of the author's signature, in order
    h         any media; hphoto its kind        k1    PostKind, where it is not a message
    x         deleted     e   edited            r     a reply
    tword     a #tag      uname  a @mention     lru   the language, where it can be told
    w         any link; wexample·org  its host, and every domain the host lies in

FTS5's `ascii` tokenizer takes every character above 127 for a letter, so what is no letter in a
name or a host ("_", ".") is written as U+00B7. A change of this layout must raise FOLD_VERSION, as
a change of folding must.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from archiver.store.tokens import joined, named
from archiver.text.fold import fold, fold_loosely
from archiver.text.language import language_of
from archiver.text.patterns import later

_TAG = later(r"#(\w+)")
_USER = later(r"(?<![\w/.])@(\w{2,})", re.ASCII)
_LINK = later(r"(?:https?://|www\.)(?:www\.)?([^\s/?#\"'()<>:@]+)", re.IGNORECASE)
_BARE = later(r"(?<![\w./])((?:t|telegram)\.me)/", re.IGNORECASE)
_URL_OF_ENTITY = later(r'"url":"(?:https?://)?(?:www\.)?([^"/?#:]+)', re.IGNORECASE)


class IndexRow(NamedTuple):
    """What the index needs of a post; `COLUMNS` selects the same from the table.

    `entities` is their JSON as the archive keeps it: it holds links that the text does not show.
    """

    sort_key: int
    text: str
    channel_id: int
    kind: int = 0
    fwd_channel: int | None = None
    fwd_name: str | None = None
    media_kind: str | None = None
    deleted: bool = False
    edited: bool = False
    reply: bool = False
    author: str | None = None
    entities: str | None = None


COLUMNS = (
    "sort_key, text, channel_id, kind, fwd_channel, fwd_name, media_kind,"
    " deleted_at IS NOT NULL, edited IS NOT NULL, reply_to IS NOT NULL, author, entities"
)


def meta_tokens(row: IndexRow, folded: str | None = None, lang: str | None = None) -> str:
    """The filters of a post; `folded` and `lang` are those of its text, where they are known.

    >>> meta_tokens(IndexRow(64, "", 3, fwd_channel=7, fwd_name="Some Name", media_kind="photo"))
    'c3 f f7 nsome nname h hphoto'
    """
    words = [f"c{row.channel_id}"]
    if row.fwd_channel is not None or row.fwd_name is not None:
        words.append("f")
    if row.fwd_channel is not None:
        words.append(f"f{row.fwd_channel}")
    if row.fwd_name:
        words += ["n" + word for word in fold(row.fwd_name)]
    if row.author:
        words += ["a" + word for word in fold(row.author)]
    if row.media_kind:
        words += ["h", "h" + joined(row.media_kind)]
    if row.kind:
        words.append(f"k{row.kind}")
    if row.deleted:
        words.append("x")
    if row.edited:
        words.append("e")
    if row.reply:
        words.append("r")
    words += _in_text(row)
    if lang is None:
        lang = language_of(row.text, fold_loosely(row.text) if folded is None else folded)
    if lang:
        words.append("l" + lang)
    return " ".join(words)


def _in_text(row: IndexRow) -> Iterable[str]:
    """Tags, mentions and links, each once; most posts hold the characters of none of them."""
    text = row.text
    found: list[str] = []
    if "#" in text:
        found += ["t" + word for tag in _TAG.findall(text) if (word := joined(tag))]
    if "@" in text:
        found += ["u" + named(name) for name in _USER.findall(text)]
    found += hosts(text, row.entities)
    return dict.fromkeys(found)


def hosts(text: str, entities: str | None) -> list[str]:
    """The tokens of the links in a text and behind its words."""
    found: list[str] = []
    if "://" in text or "www." in text:
        found += _LINK.findall(text)
    if ".me/" in text:
        found += _BARE.findall(text)
    if entities is not None and '"url"' in entities:
        found += _URL_OF_ENTITY.findall(entities)
    if not found:
        return found
    return ["w", *(token for host in dict.fromkeys(found) for token in _host(host))]


@lru_cache(maxsize=4_096)
def _host(host: str) -> tuple[str, ...]:
    """A host and every domain it lies in: the same few are named again and again."""
    labels = host.strip(".").split(".")
    return tuple("w" + named(".".join(labels[at:])) for at in range(max(1, len(labels) - 1)))
