#!/usr/bin/env python3
"""Writes man pages from the program's own description of its commands: manual.py PROGRAM FOLDER.

One page a command, mechanics.1 and mechanics-run.1 and so on, in the language of man(7).
"""

import json
import pathlib
import subprocess
import sys


def escaped(text):
    """Text in which nothing is a request, an escape or a typographic dash."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return "\n".join("\\&" + line if line.startswith(".") else line for line in text.split("\n"))


def words(argument):
    """How an option is written: `-j, --jobs <jobs>`."""
    names = sorted(argument.get("names", []), key=lambda name: len(name["name"]))
    dashed = [("--" if name["kind"] == "long" else "-") + name["name"] for name in names]
    value = argument.get("valueName", "value")
    if argument["kind"] == "positional":
        return f"<{value}>"
    return ", ".join(dashed) + (f" <{value}>" if argument["kind"] == "option" else "")


def synopsis(path, command):
    parts = []
    for argument in command.get("arguments", []):
        if not argument.get("shouldDisplay", True):
            continue
        text = words(argument).split(", ")[-1] + (" ..." if argument.get("isRepeating") else "")
        parts.append(f"[{text}]" if argument.get("isOptional") else text)
    if command.get("subcommands"):
        parts.append("<subcommand>")
    return " ".join([path, *parts])


def meaning(argument):
    text = argument.get("abstract", "")
    values = argument.get("allValues") or argument.get("allValueStrings")
    if values:
        text += f" (values: {', '.join(values)})"
    if argument.get("defaultValue"):
        text += f" (default: {argument['defaultValue']})"
    return text


def page(path, command, version):
    """The page of a command; examples in its discussion are indented and stay as they are."""
    lines = [f'.TH "{path.replace(" ", "-").upper()}" 1 "" "mechanics {version}" "Mechanics"', ".nh"]
    lines += [".SH NAME", escaped(path.replace(" ", "-")) + " \\- " + escaped(command.get("abstract", ""))]
    lines += [".SH SYNOPSIS", ".B " + escaped(synopsis(path, command))]
    if command.get("discussion"):
        lines.append(".SH DESCRIPTION")
        verbatim = False
        for line in command["discussion"].split("\n"):
            if bool(line.startswith("  ")) != verbatim and line:
                verbatim = not verbatim
                lines.append(".EX" if verbatim else ".EE")
            lines.append(escaped(line) if line else ".PP" if not verbatim else "")
        if verbatim:
            lines.append(".EE")
    shown = [one for one in command.get("arguments", []) if one.get("shouldDisplay", True)]
    if shown:
        lines.append(".SH OPTIONS")
        for argument in shown:
            lines += [".TP", ".B " + escaped(words(argument)), escaped(meaning(argument)) or "\\&"]
    below = [one for one in command.get("subcommands", []) if one.get("shouldDisplay", True)]
    below = [one for one in below if one["commandName"] != "help"]
    if below:
        lines.append(".SH COMMANDS")
        for one in below:
            name = f"{path} {one['commandName']}"
            lines += [".TP", f".BR {escaped(name.replace(' ', '-'))} (1)", escaped(one.get("abstract", ""))]
    return "\n".join(lines) + "\n"


def pages(path, command, version):
    yield path.replace(" ", "-"), page(path, command, version)
    for one in command.get("subcommands", []):
        if one["commandName"] != "help" and one.get("shouldDisplay", True):
            yield from pages(f"{path} {one['commandName']}", one, version)


program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
description = json.loads(subprocess.check_output([program, "--experimental-dump-help"]))
version = subprocess.check_output([program, "--version"], text=True).strip()
folder.mkdir(parents=True, exist_ok=True)
command = description["command"]
for name, text in pages(command["commandName"], command, version):
    (folder / f"{name}.1").write_text(text, encoding="utf-8")
