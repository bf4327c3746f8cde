"""Who is logged in, and until when Telegram wants to be left alone.

Functions of a connection inside a transaction that the Store opened.
"""

from __future__ import annotations

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from archiver.errors import LoginRequired
from archiver.model import Account
from archiver.store.schema import account, flood_wait


def known(conn: Connection) -> Account | None:
    """The account this archive is synced with."""
    now = select(account.c.user_id, account.c.label).where(account.c.current == 1)
    row = conn.execute(now).first()
    return None if row is None else Account(row.user_id, row.label)


def keep(conn: Connection, user_id: int, label: str, now: int) -> None:
    """Remember who is logged in. Raises LoginRequired where the archive knows another account.

    Access hashes are worth nothing to another account, and a colleague's account that slips in
    unnoticed would leave its traces in the channels.
    """
    before = known(conn)
    if before is None:
        switch(conn, user_id, label, now)
    elif before.user_id != user_id:
        raise LoginRequired(
            f"this archive is synced as {before.label or before.user_id} ({before.user_id}), but"
            f" {label or user_id} ({user_id}) is logged in; log in with that account, or let this"
            " one take over with `archiver login --switch`."
        )


def switch(conn: Connection, user_id: int, label: str, now: int) -> None:
    """Let an account take over; the hashes of the earlier one stay, for its return."""
    conn.execute(update(account).values(current=0))
    row = {"user_id": user_id, "label": label, "first_seen": now, "current": 1}
    statement = upsert(account).values(row)
    again = {"label": label, "current": 1}
    conn.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=again))


def waits(conn: Connection, user_id: int, now: int) -> dict[str, int]:
    """The methods that may not be called yet, with the Unix time from which they may."""
    where = (flood_wait.c.user_id == user_id) & (flood_wait.c.not_before > now)
    found = conn.execute(select(flood_wait.c.method, flood_wait.c.not_before).where(where))
    return {row.method: row.not_before for row in found}


def keep_wait(conn: Connection, user_id: int, method: str, not_before: int) -> None:
    """Remember a long wait, so that the next run does not knock early."""
    row = {"user_id": user_id, "method": method, "not_before": not_before}
    statement = upsert(flood_wait).values(row)
    keys = ["user_id", "method"]
    conn.execute(
        statement.on_conflict_do_update(index_elements=keys, set_={"not_before": not_before})
    )
