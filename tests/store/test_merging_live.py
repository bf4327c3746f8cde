"""A live post replaces the live one before it; nothing newer gives way, and no wording is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.model import Forward, OriginKind, Post, Source
from archiver.store.merging import Merged, merge, ranks_of

OLD = Post(7, "The ferry leaves at nine.", 1_735_732_800, source=Source.LIVE, views=10)
BOLD = ({"type": "bold", "offset": 0, "length": 3},)


def after(old: Post, new: Post) -> Merged:
    """What becomes of a live post when the server says another word of it."""
    return merge(old, ranks_of(old), new, ())


def edited(**parts: Any) -> Post:
    """The post as it was edited a minute later."""
    return replace(OLD, edited=OLD.date + 60, **parts)  # type: ignore[operator]


@pytest.mark.parametrize(
    "parts",
    [
        {"text": "The ferry leaves at ten."},
        {"text": ""},
        {"entities": BOLD},
        {"media_kind": "photo", "media": {"id": "1"}},
    ],
)
def test_other_content_is_a_version(parts: dict[str, Any]) -> None:
    merged = after(OLD, edited(**parts))
    assert merged.post == edited(**parts)
    assert merged.revision is not None
    assert merged.revision.text == OLD.text


@pytest.mark.parametrize(
    "parts",
    [
        {"views": 99},
        {"forwards": 3, "replies": 2},
        {"reactions": ({"type": "emoji", "emoji": "👍", "count": 1},)},
        {"details": {"poll": {"votes": 3}}},
        {"details": {"edit_hidden": 1_735_732_900}},
        {"entities": ()},
    ],
)
def test_counters_and_the_like_are_none(parts: dict[str, Any]) -> None:
    merged = after(OLD, replace(OLD, **parts))
    assert merged.revision is None
    for name, value in parts.items():
        assert (getattr(merged.post, name) or None) == (value or None)


def test_an_older_wording_never_comes_back() -> None:
    now = edited(text="The ferry leaves at ten.")
    merged = after(now, replace(OLD, views=500))
    assert (merged.post, merged.revision) == (now, None)


def test_a_hidden_edit_makes_a_post_newer_all_the_same() -> None:
    """Else a replica that lags behind would take the reactions back."""
    liked = replace(OLD, details={"edit_hidden": OLD.date + 60}, views=20)  # type: ignore[operator]
    assert after(OLD, liked).post.views == 20
    assert after(liked, replace(OLD, views=11)).post == liked


def test_an_answer_without_counters_takes_none_away() -> None:
    merged = after(replace(OLD, forwards=3), replace(OLD, views=None))
    assert (merged.post.views, merged.post.forwards) == (10, 3)


def test_a_mark_of_an_edit_stays_when_a_reaction_hides_it() -> None:
    was = edited(text="Corrected.")
    hidden = {"edit_hidden": was.edited + 60}  # type: ignore[operator]
    merged = after(was, replace(was, edited=None, details=hidden))
    assert (merged.post.edited, merged.revision) == (was.edited, None)


def test_a_forward_header_is_not_lost_by_an_answer_without_names() -> None:
    header = Forward(OriginKind.CHANNEL, -1001, "origin", 5, OLD.date, "Origin")
    merged = after(replace(OLD, forward=header), replace(OLD, forward=replace(header, name=None)))
    assert merged.post.forward == header


POSTS = st.builds(
    lambda text, entities, media, views, at, hidden: Post(
        7,
        text,
        OLD.date,
        source=Source.LIVE,
        entities=entities,
        media_kind="photo" if media else None,
        media={"id": media} if media else None,
        views=views,
        edited=at,
        details={"edit_hidden": hidden} if hidden else None,
    ),
    st.sampled_from(["", "one", "two", "three"]),
    st.sampled_from([(), BOLD]),
    st.sampled_from(["", "1", "2"]),
    st.one_of(st.none(), st.integers(0, 50)),
    st.one_of(st.none(), st.integers(100, 110)),
    st.one_of(st.none(), st.integers(100, 110)),
)


def content(post: Post) -> tuple[object, ...]:
    """What an edit changes."""
    return (post.text, post.entities or (), post.media_kind, post.media)


def stamp(post: Post) -> int:
    """When a post was last changed."""
    hidden = (post.details or {}).get("edit_hidden") or 0
    return max(post.edited or 0, hidden)


@given(st.lists(POSTS, min_size=1, max_size=8))
def test_every_content_is_current_or_a_version_and_time_never_goes_back(told: list[Post]) -> None:
    current, ranks = told[0], ranks_of(told[0])
    had = [content(current)]
    versions = []
    for new in told[1:]:
        before = current
        merged = merge(current, ranks, new, ())
        current, ranks = merged.post, merged.ranks
        assert stamp(current) >= stamp(before)
        if stamp(new) < stamp(before):
            assert (current, merged.revision) == (before, None)
        else:
            assert content(current) == content(new)
        if merged.revision is not None:
            gone = merged.revision
            versions.append((gone.text, gone.entities or (), gone.media_kind, gone.media))
        had.append(content(current))
        assert merge(current, ranks, new, ()).revision is None, "the same word twice is no news"
    assert set(map(repr, had)) == set(map(repr, [*versions, content(current)]))
