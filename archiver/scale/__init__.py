"""A full rebuild of dedup beyond one process: its work on texts, on Daft.

`front.py` takes the place of the processes of `workers.py`: it writes the texts to Parquet, has
Daft (`engine.py`) run the pure functions of `work.py` over them, on this machine or on a Ray
cluster, and hands out what they came to as the pass asks for it. What is decided, and in which
order, stays with `dedup.py` and `near.py`.
"""
