"""Daft, on this machine or on a Ray cluster: the only door of both."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Any, ParamSpec
from urllib.parse import urlsplit

from archiver.errors import ConfigError, Offline, TryAgainLater
from archiver.judging import Footers
from archiver.scale import work
from archiver.text.decide import Thresholds

P = ParamSpec("P")

_ROWS = 2_000  # that a process gets at a time: a megabyte or two of text
_PATIENCE = 5.0  # seconds for a cluster to answer; Ray itself would try for a quarter of an hour
_BODY = ("date", "channel", "plain", "codes", "names")
# Both tell their makers of every start unless they are asked not to, and that must be before.
_QUIET = {
    "DO_NOT_TRACK": "1",
    "DAFT_ANALYTICS_ENABLED": "0",
    "RAY_USAGE_STATS_ENABLED": "0",
    "DAFT_PROGRESS_BAR": "0",
}
_FAULT = "Traceback"  # of a function of ours: that is a bug
_SAID = 300  # letters of an error, which may name hundreds of files
_MISSING = "--engine daft needs {}, which is not installed: pip install 'daft[ray]' pyarrow."


def start(ray_address: str = "", *, processes: bool = True) -> Engine:
    """Daft on this machine, or on the Ray cluster at "HOST:PORT" or "ray://HOST:PORT".

    Our functions run in processes of their own, one for each processor, or in threads of Daft's,
    of which one at a time runs Python. Raises ConfigError where a library is missing, Offline
    where no cluster answers.
    """
    os.environ.update(_QUIET)
    try:
        import daft
        from daft.runners import _get_runner
    except ImportError as error:
        raise ConfigError(_MISSING.format("Daft")) from error
    if _get_runner() is None:  # a process has one for all its life
        if ray_address:
            _join_cluster(daft, ray_address)
        else:
            daft.set_runner_native()
    return Engine(daft, processes=processes)


def _join_cluster(daft: Any, address: str) -> None:
    try:
        import ray
    except ImportError as error:
        raise ConfigError(_MISSING.format("Ray")) from error
    place = urlsplit(address if "://" in address else f"//{address}")
    try:
        socket.create_connection((place.hostname or "", place.port or 6379), _PATIENCE).close()
        ray.init(
            address=address,
            runtime_env={"env_vars": _QUIET},
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
        daft.set_runner_ray(noop_if_initialized=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise Offline(
            f"no Ray cluster answers at {address} (dedup.ray_address): {error}."
        ) from error


def _ours(method: Callable[P, None]) -> Callable[P, None]:
    """The method, with Daft's errors made ours: a full disk, a machine that went away."""

    @wraps(method)
    def run(*arguments: P.args, **named: P.kwargs) -> None:
        try:
            method(*arguments, **named)
        except (OSError, RuntimeError, ValueError) as error:  # Daft's own are of the last
            if _FAULT in str(error):
                raise
            said = " ".join(str(error).split())[:_SAID]
            raise TryAgainLater(
                f"Daft gave up ({said}); the posts are still to do, and `archiver dedup` does them"
                " without it."
            ) from error

    return run


class Engine:
    """Reads folders of Parquet files, and writes others in parts that follow one another."""

    def __init__(self, daft: Any, *, processes: bool) -> None:
        self._daft, self._processes = daft, processes
        self._spread = daft.get_or_infer_runner_type() == "ray"

    @_ours
    def keys(self, source: Path, to: Path, footers: Footers) -> None:
        """The cuts and the body of each text."""
        int64, string = self._kinds("int64", "string")
        run = self._rows(
            partial(work.keys, footers),
            {"cuts": string, "key": int64, "key2": int64, "words": int64},
        )
        found = run(*self._columns("text", "channel", "fwd_channel"))
        self._write(self._read(source).select("part", "seq", "post", "revision", found), to)

    @_ours
    def told(self, source: Path, to: Path, footers: Footers) -> None:
        """The wording and the fingerprints of each body."""
        int64, string = self._kinds("int64", "string")
        kinds = {"plain": string, "codes": string, "names": string, "size": int64}
        prints = self._daft.DataType.list(int64)
        run = self._rows(partial(work.wordings, footers), {**kinds, "prints": prints})
        found = run(*self._columns("text", "cuts", "text_channel", "fwd_channel"))
        self._write(self._read(source).select("part", "rank", "body", "date", "channel", found), to)

    @_ours
    def pairs(self, told: Path, to: Path) -> None:
        """The pairs of bodies that will probably be compared."""
        int64, col = self._daft.DataType.int64(), self._daft.col
        pair = self._daft.DataType.struct({"a": int64, "b": int64})
        meet = self._lists(work.meetings, self._daft.DataType.list(pair))
        best = self._lists(work.best, self._daft.DataType.list(int64))
        bodies = self._told(told)
        held = bodies.select("rank", "prints").explode("prints").groupby("prints")
        holders = held.agg(col("rank").list_agg().alias("ranks"), col("rank").count().alias("n"))
        met = holders.where(col("n") > 1).select(meet(col("ranks")).alias("pair")).explode("pair")
        pairs = met.select(col("pair").get("a").alias("a"), col("pair").get("b").alias("b"))
        shared = pairs.groupby("a", "b").agg(col("a").count().alias("n"))
        of_later = shared.groupby("b").agg(
            col("a").list_agg().alias("a"), col("n").cast(int64).list_agg().alias("n")
        )
        sized = of_later.join(bodies.select("rank", "size"), left_on="b", right_on="rank")
        found = sized.select("b", best(*self._columns("a", "n", "size")).alias("a")).explode("a")
        found.where(col("a").not_null()).write_parquet(str(to), compression="zstd")

    @_ours
    def judged(self, told: Path, pairs: Path, to: Path, thresholds: Thresholds) -> None:
        """What the later body of each pair is to the earlier one."""
        int64, string = self._kinds("int64", "string")
        whole = self._daft.DataType.list(int64)
        kinds = {"relation": string, "score": self._daft.DataType.float64()}
        run = self._rows(
            partial(work.judgements, thresholds), {**kinds, "slots": whole, "sizes": whole}
        )
        col = self._daft.col
        bodies = self._told(told).select("rank", "part", *_BODY)
        earlier = bodies.select("rank", *(col(name).alias(f"a_{name}") for name in _BODY))
        both = self._read(pairs).join(earlier, left_on="a", right_on="rank")
        both = both.join(bodies, left_on="b", right_on="rank")
        found = run(*self._columns(*(f"a_{name}" for name in _BODY), *_BODY))
        self._write(both.select("part", "b", "a", found), to)

    def _told(self, folder: Path) -> Any:
        return self._daft.read_parquet(f"{folder}/*/*.parquet", hive_partitioning=True)

    def _read(self, folder: Path) -> Any:
        return self._daft.read_parquet(f"{folder}/*.parquet")

    def _write(self, frame: Any, to: Path) -> None:
        if self._spread:  # one file a part, not one a part and machine
            frame = frame.repartition(None, "part")
        frame.write_parquet(str(to), partition_cols=["part"], compression="zstd")

    def _columns(self, *names: str) -> list[Any]:
        return [self._daft.col(name) for name in names]

    def _kinds(self, *names: str) -> list[Any]:
        return [getattr(self._daft.DataType, name)() for name in names]

    def _rows(self, function: Callable[..., Any], kinds: dict[str, Any]) -> Any:
        """A function from columns to rows, as several columns, in processes of its own."""
        kind = self._daft.DataType.struct(kinds)
        return self._made(function, return_dtype=kind, unnest=True)

    def _lists(self, function: Callable[..., Any], kind: Any) -> Any:
        return self._made(function, return_dtype=kind)

    def _made(self, function: Callable[..., Any], **options: Any) -> Any:
        def run(*columns: Any) -> list[Any]:
            return list(function(*(column.to_pylist() for column in columns)))

        make = self._daft.func.batch(use_process=self._processes, batch_size=_ROWS, **options)
        return make(run)
