"""The archive into files: what is chosen, and a module for each form it takes.

`records` chooses and makes records, `files` lets a file or a folder appear whole; `jsonl`,
`desktop`, `table` (CSV), `parquet`, `plain`, `atom` and `site` write; `bundle` writes evidence
that `archiver.verify` checks. Everything streams: memory does not grow with the archive.
"""

from archiver.export.records import Chosen, record_of, records

__all__ = ["Chosen", "record_of", "records"]
