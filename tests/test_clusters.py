"""The exact layers on bare cards: what makes one statement, which post is shown, and why."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.clusters import Rules, arrange, partition
from archiver.model import Reason
from archiver.moves import changes
from archiver.store.cards import Card, Cluster, ClusterRow, Near, Place

HOUR = 3600
RULES = Rules()


def card(number: int, **more: object) -> Card:
    values: dict[str, object] = {"channel_id": number, "message_id": 1, "date": number * HOUR}
    return Card(id=number, **(values | more))  # type: ignore[arg-type]


def ids(parts: list[list[Card]]) -> set[tuple[int, ...]]:
    return {tuple(sorted(card.id for card in part)) for part in parts}


def test_posts_that_share_nothing_stay_apart() -> None:
    cards = [card(n, body=n, words=20) for n in range(5)]
    assert arrange(cards, RULES) == []


def test_eight_words_are_long_and_seven_are_short() -> None:
    late = 100 * HOUR
    long = [card(1, body=7, words=8), card(2, body=7, words=8, date=late)]
    short = [card(1, body=7, words=7), card(2, body=7, words=7, date=late)]
    assert len(arrange(long, RULES)) == 1
    assert arrange(short, RULES) == []
    assert len(arrange(short, Rules(short_words=5))) == 1
    assert len(arrange(short, Rules(short_hours=99))) == 1


@pytest.mark.parametrize(("seconds", "joined"), [(48 * HOUR, True), (48 * HOUR + 1, False)])
def test_the_window_is_48_hours_to_the_second(seconds: int, joined: bool) -> None:
    cards = [card(1, body=7, words=2, date=0), card(2, body=7, words=2, date=seconds)]
    assert bool(arrange(cards, RULES)) is joined


@pytest.mark.parametrize(("minutes", "joined"), [(10, True), (11, False)])
def test_a_channel_that_says_it_again_after_ten_minutes_means_something_new(
    minutes: int, joined: bool
) -> None:
    same = {"channel_id": 5, "body": 7, "words": 2}
    cards = [card(1, date=0, **same), card(2, message_id=2, date=60 * minutes, **same)]
    assert bool(arrange(cards, RULES)) is joined


def test_a_form_joins_others_for_half_a_day_only() -> None:
    cards = [card(n, body=7, words=20, form=7, date=n * 11 * HOUR) for n in range(4)]
    assert ids(partition(cards, RULES)) == {(0, 1), (2, 3)}


def test_a_near_copy_of_a_form_joins_the_last_window_of_its_leader() -> None:
    said = {"channel_id": 5, "body": 7, "words": 20, "form": 7}
    copy = card(3, body=8, words=21, form=7, near=(Near(7, "near", 0.9),), date=25 * HOUR)
    cards = [card(1, date=0, **said), card(2, message_id=2, date=24 * HOUR, **said), copy]
    assert ids(partition(cards, RULES)) == {(1,), (2, 3)}


def test_a_component_joins_by_the_short_body_of_its_earliest_post_only() -> None:
    cards = [
        card(1, body=7, words=2, date=0),
        card(2, body=7, words=2, date=HOUR),
        card(3, body=8, words=2, date=90 * HOUR, origin=(2, 1)),
        card(4, body=8, words=2, date=91 * HOUR),
    ]
    assert ids(partition(cards, RULES)) == {(1, 2, 3), (4,)}


def test_undated_short_posts_join_by_forward_but_not_by_text() -> None:
    cards = [
        card(1, body=7, words=2, date=None),
        card(2, body=7, words=2, date=None),
        card(3, body=9, words=2, date=None, origin=(1, 1)),
    ]
    assert ids(partition(cards, RULES)) == {(1, 3), (2,)}


def test_a_message_id_of_our_own_making_is_nobody_s_origin() -> None:
    cards = [card(1, message_id=-5), card(2, origin=(1, -5)), card(3, origin=(1, -5))]
    assert ids(partition(cards, RULES)) == {(1,), (2, 3)}


def test_any_version_of_a_post_keeps_it_with_its_copies() -> None:
    cards = [card(1, body=7, words=20), card(2, body=8, words=20, older=((7, 20),))]
    [cluster] = arrange(cards, RULES)
    assert cluster.places[1] == Place(2, Reason.SAME_TEXT, 1)


def test_an_undated_post_is_never_shown_before_a_dated_one() -> None:
    cards = [card(1, body=7, words=20, date=None), card(2, body=7, words=20)]
    [cluster] = arrange(cards, RULES)
    assert (cluster.canonical, cluster.first_date, cluster.last_date) == (2, 2 * HOUR, 2 * HOUR)


def test_a_cut_version_is_not_shown_though_it_is_the_earliest() -> None:
    cards = [
        card(1, body=7, words=94, older=((9, 100),)),
        card(2, body=8, words=96, older=((9, 100),)),
        card(3, body=9, words=100),
    ]
    assert arrange(cards, RULES)[0].canonical == 2


def near(relation: str = "near", leader: int = 7) -> tuple[Near, ...]:
    return (Near(leader, relation, 0.95),)


def test_who_adds_words_to_a_statement_is_not_shown_for_it() -> None:
    """Whether the words stand before it or behind it; as often as only one channel adds them."""
    statement = [card(1, body=7, words=20), card(2, body=7, words=20)]
    comments = [card(3, body=8, words=35, near=near()), card(4, body=9, words=24, near=near())]
    assert arrange([*statement, *comments], RULES)[0].canonical == 1
    assert arrange([statement[0], *comments], RULES)[0].canonical == 1
    again = card(5, body=8, words=35, near=near(), channel_id=3)
    assert arrange([*statement, *comments, again], RULES)[0].canonical == 1


@pytest.mark.parametrize("channel", [1, 4])
def test_a_fuller_version_of_two_channels_or_of_the_first_is_shown(channel: int) -> None:
    cards = [
        card(1, body=7, words=20),
        card(2, body=8, words=25, near=near(), channel_id=1 if channel == 1 else 2),
        card(3, body=9, words=40, near=near()),
        card(4, body=8, words=25, near=near(), channel_id=channel),
    ]
    assert arrange(cards, RULES)[0].canonical == 2


def test_what_was_found_to_be_cut_does_not_say_how_long_a_statement_is() -> None:
    """A file may bring posts that are older than the one they were compared with."""
    cards = [
        card(1, body=8, words=30, near=near("part")),
        card(2, body=7, words=70),
        card(3, body=9, words=90, near=near()),
    ]
    assert arrange(cards, RULES)[0].canonical == 2
    assert arrange([cards[0], card(4, body=7, words=0, near=near())], RULES)[0].canonical == 1


def test_most_forwarded_origin_is_shown_then_the_earliest() -> None:
    both = [card(n, body=7, words=20) for n in (1, 2)]
    tied = [*both, card(3, origin=(1, 1)), card(4, origin=(2, 1))]
    assert arrange(tied, RULES)[0].canonical == 1
    assert arrange([*tied, card(5, origin=(2, 1))], RULES)[0].canonical == 2


def test_a_forward_of_itself_counts_for_nothing() -> None:
    cards = [card(1, body=7, words=20), card(2, body=7, words=20, origin=(2, 1))]
    assert arrange(cards, RULES)[0].canonical == 1


def test_every_member_hangs_on_the_canonical_by_the_shortest_way() -> None:
    cards = [
        card(1, body=7, words=20),
        card(2, body=7, words=20),
        card(3, channel_id=2, message_id=9, album=5),
        card(4, origin=(2, 1), body=9, words=20),
        card(5, origin=(2, 9), body=8, words=20),
        card(6, body=8, words=20),
    ]
    cards[1] = cards[1]._replace(album=5)
    [cluster] = arrange(cards, RULES)
    assert cluster.canonical == 2  # forwarded by 4
    assert set(cluster.places) == {
        Place(2, None, None),
        Place(4, Reason.FORWARD, 2),
        Place(1, Reason.SAME_TEXT, 2),
        Place(3, Reason.ALBUM, 2),
        Place(5, Reason.FORWARD, 3),
        Place(6, Reason.SAME_TEXT, 5),
    }


def row(cluster_id: int, canonical: int) -> ClusterRow:
    return ClusterRow(cluster_id, canonical, 0, 0, 0, None, None)


def group(*posts: int) -> Cluster:
    places = tuple(Place(p, Reason.FORWARD if n else None, None) for n, p in enumerate(posts))
    return Cluster(posts[0], places, len(posts) - 1, 1, None, None)


def test_the_part_with_the_old_canonical_keeps_the_id() -> None:
    cards = [card(n, cluster=4) for n in range(1, 6)]
    found = changes(cards, [group(1, 2, 3), group(4, 5)], {4: row(4, 5)}, last_id=9)
    assert {r.id: r.canonical for r in found.rows} == {4: 4, 10: 1}
    assert (found.created, found.gone) == (1, [])


def test_joined_clusters_keep_the_smallest_id_and_the_other_goes() -> None:
    cards = [card(1, cluster=8), card(2, cluster=8), card(3, cluster=4), card(4, cluster=4)]
    found = changes(cards, [group(1, 2, 3, 4)], {4: row(4, 3), 8: row(8, 1)}, last_id=9)
    assert ([r.id for r in found.rows], found.gone) == ([4], [8])


def test_a_post_left_alone_loses_its_cluster() -> None:
    found = changes([card(1, cluster=4, reason="forward", via=2)], [], {4: row(4, 1)}, last_id=9)
    assert found.gone == [4]
    assert found.moves[0][1:6] == (4, None, None, None, None)


cards_at_random = st.lists(
    st.builds(
        Card,
        id=st.just(0),
        channel_id=st.integers(1, 3),
        message_id=st.integers(-2, 4),
        date=st.one_of(st.none(), st.integers(0, 200).map(lambda hours: hours * HOUR)),
        body=st.one_of(st.none(), st.integers(1, 5)),
        words=st.sampled_from([3, 20]),
        origin=st.one_of(st.none(), st.tuples(st.integers(1, 3), st.integers(1, 4))),
        album=st.one_of(st.none(), st.integers(1, 2)),
        older=st.lists(st.tuples(st.integers(1, 5), st.just(20)), max_size=1).map(tuple),
        near=st.lists(
            st.builds(Near, st.integers(1, 5), st.sampled_from(["near", "part"]), st.just(0.9)),
            max_size=1,
        ).map(tuple),
        joined=st.lists(st.integers(1, 2), max_size=1).map(tuple),
    ),
    max_size=25,
    unique_by=lambda c: (c.channel_id, c.message_id),
).map(lambda found: [c._replace(id=n + 1) for n, c in enumerate(found)])


@given(cards=cards_at_random, seed=st.integers())
def test_order_does_not_matter_and_every_member_is_placed(cards: list[Card], seed: int) -> None:
    shuffled = random.Random(seed).sample(cards, len(cards))
    clusters = arrange(cards, RULES)
    assert {frozenset(c.places) for c in clusters} == {
        frozenset(c.places) for c in arrange(shuffled, RULES)
    }
    placed = [place.post for cluster in clusters for place in cluster.places]
    parts = [part for part in partition(cards, RULES) if len(part) > 1]
    assert sorted(placed) == sorted(card.id for part in parts for card in part)


@given(cards=cards_at_random)
def test_the_matches_of_a_cluster_lead_to_its_canonical(cards: list[Card]) -> None:
    for cluster in arrange(cards, RULES):
        via = {place.post: place.via for place in cluster.places}
        for post in via:
            for _ in via:
                post = via[post] or post
            assert post == cluster.canonical
