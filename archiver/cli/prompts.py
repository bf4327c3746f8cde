"""What `login` asks a person, and the QR code it draws, all beside the results on stderr."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from archiver.text.safe import one_line

if TYPE_CHECKING:
    from archiver.sources.telegram.sign_in import Prompts

QUIET_ZONE = 2  # modules around the code; the norm says 4, every phone reads 2
WHITE = "\x1b[97;40m"
RESET = "\x1b[0m"


def prompts() -> Prompts:
    """Questions at the terminal. Ctrl-C gives up."""
    from archiver.sources.telegram.sign_in import Prompts

    return Prompts(
        phone=lambda: _ask("Phone number, with country code (+380...)"),
        code=lambda how: _ask(f"Code (sent by {how})"),
        password=_ask_for_password,
        show=_show,
        say=lambda line: click.echo(line, err=True),
    )


def _ask_for_password(hint: str) -> str:
    told = f" (hint: {one_line(hint)})" if hint else ""
    return _ask(f"Two-step password{told}", hidden=True)


def _ask(question: str, *, hidden: bool = False) -> str:
    with _interruptible():
        answer: str = click.prompt(question, hide_input=hidden, err=True)
    return answer


@contextmanager
def _interruptible() -> Iterator[None]:
    """asyncio takes the first Ctrl-C for itself, and a question would not even notice it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _show(url: str) -> None:
    """The code, or where the terminal is too small for it, the address to open on the phone."""
    import segno

    matrix = segno.make(url, error="l").matrix_iter(border=QUIET_ZONE)
    modules = [[not dark for dark in row] for row in matrix]
    click.echo("Telegram app: Settings, Devices, Link Desktop Device; then scan:", err=True)
    if 0 < _columns() < len(modules[0]):
        click.echo(f"(this terminal is too narrow for the code; open {url})", err=True)
        return
    paint = (WHITE, RESET) if _colours() else ("", "")
    for line in drawn(modules):
        click.echo(f"{paint[0]}{line}{paint[1]}", err=True, color=True)
    click.echo("A new code follows when this one has expired. Ctrl-C gives up.", err=True)


def drawn(light: list[list[bool]]) -> list[str]:
    """Two rows of modules a line; the light ones are drawn, which suits dark terminals."""
    blank = [True] * len(light[0])
    rows = light if len(light) % 2 == 0 else [*light, blank]
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return ["".join(_BLOCKS[u, d] for u, d in zip(up, down, strict=True)) for up, down in pairs]


_BLOCKS = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}


def _columns() -> int:
    """How wide the terminal is that the code goes to; 0 where it does not say."""
    return os.get_terminal_size(sys.stderr.fileno()).columns


def _colours() -> bool:
    """Colours make the code readable on light terminals too."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"
