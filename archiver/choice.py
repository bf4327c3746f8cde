"""Which statement a body belongs to, of all it was compared with, and its links; pure.

No chains: what it was compared with is a leader, or a version of one that is found by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from archiver.judging import Found
from archiver.text.decide import Relation

Judged = tuple[int, Found]  # a body, and what the later one is to it
Link = tuple[int, Relation, float]  # a leader

_LINKS = 6  # of a body
_ROUNDED = 20  # scores are compared in steps of a twentieth; of equal ones the earlier leader wins
# From here on all are sure. What is nearest to a cut or commented copy that leads a statement of
# its own belongs to the first statement all the same.
_SURE = 0.9
_LINKED = (Relation.RELATED, Relation.CONTAINS, Relation.INSIDE, Relation.OVERLAP)


def best(judged: Sequence[Judged], leader_of: Callable[[int], int]) -> Judged | None:
    """What the body is nearest to; no statement in which one says the opposite of it.

    A denial with a comment may be near to the statement's own comment.
    """
    denied = {leader_of(b) for b, found in judged if found.relation is Relation.OPPOSITE}
    joinable = [
        (-round(min(_SURE, found.score) * _ROUNDED), leader_of(body), -found.score, body, found)
        for body, found in judged
        if found.collapses and leader_of(body) not in denied
    ]
    if not joinable:
        return None
    *_, body, found = min(joinable, key=lambda item: item[:4])
    return body, found


def is_sure(chosen: Judged | None) -> bool:
    """Whether nothing that is nearer could count for more."""
    return chosen is not None and chosen[1].score >= _SURE


def hopeful(judged: Iterable[Judged], leader_of: Callable[[int], int]) -> list[int]:
    """The leaders of which a version may be what the body is a copy of: it shares their wording."""
    return sorted({leader_of(body) for body, found in judged if found.relation in _LINKED})


def links(
    judged: Iterable[Judged], leader_of: Callable[[int], int], own: tuple[int, int | None]
) -> list[Link]:
    """What the body has to do with other statements: the surest first, a few.

    `own` are the body and its leader, if it has one.
    """
    found: dict[int, tuple[bool, float, Relation]] = {}
    for body, each in judged:
        other = leader_of(body)
        if each.relation is None or other in own:
            continue
        relation = Relation.RELATED if each.collapses else each.relation
        is_opposite = relation is Relation.OPPOSITE
        found[other] = max(
            found.get(other, (False, 0.0, relation)), (is_opposite, each.score, relation)
        )
    ranked = sorted(found.items(), key=lambda item: (-item[1][1], item[0]))[:_LINKS]
    return [(other, relation, round(score, 4)) for other, (_, score, relation) in ranked]
