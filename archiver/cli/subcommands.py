"""A command that has commands of its own, whose --help tells each in a whole sentence."""

from __future__ import annotations

import click

from archiver.cli.once import refuse_twice


class Subcommands(click.Group):
    """click would cut the first paragraph of each at the end of a line."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called, and its arguments."""
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and not ctx.resilient_parsing:
            refuse_twice(ctx, command, rest)
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, _first(each)) for name, each in found if each is not None])


def _first(command: click.Command) -> str:
    return " ".join((command.help or "").split("\n\n")[0].split())
