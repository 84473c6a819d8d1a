"""Reads docs/api.md: its endpoints, their parameters, status codes and examples, and the objects of their answers.

Below a heading such as "### `GET /api/v1/control`" stand tables that their first column names (Parameter, Status,
Field) and examples: blocks marked `console`, a command and what it prints. A heading without backticks below
"## Objects" describes an object; "[pause](#pause)" as a type leads there.
"""

import json
import os
import re
import shlex

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PATH = os.path.join(REPOSITORY, "docs", "api.md")
COLUMNS = 110  # The examples are wrapped to so many.

# What may stand in a cell "Type", and how such a value is told.
SCALARS = {
    "string": lambda value: isinstance(value, str),
    "time": lambda value: isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", value),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "labels": lambda value: isinstance(value, dict) and all(isinstance(text, str) for text in value.values()),
    "list of strings": lambda value: isinstance(value, list) and all(isinstance(text, str) for text in value),
}


def read():
    with open(PATH, encoding="utf-8") as file:
        return file.read()


def sections():
    """{heading: its text up to the next heading of any level}."""
    parts = re.split(r"^#{2,4} (.*)\n", read(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def rows(text, first_column):
    """The rows of all tables whose first column has this name: lists of cells."""
    found = []
    for table in re.findall(r"(?:^\|.*\n)+", text + "\n", re.MULTILINE):
        lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
        if lines[0][0] == first_column:
            found += lines[2:]
    return found


def names(text, first_column):
    """{what stands between backticks in the first column: the other cells}."""
    return {row[0].strip("`"): row[1:] for row in rows(text, first_column)}


def anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def endpoints():
    """{"GET /api/v1/control": the text below its heading}; that of orders is added to each of them."""
    every = sections()
    found = {}
    for heading, text in every.items():
        if re.fullmatch(r"`(GET|POST) /.*`", heading):
            is_order = "reason" in names(text, "Parameter")
            found[heading.strip("`")] = text + (every["Orders"] if is_order else "")
    return found


def objects():
    """{anchor: {field: (type, whether it is always there, values or None)}}, those of endpoints, too."""
    found = {}
    for heading, text in sections().items():
        fields = {}
        for name, (kind, present, meaning) in names(text, "Field").items():
            values = re.match(r"One of: ([^.]*)\.", meaning)
            fields[name] = (kind, present == "always", values and re.findall(r"`(\w+)`", values.group(1)))
        if fields:
            found[anchor(heading)] = fields
    return found


def events():
    """{kind: (names of fields that are always there, names of those that may be)}."""
    return {kind: tuple(re.findall(r"`(\w+)`", cell) for cell in cells[:2])
            for kind, cells in names(sections()["Event"], "Kind").items()}


class Example:
    """One command of the document, and what it prints."""

    def __init__(self, block):
        command, printed = [], block.splitlines()
        while printed and (not command or shlex_open(command)):
            command.append(printed.pop(0))
        self.block, self.command, self.printed = block, "\n".join(command), "\n".join(printed)
        words = shlex.split(self.command.lstrip("$ ").replace("\n", " "))
        self.words, self.grep = words, None
        if "|" in words:
            pipe = words.index("|")
            assert words[pipe + 1] == "grep", self.command
            self.words, self.grep = words[:pipe], words[pipe + 2]

    def request(self):
        """(port, path with query, body or None)."""
        body = None
        url = next(word for word in self.words if word.startswith("http://"))
        if "-d" in self.words:
            body = self.words[self.words.index("-d") + 1].encode()
        elif "POST" in self.words:
            body = b""
        port, path = re.fullmatch(r"http://localhost:(\d+)(/.*)", url).groups()
        return int(port), path, body

    def shown(self, answer):
        """The answer as the document shows it."""
        if self.grep:
            return "\n".join(line for line in answer.splitlines() if re.search(self.grep, line))
        return wrapped(json.loads(answer)) if answer.startswith("{") else answer.rstrip("\n")


def shlex_open(lines):
    """Whether a quote of the command is still open."""
    try:
        shlex.split("\n".join(lines).lstrip("$ "))
        return False
    except ValueError:
        return True


def examples(text):
    return [Example(block) for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)]


def wrapped(value):
    """JSON in few lines: what fits stands in one, and short neighbours share one."""
    return "\n".join(lines_of(value, COLUMNS))


def lines_of(value, room):
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) <= room or not isinstance(value, (dict, list)):
        return [flat]
    lines, brackets = [], "{}" if isinstance(value, dict) else "[]"
    items = value.items() if isinstance(value, dict) else (("", item) for item in value)
    for number, (name, item) in enumerate(items, start=1):
        part = lines_of(item, room - 3 - (len(name) + 4 if name else 0))
        if len(part) > 1:
            part = lines_of(item, room - 3)
        part[0] = (json.dumps(name) + ": " if name else "") + part[0]
        part[-1] += "," if number < len(value) else ""
        if lines and len(part) == 1 and lines[-1][0] != " " and lines[-1][-2:] not in ("},", "],") and len(
                lines[-1]) + len(part[0]) < room - 2:
            lines[-1] += " " + part[0]
        else:
            lines += part
    return [brackets[0]] + ["  " + line for line in lines] + [brackets[1]]
