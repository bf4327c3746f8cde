"""The 'channels' command: which channels the archive holds, and which of them are one."""

from __future__ import annotations

import json
import re

import click

from archiver.cli import output
from archiver.cli.session import Session, db_option, json_option, now, pass_session
from archiver.errors import ConfigError
from archiver.model import Channel
from archiver.text.refs import MARK


@click.group("channels")
def command() -> None:
    """List channels, or link a name to the real one."""


@command.command("list")
@db_option
@json_option
@click.option("--all", "every", is_flag=True, help="Also channels that are only forwarded from.")
@pass_session
def list_(session: Session, db: str | None, as_json: bool, every: bool) -> None:
    """List the archived channels with the number and the dates of their posts."""
    from archiver.store.status import channels

    for found in channels(session.read(db), every=every):
        if as_json:
            dates = {name: output.iso(found[name]) for name in ("first", "last")}
            output.record({**found, **dates})
            continue
        label = output.channel_label(
            found["title"], found["username"], found["tg_id"] or found["id"]
        )
        span = ""
        if found["first"] is not None:
            span = f"  {output.when(found['first'])} to {output.when(found['last'])}"
        known = "" if found["tg_id"] is not None else "  (known by name)"
        output.line(f"{found['id']:>5}  {found['posts']:>9,}  {label}{known}{span}")


# -1001234567890 is a channel, not an option.
@command.command("link", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("real")
@db_option
@pass_session
def link(session: Session, name: str, real: str, db: str | None) -> None:
    """Say that the channel known as NAME is REAL (@name, t.me/name or -100...).

    A channel known only by name, such as a text dump's, becomes the real one; if the archive
    has that one too, the two are joined and nothing is lost. Later imports that say NAME go there.
    """
    target = _channel(real)
    with session.write(db) as store:
        run = store.start_run("channels link", now())
        linked = store.link_channel(name, target, now())
        counts = {"moved": linked.moved, "joined": linked.joined}
        store.finish_run(run, now(), "done", counts)
    if linked.merged:
        output.line(
            f"{name} joined {real}: {output.plural(linked.moved, 'post')} moved,"
            f" {linked.joined:,} were there already. `archiver dedup` groups them anew."
        )
    else:
        output.line(f"{name} is {real} from now on.")


def _channel(text: str) -> Channel:
    """A real channel as a person writes it. Raises ConfigError."""
    text = text.strip().rstrip("/")
    bare = re.sub(r"^(https?://)?(t\.me|telegram\.me)/(s/)?", "", text)
    if match := re.fullmatch(r"c/(\d+)", bare):
        return Channel(tg_id=MARK - int(match[1]))
    if re.fullmatch(r"-100\d{5,}", bare):
        return Channel(tg_id=int(bare))
    if re.fullmatch(r"@?[A-Za-z]\w{2,31}", bare, re.ASCII):
        return Channel(username=bare.removeprefix("@"))
    raise ConfigError(f"{json.dumps(text)} is no channel; write @name, t.me/name or -100...")
