"""What a body told again is, and what only looks like one: slogans, refrains, lists, quotations."""

from __future__ import annotations

from collections.abc import Sequence

from archiver.text.copies import BODY, EDGE, FEWEST, Found, Pair, back_to, on_to
from archiver.text.runs import Words

_FAR_BODY = 30  # words of a copy told again after something else
_HEADLINE = 30  # words
_VERSE_LINE = 48  # letters; half the lines of poems and lists are shorter, of prose longer
_OPENING = 5  # words that tell that one more copy begins
_LABEL = 4  # words


def stands(words: Words, pair: Pair, item: Found) -> bool:
    """Whether what is cut is a body told again, not a headline's sentence or a refrain."""
    return (
        _is_body(words, pair, item)
        and not _is_slogan(words.keys[item.start : item.end])
        and not _is_headline(words, pair, item)
        and not _is_verse(words, item)
        and not _is_labelled(words, item)
    )


def _is_slogan(keys: Sequence[str]) -> bool:
    """Whether the words are fewer than twelve, again and again."""
    return any(keys[:-period] == keys[period:] for period in range(1, FEWEST))


def _is_headline(words: Words, pair: Pair, item: Found) -> bool:
    """Whether the first copy is a headline that the body's first sentence tells again."""
    cut, kept = (item.start, item.end), (item.kept_start, item.kept_end)
    (start, end), (later_start, later_end) = (kept, cut) if pair.cut_later else (cut, kept)
    is_first_line = start <= EDGE and not any(
        words.border(at) == 2 for at in range(1, min(end, _HEADLINE))
    )
    goes_on = words.border(later_end) < 2 or later_end - later_start > end - start
    return is_first_line and end <= _HEADLINE and goes_on


def _is_verse(words: Words, item: Found) -> bool:
    """Whether a cut is of short lines (a refrain, a list) and not simply the whole post again."""
    span = words.text[words.starts[item.start] : words.ends[item.end - 1]]
    lengths = sorted(len(line) for line in span.split("\n") if line.strip())
    if len(lengths) < 3 or lengths[len(lengths) // 2] >= _VERSE_LINE:
        return False
    return not _is_whole_post(words, item)


def _is_whole_post(words: Words, item: Found) -> bool:
    """Whether a post is a headline of one line and copies of one body, nothing else.

    The last copy may be cut short, but not to less than 60 %: a refrain around a verse is less.
    """
    start = min(item.start, item.kept_start)
    headline = on_to(words, 1, len(words), 2, _HEADLINE)
    if start > 0 and (headline is None or start > headline + 1):
        return False
    first, later = sorted((item.start, item.kept_start))
    if 10 * (item.end - item.start) < 6 * (later - first):
        return False
    if item.start < item.kept_start:
        return True  # the later copy tells more
    end = item.end
    opening = words.keys[first : first + _OPENING]
    return len(words) - end <= 1 or words.keys[end : end + _OPENING] == opening


def _is_body(words: Words, pair: Pair, item: Found) -> bool:
    """Whether a copy is long enough for the place it stands in.

    Side by side: 25 words, or 16 of whole lines, or 12 that are 38 % of the post. Apart: whole
    lines that quote nobody, of 30 words at the end or 25 % of the post in its middle; unchanged
    at the end 18, or 12 that are 25 % of the post when cut short.
    """
    size, exact = item.end - item.start, not item.own
    between = item.start - item.kept_end if pair.cut_later else item.kept_start - item.end
    whole = words.border(item.start) == 2 and words.border(item.end) == 2
    last = item.end == len(words)
    if size < FEWEST or (size < BODY and not exact):
        return False
    if between <= max(2, 6 * size // 100):
        return size >= BODY or 100 * size >= 38 * len(words) or (whole and size >= 16)
    if not pair.cut_later or not whole or _is_quotation(words, item):
        return False
    if last and exact:
        return size >= 18 or (between <= size and 4 * size >= len(words))
    return size >= _FAR_BODY and (last or (exact and 4 * size >= len(words)))


def _is_quotation(words: Words, item: Found) -> bool:
    """Whether a cut is one line that a quotation mark opens: a commentary quotes twice."""
    start = words.starts[item.start]
    if words.text[max(start - 1, 0)] not in "\"“„«‘'”":
        return False
    last = item.end == len(words)
    return not last or "\n" not in words.text[start : words.ends[item.end - 1]]


def _is_labelled(words: Words, item: Found) -> bool:
    """Whether each copy stands under a short line of its own: two places, and the same alert."""
    first = min(item.start, item.kept_start)
    between = range(min(item.end, item.kept_end), max(item.start, item.kept_start))
    if first == 0 or not 0 < len(between) <= _LABEL:
        return False
    if any(words.border(at) != 2 for at in (first, between.start, between.stop)):
        return False
    if back_to(words, first - 1, 0, 2, _LABEL - 1) is None:
        return False
    return any(words.is_fact(at) and words.text[words.starts[at] - 1] != "#" for at in between)
