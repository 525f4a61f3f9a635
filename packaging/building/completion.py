"""Completion for bash, zsh and fish: fixed files, so that a Tab does not have to start the program.

Lessons are those that ship; the runs are looked up in the folder where they lie when Tab is pressed.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from building.command_tree import Command, Parameter, walk

RUNS = '"${FMSTUDIO_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/fmstudio}/runs"'
FOLDERS = ("DIR",)
FILES = ("FILE", "PATH...", "IMAGE...")
_CHOICES = re.compile(r"[a-z][\w-]*(\|[a-z][\w-]*)+", re.ASCII)


@dataclass(frozen=True)
class Values:
    """What can stand in a place.

    Attributes:
        words: Fixed words.
        runs: Whether runs can.
        folders: Whether folders can.
        files: Whether files, and the folders on the way to them, can.
    """

    words: tuple[str, ...] = ()
    runs: bool = False
    folders: bool = False
    files: bool = False


def values_of(parameter: Parameter, lessons: Sequence[str]) -> Values:
    """What can stand for an option's value, or for an argument; told by its metavar.

    Args:
        parameter: The option or argument.
        lessons: The ids of the lessons.
    """
    name = parameter.metavar
    if _CHOICES.fullmatch(name):
        return Values(tuple(name.split("|")))
    if "LESSON" in name:
        return Values(tuple(lessons), files=True)
    return Values(
        runs=name in ("RUN", "RUN..."), folders=name in FOLDERS or name.startswith("RUN"), files=name in FILES
    )


def completions(program: Command, lessons: Sequence[str]) -> Mapping[str, str]:
    """The three files by the name of their shell."""
    writers: Mapping[str, Callable[[Command, Sequence[str]], Iterator[str]]]
    writers = {"bash": _bash, "zsh": _zsh, "fish": _fish}
    return {shell: "\n".join(write(program, lessons)) + "\n" for shell, write in writers.items()}


def _quoted(text: str) -> str:
    """A text in single quotes, as bash and zsh read it."""
    return "'" + text.replace("'", r"'\''") + "'"


# ── bash


def _bash(program: Command, lessons: Sequence[str]) -> Iterator[str]:
    yield "# Completion of fmstudio for bash; made from the program's own help."
    yield f'_fmstudio_runs() {{ local folder={RUNS}; [[ -d $folder ]] && command ls -1 -- "$folder"; }}'
    yield "_fmstudio() {"
    yield "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} at= word skip= i"
    yield "    local options= words= files="
    yield '    [[ $current == "=" ]] && current= || { [[ $previous == "=" ]] && previous=${COMP_WORDS[COMP_CWORD-2]}; }'
    yield "    for ((i = 1; i < COMP_CWORD; i++)); do"
    yield "        word=${COMP_WORDS[i]}"
    yield '        if [[ -n $skip ]]; then [[ $word == "=" ]] || skip=; continue; fi'
    yield '        case "$at/$word" in'
    for command in walk(program):
        takes = [name for one in command.options if one.metavar for name in one.names]
        at = " ".join(command.path)
        yield from (f"            {_quoted(f'{at}/{name}')}) skip=1 ;;" for name in takes)
        yield from (f"            {_quoted(f'{at}/{one.path[-1]}')}) at={_quoted(' '.join(one.path))} ;;"
                    for one in command.commands)  # fmt: skip
    yield from ("        esac", "    done", '    case "$at/$previous" in')
    for command in walk(program):
        for option in command.options:
            if option.metavar:
                case = "|".join(_quoted(f"{' '.join(command.path)}/{name}") for name in option.names)
                yield f"        {case}) {_bash_values(values_of(option, lessons))} ;;"
    yield from ("        *)", "            case $at in")
    for command in walk(program):
        yield f"                {_quoted(' '.join(command.path))})"
        yield f"                    options={_quoted(' '.join(name for one in command.options for name in one.names))}"
        yield f"                    {_bash_arguments(command, lessons)} ;;"
    yield from ("            esac ;;", "    esac", "    [[ $current == -* ]] && words=$options files=")
    yield "    local IFS=$'\\n'"
    yield '    COMPREPLY=($(compgen -W "${words// /$IFS}" -- "$current"))'
    yield '    [[ -z $files ]] || { compopt -o filenames; COMPREPLY+=($(compgen -A "$files" -- "$current")); }'
    yield from ("}", "complete -F _fmstudio fmstudio")


def _bash_values(values: Values) -> str:
    words = " ".join(values.words)
    runs = "words=$(_fmstudio_runs)" if values.runs else f"words={_quoted(words)}"
    return f"{runs} files={'file' if values.files else 'directory' if values.folders else ''}"


def _bash_arguments(command: Command, lessons: Sequence[str]) -> str:
    if command.commands:
        return f"words={_quoted(' '.join(one.path[-1] for one in command.commands))}"
    return _bash_values(values_of(command.arguments[-1], lessons)) if command.arguments else ":"


# ── zsh


def _zsh(program: Command, lessons: Sequence[str]) -> Iterator[str]:
    yield "#compdef fmstudio"
    yield "# Completion of fmstudio for zsh; made from the program's own help."
    yield f"__fmstudio_runs() {{ local -a found; found=({RUNS}/*(N/:t)); compadd -a found; _files -/ }}"
    yield f"__fmstudio_recipes() {{ compadd {' '.join(lessons)}; _files }}"
    for command in walk(program):
        yield f"{_zsh_name(command)}() {{"
        if command.commands:
            yield "    local state line"
        yield "    local ret=1"
        yield "    _arguments -C -s \\"
        yield from (f"        {line} \\" for line in _zsh_rows(command, lessons))
        yield "        && ret=0"
        if command.commands:
            yield from _zsh_commands(command)
        yield from ("    return ret", "}")
    yield '_fmstudio "$@"'


def _zsh_name(command: Command) -> str:
    return "_".join(("_fmstudio", *command.path)).replace("-", "_")


def _zsh_rows(command: Command, lessons: Sequence[str]) -> Iterator[str]:
    for option in command.options:
        value = f":{option.metavar.lower()}:{_zsh_values(values_of(option, lessons))}" if option.metavar else ""
        for name in option.names:
            again = "*" if option.repeatable else ""
            yield _quoted(f"{again}{name}[{_zsh_text(option.help)}]{value.replace('|', ' ')}")
    for argument in command.arguments:
        rest = "*" if argument.repeatable else ""
        yield _quoted(f"{rest}:{_zsh_text(argument.metavar.lower())}:{_zsh_values(values_of(argument, lessons))}")
    if command.commands:
        yield from (_quoted("1: :->command"), _quoted("*:: :->rest"))


def _zsh_commands(command: Command) -> Iterator[str]:
    yield "    case $state in"
    yield "        command)"
    yield "            local -a commands=("
    for one in command.commands:
        yield f"                {_quoted(f'{one.path[-1]}:{_zsh_text(one.help)}')}"
    yield from (
        "            )",
        "            _describe command commands ;;",
        "        rest)",
        "            case $line[1] in",
    )
    yield from (f"                {one.path[-1]}) {_zsh_name(one)} ;;" for one in command.commands)
    yield from ("            esac ;;", "    esac")


def _zsh_text(text: str) -> str:
    return re.sub(r"([\[\]:\\])", r"\\\1", text)


def _zsh_values(values: Values) -> str:
    if values.runs:
        return "__fmstudio_runs"
    if values.words and values.files:
        return "__fmstudio_recipes"
    if values.words:
        return f"({' '.join(values.words)})"
    return "_files" if values.files else "_files -/" if values.folders else " "


# ── fish


def _fish(program: Command, lessons: Sequence[str]) -> Iterator[str]:
    yield "# Completion of fmstudio for fish; made from the program's own help."
    yield from ("function __fmstudio_runs", f"    set -l folder (sh -c 'echo {RUNS}')")
    yield from ("    test -d $folder; and command ls -1 $folder", "end")
    yield from ("function __fmstudio_at", "    set -l path", "    for word in (commandline -opc)[2..-1]")
    yield '        switch "$path/$word"'
    known = (_quoted(f"{' '.join(one.path[:-1])}/{one.path[-1]}") for one in walk(program) if one.path)
    yield f"            case {' '.join(known)}"
    yield from ("                set -a path $word", "        end", "    end", '    test "$path" = "$argv"', "end")
    for command in walk(program):
        yield from _fish_command(command, lessons)


def _fish_command(command: Command, lessons: Sequence[str]) -> Iterator[str]:
    here = f"complete -c fmstudio -n {_quoted(' '.join(('__fmstudio_at', *command.path)))}"
    for one in command.commands:
        yield f"{here} -f -a {one.path[-1]} -d {_fish_text(one.help)}"
    for option in command.options:
        value = f" -r{_fish_values(values_of(option, lessons))}" if option.metavar else ""
        yield from (f"{here} -l {name[2:]}{value} -d {_fish_text(option.help)}" for name in option.names)
    for argument in command.arguments[-1:]:
        yield f"{here}{_fish_values(values_of(argument, lessons))}"


def _fish_text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _fish_values(values: Values) -> str:
    folders = " (__fish_complete_directories)" if values.folders else ""
    words = "(__fmstudio_runs)" if values.runs else " ".join(values.words)
    offered = f" -a {_quoted((words + folders).strip())}" if words or folders else ""
    return f"{' -F' if values.files else ' -f'}{offered}"
