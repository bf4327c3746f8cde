"""The 'logout' command: the end of a login, at Telegram and here."""

from __future__ import annotations

import click

from archiver import config
from archiver.cli import output
from archiver.cli.session import Session, now, pass_session


@click.command("logout")
@pass_session
def command(session: Session) -> None:
    """Log out of Telegram and remove the session; posts are kept."""
    import asyncio

    from archiver.sources.telegram.login import log_out

    told = config.credentials(session.config)
    said = f"logout since {output.when(now())}"
    if asyncio.run(log_out(told, said)):
        output.line("Logged out; the session file is removed, the archive is kept.")
    else:
        output.line("Nobody was logged in.")
