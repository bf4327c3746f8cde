"""Parts of a query -> what FTS5 is asked, and what to mark in the texts it finds.

Nothing a person typed reaches MATCH but folded words (letters, digits and marks) inside double
quotes, and numbers of channels.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import islice, product

from archiver.store.lexicon import forms_beginning, forms_of
from archiver.store.lookup import channel_ids, near
from archiver.store.tokens import joined, named
from archiver.text.figures import written_otherwise
from archiver.text.fold import fold
from archiver.text.snippet import Marks
from archiver.text.tree import (
    Amount,
    And,
    Chan,
    Date,
    Fwd,
    Ids,
    Near,
    Node,
    Not,
    Or,
    Query,
    Regex,
    Tagged,
    Term,
)

# The endings of "Санкт-Петербург": every one is a phrase to follow, most of the last word's.
_MOST_PHRASES = 16
_MOST_HEADS = 4
_MOST_COMBINED = 4_096
# Words that a prefix is looked up as; each costs a seek, 10 us.
_MOST_BEGINNINGS = 64

_HAS = {"forward": '"f"', "reply": '"r"', "edit": '"e"', "deleted": '"x"', "link": '"w"',
        "media": '"h"', "file": '("hfile" OR "hdocument")',
        "video": '("hvideo" OR "hround")'}  # fmt: skip


class _Seen:
    def __init__(self) -> None:
        self.words: set[str] = set()
        self.prefixes: set[str] = set()
        self.phrases: set[tuple[str, ...]] = set()
        self.patterns: list[str] = []

    def marks(self) -> Marks:
        return Marks(
            frozenset(self.words),
            tuple(sorted(self.prefixes)),
            tuple(sorted(self.phrases)),
            tuple(self.patterns),
        )


def any_of(expressions: Sequence[str]) -> str | None:
    """What any of some expressions finds; None of none."""
    return f"({' OR '.join(expressions)})" if expressions else None


def is_indexed(node: Node) -> bool:
    """Whether the index alone can tell a node; it knows no numbers, dates and expressions."""
    match node:
        case And() | Or():
            return all(map(is_indexed, node.parts))
        case Not():
            return is_indexed(node.part)
        case Date() | Amount() | Ids() | Regex():
            return False
        case _:
            return True


def _quoted(words: Iterable[str]) -> str:
    return f'"{" ".join(words)}"'


class Expressions:
    """Makes FTS5 expressions of indexed nodes and remembers the words, to mark them."""

    def __init__(self, db: sqlite3.Connection, query: Query) -> None:
        self.db = db
        self.query = query
        self.seen = _Seen()
        self.language = _language(query)

    def of(self, node: Node) -> str:
        """The expression of a node that says what is wanted."""
        match node:
            case Term():
                return self.term(node)
            case Near():
                return self.near(node)
            case Chan():
                return self.channels(node)
            case Fwd():
                return self.origins(node)
            case Tagged():
                return f"meta:({' OR '.join(self.tagged(node.field, v) for v in node.values)})"
            case Or():
                return f"({' OR '.join(map(self.of, node.parts))})"
            case And():
                return self.both(node)
            case _:
                raise AssertionError(f"the index knows no {type(node).__name__}")

    def both(self, node: And) -> str:
        wanted = [self.of(part) for part in node.parts if not isinstance(part, Not)]
        unwanted = self.unmarked([part.part for part in node.parts if isinstance(part, Not)])
        together = f"({' AND '.join(wanted)})"
        return f"({together} NOT {unwanted})" if unwanted else together

    def unmarked(self, nodes: Sequence[Node]) -> str | None:
        """Any of what is excluded; its words are not marked."""
        marked, self.seen = self.seen, _Seen()
        expression = any_of([self.of(node) for node in nodes])
        self.seen = marked
        return expression

    def term(self, term: Term) -> str:
        *head, last = term.words
        if term.prefix:
            self.seen.prefixes.add(last)
            if head:
                self.seen.phrases.add(tuple(head))
            return f"text:{self.beginning(head, last)}"
        phrases = [term.words] if term.exact else self.inflected(term.words)
        for phrase in phrases:
            self.mark(phrase)
        return f"text:({' OR '.join(map(_quoted, phrases))})"

    def inflected(self, words: tuple[str, ...]) -> list[tuple[str, ...]]:
        """The forms of a word or of several in a row, in each way to write their figures."""
        ways = [words, *written_otherwise(words)]
        return [phrase for way in ways for phrase in self.phrases(way)]

    def phrases(self, words: tuple[str, ...]) -> Sequence[tuple[str, ...]]:
        """The likest inflections of a word of several parts: Ростов-на-Дону, Ростове-на-Дону."""
        if len(words) == 1:
            return [(form,) for form in forms_of(self.db, words[0], language=self.language)]
        most = [_MOST_HEADS] * (len(words) - 1) + [_MOST_PHRASES]
        forms = [
            forms_of(self.db, word, limit, language=self.language)
            for word, limit in zip(words, most, strict=True)
        ]
        ranked = product(*(list(enumerate(some)) for some in forms))
        some = islice(ranked, _MOST_COMBINED)
        likest = sorted(some, key=lambda parts: sum(rank for rank, _ in parts))
        return [tuple(form for _, form in parts) for parts in likest[: 2 * _MOST_PHRASES]]

    def near(self, node: Near) -> str:
        for part in node.parts:
            self.mark(part)
        return f"text:NEAR({' '.join(map(_quoted, node.parts))}, {node.distance})"

    def beginning(self, head: list[str], last: str) -> str:
        """A word of which the end is open: its words one by one, while they are few.

        FTS5 reads all that a prefix matches before it gives the newest: 7 ms for 77,000 posts,
        against 0.3 ms for the 28 words they hold.
        """
        forms = forms_beginning(self.db, last, _MOST_BEGINNINGS)
        if not forms:
            return f"{_quoted([*head, last])}*"
        return f"({' OR '.join(_quoted([*head, form]) for form in forms)})"

    def mark(self, phrase: tuple[str, ...]) -> None:
        if len(phrase) > 1:
            self.seen.phrases.add(phrase)
        else:
            self.seen.words.update(phrase)

    def tagged(self, name: str, value: str) -> str:
        """The tokens of a value of a field; a star at its end stands for anything."""
        if name == "has":
            return _HAS.get(value, f'"h{joined(value)}"')
        if name == "lang":
            return f'"l{joined(value)}"'
        open_end = "*" * value.endswith("*")
        if name == "from":
            return _quoted("a" + word for word in fold(value)) + open_end
        if name == "tag":
            return f'"t{joined(value)}"{open_end}'
        return f'"{name[0] if name == "user" else "w"}{named(value.rstrip("*"))}"{open_end}'

    def channels(self, node: Chan) -> str:
        found = [f'"c{key}"' for name, at in node.names for key in self.known(name, at)]
        return f"meta:({' OR '.join(found)})"

    def known(self, name: str, at: int) -> list[int]:
        keys = channel_ids(self.db, name)
        if keys:
            return keys
        alike = near(self.db, name)
        hint = f"; did you mean {' or '.join(alike)}?" if alike else ""
        raise self.query.fault(f"no channel called {name!r} in this archive{hint}", at)

    def origins(self, node: Fwd) -> str:
        """A forward by the channel it comes from, or by the words of the name it shows."""
        return f"meta:({' OR '.join(e for name, at in node.names for e in self.origin(name, at))})"

    def origin(self, name: str, at: int) -> list[str]:
        if not name.strip("*"):
            return ['"f"']
        words = fold(name)
        by_name = "/" not in name and not name.startswith("@") and bool(words)
        keys = channel_ids(self.db, name) if by_name else self.known(name, at)
        found = [f'"f{key}"' for key in keys]
        if by_name:
            found.append(_quoted("n" + word for word in words) + "*" * name.endswith("*"))
        return found


def _language(query: Query) -> str:
    """The one language that is asked for, which says whose endings a word takes."""
    for part in query.parts():
        if isinstance(part, Tagged) and part.field == "lang" and len(part.values) == 1:
            return part.values[0]
    return ""
