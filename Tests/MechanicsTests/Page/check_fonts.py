"""Checks that figures need no font of the machine: check_fonts.py FOLDER

All text of an SVG is set by Chromium in the font that the file itself holds; the same file without
its font is not, so the check can fail. The PDF beside it holds the fonts that it names.
"""

import glob
import re
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

faults = []


def used(page, svg):
    """How many glyphs of the text Chromium takes from fonts of the document, and from the machine's."""
    page.set_content(svg)
    page.evaluate("document.fonts.ready.then(() => document.fonts.size)")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "svg text"})
    own = others = 0
    for node in nodes["nodeIds"]:
        for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]:
            if font["isCustomFont"]:
                own += font["glyphCount"]
            else:
                others += font["glyphCount"]
    session.detach()
    return own, others


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium"),
        args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    )
    page = browser.new_page()
    paths = sorted(glob.glob(sys.argv[1] + "/*.svg"))
    if not paths:
        faults.append("there is no figure")
    for path in paths:
        with open(path, encoding="utf-8") as file:
            svg = file.read()
        own, others = used(page, svg)
        if not own or others:
            faults.append(f"{path}: {own} glyphs of its own font, {others} of the machine's")
        bare = re.sub("<style>.*?</style>", "", svg)
        if used(page, bare)[0]:
            faults.append(f"{path}: without its font it is set in it all the same")
        pdf = path.removesuffix(".svg") + ".pdf"
        listed = subprocess.run(["pdffonts", pdf], capture_output=True, text=True, check=True)
        fonts = [line.split() for line in listed.stdout.splitlines()[2:]]
        # The columns from the end: embedded, subset, unicode, object's two numbers.
        if not fonts or any(font[-5] != "yes" for font in fonts):
            faults.append(f"{pdf}: fonts are missing: {listed.stdout}")
    browser.close()

for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)
