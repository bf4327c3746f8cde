"""The documents tell the truth: commands, settings, exit codes and the two lines of set-up."""

from __future__ import annotations

import inspect
import re
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

import click
import pytest

from archiver import config, errors
from archiver.cli import COMMANDS, group
from archiver.cli.export import FORMATS
from archiver.export.bundle import MEMBERS
from archiver.export.table import CSV_COLUMNS, NESTED
from archiver.sources import detect

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _commands() -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, (module, _) in COMMANDS.items():
        command = import_module(f"archiver.cli.{module}").command
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {sub}", each) for sub, each in command.commands.items()]
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_in_the_readme_in_the_words_of_its_help(name: str) -> None:
    assert f"| `{name}` | {COMMANDS[name][1]} |" in README


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_of_commands_says_what_their_own_help_says(name: str) -> None:
    command = import_module(f"archiver.cli.{COMMANDS[name][0]}").command
    assert command.name == name
    assert (command.help or "").split("\n")[0] == COMMANDS[name][1]


@pytest.mark.parametrize(("name", "command"), _commands())
def test_every_option_has_help(name: str, command: click.Command) -> None:
    assert command.help, name
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"


def test_every_command_the_readme_calls_exists() -> None:
    called = re.findall(r"^(?:\$ )?archiver (\w+)", README, re.MULTILINE)
    called += re.findall(r"`archiver (\w+)", README)
    assert called
    assert set(called) <= set(COMMANDS)


def test_every_option_the_documents_name_exists() -> None:
    known = {opt for _, command in _commands() for p in command.params for opt in p.opts}
    known |= {opt for p in group.params for opt in p.opts} | {"--help", "--version"}
    known |= {"--user", "--now", "--system", "--home-dir", "--create-home", "--shell"}  # systemd's
    documents = ("formats", "export", "cron", "search", "scale")
    for document in ("README.md", *(f"docs/{name}.md" for name in documents)):
        text = (ROOT / document).read_text(encoding="utf-8")
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]+", text))
        assert named <= known, document


def test_the_exit_codes_of_the_readme_are_those_of_the_errors() -> None:
    table = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    classes = [c for _, c in inspect.getmembers(errors, inspect.isclass)]
    codes = {c.exit_code for c in classes if issubclass(c, errors.ArchiverError)}
    assert table == codes | {0, errors.NOTHING_FOUND, errors.INCOMPLETE, errors.BUG}


def test_the_example_settings_are_the_defaults_and_all_of_them() -> None:
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    commented_in = re.sub(r"^#(?=[a-z_]+ =)", "", text, flags=re.MULTILINE)
    values = tomllib.loads(commented_in)
    assert config.parse(values) == config.Config()
    assert _keys_told(values) == _keys_of(config.Config)


def _keys_told(values: dict[str, Any]) -> set[str]:
    nested = {f"{k}.{n}" for k, v in values.items() if isinstance(v, dict) for n in _keys_told(v)}
    return nested | {k for k, v in values.items() if not isinstance(v, dict)}


def _keys_of(section: Any) -> set[str]:
    found: set[str] = set()
    hints = get_type_hints(section)
    for each in section._fields:
        name, kind = each.removesuffix("_"), hints[each]
        inside = {f"{name}.{key}" for key in _keys_of(kind)} if hasattr(kind, "_fields") else {name}
        found |= inside
    return found


def test_every_format_is_described() -> None:
    described = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    for reader in detect.READERS:
        assert f"`{reader.NAME}`" in described


def test_every_form_of_export_is_described() -> None:
    described = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    for name in FORMATS:
        assert f"| `{name}` |" in described
        assert f"`{name}`" in README
    for name in (*CSV_COLUMNS, *NESTED, *MEMBERS):
        assert f"`{name}`" in described


def test_two_lines_do_all_the_set_up() -> None:
    lines = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    assert len(lines) == 2
    assert lines[0].endswith("archiver demo")
    assert lines[1].endswith("pytest")


def test_the_project_speaks_of_itself_alone() -> None:
    """No path of somebody's machine and no number of an issue in what we ship."""
    for path in ROOT.rglob("*"):
        inside = path.relative_to(ROOT).parts
        if path.suffix not in {".py", ".md", ".toml"} or inside[0].startswith("."):
            continue
        if path == Path(__file__) or "build" in inside or any("egg-info" in p for p in inside):
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/work/|\.\./shared|/root/|issue #\d", text), path


def test_what_needs_an_extra_says_how_to_get_it() -> None:
    for option, extra in (
        ("--plot", "plot"),
        ("`parquet`", "parquet"),
        ("--engine daft", "cluster"),
    ):
        assert option in README
        assert f"pip install '.[{extra}]'" in README
