"""Commands whose arguments may be posts of a channel without a name: `-1001234567890/5`."""

from __future__ import annotations

import re

import click

_MARKED_ID = re.compile(r"-\d")


class ReferenceCommand(click.Command):
    """A command that takes a marked channel id for what it is, not for options `-1 -0 -0`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Other unknown options are still refused, with a guess at what was meant."""
        if any(map(_MARKED_ID.match, args)):
            ctx.ignore_unknown_options = True
        return super().parse_args(ctx, args)
