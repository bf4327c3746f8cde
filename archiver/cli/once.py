"""Refuses an option that is given twice: click would take the last one without a word."""

from __future__ import annotations

from collections import Counter

import click


class OnceEach(click.Group):
    """A group whose commands take each of their options once."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called, and its arguments."""
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and not ctx.resilient_parsing:
            _refuse_twice(ctx, command, rest)
        return name, command, rest


def _refuse_twice(ctx: click.Context, command: click.Command, arguments: list[str]) -> None:
    """Raise UsageError where an option that takes one value is given more than once.

    A flag means the same however often it stands there. What else is wrong is told when the
    command reads its arguments.
    """
    # With its own settings: click remembers with the first context what asks for help.
    inner = click.Context(
        command, info_name=command.name, parent=ctx, **dict(command.context_settings)
    )
    try:
        _, _, given = command.make_parser(inner).parse_args(args=list(arguments))
    except click.UsageError:
        return
    for parameter, count in Counter(given).items():
        if count > 1 and isinstance(parameter, click.Option) and _takes_one(parameter):
            name = max(parameter.opts, key=len)
            raise click.UsageError(f"{name} is given {_times(count)}; say it once.", inner)


def _takes_one(option: click.Option) -> bool:
    return not (option.multiple or option.is_flag or option.count)


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"
