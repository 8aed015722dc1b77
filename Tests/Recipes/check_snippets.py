"""Checks that code shown in a document is part of patches: check_snippets.py DOCUMENT PATCH…

Each block of Swift has to stand, line by line, among the lines that one of the patches adds, however
far it is set in.
"""

import re
import sys

document, *patches = sys.argv[1:]
with open(document, encoding="utf-8") as file:
    blocks = re.findall(r"```swift\n(.*?)\s*```", file.read(), re.DOTALL)


def lines(text):
    return [line.strip() for line in text.splitlines()]


added = []
for path in patches:
    with open(path, encoding="utf-8") as file:
        patch = [line for line in file.read().splitlines() if re.match(r"\+(?!\+\+ )", line)]
    added.append("\n".join(lines("\n".join(line[1:] for line in patch))))

strange = [block for block in blocks if not any("\n".join(lines(block)) in text for text in added)]
if not blocks:
    print(f"{document} shows no code")
for block in strange:
    print(f"{document} shows what no patch adds:\n{block}")
sys.exit(1 if strange or not blocks else 0)
