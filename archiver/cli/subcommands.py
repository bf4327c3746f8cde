"""A command that has commands of its own, whose --help tells each in a whole sentence."""

from __future__ import annotations

import click

from archiver.cli.once import OnceEach


class Subcommands(OnceEach):
    """click would cut the first paragraph of each at the end of a line."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, _first(each)) for name, each in found if each is not None])


def _first(command: click.Command) -> str:
    return " ".join((command.help or "").split("\n\n")[0].split())
