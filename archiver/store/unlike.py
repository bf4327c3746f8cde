"""Which forwards do not say what their origin says, which was edited after they were made.

Of such an edit the earlier wording may never have been archived: then the forward is what tells it.
It follows from both posts as they stand, and nothing of it is stored.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence

from archiver.store.connection import rows_of
from archiver.text.cuts import apply_cuts, read_cuts
from archiver.text.edits import says_still
from archiver.text.wording import wording

# Most forwards have the body of their origin: no texts are read of those.
_BEFORE_THE_EDIT = """
SELECT p.id, p.channel_id, p.text, p.cuts, o.channel_id, o.fwd_channel, o.text, o.cuts
FROM post p JOIN post o ON o.channel_id = p.fwd_channel AND o.message_id = p.fwd_message
WHERE p.id IN ({marks}) AND o.edited > p.date AND o.body_id <> p.body_id
"""
_FOOTERS = "SELECT channel_id, line FROM footer WHERE channel_id IN ({marks})"


def unlike_origin(db: sqlite3.Connection, forwards: Sequence[int]) -> set[int]:
    """Those of these forwards that say another thing than their origin since its edit."""
    found = list(rows_of(db, _BEFORE_THE_EDIT, forwards))
    if not found:
        return set()
    lines: dict[int | None, set[str]] = defaultdict(set)
    channels = {row[at] for row in found for at in (1, 4, 5)} - {None}
    for channel, line in rows_of(db, _FOOTERS, sorted(channels)):
        lines[channel].add(line)
    unlike = set()
    for post, here, text, cuts, origin, its_origin, its_text, its_cuts in found:
        said = wording(apply_cuts(text, read_cuts(cuts)), lines[here] | lines[origin])
        says = wording(apply_cuts(its_text, read_cuts(its_cuts)), lines[origin] | lines[its_origin])
        if not says_still(said, says):
            unlike.add(post)
    return unlike
