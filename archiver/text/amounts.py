"""What a figure is worth, however it is written: "1,500,000", "1 500 000" and "1.5 million".

Comparable words have lost the signs within a figure: "1.5 million" comes as "1", "5", "million".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_ROWS = {
    3: "thousand k тыс тысяч тысяча тысячи тысячу тис тисяч тисяча тисячі tausend tsd mille mil ألف"
    " آلاف هزار",
    6: "million millions mln mn m млн миллион миллиона миллионов мільйон мільйона мільйонів"
    " millionen mio millón millones مليون ملايين میلیون",
    9: "billion billions bn млрд миллиард миллиарда миллиардов мільярд мільярда мільярдів milliarde"
    " milliarden mrd milliard milliards مليار مليارات میلیارد",
    12: "trillion trillions trn трлн триллион триллиона триллионов трильйон трильйона трильйонів"
    " تريليون تریلیون",
}
_ZEROS = {word: zeros for zeros, words in _ROWS.items() for word in words.split()}
_ENDS = frozenset("kmn")  # of "5m", "2bn", "3k"
_FIGURE = re.compile("([0-9]+)([a-zа-яіїє]*)")
_THOUSANDS = 3

Amount = tuple[int, int]  # digits without the zeros at their end, and how many of these


def is_unit(word: str) -> bool:
    """Whether a word multiplies the figure before it."""
    return word in _ZEROS or (word[-1:] in _ENDS and not word.isalpha())


def whole(words: Sequence[str], start: int, end: int) -> Sequence[str]:
    """All words of the figure that some of its words are of.

    >>> whole("about 1 500 000 tents".split(), 2, 4)
    ['1', '500', '000']
    """
    while start and words[start - 1].isdecimal():
        start -= 1
    while end < len(words) and (words[end].isdecimal() or words[end] in _ZEROS):
        end += 1
    return words[start:end]


def shown(words: Sequence[str]) -> str:
    """A figure as it is written, of its words.

    >>> shown(["1", "500", "000"]), shown(["1", "5", "million"]), shown(["12", "30"])
    ('1,500,000', '1.5 million', '12 30')
    """
    groups = [word for word in words if word not in _ZEROS]
    units = words[len(groups) :]
    if len(groups) > 1 and all(len(group) == _THOUSANDS for group in groups[1:]):
        return " ".join([",".join(groups), *units])
    if len(groups) == 2 and (units or not groups[1].isdecimal()):
        return " ".join([".".join(groups), *units])
    return " ".join(words)


def is_one_amount(
    one: Sequence[str], other: Sequence[str], place: tuple[int, int, int, int]
) -> bool:
    """Whether two figures that differ in a place are worth the same, one of them in millions.

    >>> is_one_amount("1 500 000 tents".split(), "1 5 million tents".split(), (1, 3, 1, 3))
    True
    """
    a, b, c, d = place
    first, second = whole(one, a, b), whole(other, c, d)
    return not _amounts(first).isdisjoint(_amounts(second))


def _amounts(words: Sequence[str]) -> set[Amount]:
    """What a figure may be worth: "1 500" may be 1500 or 1.500."""
    groups: list[str] = []
    zeros = 0
    for word in words:
        figure = _FIGURE.fullmatch(word)
        if figure is None or zeros:
            zeros += _ZEROS.get(word, 0)
            if not groups or word not in _ZEROS:
                return set()
            continue
        groups.append(figure[1])
        if figure[2]:
            zeros = _ZEROS.get(figure[2], 0)
            if not zeros:
                return set()
    if not groups:
        return set()
    joined, tail = "".join(groups), groups[1:]
    found = set()
    if all(len(group) == _THOUSANDS for group in tail):
        found.add(_amount(joined, zeros))
    if tail and zeros and all(len(group) == _THOUSANDS for group in tail[:-1]):
        found.add(_amount(joined, zeros - len(tail[-1])))
    return found


def _amount(digits: str, zeros: int) -> Amount:
    bare = digits.rstrip("0")
    return int(bare or "0"), zeros + len(digits) - len(bare)
