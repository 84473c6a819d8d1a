"""Reads the pages of docs/configuration: their sections of keys, tables and code blocks.

A section is a heading such as "### `<training>`" with a table of keys below it:

    | Key | Type | Default | Meaning |
    |---|---|---|---|
    | `times` | `<int>` from 1 to 10 | `2` | How many good answers in a row mean recovered. |

A required key has "required" as its default. "Instead of `other`" means that a key excludes another, "Only with
`other`" that it has no effect without another key, in whichever section that is. Of two keys with "One of `a` and
`b` is required", a section needs one. A table may have a column "Operations": the key exists only with these values
of `operation`, in this section or its parent section.

Examples are the blocks marked `yaml` below the table: a whole file, or the section below the key that holds it.
"""

import collections
import functools
import os
import re

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# The pages, and which of them describes which file, by the name of the file's root section.
PAGES = ("exporter", "webhook", "operations")
PAGE_OF_ROOT = {"exporter": "exporter", "healing": "webhook", "web_config": "operations"}
# A section that exporter.yml and healing.yml share: the page "operations" describes it and all sections below it.
SHARED = "prometheus"

Key = collections.namedtuple("Key", "name type required default comment example instead_of only_with one_of operations")
Block = collections.namedtuple("Block", "language text heading")

HEADING = re.compile(r"^#{1,6} (.*)$")
SECTION = re.compile(r"`<(\w+)>`")
PLACEHOLDER = re.compile(r"<(\w+)>")
# Such as "list of [`<feature>`](#feature)" or "map of `<string>` to `<pattern>`"; a range may follow.
TYPE = re.compile(r"(?:(?:list of |maps? of |to )*\[?`<\w+>`\]?(?:\([^)]*\))?\s*)+")
# Names of single texts or numbers, not of sections.
SCALARS = {"boolean", "duration", "int", "float", "string", "secret", "url", "filename", "labelname",
           "promql", "template", "pattern", "bcrypt_hash"}


@functools.lru_cache(maxsize=None)
def text(page):
    with open(os.path.join(REPOSITORY, "docs", "configuration", page + ".md"), encoding="utf-8") as file:
        return file.read()


@functools.lru_cache(maxsize=None)
def blocks(page):
    """Every code block of the page, with the heading above it."""
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


@functools.lru_cache(maxsize=None)
def sections_on(page):
    """{name of a section of the page: its keys}."""
    found = {}
    names = SECTION.findall("\n".join(re.findall(r"^#{1,6} `<\w+>`$", text(page), re.MULTILINE)))
    for name in names:
        assert name not in found, "two sections %s" % name
        # The table of keys, not that of operations.
        (rows,) = [rows for head, rows in all_tables(page, "`<%s>`" % name) if head[0] == "Key"]
        examples = {}
        for block in examples_of(page, name):
            for key, value in values_in(block).items():
                examples.setdefault(key, value)
        found[name] = [parse_key(row, examples) for row in rows]
    return found


def reached(sections, name):
    """The names of the section and of all sections below it."""
    names, open_names = set(), [name]
    while open_names:
        name = open_names.pop()
        if name not in names:
            names.add(name)
            open_names += [inner for key in sections[name] if (inner := section_of(key))]
    return names


def sections(root):
    """{name: keys} of all sections that a file may have: those of its page, and shared sections."""
    found = dict(sections_on(PAGE_OF_ROOT[root]))
    if PAGE_OF_ROOT[root] == "operations":
        return {name: found[name] for name in reached(found, root)}
    operations = sections_on("operations")
    shared = reached(operations, SHARED)
    assert not shared & set(found), "described on two pages: %s" % (shared & set(found))
    found.update((name, operations[name]) for name in shared)
    return found


def parse_key(row, examples):
    name, type_, default, *operations, meaning = row
    (name,) = unquoted(name)
    kind = TYPE.match(type_)
    assert kind, "no type of %s: %s" % (name, type_)
    comment = "%s %s" % (type_[kind.end():], meaning)
    plain_type = re.sub(r"\]\([^)]*\)|[`\[]", "", kind.group()).strip()
    required = default == "required"
    assert required or default == "" or default.startswith("`"), "no default of %s: %s" % (name, default)
    instead = re.search(r"Instead of `(\w+)`", comment)
    only = re.search(r"Only with `(\w+)`", comment)
    return Key(name, plain_type, required, None if required or not default else unquoted(default)[0],
               comment.replace("`", ""), examples.get(name), instead and instead.group(1), only and only.group(1),
               bool(re.search(r"One of `\w+` and `\w+` is required", comment)),
               set(unquoted(operations[0])) if operations and operations[0] != "all" else None)


def examples_of(page, section):
    """The example blocks of the section, as texts."""
    return [block.text for block in blocks(page) if block.heading == "`<%s>`" % section and block.language == "yaml"]


def body_of(block):
    """The lines of the section itself without indentation: of a whole file, or below the keys that hold the section.
    An entry of a list begins without "- "."""
    lines = [line for line in block.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not block.startswith("#"):
        while re.fullmatch(r"\s*[\w-]+:", lines[0]):
            lines.pop(0)
    lines[0] = lines[0].replace("- ", "  ", 1) if lines[0].lstrip().startswith("- ") else lines[0]
    indent = len(lines[0]) - len(lines[0].lstrip())
    assert all(not line[:indent].strip() for line in lines), "more than one entry in the example:\n" + block
    return [line[indent:] for line in lines]


def values_in(block):
    """{key: value} of the section's own keys that have a value on the same line."""
    found = [re.fullmatch(r"([\w-]+): (.+)", line) for line in body_of(block)]
    return {match.group(1): match.group(2) for match in found if match}


def section_of(key):
    """The name of the section that describes the keys below this key, or None."""
    last = PLACEHOLDER.findall(key.type)[-1]
    return None if last in SCALARS else last


def all_tables(page, heading):
    """(head, rows) of every table of the page between this heading and the next; rows are lists of cells."""
    part = re.search(r"^#{1,6} %s\n(.*?)(?=^#{1,6} |\Z)" % re.escape(heading), text(page), re.MULTILINE | re.DOTALL)
    assert part, "no heading '%s' on the page %s" % (heading, page)
    found = []
    for table in re.findall(r"(?:^\|.*\n)+", part.group(1) + "\n", re.MULTILINE):
        rows = [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
                for row in table.splitlines()]
        found.append((rows[0], rows[2:]))
    return found


def tables(page, heading):
    """The rows of the tables below a heading."""
    return [rows for _, rows in all_tables(page, heading)]


def unquoted(cell):
    """The texts between backticks in a cell."""
    return re.findall(r"`([^`]+)`", cell)
