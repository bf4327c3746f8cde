"""The 'forget' command: erase a channel's posts, a legal duty."""

from __future__ import annotations

import click

from archiver.cli import output
from archiver.cli.session import Session, db_option, mishap, now, pass_session
from archiver.errors import ArchiverError, ConfigError
from archiver.text.safe import one_line


@click.command("forget", context_settings={"ignore_unknown_options": True})
@click.argument("channel")
@click.option("--yes", is_flag=True, help="Really; without it nothing is done.")
@db_option
@pass_session
def command(session: Session, channel: str, yes: bool, db: str | None) -> None:
    """Erase a channel's posts and versions for good.

    The one command that destroys: for a legal duty to delete. Texts, versions, raw bytes and
    index go, and the file is rewritten without them; the log keeps that and how much was erased.
    Copies of the posts in other channels stay, and so do your backups of the file.
    `archiver channels remove` only stops syncing.
    """
    from archiver.cli.dedup import deduplicate

    if not yes:
        raise ConfigError(
            f"this erases every post of {channel} for good; say --yes to do it, or stop syncing"
            f" alone with `archiver channels remove {channel}`."
        )
    with session.write(db) as store:
        run = store.start_run("forget", now())
        try:
            gone = store.forget(channel, run, now())
        except ArchiverError as error:
            store.finish_run(run, now(), "failed", mishap(error))
            raise
        deduplicate(session, store, run)
        store.finish_run(run, now(), "done", {"posts": gone.posts, "versions": gone.versions})
    output.line(
        one_line(
            f"Erased {output.plural(gone.posts, 'post')} and"
            f" {output.plural(gone.versions, 'version')} of {gone.title or channel}."
        )
    )
