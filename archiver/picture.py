"""A picture of how a statement spread; the only module that imports matplotlib."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from archiver.errors import ConfigError, StoreError
from archiver.spread import Hop
from archiver.text.safe import truncate, width

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH = 10.0  # inches
_ROW = 0.32  # inches a channel
_MOST = 150  # channels: more would be a picture of two metres
_NAME = 32  # columns of a channel's name: a longer one squeezed the picture to 60 pixels
_TEXT = 2, 104  # lines, and letters in each, of the statement
_NO_FONT = "(No font of this machine has the letters of its text; an .svg shows them.)"
_NAMELESS = "(#: a channel whose name no font of this machine has letters for; an .svg shows it.)"
_HOUR, _DAY = 3600, 86_400
# Where half the copies came in less than so much of the whole time, an even axis would put them all
# on one line.
_SKEWED = 0.08
_UNITS = ((180, 1, "seconds"), (3 * _HOUR, 60, "minutes"), (3 * _DAY, _HOUR, "hours"))
_STEPS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3000)
_MOST_TICKS = 9
_TICKS = (
    (60, "1 min"), (300, "5 min"), (1800, "30 min"), (2 * _HOUR, "2 h"),
    (8 * _HOUR, "8 h"), (_DAY, "1 day"), (4 * _DAY, "4 days"), (14 * _DAY, "2 weeks"),
    (60 * _DAY, "2 months"), (365 * _DAY, "1 year"), (4 * 365 * _DAY, "4 years"),
)  # fmt: skip
_EVEN = 30  # seconds, up to which an uneven axis is even

# What a copy is, by its form and colour: filled where the words are the same.
_FIRST, _FORWARD, _EQUAL, _EDITED = "first", "forward", "same text", "edited copy"
_LOOKS: dict[str, dict[str, Any]] = {
    _FIRST: {"marker": "*", "color": "tab:red", "markersize": 12},
    _FORWARD: {"marker": ">", "color": "tab:green", "markersize": 8},
    _EQUAL: {"marker": "o", "color": "tab:blue", "markersize": 7},
    _EDITED: {"marker": "D", "color": "tab:orange", "markersize": 7, "markerfacecolor": "white"},
}
_KINDS = {"forward": _FORWARD, "near": _EDITED, "part": _EDITED}


def check() -> None:
    """Raises ConfigError where nothing can be drawn, before anything is done."""
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise ConfigError(
            "--plot of a spread needs matplotlib: `pip install matplotlib`. Without it --json"
            " tells the same times to other programs."
        ) from error


def draw(hops: Sequence[Hop], names: Sequence[str], target: Path, text: str = "") -> None:
    """One line a channel, in order, at the time it had the statement; PNG or SVG by the name.

    `text` is what was said. Raises StoreError where the file cannot be written.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    dated = [(hop, name) for hop, name in zip(hops, names, strict=True) if hop.member.date]
    svg = target.suffix.lower() == ".svg"
    labels = [truncate(name, _NAME) for _, name in dated]
    fonts, lacking = _fonts([*labels, text])
    note = ""
    if not svg:  # text stays text in an SVG, and its reader has fonts of its own
        text = _without(lacking, text) if _mostly_left(lacking, text) else _NO_FONT
        labels, note = _shown([(hop.member.id, name) for (hop, _), name in
                               zip(dated, labels, strict=True)], lacking)  # fmt: skip
    settings = {"svg.fonttype": "none", "font.family": fonts, "text.parse_math": False}
    with rc_context(settings), warnings.catch_warnings():  # type: ignore[arg-type]
        warnings.simplefilter("ignore", UserWarning)  # of letters that no font here has
        figure = _figure([hop for hop, _ in dated], labels, text, note)
        canvas = FigureCanvasSVG if svg else FigureCanvasAgg
        try:
            canvas(figure).print_figure(target)
        except OSError as error:
            raise StoreError(f"cannot write {target}: {error.strerror}.") from error


def _shown(named: Sequence[tuple[int, str]], lacking: set[str]) -> tuple[list[str], str]:
    """The names in the letters that there are, else the numbers of the posts, and why."""
    left = [_without(lacking, name) for _, name in named]
    labels = [name or f"#{post}" for name, (post, _) in zip(left, named, strict=True)]
    return labels, "" if all(left[:_MOST]) else _NAMELESS


def _figure(hops: Sequence[Hop], labels: Sequence[str], text: str, note: str) -> Figure:
    from matplotlib.figure import Figure

    shown = hops[:_MOST]
    figure = Figure(figsize=(_WIDTH, 2.2 + _ROW * len(shown)), layout="constrained")
    axes = figure.add_subplot()
    row_of = {hop.member.id: row for row, hop in enumerate(shown)}
    for row, hop in enumerate(shown):
        after = hop.since_first or 0
        kind = _kind(hop) if row else _FIRST
        axes.plot(after, row, linestyle="", label=kind, **_LOOKS[kind])
        if hop.source is not None and hop.source.id in row_of:
            began = after - (hop.lag or 0)
            axes.plot(
                [began, after], [row_of[hop.source.id], row], color="0.75", linewidth=0.9, zorder=1
            )
    axes.set_yticks(range(len(shown)), labels[: len(shown)])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.grid(axis="x", color="0.92")
    axes.set_axisbelow(True)
    title = "\n".join(filter(None, [_title(text, len(hops), len(shown)), note]))
    figure.suptitle(title, x=0.01, ha="left", fontsize=10)
    _time(axes, [hop.since_first or 0 for hop in shown], shown[0].member.date if shown else None)
    _legend(figure, axes)
    return figure


def _kind(hop: Hop) -> str:
    return _KINDS.get(hop.reason or "", _EQUAL)


def _title(text: str, channels: int, shown: int) -> str:
    lines, letters = _TEXT
    letters = letters * len(text) // max(1, width(text))  # Chinese ones take two columns each
    told = wrap(text, max(1, letters))
    if len(told) > lines:
        told = [*told[: lines - 1], f"{told[lines - 1][:-2].rstrip()} …"]
    more = f", of which the first {shown} are shown" if shown < channels else ""
    many = f"{channels:,} channel{'s' * (channels != 1)}"
    return "\n".join([*told, f"How this spread: {many}{more}"])


def _time(axes: Any, times: Sequence[int], first: int | None) -> None:
    """The axis of time, in a unit that fits; uneven where most copies came at once."""
    span, later = max(times, default=0), sorted(time for time in times if time > 0)
    moment = "" if first is None else f", {datetime.fromtimestamp(first, UTC):%Y-%m-%d %H:%M} UTC"
    if later and later[len(later) // 2] < _SKEWED * span:
        axes.set_xscale("symlog", linthresh=_EVEN, linscale=0.3)
        ticks = [(0, "0")] + [tick for tick in _TICKS if tick[0] <= span]
        axes.set_xticks([at for at, _ in ticks], [told for _, told in ticks], fontsize=9)
        axes.xaxis.set_minor_locator(_no_ticks())
        axes.set_xlim(-_EVEN / 10, span * 1.3)
        axes.set_xlabel(f"time after the first post{moment} (not to an even scale)")
        return
    size, unit = next(((size, name) for most, size, name in _UNITS if span < most), (_DAY, "days"))
    step = size * next((n for n in _STEPS if n * size * _MOST_TICKS >= span), _STEPS[-1])
    marks = range(0, span + step, step)
    axes.set_xticks(marks, [f"{at // size:,}" for at in marks])
    axes.set_xlim(-max(1, span) * 0.03, max(1, span) * 1.05)
    axes.set_xlabel(f"{unit} after the first post{moment}")


def _no_ticks() -> Any:
    from matplotlib.ticker import NullLocator

    return NullLocator()


def _legend(figure: Figure, axes: Any) -> None:
    """Each kind once, and what a grey line is."""
    handles, kinds = axes.get_legend_handles_labels()
    once = {kind: handle for handle, kind in zip(handles, kinds, strict=True) if kind in _LOOKS}
    order = [kind for kind in _LOOKS if kind in once]
    (line,) = axes.plot([], [], color="0.75")
    figure.legend(
        [*(once[kind] for kind in order), line], [*order, "had it from"],
        loc="outside lower center", ncols=len(order) + 1, frameon=False, fontsize=9,
    )  # fmt: skip


def _fonts(texts: Iterable[str]) -> tuple[list[str], set[str]]:
    """Fonts of this machine that together have the letters of these texts, and what none has.

    Only for letters that the usual font lacks are the others read, half a millisecond each.
    """
    from matplotlib.font_manager import fontManager, get_font

    names = ["DejaVu Sans"]
    lacking = {char for text in texts for char in text if not char.isspace()}
    files = sorted((each.name != names[0], each.name, each.fname) for each in fontManager.ttflist)
    for _, name, file in files:
        if not lacking:
            break
        if name.startswith("Last Resort"):  # has a box for every letter
            continue
        try:
            has = {chr(code) for code in get_font(file).get_charmap()}
        except (OSError, RuntimeError):
            continue
        if lacking & has:
            names += [] if name in names else [name]
            lacking -= has
    return names, lacking


def _mostly_left(lacking: set[str], text: str) -> bool:
    letters = [char for char in text if char.isalnum()]
    return 2 * sum(char in lacking for char in letters) <= len(letters)


def _without(lacking: set[str], text: str) -> str:
    """A text without the letters that would be boxes; nothing where only signs are left."""
    left = " ".join("".join(char for char in text if char not in lacking).split())
    if left.startswith("(@"):  # of "title (@name)"
        left = left.strip("()")
    return left if any(map(str.isalnum, left)) else ""
