"""How views, forwards and reactions grew: a row a change, fewer with the age of the post.

The first two days every change is kept, then one a day, after a month one in thirty days; the
newest is always kept. It is what a researcher draws, and stays below a hundred rows a post.
"""

from __future__ import annotations

from archiver.model import Post

DAY = 86_400
_EVERY_CHANGE = 2 * DAY
_DAILY = 30 * DAY


def spacing(age: int) -> int:
    """Seconds that two kept observations of a post `age` seconds old must lie apart."""
    if age < _EVERY_CHANGE:
        return 0
    return DAY if age < _DAILY else 30 * DAY


def replaces_last(posted: int | None, before_last: int | None, now: int) -> bool:
    """Whether a new observation takes the place of the last one instead of standing beside it.

    `before_last` is when the one before the last was made; the last is superfluous if the new one
    is still close enough to that.
    """
    if before_last is None:
        return False
    return now - before_last < spacing(now - (posted or 0))


def counts(post: Post) -> tuple[object, ...]:
    """What is counted of a post; two equal ones need one row."""
    return (post.views, post.forwards, post.replies, post.reactions or None)
