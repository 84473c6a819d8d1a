"""Reads the pages of docs/configuration: their sections of keys, tables and code blocks.

A section is a heading such as "### `<training>`" and the first block marked `yml` below it, in the manner
of Prometheus' own documentation:

    # What it means. From 1 to 10. Example: 3
    [ times: <int> | default = 2 ]

Brackets say that the key may be left out. "Instead of `other`" says that it does not go with another, "Only with
`other`" that it means nothing without that one, wherever it stands.
"""

import collections
import os
import re

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# The pages, and which of them describes which file, by the name of the file's root section.
PAGES = ("exporter", "webhook", "operations")
PAGE_OF_ROOT = {"exporter": "exporter", "healing": "webhook", "web_config": "operations"}
# A section that exporter.yml and healing.yml share: it stands on the page "operations", with all below it.
SHARED = "prometheus"

Key = collections.namedtuple("Key", "name type required default comment example instead_of only_with")
Block = collections.namedtuple("Block", "language text heading")

HEADING = re.compile(r"^#{1,6} (.*)$")
KEY = re.compile(r"([\w-]+): (.+?)(?: \| default = (.+))?")
PLACEHOLDER = re.compile(r"<(\w+)>")
# Names that stand for a single text or number and not for a section.
SCALARS = {"boolean", "duration", "int", "float", "string", "secret", "url", "filename", "labelname",
           "promql", "template", "pattern", "bcrypt_hash"}


def text(page):
    with open(os.path.join(REPOSITORY, "docs", "configuration", page + ".md"), encoding="utf-8") as file:
        return file.read()


def blocks(page):
    """Every code block of the page, with the heading that it stands below."""
    found, heading, language, lines = [], "", None, []
    for line in text(page).splitlines():
        fence = re.match(r"^```(\w*)$", line)
        if fence and language is None:
            language, lines = fence.group(1), []
        elif fence:
            found.append(Block(language, "\n".join(lines) + "\n", heading))
            language = None
        elif language is not None:
            lines.append(line)
        elif HEADING.match(line):
            heading = HEADING.match(line).group(1)
    return found


def files(name):
    """The blocks of all pages that are whole files: their first line is the file's name as a comment."""
    return [block.text for page in PAGES for block in blocks(page) if block.text.startswith("# %s\n" % name)]


def sections_on(page):
    """{name of a section of the page: its keys}."""
    found = {}
    for block in blocks(page):
        name = re.fullmatch(r"`<(\w+)>`", block.heading)
        if name and block.language == "yml":
            assert name.group(1) not in found, "two sections %s" % name.group(1)
            found[name.group(1)] = parse_keys(block.text)
    return found


def reached(sections, name):
    """The names of the section and of all below it."""
    names, open_names = set(), [name]
    while open_names:
        name = open_names.pop()
        if name not in names:
            names.add(name)
            open_names += [inner for key in sections[name] if (inner := section_of(key))]
    return names


def sections(root):
    """{name: keys} of all sections that a file may have: those of its page, and what files share."""
    found = sections_on(PAGE_OF_ROOT[root])
    if PAGE_OF_ROOT[root] != "operations":
        operations = sections_on("operations")
        shared = reached(operations, SHARED)
        assert not shared & set(found), "described on two pages: %s" % (shared & set(found))
        found.update((name, operations[name]) for name in shared)
    return found


def parse_keys(block):
    keys, comment = [], []
    for line in block.splitlines():
        if line.startswith("#"):
            comment.append(line.lstrip("# "))
        elif line:
            keys.append(parse_key(line, " ".join(comment)))
            comment = []
    return keys


def parse_key(line, comment):
    optional = line.startswith("[ ") and line.endswith(" ]")
    match = KEY.fullmatch(line[2:-2] if optional else line)
    assert match, "not a key: %s" % line
    example = re.search(r"Example: (.*)$", comment)
    instead = re.search(r"Instead of `(\w+)`", comment)
    only = re.search(r"Only with `(\w+)`", comment)
    return Key(match.group(1), match.group(2), not optional, match.group(3), comment,
               example and example.group(1), instead and instead.group(1), only and only.group(1))


def section_of(key):
    """The name of the section that describes what is below the key, or None."""
    last = PLACEHOLDER.findall(key.type)[-1]
    return None if last in SCALARS else last


def tables(page, heading):
    """The rows of every table of the page between this heading and the next one: lists of cells."""
    part = re.search(r"^#{1,6} %s\n(.*?)(?=^#{1,6} |\Z)" % re.escape(heading), text(page), re.MULTILINE | re.DOTALL)
    assert part, "no heading '%s' on the page %s" % (heading, page)
    found = []
    for table in re.findall(r"(?:^\|.*\n)+", part.group(1) + "\n", re.MULTILINE):
        rows = table.splitlines()[2:]  # Below the head and its line.
        found.append([[cell.strip() for cell in row.strip("|").split("|")] for row in rows])
    return found


def unquoted(cell):
    """The texts between backticks of a cell."""
    return re.findall(r"`([^`]+)`", cell)
