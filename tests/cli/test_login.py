"""`login` and `logout` as a person meets them: at a terminal, with questions, and nowhere else."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archiver.cli.prompts import drawn
from tests.cli.terminal import ROOT, terminal
from tests.server import World
from tests.server.fixtures import Served, serving

PHONE = "+15550100"


@pytest.fixture
def served() -> Iterator[Served]:
    """A server for programs that connect from outside."""
    with serving(World()) as handle:
        yield handle


@pytest.fixture
def config(served: Served, tmp_path: Path) -> Path:
    """Settings that lead there; nobody is logged in yet."""
    return served.config(tmp_path, login=False)


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    """Where the session lies afterwards."""
    return tmp_path / "telegram" / "account.session"


def env(db: Path, config: Path, **more: str) -> dict[str, str]:
    return {"ARCHIVER_DB": str(db), "ARCHIVER_CONFIG": str(config), **more}


def accounts(db: Path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(db)) as found:
        return found.execute("SELECT user_id, label FROM account WHERE current = 1").fetchall()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_person_logs_in(
    served: Served, config: Path, db: Path, proof: Path, tmp_path: Path
) -> None:
    with terminal("login", cwd=tmp_path, env=env(db, config)) as t:
        t.expect("Phone number")
        t.type(PHONE)
        t.expect(r"Code \(sent by a message in the Telegram app")
        t.type("54321")
        t.expect("not the code")
        t.expect("Code")
        t.type("12345")
        code, out = t.finish()
    me = served.world.me
    assert (code, out) == (0, f"Logged in as Ada ({me.id}).\n")
    assert accounts(db) == [(me.id, "Ada")]
    assert (mode(proof), mode(proof.parent)) == (0o600, 0o700)


def test_a_password_is_never_shown(served: Served, config: Path, db: Path, tmp_path: Path) -> None:
    served.world.me.password = "correct horse"
    with terminal("login", "--phone", PHONE, cwd=tmp_path, env=env(db, config)) as t:
        t.expect("Code")
        t.type("12345")
        t.expect(r"Two-step password \(hint: the usual one\)")
        t.type("correct horse")
        code, out = t.finish()
        assert "correct horse" not in t.seen
    assert code == 0, out


def test_what_the_environment_says_is_not_asked(
    served: Served, config: Path, db: Path, tmp_path: Path
) -> None:
    served.world.me.password = "correct horse"
    told = env(db, config, ARCHIVER_PHONE=PHONE, ARCHIVER_PASSWORD="correct horse")
    with terminal("login", cwd=tmp_path, env=told) as t:
        said = t.expect("Code")
        assert "Phone" not in said
        t.type("12345")
        code, _ = t.finish()
    assert code == 0


def test_api_id_and_hash_are_asked_for_and_written_if_the_person_agrees(
    served: Served, config: Path, db: Path, tmp_path: Path
) -> None:
    api = f"api_id = {served.world.api_id}"
    text = "\n".join(x for x in config.read_text().splitlines() if not x.startswith("api_"))
    config.write_text(text)
    with terminal("login", "--phone", PHONE, cwd=tmp_path, env=env(db, config)) as t:
        t.expect("my.telegram.org")
        t.expect("api_id:")
        t.type("no number")
        t.expect("api_id:")
        t.type(str(served.world.api_id))
        t.expect("api_hash")
        t.type("short")
        t.expect("api_hash")
        t.type(served.world.api_hash)
        t.expect("Code")
        t.type("12345")
        # A file of one's own is never written into.
        t.expect(f"Add this to {config}")
        t.expect(api)
        code, _ = t.finish()
    assert code == 0
    assert config.read_text() == text


def test_a_new_settings_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    from archiver.cli.login import _write_private

    file = tmp_path / "config" / "archiver" / "config.toml"
    _write_private(file, "[telegram]\n")
    assert mode(file) == 0o600
    with pytest.raises(FileExistsError):
        _write_private(file, "")


def test_ctrl_c_gives_up_and_leaves_nothing(
    config: Path, db: Path, proof: Path, tmp_path: Path
) -> None:
    with terminal("login", "--phone", PHONE, cwd=tmp_path, env=env(db, config)) as t:
        t.expect("Code")
        t.interrupt()
        code, _ = t.finish()
        assert "Traceback" not in t.seen
        assert "nobody is logged in" in t.seen
    assert code == 7
    assert [p.name for p in proof.parent.iterdir()] == ["account.session.lock"]


def test_a_qr_code_is_drawn_and_scanned(
    served: Served, config: Path, db: Path, tmp_path: Path
) -> None:
    with terminal("login", "--qr", cwd=tmp_path, env=env(db, config)) as t:
        code = t.expect("A new code follows")
        assert code.count("█") > 200
        served.server.scan_qr()
        status, out = t.finish()
    assert status == 0
    assert "Logged in as Ada" in out


def test_a_narrow_terminal_gets_the_address_instead(
    served: Served, config: Path, db: Path, tmp_path: Path
) -> None:
    with terminal("login", "--qr", cwd=tmp_path, env=env(db, config), columns=30) as t:
        t.expect(r"too narrow.*tg://login\?token=")
        served.server.scan_qr()
        assert t.finish()[0] == 0


def test_a_drawn_code_has_two_rows_a_line() -> None:
    assert drawn([[True, False], [True, True], [False, False]]) == ["█▄", "▄▄"]


def test_without_a_terminal_nothing_is_asked(archiver, config: Path, db: Path) -> None:  # type: ignore[no-untyped-def]
    done = archiver("login", stdin=b"+15550100\n12345\n", env=env(db, config))
    assert done.returncode == 3
    assert done.stderr.count(b"\n") == 1
    assert b"terminal" in done.stderr
    assert not db.exists()


def test_another_account_is_refused_and_logged_out_again(
    served: Served, config: Path, db: Path, proof: Path, tmp_path: Path
) -> None:
    other = served.world.account("Eve", phone="15550199")
    with terminal("login", "--phone", PHONE, cwd=tmp_path, env=env(db, config)) as t:
        t.expect("Code")
        t.type("12345")
        assert t.finish()[0] == 0
    proof.unlink()
    with terminal("login", "--phone", "+15550199", cwd=tmp_path, env=env(db, config)) as t:
        t.expect("Code")
        t.type("12345")
        t.expect("this archive is synced as Ada")
        assert t.finish()[0] == 3
    assert not proof.exists()
    assert other not in [key.account for key in served.server.keys.values()]
    assert accounts(db) == [(served.world.me.id, "Ada")]
    switched = ("login", "--switch", "--phone", "+15550199")
    with terminal(*switched, cwd=tmp_path, env=env(db, config)) as t:
        t.expect("Code")
        t.type("12345")
        assert t.finish()[0] == 0
    assert accounts(db) == [(other.id, "Eve")]


def test_logging_in_twice_asks_nothing_and_logging_out_ends_it(
    archiver,  # type: ignore[no-untyped-def]
    served: Served,
    db: Path,
    proof: Path,
    tmp_path: Path,
) -> None:
    config = served.config(tmp_path)
    with terminal("login", cwd=tmp_path, env=env(db, config)) as t:
        code, out = t.finish()
    assert code == 0
    assert "was logged in already" in out
    done = archiver("logout", env=env(db, config))
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Logged out" in done.stdout
    assert not proof.exists()
    assert db.exists()
    assert b"Nobody was logged in" in archiver("logout", env=env(db, config)).stdout


def test_a_held_session_is_said_to_be(
    archiver,  # type: ignore[no-untyped-def]
    served: Served,
    db: Path,
    proof: Path,
    tmp_path: Path,
) -> None:
    from archiver.locks import hold

    config = served.config(tmp_path)
    lock = hold(proof, "sync since noon")
    try:
        done = archiver("logout", env=env(db, config))
    finally:
        lock.release()
    assert done.returncode == 8
    assert b"sync since noon" in done.stderr
    assert proof.exists()


@pytest.mark.parametrize("arguments", [["--help"], ["login", "--help"], ["search", "harbour"]])
def test_what_talks_to_nobody_loads_no_client(arguments: list[str], tmp_path: Path) -> None:
    code = (
        "import sys; from archiver.cli import run; run(sys.argv[1:]);"
        "print(*{m.split('.')[0] for m in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    loaded = set(done.stderr.splitlines()[-1].split())
    assert not loaded & {"telethon", "asyncio", "segno", "python_socks"}
