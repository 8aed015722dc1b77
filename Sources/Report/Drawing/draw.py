"""Draws figures, a task a line of the input: a Vega-Lite specification as SVG and PDF, or what
another program has drawn as SVG.

An SVG holds the glyphs of its text, as a font in a data URI, and ends with the mark of its task.
"""

import base64
import io
import json
import mmap
import os
import re
import struct
import sys
from xml.etree import ElementTree

import vl_convert
from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Liberation Sans"
# Neither hints nor names; FFTM holds times of an editor.
OPTIONS = subset.Options(hinting=False, name_IDs=[], notdef_outline=True)
OPTIONS.drop_tables.append("FFTM")
# What some releases of the font lack, so that no other font of the machine is taken for it.
PLAIN = str.maketrans({"‖": "||", "\u0304": "ˉ"})
TEXT = re.compile(r'(<text [^>]*font-size="([\d.]+)px"[^>]*>)([^<]*)(?=</text>)')
NUMBERED = re.compile(r'(?<=["#])(clip|gradient_)(\d+)(?=[")])')
SUBSCRIPT = re.compile(r"(?<=[A-ZΑ-Ωα-ωˉ])_(\w+)")


def fonts(data):
    """The TrueType fonts that stand as they are in data: what their directory of tables spans."""
    for match in re.finditer(rb"\x00\x01\x00\x00\x00[\x04-\x40]", data):
        start = match.start()
        (count,) = struct.unpack_from(">H", data, start + 4)
        if start + 12 + 16 * count > len(data):
            continue
        tables = [struct.unpack_from(">4s4xII", data, start + 12 + 16 * i) for i in range(count)]
        names = [name for name, _, _ in tables]
        if names == sorted(set(names)) and {b"cmap", b"glyf", b"name"} <= set(names):
            yield data[start : start + max(offset + length for _, offset, length in tables)]


def font():
    """The font that vl-convert measures and draws text with, which its library brings along."""
    with open(vl_convert.vl_convert.__file__, "rb") as file:
        library = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    for found in fonts(library):
        if TTFont(io.BytesIO(found), lazy=True)["name"].getDebugName(4) == FAMILY:
            return found
    sys.exit(f"vl-convert {vl_convert.__version__} brings no {FAMILY}")


def typeset(svg):
    """An SVG in which what follows _ in a formula, as in W_svm, is set below the line."""

    def lowered(match):
        start, size, text = match[1], float(match[2]), match[3]
        parts = SUBSCRIPT.split(text)
        for i in range(1, len(parts), 2):
            below = '<tspan dy="%g" font-size="%gpx">%s</tspan>' % (size / 4, size * 0.75, parts[i])
            after = parts[i + 1] and '<tspan dy="%g">%s</tspan>' % (-size / 4, parts[i + 1])
            parts[i : i + 2] = [below, after]
        return start + "".join(parts)

    return TEXT.sub(lowered, svg)


def renumbered(svg):
    """An SVG whose clips and gradients count from 1: vl-convert counts on from drawing to drawing."""
    numbers = {}
    return NUMBERED.sub(
        lambda match: match[1] + str(numbers.setdefault(match[0], len(numbers) + 1)), svg)


def embedded(svg, source):
    """An SVG with the glyphs of its text; what the font lacks, the reader's machine has to have."""
    texts = [node for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("}text")]
    characters = {character for node in texts for character in "".join(node.itertext())}
    if not characters:
        return svg
    glyphs = TTFont(io.BytesIO(source), recalcTimestamp=False)
    subsetter = subset.Subsetter(OPTIONS)
    subsetter.populate(text="".join(sorted(characters)))
    subsetter.subset(glyphs)
    glyphs.flavor = "woff2"
    file = io.BytesIO()
    glyphs.save(file)
    style = '<style>@font-face{font-family:"%s";src:url(data:font/woff2;base64,%s)}</style>' % (
        FAMILY, base64.b64encode(file.getvalue()).decode())
    end = svg.index(">", svg.index("<svg")) + 1
    return svg[:end] + style + svg[end:]


def put(path, data):
    with open(path + ".tmp", "wb") as file:
        file.write(data)
    os.replace(path + ".tmp", path)


source = font()
for line in sys.stdin:
    task = json.loads(line)
    stem = task["stem"]
    if "specification" in task:
        with open(task["specification"], encoding="utf-8") as file:
            specification = file.read().translate(PLAIN)
        svg = renumbered(typeset(vl_convert.vegalite_to_svg(specification)))
        put(stem + ".pdf", vl_convert.svg_to_pdf(svg))
    else:
        svg = task["svg"]
    put(stem + ".svg", (embedded(svg, source) + task["mark"]).encode())
