"""What becomes of a post that the archive already has: pure decisions, no database.

Nothing is ever lost: a text unlike the current one and all known versions becomes a revision.
How far its source is trusted (live > export > HTML > preview > plain text) only says which version
is current, field group by field group; a source that is trusted less fills what is missing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Any

from archiver.model import ASSUMED_ZONE, Forward, OriginKind, Post, Source, Version

_WITH_TEXT = ("date", "kind", "reply_to", "reply_to_peer", "author", "via_bot", "details")
_MEDIA = ("media_kind", "media", "grouped_id", "grouped_inferred")
_COUNTS = ("views", "forwards", "replies")
_JSON = ("entities", "media", "reactions", "details")


@dataclass(frozen=True, slots=True)
class Ranks:
    """How each group of a stored post's fields arrived (a `Source`); 0 where nothing did."""

    text: int
    forward: int = 0
    media: int = 0
    counts: int = 0


@dataclass(frozen=True, slots=True)
class Merged:
    """The post as it should stand now, and the wording that gave way or came too late."""

    post: Post
    ranks: Ranks
    revision: Version | None = None


def ranks_of(post: Post) -> Ranks:
    """The ranks of a post that arrives for the first time."""
    rank = int(post.source)
    return Ranks(
        rank,
        rank if post.forward else 0,
        rank if post.media_kind or post.grouped_id else 0,
        rank if _has_counts(post) else 0,
    )


def trust(rank: int) -> int:
    """How far what arrived so is trusted; 0 for what never did."""
    return Source(rank).trust if rank else 0


def _best(rank: int, source: int) -> int:
    return max(rank, int(source), key=trust)


def merge(old: Post, ranks: Ranks, new: Post, known_texts: Collection[str]) -> Merged:
    """Join what a source says now to what stands; `known_texts` are the stored revisions'."""
    if new.source is Source.LIVE and ranks.text == Source.LIVE:
        return _merge_live(old, ranks, new)
    # As a row gives them back: nothing instead of an empty list.
    told: dict[str, Any] = {n: getattr(new, n) or None for n in _JSON}
    new = replace(new, **told)
    text_fields, text_rank, revision = _merge_text(old, ranks.text, new, known_texts)
    media, media_rank = _merge_media(old, ranks.media, new)
    forward, forward_rank = _merge_forward(old.forward, ranks.forward, new)
    counts, counts_rank = _merge_counts(old, ranks.counts, new)
    post = replace(old, **text_fields, **media, **counts, forward=forward)
    return Merged(post, Ranks(text_rank, forward_rank, media_rank, counts_rank), revision)


def merge_archived(
    old: Post, ranks: Ranks, new: Post, new_ranks: Ranks, known_texts: Collection[str]
) -> Merged:
    """Join another archive's post, each group of its fields as it came there.

    Neither archive says when it saw a live post last: the wording with the later edit is current,
    and without one ours.
    """

    def as_told(rank: int) -> Post:
        return replace(new, source=Source(rank or new_ranks.text))

    both_live = ranks.text == new_ranks.text == Source.LIVE
    if both_live and new.text != old.text and _stamp(new) <= _stamp(old):
        late = Version(new.text, new.entities, new.edited, Source.LIVE, new.media_kind, new.media)
        text: dict[str, Any] = {}
        revision = None if new.text in known_texts else late
        text_rank = ranks.text
    else:
        text, text_rank, revision = _merge_text(
            old, ranks.text, as_told(new_ranks.text), known_texts
        )
    media, media_rank = _merge_media(old, ranks.media, as_told(new_ranks.media))
    forward, forward_rank = _merge_forward(old.forward, ranks.forward, as_told(new_ranks.forward))
    counts, counts_rank = _merge_counts(old, ranks.counts, as_told(new_ranks.counts))
    post = replace(old, **text, **media, **counts, forward=forward)
    return Merged(post, Ranks(text_rank, forward_rank, media_rank, counts_rank), revision)


def _merge_live(old: Post, ranks: Ranks, new: Post) -> Merged:
    """The server's word today takes the place of its word before, unless an edit is undone by it.

    A replica of the server that lags behind may answer with the wording before an edit.
    """
    if _stamp(new) < _stamp(old):
        return Merged(old, ranks)
    forward, forward_rank = _merge_forward(old.forward, ranks.forward, new)
    values: dict[str, Any] = {
        # An answer without counters takes none away.
        **{n: _prefer(getattr(old, n), getattr(new, n), new_wins=True) for n in _COUNTS},
        # As a row gives them back: nothing instead of an empty list.
        **{n: getattr(new, n) or None for n in _JSON},
        # An edit of the text stays one when a reaction hides the mark afterwards.
        "edited": new.edited or (old.edited if new.text == old.text else None),
    }
    post = replace(new, forward=forward, **values)
    level = ranks_of(new)
    media, counts = _best(level.media, ranks.media), _best(level.counts, ranks.counts)
    now = Ranks(int(new.source), forward_rank, media, counts)
    if _content(old) == _content(post):
        return Merged(post, now)
    gone = Version(
        old.text, old.entities, old.edited, Source(ranks.text), old.media_kind, old.media
    )
    return Merged(post, now, gone)


def _stamp(post: Post) -> int:
    """When a live post was last changed, shown as an edit or not."""
    hidden = (post.details or {}).get("edit_hidden")
    return max(post.edited or 0, hidden if isinstance(hidden, int) else 0)


def _content(post: Post) -> tuple[Any, ...]:
    """What an edit changes; counters and poll results are none of it."""
    return (post.text, post.entities or (), post.media_kind, post.media or None)


def _merge_text(
    old: Post, rank: int, new: Post, known: Collection[str]
) -> tuple[dict[str, Any], int, Version | None]:
    better = new.source.trust > trust(rank)
    kept = {
        name: _prefer(getattr(old, name), getattr(new, name), new_wins=better)
        for name in _WITH_TEXT
    } | _sure_date(old, new)
    if new.text == old.text:
        entities = _prefer(old.entities, new.entities, new_wins=better)
        edited = max(old.edited or 0, new.edited or 0) or None
        return {**kept, "entities": entities, "edited": edited}, _best(rank, new.source), None
    if _replaces(old, rank, new, known):
        gone = Version(old.text, old.entities, old.edited, Source(rank))
        now = {"text": new.text, "entities": new.entities, "edited": new.edited or old.edited}
        return {**kept, **now}, int(new.source), gone
    late = Version(new.text, new.entities, new.edited, new.source)
    return kept, rank, None if new.text in known else late


def _replaces(old: Post, rank: int, new: Post, known: Collection[str]) -> bool:
    """Whether another wording is the current one: the better source, else the later edit."""
    if new.source != rank:
        return new.source.trust > trust(rank)
    if new.text in known and (new.edited or 0) <= (old.edited or 0):
        return False
    if new.source == Source.LIVE:
        return (new.edited or 0) >= (old.edited or 0)
    return (new.edited or 0) > (old.edited or 0)


def _merge_media(old: Post, rank: int, new: Post) -> tuple[dict[str, Any], int]:
    if not (new.media_kind or new.grouped_id):
        return {}, rank
    wins = new.source.trust > trust(rank)
    values = {n: _prefer(getattr(old, n), getattr(new, n), new_wins=wins) for n in _MEDIA}
    if old.grouped_id is None or wins:
        values["grouped_inferred"] = new.grouped_inferred
    return values, _best(rank, new.source)


def _sure_date(old: Post, new: Post) -> dict[str, Any]:
    """A date whose zone was only assumed gives way to one that is sure, whoever tells it."""
    guessed, guesses = _is_assumed(old), _is_assumed(new)
    if guessed == guesses or None in (old.date, new.date):
        return {}
    sure = new if guessed else old
    told = (new if new.source.trust > old.source.trust else old).details or sure.details or {}
    details = {key: value for key, value in told.items() if key != ASSUMED_ZONE}
    return {"date": sure.date, "details": details or None}


def _is_assumed(post: Post) -> bool:
    return bool(post.details) and ASSUMED_ZONE in (post.details or {})


def _merge_forward(old: Forward | None, rank: int, new: Post) -> tuple[Forward | None, int]:
    if new.forward is None or old is None:
        return (old or new.forward), _best(rank, new.source if new.forward else 0)
    wins = new.source.trust > trust(rank)
    values = {
        f.name: _prefer(getattr(old, f.name), getattr(new.forward, f.name), new_wins=wins)
        for f in fields(Forward)
    }
    values["kind"] = _surer(old.kind, new.forward.kind, new_wins=wins)
    return Forward(**values), _best(rank, new.source)


def _surer(old: OriginKind, new: OriginKind, *, new_wins: bool) -> OriginKind:
    """A format that tells a name only does not know of what; one that knows is right."""
    if OriginKind.NAME in (old, new):
        return new if old is OriginKind.NAME else old
    return new if new_wins else old


def _merge_counts(old: Post, rank: int, new: Post) -> tuple[dict[str, Any], int]:
    """Files do not say when they were read, and counters mostly grow: keep the greater.

    A source that is trusted less (one that rounds) only fills what is missing.
    """
    if not _has_counts(new):
        return {}, rank
    wins = new.source.trust > trust(rank)
    if new.source.trust < trust(rank):
        missing = (*_COUNTS, "reactions")
        return {n: _prefer(getattr(old, n), getattr(new, n), new_wins=False) for n in missing}, rank
    values: dict[str, Any] = {
        n: getattr(new, n) if wins and getattr(new, n) is not None else _greater(old, new, n)
        for n in _COUNTS
    }
    if new.reactions is not None and (wins or _total(new) >= _total(old)):
        values["reactions"] = new.reactions
    return values, _best(rank, new.source)


def _prefer(old: Any, new: Any, *, new_wins: bool) -> Any:
    if new is None or (old is not None and not new_wins):
        return old
    return new


def _greater(old: Post, new: Post, name: str) -> int | None:
    values = [v for v in (getattr(old, name), getattr(new, name)) if v is not None]
    return max(values) if values else None


def _total(post: Post) -> int:
    counts = (r.get("count", 0) for r in post.reactions or ())
    return sum(c for c in counts if isinstance(c, int))


def _has_counts(post: Post) -> bool:
    return not (
        post.views is None
        and post.forwards is None
        and post.replies is None
        and post.reactions is None
    )
