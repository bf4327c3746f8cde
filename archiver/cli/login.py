"""The 'login' command: the only one that ever asks for something."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver import config
from archiver.cli import output
from archiver.cli.session import Session, db_option, now, pass_session
from archiver.errors import INCOMPLETE, ArchiverError, LoginRequired
from archiver.text.safe import one_line

if TYPE_CHECKING:
    from archiver.config import Credentials
    from archiver.model import Account


class GivenUp(ArchiverError):
    """The person had enough of the questions."""

    exit_code = INCOMPLETE


@click.command("login")
@db_option
@click.option("--qr", is_flag=True, help="Show a QR code for the Telegram app to scan.")
@click.option("--phone", metavar="NUMBER", help="The account's number: +380... (else asked for).")
@click.option("--switch", is_flag=True, help="Let this account take over from the archive's own.")
@pass_session
def command(session: Session, db: str | None, qr: bool, phone: str | None, switch: bool) -> None:
    """Log in to Telegram, once, at a terminal.

    It asks for what the settings and the environment do not say: api_id and api_hash (yours, from
    https://my.telegram.org), the phone number, the code that Telegram sends, the two-step
    password. The session file that it makes is the account: nobody else may have it.
    """
    _require_terminal()
    told = config.credentials(session.config)
    asked = not (told.api_id and told.api_hash)
    if asked:
        told = _ask_for_api(told)
    if phone:
        told = told._replace(phone=phone)
    try:
        found, before = _log_in(session, db, told, qr=qr, switch=switch)
    except (KeyboardInterrupt, click.Abort):
        raise GivenUp("login given up; nobody is logged in, nothing was kept.") from None
    name = f"{one_line(found.label)} ({found.user_id})"
    output.line(f"{name} was logged in already." if before else f"Logged in as {name}.")
    if before:
        output.line("To log in as somebody else: archiver logout, then archiver login")
    if asked:
        _offer_to_write(told)


def _log_in(
    session: Session, db: str | None, told: Credentials, *, qr: bool, switch: bool
) -> tuple[Account, bool]:
    import asyncio

    from archiver.cli.prompts import prompts
    from archiver.sources.telegram.login import log_in

    # The archive first: it would be a pity to find it locked after the code was entered.
    with session.write(db, create=True) as store:

        def check(account: Account) -> None:
            store.keep_account(account.user_id, account.label, now(), switch=switch)

        said = f"login since {output.when(now())}"
        return asyncio.run(log_in(told, prompts(), check, qr=qr, said=said))


def _require_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise LoginRequired(
            "`archiver login` asks questions, so it needs a terminal; run it by hand in one."
        )


def _ask_for_api(told: Credentials) -> Credentials:
    click.echo(
        "Telegram wants to know which program asks. Take your own api_id and api_hash from\n"
        'https://my.telegram.org, "API development tools".',
        err=True,
    )
    number, key = told.api_id, told.api_hash
    if not number:
        number = click.prompt("api_id", type=click.IntRange(1, 2**31 - 1), err=True)
    while not re.fullmatch(r"[0-9a-f]{32}", key):
        key = click.prompt("api_hash (32 digits and letters a to f)", err=True).strip().lower()
    return told._replace(api_id=number, api_hash=key)


def _offer_to_write(told: Credentials) -> None:
    """The next run needs the two as well; they are written down only if the person says so."""
    lines = f"[telegram]\napi_id = {told.api_id}\napi_hash = {json.dumps(told.api_hash)}\n"
    file = _settings_file()
    question = f"Write api_id and api_hash into the new settings file {file}, for you alone to read"
    if not file.exists() and click.confirm(question + "?", default=True, err=True):
        _write_private(file, lines)
        return
    click.echo(f"Add this to {file} (chmod 600), or set ARCHIVER_API_ID and ..._HASH:", err=True)
    click.echo(lines, err=True)


def _settings_file() -> Path:
    named = click.get_current_context().find_root().params.get("config")
    named = named or os.environ.get("ARCHIVER_CONFIG")
    return Path(named) if named else config.usual_place()


def _write_private(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as made:
        made.write(text)
