"""A picture of how a statement spread; the only module that imports matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from archiver.errors import ConfigError, StoreError
from archiver.spread import Hop

_ROW = 0.32  # inches a channel
_HOUR = 3600


def check() -> None:
    """Raises ConfigError where nothing can be drawn, before anything is done."""
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise ConfigError(
            "--plot of a spread needs matplotlib: `pip install 'archiver[plot]'`. Without it --json"
            " tells the same times to other programs."
        ) from error


def draw(hops: Sequence[Hop], names: Sequence[str], target: Path) -> None:
    """One line a channel, in order, at the hour it had the statement; PNG or SVG by the name.

    Raises StoreError where the file cannot be written.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    dated = [(hop, name) for hop, name in zip(hops, names, strict=True) if hop.member.date]
    row_of = {hop.member.id: row for row, (hop, _) in enumerate(dated)}
    figure = Figure(figsize=(9, 1.2 + _ROW * len(dated)), layout="constrained")
    axes = figure.add_subplot()
    for row, (hop, _) in enumerate(dated):
        hours = (hop.since_first or 0) / _HOUR
        axes.plot(hours, row, "o", color="tab:blue" if row else "tab:red")
        if hop.source is not None and hop.source.id in row_of:
            began = hours - (hop.lag or 0) / _HOUR
            axes.plot([began, hours], [row_of[hop.source.id], row], color="0.7", zorder=0)
    axes.set_yticks(range(len(dated)), [_plain(name) for _, name in dated])
    axes.invert_yaxis()
    axes.set_xlabel("hours after the first post")
    canvas = FigureCanvasSVG if target.suffix.lower() == ".svg" else FigureCanvasAgg
    try:
        canvas(figure).print_figure(target)
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror}.") from error


def _plain(name: str) -> str:
    """A name without what matplotlib would take for a formula."""
    return name.replace("$", r"\$")
