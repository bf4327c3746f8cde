"""Random histories of posts, edits and kills: dedup comes to what a rebuild finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import archiver.dedup as verb
from archiver.dedup import dedup
from archiver.store.store import Store
from tests.dedup_room import HOUR, LONG, START, Room, forward_of, opened

SHORT = ["Good morning!", "good morning", "All clear"]
TEXTS = [
    *SHORT, *SHORT, "", "🔥", "#tag", LONG, LONG + "!", f"{LONG} indeed",
    "A second long text of more than eight words about the harvest of this year",
    f"{LONG}\n\nYours, the desk", "Good morning!\n\nYours, the desk",
]  # fmt: skip
SIGNS = ["", "", "\n\nYours, the desk", "\n\nOur motto", "\n\nOur motto\nYours, the desk"]
SIGNED = [
    *(text + sign for text in (LONG, "Good morning!", "https://desk.org/a") for sign in SIGNS[1:]),
    f"{LONG}\n\nOur motto\n\nhttps://desk.org/story\nRead in full",
    f"{LONG}\n\nOur motto\nGood morning!", "Our motto: https://desk.org/story\nYours, the desk",
]  # fmt: skip
CHANNELS, MESSAGES = 3, 2
EDITED = START + 1_000 * HOUR  # after every date, so that the latest version counts
CAMPAIGN = 100  # message ids from here on are signed in one of these ways, or not

here = st.tuples(st.integers(1, CHANNELS), st.integers(1, MESSAGES))
seldom = st.sampled_from([False, False, False, True])
posts = st.tuples(
    st.just("post"),
    here,
    st.sampled_from(TEXTS),
    st.one_of(st.integers(0, 150), st.integers(0, 150), st.none()),
    seldom.flatmap(
        lambda yes: (
            st.tuples(st.integers(1, CHANNELS + 1), st.integers(1, MESSAGES)) if yes else st.none()
        )
    ),
    seldom.flatmap(lambda yes: st.integers(1, 2) if yes else st.none()),
)
steps = st.one_of(
    posts,
    posts,
    posts,
    posts,
    st.tuples(st.just("delete"), here),
    st.tuples(st.just("campaign"), st.integers(1, CHANNELS), st.sampled_from(SIGNS[1:])),
    st.just(("dedup",)),
    st.just(("dedup",)),
    st.tuples(st.just("killed"), st.integers(1, 7)),
)
signed = st.tuples(
    st.just("post"),
    here,
    st.sampled_from(SIGNED),
    st.integers(0, 150),
    st.one_of(st.none(), st.tuples(st.integers(1, CHANNELS), st.integers(1, MESSAGES))),
    st.none(),
)
campaigns = st.tuples(st.just("campaign"), st.integers(1, CHANNELS), st.sampled_from(SIGNS))
FEW = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Killed(Exception):
    """Stands for SIGKILL: the transaction under way is lost, those before it are kept."""


class Mortal:
    """A store that dies when its n-th transaction is about to end."""

    def __init__(self, store: Store, transactions: int) -> None:
        self.store = store
        self.left = transactions

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        with self.store.transaction() as conn:
            yield conn
            self.left -= 1
            if self.left < 0:
                raise Killed


def act(room: Room, step: tuple[Any, ...], edits: int) -> None:
    if step[0] == "post":
        _, here, text, hours, origin, album = step
        more: dict[str, Any] = {"edited": EDITED + edits} if edits else {}
        origin = room.origins.setdefault(here, origin)  # an edit never changes the header
        forward = None if origin is None else forward_of(origin)
        room.post(*here, text, hours, forward=forward, grouped_id=album, **more)
    elif step[0] == "campaign":
        _, where, sign = step
        for number in range(6):
            text = f"Piece of news number {number}{sign}"
            room.post(where, CAMPAIGN + number, text, 200, edited=EDITED + edits)
    elif step[0] == "delete":
        room.delete(*step[1])
    elif step[0] == "dedup":
        room.dedup()
        room.check()
    else:
        with suppress(Killed):
            dedup(Mortal(room.store, step[1]), room.run)
        room.check()


NO_BULK, ONLY_BULK = 10**9, -1


@FEW
@given(history=st.lists(steps, max_size=30), many=st.sampled_from([NO_BULK, ONLY_BULK]))
def test_any_history_comes_to_what_a_rebuild_finds(
    history: list[tuple[Any, ...]], many: int
) -> None:
    with pytest.MonkeyPatch.context() as patch, opened() as room:
        patch.setattr(verb, "_KEYED_AT_ONCE", 3)
        patch.setattr(verb, "_JOINED_AT_ONCE", 2)
        patch.setattr(verb, "_HEAPED_AT_ONCE", 2)
        patch.setattr(verb, "_MANY", many)
        for edits, step in enumerate(history):
            act(room, step, edits)
        room.dedup()
        room.check()
        grown = room.verdicts()
        assert room.rows("SELECT * FROM pending UNION ALL SELECT * FROM fresh_member") == []
        forget(room)
        patch.setattr(verb, "_MANY", -many)
        room.dedup(rebuild=True)
        room.check()
        assert room.verdicts() == grown


@FEW
@given(
    before=st.lists(signed, min_size=3, max_size=12),
    later=st.lists(
        st.one_of(campaigns, campaigns, st.just(("dedup",)), st.just(("dedup",)), signed),
        max_size=12,
    ),
)
def test_footers_that_come_and_go_leave_what_a_rebuild_finds(
    before: list[tuple[Any, ...]], later: list[tuple[Any, ...]]
) -> None:
    with opened() as room:
        for edits, step in enumerate(told_anew([*before, ("dedup",), *later])):
            act(room, step, edits)
        room.dedup()
        grown = keys(room), room.verdicts()
        forget(room)
        room.dedup(rebuild=True)
        assert (keys(room), room.verdicts()) == grown


def told_anew(steps: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The steps without edits that change no text: only the date of the edit would be another."""
    said: dict[tuple[Any, ...], str] = {}
    for step in steps:
        if step[0] == "dedup" or said.get(step[:2]) != step[2]:
            yield step
        if step[0] != "dedup":
            said[step[:2]] = step[2]


def keys(room: Room) -> list[tuple[Any, ...]]:
    """The body of every version."""
    key = "(SELECT json_array(key, key2) FROM body b WHERE b.id = body_id)"
    posts = room.rows(f"SELECT id, {key} FROM post ORDER BY id")
    return posts + room.rows(f"SELECT -id, {key} FROM revision ORDER BY id")


def forget(room: Room) -> None:
    """Take away all that dedup ever wrote."""
    with room.store.transaction() as conn:
        for table in ("cluster", "body", "footer", "decision", "pending"):
            conn.exec_driver_sql(f"DELETE FROM {table}")
        conn.exec_driver_sql("INSERT INTO fresh_member SELECT sort_key FROM member")
        conn.exec_driver_sql("UPDATE revision SET body_id = NULL, cuts = NULL")
        conn.exec_driver_sql(
            "UPDATE post SET body_id = NULL, cuts = NULL, cluster_id = NULL, reason = NULL,"
            " score = NULL, via_post = NULL"
        )


@FEW
@given(data=st.data(), items=st.lists(posts, max_size=15, unique_by=lambda p: p[1]))
def test_the_order_of_arrival_does_not_matter(data: st.DataObject, items: list[Any]) -> None:
    shuffled = data.draw(st.permutations(items))
    outcomes = []
    for order in (items, shuffled):
        with opened() as room:
            for number in range(1, CHANNELS + 2):  # ties between channels go by their ids
                room.post(number, 1_000, "")
            for item in order:
                act(room, item, 0)
                if data.draw(st.booleans()):
                    room.dedup()
            room.dedup()
            outcomes.append(room.verdicts())
    assert outcomes[0] == outcomes[1]
