"""Whether an edited post still says what it said before."""

from __future__ import annotations

from archiver.text.measures import measure
from archiver.text.turns import EXCHANGED, OPPOSITE
from archiver.text.wording import Wording

# Two texts of one language that have nothing to do with each other share up to a third of their
# words in one order; a corrected text shares more than half.
_ALIKE = 0.5
# A flash that grows into an article, or an article that is cut to its first lines.
_STANDS = 0.9
_FEWEST = 8  # words; fewer stand in any long text


def says_still(earlier: Wording, newest: Wording) -> bool:
    """Whether the newest wording of a post tells the statement that an earlier one told.

    Half of the words of both are common, or nine tenths of the shorter one stand in the longer
    one, and neither is the opposite of the other. Other numbers and names are corrections here.
    """
    found = measure(earlier, newest)
    stands = found.kept >= _STANDS and min(found.words) >= _FEWEST
    if found.alike < _ALIKE and not stands:
        return False
    turned = found.turned()
    return turned is None or turned.rule not in (OPPOSITE, EXCHANGED)
