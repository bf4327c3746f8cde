"""Puts the posts that wait into the search index; of many, another process finds the words.

Finding the words of a post, its filters and the stems of words never seen takes longer than FTS5
takes to store them: a third of a long sync. What the other process has made is used for a post
only where its row still is what was sent, so an edit in between costs nothing but another turn.
"""

from __future__ import annotations

import sqlite3
import time

from archiver.cores import processors
from archiver.store import index, lexicon, words
from archiver.store.helper import Helper
from archiver.store.meta import IndexRow
from archiver.store.words import Folded

# Posts of a run before another process is worth its start (0.1 s) and its memory (60 MB).
WORTH = 2_000
# Seconds after which the lexicon gets fewer words than are worth while, too: a sync that Telegram
# slows down takes hours.
_SETTLED_WITHIN = 60.0


class Indexer:
    """What a run puts into the index, a turn after another. Belongs to one Store.

    What another process knows of the lexicon holds as long as all it said was written: after a
    rollback it has to be forgotten.
    """

    def __init__(self) -> None:
        self._seen = 0
        self._settled = 0.0
        self._begun: dict[int, IndexRow] = {}
        self._helper: Helper | None = None

    def take_turn(self, db: sqlite3.Connection, new: int) -> None:
        """Index what waits, or have its words found until the next turn; `new` came since then."""
        self._seen += new
        if self._helper is None and self._seen >= WORTH and processors() > 1:
            self._helper = Helper(words.__name__)
        self._write(db)
        if self._helper is None or not self._begin(db, self._helper):
            index.add_waiting(db)
        self._settle(db)

    def finish(self, db: sqlite3.Connection) -> None:
        """Index everything that waits: the end of a run."""
        self._write(db)
        index.add_waiting(db)
        lexicon.settle(db)

    def forget(self) -> None:
        """End the other process, if there is one; what it was at still waits in the archive."""
        self._begun = {}
        if self._helper is not None:
            self._helper.close()
            self._helper = None

    def _begin(self, db: sqlite3.Connection, helper: Helper) -> bool:
        """Have the words found of what waits; False where nobody is there to do it."""
        rows = index.next_waiting(db)
        if rows and not helper.begin(rows):
            self._give_up()
            return False
        self._begun = {row.sort_key: row for row in rows}
        return True

    def _give_up(self) -> None:
        """The other process was killed or is stuck; a later turn tries another one."""
        self.forget()
        self._seen = 0

    def _write(self, db: sqlite3.Connection) -> None:
        """Store what the other process found; without its answer the posts go on waiting."""
        begun, self._begun = self._begun, {}
        if not begun or self._helper is None:
            return
        answer = self._helper.answer()
        if answer is None:
            self._give_up()
            return
        folded = Folded(*answer)
        now = index.still_waiting(db, begun)
        same = [post for post in folded.posts if now.get(post[0]) == begun[post[0]]]
        index.put(db, same, folded.pairs)

    def _settle(self, db: sqlite3.Connection) -> None:
        """Give the lexicon what waits for it, seldom."""
        now = time.monotonic()
        if now - self._settled < _SETTLED_WITHIN:
            lexicon.settle_many(db)
        else:
            lexicon.settle(db)
            self._settled = now
