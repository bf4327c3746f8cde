"""The 'help' command: a command's own help, and the manual of the search language."""

from __future__ import annotations

import sys

import click

from archiver.cli import COMMANDS, output
from archiver.cli.manual import search_manual


@click.command("help")
@click.argument("topic", required=False)
@click.pass_context
def command(ctx: click.Context, topic: str | None) -> None:
    """Explain a command; `archiver help search` tells the search language."""
    text = _text(ctx, topic)
    if sys.stdout.isatty() and text.count("\n") > 40:
        click.echo_via_pager(text)
    else:
        output.line(text)


def _text(ctx: click.Context, topic: str | None) -> str:
    parent = ctx.parent
    assert parent is not None
    group = parent.command
    assert isinstance(group, click.Group)
    if topic is None:
        return group.get_help(parent)
    if topic == "search":
        return search_manual()
    found = group.get_command(parent, topic)
    if found is None:
        raise click.UsageError(f"there is no command {topic!r}; known are {', '.join(COMMANDS)}")
    return found.get_help(click.Context(found, parent=parent, info_name=topic))
