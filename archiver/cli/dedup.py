"""The 'dedup' command: collapse repeated bodies, group copies; only what is new."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

import click

from archiver.cli import corrections, output
from archiver.cli.progress import Bar
from archiver.cli.session import (
    Session,
    bulk_work,
    db_option,
    json_option,
    mishap,
    now,
)
from archiver.cli.subcommands import Subcommands
from archiver.errors import ArchiverError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.clusters import Rules
    from archiver.dedup import Deduped, Progress
    from archiver.fronts import Front
    from archiver.store.groups import Transactions

    # Told how to tell its progress: what does the work on texts, for as long as the pass takes.
    Work = Callable[[Progress], AbstractContextManager[Front]]


@click.group("dedup", cls=Subcommands, invoke_without_command=True)
@db_option
@json_option
@click.option("--rebuild", is_flag=True, help="Look at every post again, not only at what is new.")
@click.option(
    "--engine",
    type=click.Choice(["own", "daft"]),
    default="own",
    help="What does the work on texts of a --rebuild: own processes, or Daft.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--explain", is_flag=True, help="Also name each post that moved, and why.")
@click.pass_context
def command(
    ctx: click.Context,
    db: str | None,
    as_json: bool,
    rebuild: bool,
    engine: str,
    dry_run: bool,
    explain: bool,
) -> None:
    """Collapse repeated bodies and group copies; only what is new.

    Hides a body that stands twice inside a post, and groups the posts that are one statement:
    forwards of one post, the same text copied, and copies that were edited or cut short. Nothing
    is deleted: `show` lists every copy with its reason, `show --raw` gives every text back whole.
    """
    if ctx.invoked_subcommand is None:
        work = _daft(ctx.obj, db, rebuild=rebuild) if engine == "daft" else None
        _pass(ctx.obj, db, as_json, rebuild, work, dry_run, explain)


def _daft(session: Session, db: str | None, *, rebuild: bool) -> Work:
    """The work on texts by Daft; before the archive is opened, so that nothing is begun."""
    from archiver.scale import engine, front

    if not rebuild:
        raise ConfigError("--engine daft is for full rebuilds: add --rebuild.")
    settings = session.config.dedup
    started = engine.start(settings.ray_address)
    return partial(front.scaled, started, session.path(db), settings.work_folder)


def _pass(
    session: Session,
    db: str | None,
    as_json: bool,
    rebuild: bool,
    work: Work | None,
    dry_run: bool,
    explain: bool,
) -> None:
    from archiver.cli.decisions import told
    from archiver.store.rehearsal import rehearsal

    with bulk_work(), session.write_pass(db) as store:
        run = store.start_run("dedup (dry run)" if dry_run else "dedup", now())
        try:
            if dry_run:
                with rehearsal(store) as pretended:
                    done = deduplicate(session, pretended, run, rebuild=rebuild, work=work)
                    moves = told(pretended, run) if explain else []
            else:
                done = deduplicate(session, store, run, rebuild=rebuild, work=work)
                moves = told(store, run) if explain else []
        except ArchiverError as error:
            store.finish_run(run, now(), "failed", mishap(error))
            raise
        store.finish_run(run, now(), "done", asdict(done))
    if as_json:
        values = {"format_version": output.FORMAT_VERSION, "run": run, "dry_run": dry_run}
        values |= asdict(done)
        output.record(values | ({"moves": [m.values for m in moves]} if explain else {}))
        return
    if dry_run:
        output.line("A dry run: nothing is changed. This is what the pass would do:")
    for line in [*dedup_lines(done), *(move.line for move in moves)]:
        output.line(line)
    if (done.joined or done.rebuilt) and not dry_run:
        session.note(_undo_hint(run, rebuilt=done.rebuilt))


def _undo_hint(run: int, *, rebuilt: bool) -> str:
    """What `undo` does about a pass: a rebuild also moves what other passes had joined."""
    back = "brings back what was before the rebuild"
    return f"(`archiver dedup undo {run}` {back if rebuilt else 'sets apart again what joined'})"


def deduplicate(
    session: Session,
    store: Transactions,
    run: int,
    *,
    rebuild: bool = False,
    work: Work | None = None,
) -> Deduped:
    """The pass itself, with a bar; `import` runs it over what it added."""
    from archiver import workers
    from archiver.dedup import dedup

    if work is None:
        processes = session.config.dedup.processes or min(4, os.cpu_count() or 1)
        posts = workers.posts_to_do(store, rebuild=rebuild)
        work = partial(_in_processes, processes, posts)
    with Bar("learn", 0, "posts", quiet=session.quiet) as bar, work(bar.advance_to) as front:
        progress, rules = bar.advance_to, rules_of(session)
        return dedup(store, run, rules=rules, rebuild=rebuild, progress=progress, front=front)


def _in_processes(processes: int, posts: int, _progress: Progress) -> AbstractContextManager[Front]:
    from archiver import workers

    return workers.front(processes, posts)


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
    if done.cut_posts:
        yield (
            f"  {output.plural(done.cut_posts, 'post')} held a body twice;"
            f" {done.cut_characters:,} characters of repeats are hidden"
        )
    # A statement's first post and each photo of an album count, which are no copies in `status`.
    counted = "first posts" + (", also earlier ones," * (done.joined > done.looked_at))
    joined = (
        f"{output.plural(done.joined, 'post')} came into statements that were made more than once"
        f" ({counted} and photos of albums counted)"
    )
    none = "none repeats what others said"
    if done.rebuilt:
        moved = f"; {output.plural(done.moved, 'post')} left theirs, or hang there otherwise"
        none = f"none came into a statement that it was not in before{moved if done.moved else ''}"
    yield f"  {joined if done.joined else none}"
    if done.album_posts:
        yield f"  {output.plural(done.album_posts, 'post')} stand together as albums"
    if done.clusters:
        yield (
            f"  {output.plural(done.clusters, 'statement')} with copies now"
            f" ({done.new_clusters:,} new)"
        )
    if done.near or done.links:
        yield (
            f"  {output.plural(done.near, 'text')} told an earlier one again, edited;"
            f" {output.plural(done.links, 'link')} between statements that share wording"
        )
    if done.footers_changed:
        yield f"  {output.plural(done.footers_changed, 'channel')} learned new footer lines"


for corrected in (corrections.split, corrections.merge, corrections.undo, corrections.verdicts_):
    command.add_command(corrected)
