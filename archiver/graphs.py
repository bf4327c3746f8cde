"""Channels as a graph for Gephi and other tools; the only module that imports networkx."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO

from archiver.errors import ConfigError
from archiver.spread import Similar


def graph(pairs: Iterable[Similar], names: Mapping[int, str], form: str) -> bytes:
    """The pairs as GEXF or GraphML: an edge from each channel to those that copy it.

    Raises ConfigError where networkx is missing.
    """
    try:
        import networkx as nx
    except ImportError as error:
        raise ConfigError(
            f"{form} needs networkx; install it with `pip install networkx`."
        ) from error
    made = nx.DiGraph()
    for pair in pairs:
        for channel in (pair.source, pair.copier):
            made.add_node(channel, label=names[channel])
        made.add_edge(
            pair.source, pair.copier,
            weight=pair.statements, forwards=pair.forwards, near=pair.near, median_lag=pair.lag,
        )  # fmt: skip
    out = BytesIO()
    (nx.write_gexf if form == "gexf" else nx.write_graphml)(made, out)
    return out.getvalue()
