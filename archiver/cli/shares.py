"""How results are spread: a table with bars in the terminal, data for programs, a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import click

from archiver.cli import output
from archiver.errors import ConfigError, StoreError
from archiver.store.facets import Share
from archiver.text import safe

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_LONGEST_LABEL = 32
_SVG_ROWS = 400


def table(shares: Sequence[Share]) -> list[str]:
    """A line for each: label, number, bar."""
    labels = [safe.truncate(safe.one_line(each.label) or "?", _LONGEST_LABEL) for each in shares]
    most = max(each.posts for each in shares)
    wide = max(map(safe.width, labels))
    digits = len(f"{most:,}")
    room = output.columns() - wide - digits - 4
    return [
        f"{label}{' ' * (wide - safe.width(label))}  {each.posts:>{digits},}  "
        f"{click.style(bar(each.posts / most, room), fg='cyan')}".rstrip()
        for label, each in zip(labels, shares, strict=True)
    ]


def bar(share: float, columns: int) -> str:
    """A bar as long as a share of so many columns, to an eighth of one.

    >>> bar(0.5, 5)
    '██▌'
    """
    eighths = round(share * columns * 8)
    full, rest = divmod(eighths, 8)
    return "█" * full + _EIGHTHS[rest].strip()


def write(name: str, facet: str, shares: Sequence[Share]) -> None:
    """Print them as json, jsonl or csv."""
    if name == "csv":
        rows = [[each.value, each.label, each.posts] for each in shares]
        output.csv_rows([["value", "label", "count"], *rows])
        return
    told = [{"value": each.value, "label": each.label, "count": each.posts} for each in shares]
    head = {"format_version": output.FORMAT_VERSION, "by": facet}
    if name == "json":
        output.record(head | {"shares": told})
        return
    for each in told:
        output.record(head | each)


def check_picture(target: Path) -> None:
    """Raises ConfigError for the name of a picture that is not drawn here."""
    if target.suffix.lower() != ".svg":
        raise ConfigError(
            f"--plot {target}: bars are drawn as SVG; name a .svg, which browsers and word"
            " processors show, or take the numbers with --format csv."
        )


def plot(shares: Sequence[Share], title: str, target: Path) -> None:
    """Draw the bars into an SVG file."""
    try:
        target.write_text(svg(shares, title), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror}.") from error


def svg(shares: Sequence[Share], title: str) -> str:
    """Bars with their labels and numbers, as a picture that any browser shows."""
    shown = shares[:_SVG_ROWS]
    most = max(each.posts for each in shown)
    height = 50 + 20 * len(shown)
    rows = [_svg_row(each, at, most) for at, each in enumerate(shown)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="{height}"'
        f' font-family="sans-serif" font-size="12">\n'
        f'<rect width="900" height="{height}" fill="white"/>\n'
        f'<text x="10" y="22" font-size="15">{_xml(title)}</text>\n{"".join(rows)}</svg>\n'
    )


def _svg_row(each: Share, at: int, most: int) -> str:
    y = 40 + 20 * at
    long = max(1, round(560 * each.posts / most))
    label = _xml(safe.truncate(safe.one_line(each.label), 34))
    return (
        f'<text x="230" y="{y + 12}" text-anchor="end">{label}</text>'
        f'<rect x="240" y="{y}" width="{long}" height="15" fill="#2a7f9e"/>'
        f'<text x="{246 + long}" y="{y + 12}">{each.posts:,}</text>\n'
    )


def _xml(text: str) -> str:
    return escape(safe.one_line(text))
