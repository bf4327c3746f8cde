"""Parquet files: the only door of pyarrow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archiver.errors import ConfigError


def library() -> tuple[Any, Any]:
    """pyarrow and its Parquet module. Raises ConfigError where they are not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise ConfigError(
            "Parquet needs pyarrow, which is not installed: pip install pyarrow."
        ) from error
    return pyarrow, pyarrow.parquet


def write_rows(
    file: Path, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]
) -> None:
    """Write rows whose columns are (name, "int64" or "string")."""
    arrow, parquet = library()
    schema = arrow.schema([(name, getattr(arrow, kind)()) for name, kind in columns])
    values = zip(*rows, strict=True) if rows else [[] for _ in columns]
    arrays = [arrow.array(some, field.type) for some, field in zip(values, schema, strict=True)]
    parquet.write_table(arrow.Table.from_arrays(arrays, schema=schema), file, compression="zstd")


def read_rows(files: Sequence[Path], names: Sequence[str]) -> list[tuple[Any, ...]]:
    """The rows of all files, these columns of them, in the order of the first one."""
    _, parquet = library()
    rows: list[tuple[Any, ...]] = []
    for file in files:
        # Of this file alone: the folder's name is a column too, which the reader would look for.
        table = parquet.ParquetFile(file).read(columns=list(names))
        rows += zip(*(table.column(name).to_pylist() for name in names), strict=True)
    rows.sort(key=lambda row: row[0])
    return rows
