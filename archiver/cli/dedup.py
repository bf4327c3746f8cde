"""The 'dedup' command: collapse repeated bodies, group copies; only what is new."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.cli import output
from archiver.cli.progress import Bar
from archiver.cli.session import Session, bulk_work, db_option, json_option, now, pass_session
from archiver.errors import ArchiverError

if TYPE_CHECKING:
    from archiver.clusters import Rules
    from archiver.dedup import Deduped
    from archiver.store.store import Store


@click.command("dedup")
@db_option
@json_option
@click.option("--rebuild", is_flag=True, help="Look at every post again, not only at what is new.")
@pass_session
def command(session: Session, db: str | None, as_json: bool, rebuild: bool) -> None:
    """Collapse repeated bodies and group copies; only what is new.

    Hides a body that stands twice inside a post, and groups the posts that are one statement:
    forwards of one post, the same text copied, and copies that were edited or cut short. Nothing
    is deleted: `show` lists every copy with its reason, `show --raw` gives every text back whole.
    """
    with bulk_work(), session.write(db) as store:
        run = store.start_run("dedup", now())
        try:
            done = deduplicate(session, store, run, rebuild=rebuild)
        except ArchiverError:
            store.finish_run(run, now(), "failed", {})
            raise
        store.finish_run(run, now(), "done", asdict(done))
    if as_json:
        output.record({"format_version": output.FORMAT_VERSION, **asdict(done)})
    else:
        for line in dedup_lines(done):
            output.line(line)


def deduplicate(session: Session, store: Store, run: int, *, rebuild: bool = False) -> Deduped:
    """The pass itself, with a bar; `import` runs it over what it added."""
    from archiver import workers
    from archiver.dedup import dedup

    settings = session.config.dedup
    processes = settings.processes or min(4, os.cpu_count() or 1)
    with (
        Bar("learn", 0, "posts", quiet=session.quiet) as bar,
        workers.front(processes, workers.posts_to_do(store, rebuild=rebuild)) as front,
    ):
        progress, rules = bar.advance_to, rules_of(session)
        return dedup(store, run, rules=rules, rebuild=rebuild, progress=progress, front=front)


def rules_of(session: Session) -> Rules:
    """What the settings say of one statement."""
    from archiver.clusters import Rules
    from archiver.text.decide import Thresholds

    settings = session.config.dedup
    thresholds = Thresholds(settings.near_percent / 100, settings.link_percent / 100)
    return Rules(settings.short_words, settings.short_hours, thresholds)


def dedup_lines(done: Deduped) -> Iterator[str]:
    """What a pass did, in plain words."""
    if not done.looked_at:
        yield f"Nothing new to collapse; {output.plural(done.clusters, 'statement')} with copies."
        return
    yield f"Looked at {output.plural(done.looked_at, 'post')}:"
    yield (
        f"  {output.plural(done.cut_posts, 'post')} held a body twice;"
        f" {done.cut_characters:,} characters of repeats are hidden"
    )
    yield (
        f"  {output.plural(done.joined, 'post')} joined a statement that others made too;"
        f" {output.plural(done.clusters, 'statement')} with copies now ({done.new_clusters:,} new)"
    )
    if done.near or done.links:
        yield (
            f"  {output.plural(done.near, 'text')} told an earlier one again, edited;"
            f" {output.plural(done.links, 'link')} between statements that share wording"
        )
    if done.footers_changed:
        yield f"  {output.plural(done.footers_changed, 'channel')} learned new footer lines"
