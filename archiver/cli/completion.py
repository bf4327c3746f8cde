"""The 'completion' command: scripts for bash, zsh and fish, and the words they ask for.

The scripts of click would give bash's "chan", ":" and "mfa" for chan:mfa, since bash splits words
at colons, and lose the quotes around a search. These hand over whole words as arguments.
"""

from __future__ import annotations

import click

# A word of bash's ends at : = @ too; what stands before the piece it replaces is not typed again.
_BASH = r"""
_archiver_completion() {
    local IFS=$'\n' rest="${COMP_LINE:0:COMP_POINT}" words=() before piece="" i word
    for ((i = 0; i <= COMP_CWORD; i++)); do
        piece="${COMP_WORDS[i]}"
        before="${rest%%"$piece"*}"
        [[ -n "$piece" ]] || before="$rest"
        rest="${rest#"$before$piece"}"
        if ((i > 0)) && [[ -z "$before" ]]; then
            words[${#words[@]}-1]+="$piece"
        else
            words+=("$piece")
        fi
    done
    words=("${words[@]#[\"\']}")
    local typed="${words[${#words[@]}-1]%"$2"}"
    COMPREPLY=()
    for word in $("$1" completion words -- "${words[@]:1}" 2>/dev/null | cut -f 1); do
        COMPREPLY+=("${word#"$typed"}")
    done
    [[ "${COMPREPLY[0]}" == *: ]] && compopt -o nospace
    return 0
}
complete -o nosort -o bashdefault -F _archiver_completion archiver
"""
_ZSH = r"""
_archiver_completion() {
    local -a found told
    local line
    for line in "${(@f)$(${(Q)words[1]} completion words -- "${(Q@)words[2,CURRENT-1]}" "$PREFIX" \
        2>/dev/null)}"; do
        [[ -z "$line" ]] && continue
        found+=("${line%%$'\t'*}")
        told+=("${line/$'\t'/  }")
    done
    (( $#found )) && compadd -S '' -l -d told -a found
}
compdef _archiver_completion archiver
"""
_FISH = r"""
function _archiver_completion
    set -l before (commandline -opc)
    set -l current (commandline -ct | string trim --left --chars '"\'')
    archiver completion words -- $before[2..] $current 2>/dev/null
end
complete --command archiver --no-files --arguments '(_archiver_completion)'
"""
SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


# "--limit" among the words to complete is not an option of this command.
@click.command("completion", context_settings={"ignore_unknown_options": True})
@click.argument("shell", type=click.Choice([*SCRIPTS, "words"]))
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def command(shell: str, words: tuple[str, ...]) -> None:
    """Print what makes a shell complete commands and searches.

    \b
    bash:  eval "$(archiver completion bash)"    in ~/.bashrc
    zsh:   eval "$(archiver completion zsh)"     in ~/.zshrc, after compinit
    fish:  archiver completion fish | source     in ~/.config/fish/config.fish

    Fields of a search, their values, channels and saved searches complete too. The scripts ask
    `archiver completion words -- WORD...` what the last word may become.
    """
    if shell != "words":
        click.echo(SCRIPTS[shell].strip())
        return
    *before, last = words or ("",)
    for value, told in _endings(list(before), last):
        click.echo(f"{value}\t{told}" if told else value)


def _endings(before: list[str], last: str) -> list[tuple[str, str]]:
    from click.shell_completion import ShellComplete

    from archiver.cli import group
    from archiver.text.safe import one_line

    asked = ShellComplete(group, {}, "archiver", "_ARCHIVER_COMPLETE")
    # "-has:" is a field to leave out; click would look for an option that begins so.
    minus = "-" if last.startswith("-") and not last.startswith("--") else ""
    found = asked.get_completions(before, last.removeprefix(minus))
    return [(minus + one_line(item.value), one_line(item.help or "")) for item in found]
