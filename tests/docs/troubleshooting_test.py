#!/usr/bin/env python3
"""docs/troubleshooting.md against the programs: every reason of a decision, queries that parse, flags that exist."""

import glob
import os
import re
import shlex
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from programs import PROGRAMS, WEBHOOK, Running, run, write  # noqa: E402
import real_parts  # noqa: E402

PAGES = ["troubleshooting", "operating"]
OF_SQLITE = ["file is not a database"]


def read(page):
    with open(os.path.join(real_parts.REPOSITORY, "docs", page + ".md"), encoding="utf-8") as file:
        return file.read()


def lines_of_blocks(page, language):
    blocks = re.findall(r"^```%s\n(.*?)^```$" % language, read(page), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


class Base(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="promheal-docs-")
        self.addCleanup(shutil.rmtree, self.folder)


class ReasonsTest(Base):
    def table(self):
        """{reason: kind} of the document."""
        part = re.search(r"^\| Reason \| Kind .*\n\|[-|]+\n((?:\|.*\n)+)", read("troubleshooting"), re.MULTILINE)
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.group(1).splitlines()]
        self.assertEqual(len(cells), len({row[0] for row in cells}))
        for row in cells:
            self.assertTrue(all(row), row)
        return {row[0].strip("`"): row[1] for row in cells}

    def test_reasons_of_the_table_are_those_that_the_healer_counts(self):
        running = Running(WEBHOOK, self.folder, "{}\n")
        self.addCleanup(running.stop)
        counted = set(re.findall(r'^healing_decisions_total{reason="(\w+)"}', running.get("/metrics")[1], re.MULTILINE))
        self.assertGreater(len(counted), 25)
        self.assertEqual(counted, set(self.table()))

    def test_each_reason_has_the_kind_that_the_source_gives_it(self):
        (path,) = glob.glob(os.path.join(real_parts.REPOSITORY, "webhook", "**", "decision_reason.cc"), recursive=True)
        with open(path, encoding="utf-8") as file:
            source = file.read()
        kinds = {name: kind.lower() for kind, name in re.findall(r'Kind::k(\w+), "(\w+)"}', source)}
        calls = re.search(r"bool CallsHuman.*?\n}", source, re.DOTALL).group(0)
        rows = dict(re.findall(r'Reason::k(\w+), Kind::k\w+, "(\w+)"}', source))
        humans = {rows[name] for name in re.findall(r"Reason::k(\w+)", calls)}
        self.assertEqual(3, len(humans))
        self.assertEqual({name: kind + (", calls a human" if name in humans else "") for name, kind in kinds.items()},
                         self.table())


class MessagesTest(Base):
    def test_messages_in_the_first_columns_are_those_of_the_programs(self):
        sources = ""
        for folder in ("common", "exporter", "webhook"):
            for path in sorted(glob.glob(os.path.join(real_parts.REPOSITORY, folder, "**", "*.cc"), recursive=True)):
                with open(path, encoding="utf-8") as file:
                    sources += re.sub(r'"\s*"', "", file.read())  # A literal may stand in several lines.
        cells = re.findall(r"^\| ((?:[^|]|\\\|)*) \|", read("troubleshooting"), re.MULTILINE)
        quoted = [message for cell in cells for message in re.findall(r"`([^`]+)`", cell)]
        # Dots and numbers stand for parts that vary, and programs join the rest with colons.
        fragments = [fragment.strip() for message in quoted for fragment in re.split(r"\.\.\.|\d+|: ", message)
                     if len(fragment.split()) >= 3 and message not in OF_SQLITE]
        self.assertGreater(len(fragments), 10)
        for fragment in fragments:
            with self.subTest(message=fragment):
                self.assertTrue(fragment in sources)


class QueriesTest(Base):
    def test_queries_parse(self):
        queries = [query for page in PAGES for query in lines_of_blocks(page, "promql")]
        self.assertGreater(len(queries), 20)
        rules = "".join("  - record: checked_%d\n    expr: |\n      %s\n" % (number, query)
                        for number, query in enumerate(queries))
        path = write(self.folder, "rules.yml", "groups:\n- name: checked\n  rules:\n" + rules)
        done = real_parts.run_tool("promtool", "check", "rules", path)
        self.assertEqual(0, done.returncode, done.stdout)


class CommandsTest(Base):
    def test_flags_and_commands_exist(self):
        checked = 0
        for page in PAGES:
            text = read(page)
            lines = lines_of_blocks(page, "sh") + [line[2:] for line in lines_of_blocks(page, "console")
                                                   if line.startswith("$ ")]
            lines += [inline for inline in re.findall(r"`([^`\n]+)`", text)]
            for line in lines:
                words = shlex.split(line, comments=True) if line.split()[0] in PROGRAMS else []
                if len(words) < 2:
                    continue
                with self.subTest(page, command=line):
                    checked += 1
                    self.check(words)
        self.assertGreater(checked, 10)

    def check(self, words):
        command = []
        for word in words[1:]:
            if not re.fullmatch(r"[a-z][a-z-]+", word):
                break
            command.append(word)
        argument = ["ID"] if command in (["explain"], ["false-alarm"]) else []
        shown = run(words[0], *command, *argument, "--help")
        self.assertEqual(0, shown.returncode, shown.stderr)
        known = set(re.findall(r"^ +(?:-h, )?--([\w.-]+)", shown.stdout, re.MULTILINE))
        used = {word[2:].split("=")[0] for word in words if word.startswith("--")}
        self.assertLessEqual(used, known)


if __name__ == "__main__":
    real_parts.main()
