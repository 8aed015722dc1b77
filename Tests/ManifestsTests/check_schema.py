#!/usr/bin/env python3
"""Checks that the JSON Schema agrees with the program.

    check_schema.py SCHEMA.json FOLDER

FOLDER/accepted/*.json are documents that the program accepts (as `mechanics show --raw` prints
them); the schema must accept each. FOLDER/rejected/*.json have errors of name, type, enumeration
or range; the schema must reject each. Needs the package `jsonschema`.
"""

import json
import pathlib
import sys

import jsonschema


def main(schema_file: str, folder: str) -> int:
    schema = json.loads(pathlib.Path(schema_file).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    wrong = []
    count = 0
    for verdict in ("accepted", "rejected"):
        for file in sorted(pathlib.Path(folder, verdict).glob("*.json")):
            count += 1
            errors = list(validator.iter_errors(json.loads(file.read_text(encoding="utf-8"))))
            if verdict == "accepted" and errors:
                wrong.append(f"{file.name}: accepted by the program, but: {errors[0].message}")
            if verdict == "rejected" and not errors:
                wrong.append(f"{file.name}: rejected by the program, accepted by the schema")
    for line in wrong:
        print(line)
    print(f"{count} documents, {len(wrong)} disagreements")
    return 1 if wrong or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
