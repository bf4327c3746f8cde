"""What has to be written so that the archive says what `clusters` decided; pure, on light rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from archiver.store.cards import Card, Changes, Cluster, ClusterRow, Move, Place


def changes(
    cards: Sequence[Card],
    clusters: Sequence[Cluster],
    stored: Mapping[int, ClusterRow],
    last_id: int,
) -> Changes:
    """What has to be written so that the archive says `clusters` about these posts.

    `stored` are the rows of all clusters that the posts are in; new ids start after `last_id`.
    """
    ids, last = _ids(cards, clusters, stored, last_id)
    placed: dict[int, tuple[int, Place]] = {}
    rows = []
    for cluster_id, cluster in zip(ids, clusters, strict=True):
        placed.update((place.post, (cluster_id, place)) for place in cluster.places)
        row = _row(cluster_id, cluster)
        if stored.get(cluster_id) != row:
            rows.append(row)
    moves = [move for card in cards if (move := _move(card, placed.get(card.id)))]
    gone = sorted(set(stored) - set(ids))
    counts = _counts(cards, dict(zip(ids, clusters, strict=True)), stored)
    return Changes(moves, rows, gone, last - last_id, *counts)


def _counts(
    cards: Sequence[Card], clusters: Mapping[int, Cluster], stored: Mapping[int, ClusterRow]
) -> tuple[int, int, int]:
    """New statements with copies, the posts new in one, and those new in a mere album.

    Members of an album are several posts and one saying: alone they repeat nobody.
    """
    had = {i for i, row in stored.items() if row.copies}
    has = {i for i, cluster in clusters.items() if cluster.copies}
    was = {card.id: card.cluster for card in cards}
    joined = album_posts = 0
    for i, cluster in clusters.items():
        fresh = sum(was.get(place.post) != i for place in cluster.places)
        if i not in has:
            album_posts += fresh
        else:
            joined += fresh if i in had or i not in stored else len(cluster.places)
    return len(has - had), joined, album_posts


def _ids(
    cards: Sequence[Card],
    clusters: Sequence[Cluster],
    stored: Mapping[int, ClusterRow],
    last_id: int,
) -> tuple[list[int], int]:
    """An id for each cluster: the smallest old one it is heir to, else a new one."""
    was = {card.id: card.cluster for card in cards if card.cluster is not None}
    heirs: dict[int, tuple[bool, int, int]] = {}
    for at, cluster in enumerate(clusters):
        shares = Counter(was[p.post] for p in cluster.places if p.post in was)
        posts = {place.post for place in cluster.places}
        for old, share in shares.items():
            # The part with the old canonical keeps the id; else the larger, else the first.
            claim = (old in stored and stored[old].canonical in posts, share, -at)
            heirs[old] = max(heirs.get(old, claim), claim)
    owned: dict[int, int] = {}
    for old, (_, _, at) in heirs.items():
        owned[-at] = min(old, owned.get(-at, old))
    ids = []
    for at in range(len(clusters)):
        if at not in owned:
            last_id += 1
        ids.append(owned.get(at, last_id))
    return ids, last_id


def _row(cluster_id: int, cluster: Cluster) -> ClusterRow:
    return ClusterRow(
        cluster_id,
        cluster.canonical,
        len(cluster.places),
        cluster.copies,
        cluster.channels,
        cluster.first_date,
        cluster.last_date,
    )


def _move(card: Card, placed: tuple[int, Place] | None) -> Move | None:
    cluster, reason, via, score = None, None, None, None
    if placed is not None:
        cluster, place = placed
        reason, via = place.reason, place.via
        score = 1.0 if reason is not None and place.score is None else place.score
    if (card.cluster, card.reason, card.via) == (cluster, reason, via):
        return None
    decided = (card.cluster, card.reason) != (cluster, reason)
    said = None if reason is None else reason.value
    return Move(card.id, card.cluster, cluster, said, via, score, decided)
