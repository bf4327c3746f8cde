"""Learns the lines a channel signs its posts with: "Subscribe", "Send us news", a motto.

A footer tells the reader where he is, not what happened; two channels' copies of one statement
differ in it. A line is one when many posts end with it and the posts can be told apart without
it: in "Kyiv / All clear" and "Kyiv / Air alert" the last line is the news.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from archiver.text.body import (
    FEW_WORDS,
    LONGEST_END,
    comparable,
    count_words,
    peel,
    plain_lines,
    words_of,
    words_of_line,
)

LAST_BODIES = 200
_SHARE = 0.20
_FEWEST = 5
_LAST_LINES = 4  # worded lines of a post among which a footer may stand
# Posts that become equal without the line; a channel repeats itself in up to 2 % of its posts.
_CONFUSED_SHARE = 0.10
_FEWEST_CONFUSED = 2
_BEGINNING = 150  # letters
_FIRST = 40
_END = 200  # letters in which most texts have a whole line
_SLASHES = "/\u2100\u2101\u2105\u2106\uff0f"  # and what becomes one
_SHORT = 400  # letters, of which a text of few words seldom has more


def learn(texts: Iterable[str]) -> frozenset[str]:
    """The footers, in the comparable form, of a channel whose last posts have these texts.

    >>> sorted(learn(f"News number {n} of today\\n\\nFollow us!" for n in range(9)))
    ['follow us']
    """
    posts = _distinct(texts)
    need = max(_FEWEST, _SHARE * len(posts))
    seen = Counter(line for plain in posts for line in _last_lines(plain))
    lines = {line for line, count in seen.items() if count >= need}
    while lines:
        refused = _refused(posts, lines, need)
        if not refused:
            break
        lines -= refused
    return frozenset(lines)


def reshapes(text: str, before: frozenset[str], after: frozenset[str]) -> bool:
    """Whether a text may have another comparable form with the footers `after` than `before`.

    It says so of every text that has, and of hardly any other one.
    """
    changed = changed_lines(before, after)
    if not changed:
        return False
    may_be_short = any(slash in text for slash in _SLASHES)
    for plain in _plain_ends(text):
        rest, found = peel(plain, before | after)
        if not changed.isdisjoint(found):
            return True
        if rest and not (may_be_short and _is_short(rest)):
            return False
    # Beside a link and few words the other lines count, too.
    return may_be_short and comparable(text, before) != comparable(text, after)


def _plain_ends(text: str) -> Iterator[str]:
    """The last lines of a text in the plain form, where they have it by themselves; then all."""
    start = text.find("\n", max(0, len(text) - _END)) + 1
    if start and "\r" not in text and "\u2028" not in text:
        plain = plain_lines(text[start:])
        if "/" not in plain:  # such a link is taken for one if there are others
            yield plain
    yield plain_lines(text)


def _is_short(rest: str) -> bool:
    """Whether a text without its end is maybe one of few words."""
    return words_of(rest[:_SHORT]).count(" ") < FEW_WORDS


@lru_cache(maxsize=64)
def changed_lines(before: frozenset[str], after: frozenset[str]) -> frozenset[str]:
    """The lines that matter: a call to subscribe goes off the end of any post, learned or not."""
    return frozenset(line for line in before ^ after if peel(line, frozenset())[0])


def _distinct(texts: Iterable[str]) -> list[str]:
    """The plain forms of the first 200 texts that differ."""
    posts: dict[str, None] = {}
    for text in texts:
        if plain := plain_lines(text).strip():
            posts[plain] = None
            if len(posts) >= LAST_BODIES:
                break
    return list(posts)


def _last_lines(plain: str) -> set[str]:
    """The last worded lines of a post, never its first: that one is the statement."""
    lines: list[str] = []
    rest = plain
    while rest and len(lines) < _LAST_LINES:
        rest, _, line = rest.rpartition("\n")
        if len(line) > LONGEST_END:
            break
        if words := words_of_line(line):
            lines.append(words)
    # A word is soon found where there is any; of all of them this took a fifth of the learning.
    if lines and not (words_of(rest[:_FIRST]) or words_of(rest)):
        lines.pop()
    return set(lines)


def _refused(posts: list[str], lines: set[str], need: float) -> set[str]:
    """The lines without which posts are confused or empty, or that seldom end a post."""
    peeled = [(rest, tuple(found)) for rest, found in (peel(plain, lines) for plain in posts)]
    uses = Counter(line for _, found in peeled for line in set(found))
    confused = Counter(line for found in _confused(peeled) for line in set(found))
    return {
        line
        for line in lines
        if uses[line] < need
        or (confused[line] >= _FEWEST_CONFUSED and confused[line] > _CONFUSED_SHARE * uses[line])
    }


def _confused(peeled: list[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, ...]]:
    """The footers of each post that says the same as another one with other footers, or nothing."""
    alike: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for rest, found in peeled:
        # Most differ in their beginning; only those that do not are compared in whole.
        alike[words_of(rest[:_BEGINNING])[: _BEGINNING // 3]].append((rest, found))
    for some in alike.values():
        if len({found for _, found in some}) > 1 or not some[0][0]:
            ends: dict[str, list[tuple[str, ...]]] = defaultdict(list)
            for rest, found in some:
                ends[words_of(rest)].append(found)
            for words, found_here in ends.items():
                if _differ(words, set(found_here)):
                    yield from found_here


def _differ(words: str, ends: set[tuple[str, ...]]) -> bool:
    """Whether posts of the same words are told apart by what was taken off their ends.

    A long text now with, now without its footer is one text; "Kyiv" and "Kyiv / All clear" are two.
    """
    signed = len(ends - {()})
    return not words or signed > 1 or (len(ends) > 1 and count_words(words) < FEW_WORDS)
