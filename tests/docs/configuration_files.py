"""Writes configuration files from the keys that docs/configuration describes."""

import configuration_document as document

# Names for maps whose keys the user chooses.
NAMES = {"actions": "restart", "http_headers": "X-Scope-OrgID"}


class Writer:
    """Writes a file, given the name of its root section. `value` decides how a key is written:

    value(path, key) -> the text of its value; None: leave it out; BELOW: write the section below it.
    `extra(path)` -> lines to add to the section. `verbatim` = {section: the lines to write for it}.
    `operations` = {section: the operation to write, instead of that of the first example}.
    Afterwards `place[line number]` is (path, key), and `written` the set of written sections.
    """

    BELOW = object()

    def __init__(self, value, extra=lambda path: [], verbatim=None, operations=None):
        self.sections = {}
        self.value = value
        self.extra = extra
        self.verbatim = verbatim or {}
        self.operations = operations or {}
        self.place = {}
        self.written = set()

    def write(self, root):
        self.sections = document.sections(root)
        lines = self.section((), root, None)
        for number, (_, origin) in enumerate(lines, start=1):
            if origin:
                self.place[number] = origin
        return "".join(line + "\n" for line, _ in lines) or "{}\n"

    def section(self, path, section, operation):
        """`operation` is that of the parent section."""
        self.written.add(section)
        if section in self.verbatim:
            return [(line, None) for line in self.verbatim[section]]
        operation = self.operation_of(section) or operation
        lines = [(line, None) for line in self.extra(path)]
        for key in self.sections[section]:
            if key.operations is not None and operation not in key.operations:
                continue
            value = self.value(path, key)
            if key.name == "operation" and value == key.example:
                value = operation
            if value is self.BELOW:
                lines += self.below(path, key, operation)
            elif value is not None:
                lines.append(("%s: %s" % (key.name, value), (path, key)))
        return lines

    def operation_of(self, section):
        chosen = [key.example for key in self.sections[section] if key.name == "operation"]
        return self.operations.get(section, chosen[0]) if chosen else None

    def below(self, path, key, operation):
        inner = self.section(path + (key.name,), document.section_of(key), operation)
        head = [("%s:" % key.name, None)]
        if key.type.startswith("list"):
            return head + self.item(inner)
        if key.type.startswith("map"):
            name = NAMES[key.name]
            return head + self.indented([("%s:" % name, None)] + self.indented(inner) if inner
                                        else [("%s: {}" % name, None)])
        return head + self.indented(inner) if inner else [("%s: {}" % key.name, None)]

    @staticmethod
    def indented(lines):
        return [("  " + line, origin) for line, origin in lines]

    @classmethod
    def item(cls, lines):
        if not lines:
            return [("  - {}", None)]
        (first, origin), rest = lines[0], lines[1:]
        return [("  - " + first, origin)] + cls.indented(cls.indented(rest))


def all_sections():
    return [keys for page in document.PAGES for keys in document.sections_on(page).values()]


def example(path, key):
    """Every key with its example, except keys that are alternatives to others and keys that need an alternative."""
    instead = {other.name for keys in all_sections() for other in keys if other.instead_of}
    if key.instead_of or key.only_with in instead:
        return None
    return Writer.BELOW if document.section_of(key) else key.example


def alternatives():
    """The reverse of `example`: one `value` function for each alternative to the same key."""
    instead = {}
    for keys in all_sections():
        for key in keys:
            if key.instead_of:
                instead.setdefault(key.instead_of, []).append(key.name)

    def choice(number):
        def chosen(name):
            return any(names[min(number, len(names) - 1)] == name for names in instead.values())

        def value(path, key):
            if key.name in instead or (key.instead_of and not chosen(key.name)) or (
                    key.only_with and not chosen(key.only_with)):
                return None
            return Writer.BELOW if document.section_of(key) else key.example
        return value
    return [choice(number) for number in range(max(map(len, instead.values())))]


def only_action(executor):
    """A file with one action of this executor: every key with its example."""
    def value(path, key):
        if (not path and key.name != "actions") or (path == ("actions",) and key.name != executor):
            return None
        return Writer.BELOW if document.section_of(key) else key.example
    return value
