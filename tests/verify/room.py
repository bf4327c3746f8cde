"""A small archive with posts as Telegram sent them: with their bytes, an edit and a deletion."""

from __future__ import annotations

from telethon.tl import types
from telethon.tl.alltlobjects import LAYER

from archiver.dedup import dedup
from archiver.model import Channel, Post
from archiver.sources.telegram.convert import to_post
from archiver.store.store import Store
from archiver.store.tombstones import bury
from tests.newsroom import DAWN
from tests.sources.telegram.messages import DATE, MARKED, message, received

HARBOUR = Channel("Harbour", "harbour", MARKED)
QUAY = Channel("Quay", "quay", -1_000_000_000_321)


def sent(number: int, text: str, **more: object) -> Post:
    """A post as it came over the wire, with its bytes."""
    told = message(number, text, **more)
    found = to_post(received(told), raw=bytes(told))
    assert found is not None
    assert found.raw_layer == LAYER
    return found


def live_room(store: Store) -> None:
    """@harbour, live: an edited post and a deleted one; @quay, from a file: a copy of the first."""
    run = store.start_run("test", DAWN)
    bold = [types.MessageEntityBold(4, 5)]
    posts = [
        sent(1, "The ferry sails at nine from the old pier.", entities=bold, views=12, forwards=1),
        sent(2, "The lighthouse ferry is late because of fog on the whole coast today."),
    ]
    store.add_posts(run, [(HARBOUR, post) for post in posts], DAWN)
    words = "The ferry sails at nine from the new pier."
    edited = sent(1, words, entities=bold, edit_date=DATE + 60, views=15, forwards=1)
    copies = [Post(9, words, DAWN + 600), Post(10, "Ferry tickets are sold here.", DAWN + 700)]
    items = [(HARBOUR, edited), *((QUAY, copy) for copy in copies)]
    store.add_posts(run, items, DAWN + 100)
    with store.transaction() as conn:
        key = conn.exec_driver_sql("SELECT id FROM channel WHERE username = 'harbour'").scalar()
        assert isinstance(key, int)
        bury(conn, key, [2], "asked for by id", DAWN + 200)
        conn.exec_driver_sql("INSERT INTO coverage VALUES (?, 1, 2)", (key,))
    dedup(store, run)
