"""Parquet, for pandas, DuckDB and R: the columns of `table`, typed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import IO, Any

from archiver.export.records import Chosen
from archiver.export.table import DATES, Row, rows
from archiver.parquet import library

# A row group: some 10 MB of posts in memory at a time.
_ROWS = 5_000
_WHOLE = frozenset(name for name, kind in Row.__annotations__.items() if "int" in str(kind))


def write(chosen: Chosen, file: IO[bytes]) -> int:
    """Write the posts; how many they were. Raises ConfigError where pyarrow is not installed."""
    arrow, parquet = library()
    schema = arrow.schema([(name, _type(arrow, name)) for name in Row._fields])
    count, found = 0, rows(chosen)
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while some := list(islice(found, _ROWS)):
            columns = zip(*some, strict=True)
            arrays = [
                arrow.array(_values(name, column), schema.field(name).type)
                for name, column in zip(Row._fields, columns, strict=True)
            ]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
            count += len(some)
    return count


def _type(arrow: Any, name: str) -> Any:
    if name in DATES:
        return arrow.timestamp("ms", tz="UTC")
    return arrow.int64() if name in _WHOLE else arrow.string()


def _values(name: str, column: Sequence[Any]) -> Sequence[Any]:
    """Milliseconds: the coarsest unit that Parquet has for a moment."""
    if name not in DATES:
        return column
    return [None if value is None else value * 1000 for value in column]
