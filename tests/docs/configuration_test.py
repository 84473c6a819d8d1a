#!/usr/bin/env python3
"""docs/configuration against the programs: keys, types, ranges, defaults, examples, flags, error messages."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import configuration_document as document  # noqa: E402
from configuration_files import Writer, alternatives, example, only_action  # noqa: E402
from programs import EXPORTER, PROGRAMS, WEBHOOK, Running, run, write  # noqa: E402
import real_parts  # noqa: E402

# The sections whose keys depend on their `operation`.
EXECUTORS = ("haproxy", "docker", "swarm")
# The program of each root section's file, and the flag that names the file.
ROOTS = {"exporter": (EXPORTER, "--config.file="), "healing": (WEBHOOK, "--config.file="),
         "web_config": (EXPORTER, "--web.config.file=")}
# The words of error messages for the value of a key, by its type.
KINDS = [(r"<boolean>", "true or false"), (r"<duration>", "a duration"), (r"<int>", "a whole number"),
         (r"<float>", "a number"), (r"list of maps of .*", "a list of maps"), (r"list of <\w+>", "a list of texts"),
         (r"map of .*", "a map"), (r"<\w+>", "text")]
# Ranges that depend on other keys: the document describes them in words.
IN_WORDS = {"at least 1ms": "", "at least 0": "", "at least 0s": "", "at least 15s": "at least one interval"}


class FilesTest(unittest.TestCase):
    """Base class: writes files to a folder and lets a program check them."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="promheal-docs-")
        self.addCleanup(shutil.rmtree, self.folder)

    def check(self, root, content):
        """(exit status, messages without the file's name) of a file of that kind."""
        program, flag = ROOTS[root]
        write(self.folder, "empty.yml", "{}\n")
        path = write(self.folder, "checked.yml", content)
        flags = [flag + path] if flag == "--config.file=" else [
            "--config.file=" + os.path.join(self.folder, "empty.yml"), flag + path]
        done = run(program, "--config.check", *flags)
        return done.returncode, done.stderr.replace(path + ":", "")

    def assert_right(self, root, content, may_warn=False):
        status, messages = self.check(root, content)
        if may_warn:
            messages = "".join(line for line in messages.splitlines(True) if ": warning: " not in line)
        self.assertEqual((0, ""), (status, messages), content)


    def assert_types_are_told(self, root, writer, but=()):
        _, messages = self.check(root, writer.write(root))
        told = {}
        for line, name, expected in re.findall(r"^(\d+):\d+: ([\w-]+): is a [^:]*: expected (.*)$", messages,
                                               re.MULTILINE):
            told.setdefault((int(line), name), expected)
        for line, (path, key) in writer.place.items():
            if key.name in but:
                continue
            with self.subTest(root, key=".".join(path + (key.name,)), operations=writer.operations):
                self.assertIn((line, key.name), told)
                self.assert_says(key, told[line, key.name])

    def assert_says(self, key, expected):
        words = re.sub(r"\s+", " ", key.comment).lower()
        kind = next(kind for pattern, kind in KINDS if re.fullmatch(pattern, key.type))
        if kind == "text" and expected != "text":
            self.assertIn(expected, words)  # An enumeration.
            return
        self.assertTrue(expected.startswith(kind), "%s, but: expected %s" % (key.type, expected))
        bounds = re.search(r"(from \S+ to \S+|at least \S+)$", expected)
        if bounds:
            self.assertIn(IN_WORDS.get(bounds.group(1), bounds.group(1)), words)


def wrong(path, key):
    """A value of a wrong type for every key."""
    if document.section_of(key):
        return Writer.BELOW
    return "1" if key.type.startswith(("list", "map")) else "[]"


def keys_written(root, value, **options):
    """The keys that a Writer with this `value` writes: [(path, key)]"""
    found = []

    def note(path, key):
        written = value(path, key)
        if written is not None:
            found.append((path, key))
        return written
    Writer(note, **options).write(root)
    return found


class KeysTest(FilesTest):
    def test_every_section_is_reached_from_a_root_of_its_page(self):
        shared = document.reached(document.sections("exporter"), document.SHARED)
        for root, page in document.PAGE_OF_ROOT.items():
            with self.subTest(page):
                reached = document.reached(document.sections(root), root)
                expected = reached | shared if page == "operations" else reached - shared
                self.assertEqual(set(document.sections_on(page)), expected)
                self.assertEqual(page != "operations", shared <= reached)

    def test_documented_keys_are_known_and_known_keys_are_documented(self):
        """The message about an unknown key lists the known keys that are missing: here none may be missing."""
        for root in ROOTS:
            def everything(path, key):
                return Writer.BELOW if document.section_of(key) else key.example
            writer = Writer(everything, extra=lambda path: ["%s: 1" % "_".join(("zzz",) + path)])
            _, messages = self.check(root, writer.write(root))
            unknown = dict(re.findall(r"unknown key '([^']+)'(.*)", messages))
            with self.subTest(root, keys="that do not exist"):
                self.assertEqual([], [key for key in unknown if not key.startswith("zzz")])
            for key, expected in unknown.items():
                with self.subTest(root, below=key[4:].replace("_", ".")):
                    # This key is known only so that it can be refused with advice.
                    self.assertEqual("", expected.replace(": expected tls_server_config", ""),
                                     "not on the page " + document.PAGE_OF_ROOT[root])
            self.assertIn("zzz", unknown)

    def test_types_and_ranges_are_those_of_the_messages(self):
        for root in ROOTS:
            self.assert_types_are_told(root, Writer(wrong))

    def test_every_key_has_an_example_and_together_they_are_right(self):
        for page in document.PAGES:
            for name, keys in document.sections_on(page).items():
                for key in keys:
                    with self.subTest(page, section=name, key=key.name):
                        self.assertTrue(key.example or document.section_of(key))
        for root in ROOTS:
            for number, choice in enumerate([example, *alternatives()]):
                with self.subTest(root, choice=number):
                    self.assert_right(root, Writer(choice).write(root), may_warn=True)

    def test_required_keys_are_required(self):
        for root in ROOTS:
            for missing in [place for place in keys_written(root, example) if place[1].required]:
                def without(path, key, missing=missing):
                    return None if (path, key) == missing else example(path, key)
                with self.subTest(root, key=".".join(missing[0] + (missing[1].name,))):
                    self.assertNotEqual(0, self.check(root, Writer(without).write(root))[0])


class OperationsTest(FilesTest):
    """The keys of executors depend on `operation`: repeats the tests with each of its values."""

    def each(self):
        """[(executor, one of its operations, in the form for Writer)]"""
        found = []
        for executor in EXECUTORS:
            (key,) = [key for key in document.sections_on("webhook")[executor] if key.name == "operation"]
            names = re.split(r", | or ", re.search(r"One of (.*)\.", key.comment).group(1))
            self.assertGreater(len(names), 1)
            found += [(executor, {executor: name}) for name in names]
        return found

    def test_what_is_required_is_enough(self):
        for executor, operations in self.each():
            def required(path, key, every=only_action(executor)):
                enough = len(path) < 2 or key.required or key.one_of or document.section_of(key)
                return every(path, key) if enough else None
            with self.subTest(operations):
                self.assert_right("healing", Writer(required, operations=operations).write("healing"), may_warn=True)

    def test_documented_keys_are_right_and_known_keys_are_documented(self):
        for executor, operations in self.each():
            with self.subTest(operations):
                every = only_action(executor)
                self.assert_right("healing", Writer(every, operations=operations).write("healing"), may_warn=True)
                writer = Writer(every, operations=operations,
                                extra=lambda path: ["zzz: 1"] if path[1:] else [])
                _, messages = self.check("healing", writer.write("healing"))
                self.assertEqual({("zzz", "")}, set(re.findall(r"unknown key '([^']+)'(.*)", messages)))

    def test_types_and_ranges_are_those_of_the_messages(self):
        for executor, operations in self.each():
            def but_operation(path, key, every=only_action(executor)):
                if every(path, key) is None or key.name == "operation":
                    return every(path, key)
                return wrong(path, key)
            self.assert_types_are_told("healing", Writer(but_operation, operations=operations), ("operation",))

    def test_required_keys_are_required(self):
        for executor, operations in self.each():
            every = only_action(executor)
            for missing in keys_written("healing", every, operations=operations):
                def without(path, key, every=every, missing=missing):
                    return None if (path, key) == missing else every(path, key)
                if missing[1].required:
                    with self.subTest(operations, key=missing[1].name):
                        content = Writer(without, operations=operations).write("healing")
                        self.assertNotEqual(0, self.check("healing", content)[0])


class DefaultsTest(FilesTest):
    def test_a_file_that_spells_out_the_defaults_means_the_same_as_one_that_does_not(self):
        for root, program in (("exporter", EXPORTER), ("healing", WEBHOOK)):
            seen = set()
            for choice in [example, *alternatives()]:
                paths = {path for path, _ in keys_written(root, choice)} - seen
                seen |= paths
                for path in sorted(paths, key=len):
                    with self.subTest(root, below=".".join(path)):
                        terse = Writer(self.spelt_out(choice, path, False)).write(root)
                        long = Writer(self.spelt_out(choice, path, True)).write(root)
                        self.assertEqual(self.in_force(program, terse), self.in_force(program, long))

    @staticmethod
    def spelt_out(choice, spot, defaults):
        """All sections with their required keys; the section at `spot` with or without its defaults."""
        def value(path, key):
            if document.section_of(key):
                return choice(path, key) if spot else None
            if key.required or key.one_of:
                return choice(path, key)
            return key.default if defaults and path == spot else None
        return value

    def in_force(self, program, content):
        """The configuration in force, as /config shows it."""
        running = Running(program, self.folder, content)
        try:
            status, shown, _ = running.get("/config")
        finally:
            running.stop()
        self.assertEqual(200, status)
        return shown

    def test_presets_are_what_the_table_says(self):
        (rows,) = document.tables("exporter", "Presets")
        for name in sorted({row[0] for row in rows}):
            shown = self.in_force(EXPORTER, "presets: [%s]\n" % name)
            features = re.findall(r'^  - name: (\S+)\n    expr: "?(.+?)"?\n    direction: (\S+)\n'
                                  r"    minimum_deviation:\n      absolute: (\S+)\n      relative: (\S+)\n"
                                  r"    traffic_floor: (\S+)$", shown, re.MULTILINE)
            with self.subTest(name):
                self.assertEqual([tuple(cell.strip("`") for cell in row[1:]) for row in rows if row[0] == name],
                                 features)
        _, messages = self.check("exporter", "presets: [zzz]\n")
        self.assertIn("expected some of %s\n" % ", ".join(dict.fromkeys(row[0] for row in rows)), messages)

    def test_what_is_always_protected_is_told(self):
        shown = self.in_force(WEBHOOK, "{}\n")
        patterns = set(re.findall(r"^    - (?:service|job): \"(.*)\"$", shown, re.MULTILINE))
        self.assertEqual(1, len(patterns), shown)
        (key,) = [key for key in document.sections_on("webhook")["targets"] if key.name == "protected"]
        self.assertIn(patterns.pop(), key.comment)


class ExamplesTest(FilesTest):
    def test_whole_files_are_right(self):
        for name, root in (("exporter.yml", "exporter"), ("healing.yml", "healing"), ("web.yml", "web_config")):
            files = document.files(name)
            self.assertTrue(files, name)
            for content in files:
                self.assert_right(root, content)

    def test_examples_of_sections_are_right_where_they_belong(self):
        for root, own_page in document.PAGE_OF_ROOT.items():
            for name in document.sections(root):
                page = own_page if name in document.sections_on(own_page) else "operations"
                for block in document.examples_of(page, name):
                    with self.subTest(root, section=name, example=block):
                        if block.startswith("# "):  # A whole file.
                            self.assert_right(root, block)
                        else:
                            self.assert_example_is_right(root, name, document.body_of(block))

    def assert_example_is_right(self, root, name, lines):
        """The example is right in one of the files with its section; other files may lack keys that it needs."""
        # The written files have one action, with this name.
        lines = [re.sub(r"^((?:- )? *action): .*", r"\1: restart", line) for line in lines]
        if name in EXECUTORS:
            writers = [Writer(only_action(name), verbatim={name: lines})]
        elif name == "gateway":
            writers = [Writer(only_action("docker"), verbatim={name: lines}, operations={"docker": "scale_out"})]
        else:
            writers = [Writer(choice, verbatim={name: lines}) for choice in [example, *alternatives()]]
        said = [self.check(root, content) for writer in writers
                if (content := writer.write(root)) and name in writer.written]
        self.assertIn(0, [status for status, _ in said], said)

    def test_shipped_examples_are_right(self):
        for root, path in (("exporter", "exporter/exporter.example.yml"), ("healing", "webhook/healing.example.yml")):
            with open(os.path.join(document.REPOSITORY, path), encoding="utf-8") as file:
                self.assert_right(root, file.read())

    def test_wrong_files_are_told_as_shown(self):
        blocks = [block for page in document.PAGES for block in document.blocks(page)]
        shown = 0
        for wrong, console in zip(blocks, blocks[1:]):
            command, _, messages = console.text.partition("\n")
            called = re.fullmatch(r"\$ (\w+) --config.check --config.file=(\S+)", command)
            if called:
                shown += 1
                write(self.folder, called.group(2), wrong.text)
                done = run(called.group(1), *command.split()[2:], folder=self.folder)
                self.assertEqual((1, messages), (done.returncode, done.stderr))
        self.assertEqual(2, shown)

    def test_tls_is_refused_with_advice(self):
        status, messages = self.check("web_config", "tls_server_config: {cert_file: a.pem, key_file: b.pem}\n")
        self.assertEqual(1, status)
        self.assertIn("terminate it in a reverse proxy", messages)


class SurroundingsTest(FilesTest):
    """Files for the programs around promheal, checked by these programs."""

    def test_prometheus_takes_its_file(self):
        for content in document.files("prometheus.yml"):
            path = write(self.folder, "prometheus.yml", content)
            done = real_parts.run_tool("promtool", "check", "config", "--syntax-only", path)
            self.assertEqual(0, done.returncode, done.stdout)

    def test_haproxy_takes_its_file(self):
        (content,) = document.files("haproxy.cfg")
        pem = self.certificate()
        content, changed = re.subn(r"crt \S+", "crt " + pem, content)
        self.assertEqual(2, changed)
        done = real_parts.run_tool("haproxy", "-c", "-f", write(self.folder, "haproxy.cfg", content))
        self.assertEqual(0, done.returncode, done.stdout)
        self.assertNotIn("WARNING", done.stdout)

    def certificate(self):
        key, certificate = (os.path.join(self.folder, name) for name in ("key.pem", "certificate.pem"))
        real_parts.find_tool("openssl")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                        "-nodes", "-keyout", key, "-out", certificate, "-days", "1", "-subj", "/CN=promheal"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(key, encoding="utf-8") as first, open(certificate, encoding="utf-8") as second:
            return write(self.folder, "both.pem", first.read() + second.read())


class FlagsTest(unittest.TestCase):
    def test_tables_list_the_flags_of_help(self):
        (common,) = document.tables("operations", "Flags of both programs")
        for index, program in enumerate(PROGRAMS):
            (own,) = document.tables("operations", "Flags of " + program)
            listed = {}
            for flag, default, _ in common + own:
                defaults = document.unquoted(default) or [""]
                listed[document.unquoted(flag)[0]] = defaults[index if len(defaults) > 1 else 0]
            with self.subTest(program):
                self.assertEqual(self.of_help(program), listed)

    def test_table_lists_the_flags_of_backtest(self):
        (rows,) = document.tables("exporter", "Flags of anomaly_exporter backtest")
        listed = {document.unquoted(flag)[0]: (document.unquoted(default) or [""])[0] for flag, default, _ in rows}
        self.assertEqual(self.of_help("anomaly_exporter", "backtest"), listed)

    def test_tables_list_the_commands_of_help_and_their_flags(self):
        listed = {}
        for heading in ("Commands to a running healer", "Commands with a configuration", "Commands on a ledger"):
            commands, flags = document.tables("operations", heading)
            names = [document.unquoted(row[0])[0].replace(" ID", "") for row in commands]
            listed.update((name, {}) for name in names)
            for flag, of_commands, default, _ in flags:
                for name in names if of_commands == "all" else document.unquoted(of_commands):
                    self.assertIn(name, names)
                    self.assertNotIn(document.unquoted(flag)[0], listed[name])
                    listed[name][document.unquoted(flag)[0]] = (document.unquoted(default) or [""])[0]
        self.assertEqual(set(self.commands()), set(listed))
        for name, flags in listed.items():
            with self.subTest(name):
                told = self.of_help(WEBHOOK, *name.split())
                self.assertEqual({"--version": "", "--help": "", **flags}, told)

    @staticmethod
    def commands():
        """["incidents", ..., "ledger check", ...]"""
        told = run(WEBHOOK, "--help").stdout.partition("Usage:")[0]
        names = re.findall(r"^  ([a-z-]+) +\S", told, re.MULTILINE)
        below = re.search(r"ledger (\S+):", run(WEBHOOK, "ledger", "--help").stdout).group(1).split("|")
        return [name for name in names if name != "ledger"] + ["ledger " + name for name in below]

    @staticmethod
    def of_help(program, *command):
        """{"--config.file=PATH": its default}"""
        flags = {}
        for part in re.split(r"^  (?:-h, |    )(?=--)", run(program, *command, "--help").stdout, flags=re.MULTILINE)[1:]:
            flag, _, text = " ".join(part.split()).partition(" ")
            default = re.search(r"Default: (\S+)$", text)
            flags[flag] = default.group(1) if default else ""
        return flags

    def test_example_files_of_flags_are_flags(self):
        for heading in ["Flags of both programs"] + ["Flags of " + program for program in PROGRAMS]:
            (rows,) = document.tables("operations", heading)
            for flag, _, meaning in rows:
                name = document.unquoted(flag)[0]
                if "=" in name:
                    with self.subTest(name):
                        self.assertIn("Example: `%s=" % name.partition("=")[0], meaning)


if __name__ == "__main__":
    real_parts.main()
