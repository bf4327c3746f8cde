"""The night as cron runs it: its steps, its one exit code, whom it tells; backups and the log."""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.cli.desk import Desk, Said
from tests.server import rpc
from tests.server.fixtures import Served

Night = Callable[..., Said]


@pytest.fixture
def desk(
    served: Served,
    tmp_path: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    """A person at the command line of an archive with one channel of thirty posts."""
    made = Desk(served, tmp_path, capfdbinary)
    monkeypatch.setenv("ARCHIVER_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("ARCHIVER_DB", str(made.db))
    made.added("harbour", posts=30)
    return made


@pytest.fixture
def night(desk: Desk) -> Night:
    """`night("nightly", nightly='a setting = "..."')`"""

    def run(*arguments: str, nightly: str = "") -> Said:
        desk.settings(login=False, more=f"\n[nightly]\n{nightly}\n")
        return desk.run(*arguments)

    return run


def test_a_night_syncs_collapses_and_backs_up(night: Night, db: Path) -> None:
    done = night("nightly", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert list(told["steps"]) == ["sync", "dedup", "index", "saved", "backup"]
    assert {each["outcome"] for each in told["steps"].values()} == {"done"}
    assert told["steps"]["sync"]["new"] == 30
    [copy] = (db.parent / "backups").iterdir()
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM post").fetchone() == (30,)


def test_a_quiet_night_makes_no_backup(night: Night, served: Served, db: Path) -> None:
    night("nightly")
    done = night("nightly")
    assert "Nothing changed since the backup of" in done.out
    served.server.revoke()
    assert "Nothing changed since the backup of" in night("nightly").out
    assert len(list((db.parent / "backups").iterdir())) == 1


def test_a_failed_sync_does_not_keep_the_rest_from_being_done(
    night: Night, served: Served, db: Path
) -> None:
    night("nightly")
    served.server.revoke()
    done = night("nightly", "--json")
    told = json.loads(done.out)
    assert done.code == told["exit_code"] == 3
    assert told["steps"]["sync"]["outcome"] == "failed"
    assert told["steps"]["dedup"]["outcome"] == "done"
    assert told["steps"]["backup"]["outcome"] == "done"
    assert "archiver login" in done.err


def test_a_backup_that_fails_is_the_nights_exit_code(night: Night, tmp_path: Path) -> None:
    blocked = tmp_path / "backups"
    blocked.write_text("a file where the folder should be")
    done = night("nightly")
    assert done.code == 6
    assert "Synced 1 channel" in done.out
    assert "Traceback" not in done.err


def test_a_night_without_backup_is_one(night: Night, db: Path) -> None:
    done = night("nightly", nightly="backup = false")
    assert done.code == 0
    assert not (db.parent / "backups").exists()


def test_who_asked_for_it_is_told_of_a_failure(
    night: Night, served: Served, tmp_path: Path
) -> None:
    file = tmp_path / "told.json"
    code = f"import sys; open({str(file)!r}, 'w').write(sys.stdin.read())"
    command = json.dumps(f'{sys.executable} -c "{code}"')
    night("nightly", nightly=f"on_failure = {command}")
    assert not file.exists()
    served.server.revoke()
    done = night("nightly", nightly=f"on_failure = {command}")
    told = json.loads(file.read_text())
    assert told["exit_code"] == done.code == 3


def test_a_watcher_is_asked_for_at_the_beginning_and_the_end(night: Night, served: Served) -> None:
    asked: list[str] = []

    class Watcher(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Watcher)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f'ping_url = "http://127.0.0.1:{server.server_port}/abc"'
    try:
        assert night("nightly", nightly=url).code == 0
        served.server.revoke()
        assert night("nightly", nightly=url).code == 3
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
    assert asked == ["/abc/start", "/abc", "/abc/start", "/abc/fail"]


def test_a_watcher_that_is_down_changes_nothing(night: Night) -> None:
    done = night("nightly", nightly='ping_url = "http://127.0.0.1:9/abc"')
    assert done.code == 0
    assert "the ping of" in done.err


def test_figures_for_prometheus(night: Night, tmp_path: Path) -> None:
    night("nightly", "--metrics", str(tmp_path / "archiver.prom"))
    text = (tmp_path / "archiver.prom").read_text()
    assert "archiver_posts 30\n" in text
    assert 'archiver_channel_posts{channel="harbour"} 30\n' in text
    assert "archiver_nightly_exit_code 0\n" in text
    for line in text.splitlines():
        assert line.startswith("# ") or len(line.rpartition(" ")[2]) > 0
    assert not list(tmp_path.glob(".*half"))


def test_the_hint_names_this_program_and_this_archive(night: Night, db: Path) -> None:
    done = night("nightly", "--install-hint")
    text = done.out
    assert str(db) in text
    assert "OnCalendar=" in text
    assert "nightly" in text


def test_runs_say_what_they_met(night: Night, served: Served) -> None:
    night("nightly")
    served.server.fail("GetHistory", rpc(400, "CHANNEL_PRIVATE"), times=None)
    night("sync", "--full-sweep")
    listed = [json.loads(line) for line in night("runs", "--json").out.splitlines()]
    assert [each["command"] for each in listed] == ["sync", "nightly", "channels add"]
    assert listed[1]["counts"]["new"] == 30
    failed = night("runs", "--failed").out.splitlines()
    assert len(failed) == 1
    assert "sync: incomplete" in failed[0]
    assert night("runs", "99").code == 4


def test_runs_give_the_reason_of_a_night_that_failed(night: Night, served: Served) -> None:
    night("nightly")
    assert "sync:" not in night("runs").out
    served.server.revoke()
    assert night("nightly").code == 3
    failed = night("runs", "--failed").out.splitlines()
    assert len(failed) == 2
    assert "nightly: failed" in failed[0]
    assert failed[1].strip().startswith("sync: ")
    assert "archiver login" in failed[1]


def test_runs_give_the_reason_where_the_archive_was_no_longer_held(
    night: Night, tmp_path: Path
) -> None:
    (tmp_path / "backups").write_text("a file where the folder should be")
    assert night("nightly").code == 6
    failed = night("runs", "--failed").out.splitlines()
    assert "nightly: failed" in failed[0]
    assert failed[1].strip().startswith("backup: ")


def test_how_complete_each_channel_is(night: Night) -> None:
    night("sync")
    [each] = [json.loads(x) for x in night("status", "--channels", "--json").out.splitlines()]
    assert each["covered_share"] == 1.0
    assert each["live_posts"] == each["server_count"] == 30
    assert "100.0%" in night("status", "--channels").out


def test_the_log_has_dates_and_no_secrets(night: Night, served: Served, tmp_path: Path) -> None:
    log = tmp_path / "log" / "archiver.log"
    assert night("--log-file", str(log), "sync").code == 2
    log.parent.mkdir()
    night("--log-file", str(log), "--log-json", "sync")
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert any("@harbour: 30 new" in each["message"] for each in told)
    assert served.world.api_hash not in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_restoring_over_an_archive_has_to_be_said(night: Night, db: Path) -> None:
    night("nightly")
    [copy] = (db.parent / "backups").iterdir()
    assert night("restore", str(copy)).code == 2
    said = night("restore", __file__)
    assert said.code == 9
    assert "--yes" not in said.err
    done = night("restore", str(copy), "--yes")
    assert done.code == 0
    assert night("status").code == 0
    assert len(list(db.parent.glob("*.before-restore-*"))) == 1


def test_an_archive_that_cannot_be_opened_is_told_of_too(night: Night, tmp_path: Path) -> None:
    file = tmp_path / "told.json"
    code = f"import sys; open({str(file)!r}, 'w').write(sys.stdin.read())"
    command = json.dumps(f'{sys.executable} -c "{code}"')
    (tmp_path / "archive.sqlite").write_bytes(b"no database at all" * 100)
    done = night("nightly", nightly=f"on_failure = {command}")
    assert done.code == 6
    assert json.loads(file.read_text())["steps"]["archive"]["outcome"] == "failed"


@pytest.fixture
def watched(night: Night, served: Served) -> Callable[[str], None]:
    """A saved search that knows all there is; what it is called with is posted after that."""
    night("nightly")
    assert night("saved", "add", "storms", "thunderstorm").code == 0

    def post(text: str) -> None:
        [harbour] = served.world.channels.values()
        harbour.post_many(1, lambda _: text)

    return post


def test_a_night_tells_once_what_is_new_in_saved_searches(
    night: Night, watched: Callable[[str], None]
) -> None:
    watched("A thunderstorm over the pier.")
    done = night("nightly")
    assert done.code == 0
    assert "@storms: 1 new result" in done.out
    assert "over the pier" in done.out
    assert "@storms" not in night("nightly").out


def test_news_of_a_night_for_programs(night: Night, watched: Callable[[str], None]) -> None:
    watched("A thunderstorm over the pier.")
    told = json.loads(night("nightly", "--json").out)["steps"]["saved"]
    assert (told["outcome"], told["searches"], told["results"]) == ("done", 1, 1)
    [news] = told["news"]
    assert (news["saved"], len(news["results"])) == ("storms", 1)


def test_a_night_hands_news_to_a_program_before_the_backup(
    night: Night, watched: Callable[[str], None], tmp_path: Path
) -> None:
    watched("A thunderstorm over the pier.")
    failing = night("nightly", nightly='saved_exec = "false"')
    assert failing.code == 7
    assert "@storms: 'false' ended with exit code 1" in failing.err
    assert "Backup " in failing.out
    file = tmp_path / "news.json"
    code = f"import sys; open({str(file)!r}, 'w').write(sys.stdin.read())"
    command = json.dumps(f'{sys.executable} -c "{code}"')
    done = night("nightly", nightly=f"saved_exec = {command}")
    assert done.code == 0
    assert "@storms: 1 new result handed over." in done.out
    assert len(json.loads(file.read_text())["results"]) == 1


def test_a_night_says_that_a_program_is_not_there_though_nothing_is_new(night: Night) -> None:
    done = night("nightly", nightly='saved_exec = "/nowhere/tell"')
    assert done.code == 2
    assert "there is no program '/nowhere/tell'" in done.err
    assert "Backup " in done.out


def test_a_night_may_leave_saved_searches_alone(
    night: Night, watched: Callable[[str], None]
) -> None:
    watched("A thunderstorm over the pier.")
    done = night("nightly", "--json", nightly="saved = false")
    assert "saved" not in json.loads(done.out)["steps"]
    assert "@storms: 1 new result" in night("nightly").out
