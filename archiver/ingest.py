"""Files into the archive: reader -> batches -> store. Never claims that anything is complete."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, NamedTuple

from archiver.errors import InputError
from archiver.model import WHOLE_FILE, BadRecord, Channel, Notice, Post, Tally, Verdict
from archiver.sources import Item, Reader, ReadOptions
from archiver.sources.archive_file import NAME as ARCHIVE
from archiver.store.store import Store

# 2,000 posts a transaction: 80,000 rows/s against 19,000 with batches of 100, and a kill costs
# at most that much work.
BATCH_POSTS = 2_000
# Long posts fill a batch sooner, so that memory stays flat.
BATCH_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class FileResult:
    """What one file brought, or why it brought nothing."""

    path: Path
    format: str = ""
    tally: Tally = field(default_factory=Tally)
    error: str = ""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an import did; `stopped` if a signal ended it early (after its commit)."""

    files: tuple[FileResult, ...] = ()
    stopped: bool = False

    @property
    def tally(self) -> Tally:
        """All files together."""
        return sum((f.tally for f in self.files), Tally())

    @property
    def failed(self) -> bool:
        """Whether no file could be read at all."""
        return bool(self.files) and all(f.error and not f.tally.new for f in self.files)

    @property
    def complete(self) -> bool:
        """Whether everything in every file is in the archive now."""
        return not (self.stopped or self.tally.bad or any(f.error for f in self.files))


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the caller wants to know or decide while files are read.

    `progress(path, bytes, tally)` comes after each batch; `stop()` true ends the import there;
    `clock()` gives the time in Unix seconds.
    """

    clock: Callable[[], int]
    progress: Callable[[Path, int, Tally], None] = lambda _path, _bytes, _tally: None
    stop: Callable[[], bool] = lambda: False


def ingest(
    store: Store,
    run_id: int,
    sources: Iterable[tuple[Path, Callable[[], tuple[IO[bytes], Reader]]]],
    options: ReadOptions,
    hooks: Hooks,
) -> Ingested:
    """Import files one after another; a bad one is reported and the others go on.

    `sources` are paths with a function that opens each: see `archiver.sources.detect`.
    """
    results = []
    stopped = False
    for path, opener in sources:
        result, stopped = _one(store, run_id, path, opener, options, hooks)
        results.append(result)
        if stopped:
            break
    store.settle()
    return Ingested(tuple(results), stopped)


def _one(
    store: Store,
    run_id: int,
    path: Path,
    opener: Callable[[], tuple[IO[bytes], Reader]],
    options: ReadOptions,
    hooks: Hooks,
) -> tuple[FileResult, bool]:
    done = Tally()
    name = ""
    try:
        file, reader = opener()
        name = reader.NAME
        if name == ARCHIVE:
            file.close()
            return _merged(store, run_id, path, hooks)
        known = _Identities(store, run_id, path, hooks.clock)
        with file:
            items = reader.read(file, replace(options, name=path.name))
            for told, said, problems in _batches(items):
                posts = known.apply(told)
                named = [(str(path), problem) for problem in problems]
                done += store.add_posts(run_id, posts, hooks.clock(), named)
                known.take(said)
                hooks.progress(path, file.tell() if file.seekable() else 0, done)
                if hooks.stop():
                    return FileResult(path, name, done), True
            noted = [(str(path), notice) for notice in known.notices()]
            done += store.add_posts(run_id, (), hooks.clock(), noted)
    except InputError as error:
        problem = (str(path), BadRecord(WHOLE_FILE, str(error)))
        store.add_posts(run_id, (), hooks.clock(), [problem])
        return FileResult(path, name, done, str(error)), False
    except OSError as error:
        return FileResult(path, name, done, f"{path}: reading failed: {error.strerror}."), False
    return FileResult(path, name, done), False


def _merged(store: Store, run_id: int, path: Path, hooks: Hooks) -> tuple[FileResult, bool]:
    """Another archive of ours, which the store merges table by table."""
    done = Tally()
    for tally in store.absorb(run_id, path, hooks.clock):
        done += tally
        hooks.progress(path, 0, done)
        if hooks.stop():
            return FileResult(path, ARCHIVE, done), True
    return FileResult(path, ARCHIVE, done), False


class Batch(NamedTuple):
    """What goes into the archive at once."""

    posts: list[tuple[Channel, Post]]
    said: list[Verdict]
    problems: list[BadRecord | Notice]


class _Identities:
    """Which channels a file means, where it names them by title: asked of the archive, once each.

    A channel whose posts prove nothing yet is asked for again with the next batch.
    """

    def __init__(self, store: Store, run_id: int, path: Path, clock: Callable[[], int]) -> None:
        self._store = store
        self._run = run_id
        self._path = path
        self._clock = clock
        self._settled: dict[Channel, Channel] = {}
        self._rivals: dict[Channel, tuple[str, ...]] = {}
        self._told: list[str] = []
        self._taken = self._refused = 0

    def take(self, said: list[Verdict]) -> None:
        """What persons said, of the channels as they are known by now."""
        if said:
            named = [replace(each, posts=self._named(each)) for each in said]
            taken, refused = self._store.take_verdicts(self._run, named, self._clock())
            self._taken += taken
            self._refused += refused

    def _named(self, said: Verdict) -> tuple[tuple[Channel, int], ...]:
        return tuple((self._settled.get(channel, channel), n) for channel, n in said.posts)

    def apply(self, posts: list[tuple[Channel, Post]]) -> list[tuple[Channel, Post]]:
        """The posts with the channels they belong to. Raises InputError for one of a namesake."""
        asked: dict[Channel, list[Post]] = {}
        for channel, post in posts:
            if channel not in self._settled and channel.title and post.message_id > 0:
                asked.setdefault(channel, []).append(post)
        for channel, told in asked.items():
            self._ask(channel, told)
        settled = self._settled
        return [(settled.get(channel, channel), post) for channel, post in posts]

    def _ask(self, channel: Channel, told: list[Post]) -> None:
        found = self._store.recognise(self._run, channel, told, str(self._path), self._clock())
        if found.channel is None:
            raise InputError(
                f"{self._path}: {found}, with other posts; say which this one is with --channel."
            )
        self._rivals.pop(channel, None)
        if found.joined:
            self._told.append(str(found))
        if found.settled:
            self._settled[channel] = found.channel
        else:
            self._rivals[channel] = found.rivals

    def notices(self) -> Iterator[Notice]:
        """What there is to say once the file is read."""
        for message in self._told:
            yield Notice(message)
        if self._taken or self._refused:
            yield Notice(
                f"{self._taken} verdicts of persons taken in; {self._refused} not, whose posts are"
                " not here or of which a person said otherwise here"
            )
        for channel, rivals in self._rivals.items():
            if channel.tg_id is None and not channel.username:
                yield Notice(
                    f"kept apart from {', '.join(rivals[:3])} of the same title, since no post of"
                    " theirs is in both; `archiver channels link` joins them"
                )


def _batches(items: Iterable[Item]) -> Iterator[Batch]:
    """Portions of a bounded number of posts, characters, verdicts and problems."""
    batch, size = Batch([], [], []), 0
    for item in items:
        if isinstance(item, tuple):
            batch.posts.append(item)
            size += _size(item[1])
        elif isinstance(item, Verdict):
            batch.said.append(item)
        else:
            batch.problems.append(item)
        if sum(len(part) for part in batch) >= BATCH_POSTS or size >= BATCH_CHARACTERS:
            yield batch
            batch, size = Batch([], [], []), 0
    if any(len(part) for part in batch):
        yield batch


def _size(post: Post) -> int:
    if not post.versions:
        return len(post.text)
    return len(post.text) + sum(len(each.text) for each in post.versions)
