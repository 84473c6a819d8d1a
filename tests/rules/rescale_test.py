#!/usr/bin/env python3
"""rules/rescale.py changes the right durations and nothing else."""

import glob
import os
import re
import subprocess
import sys
import tempfile
import unittest
from fractions import Fraction

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(REPOSITORY, "rules"))
import rescale  # noqa: E402

SCRIPT = os.path.join(REPOSITORY, "rules", "rescale.py")
TO_2S = Fraction(2, 15)


def run(*arguments):
    return subprocess.run([sys.executable, SCRIPT] + list(arguments), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)


class DurationTest(unittest.TestCase):
    def test_scales_and_writes_the_shortest_text(self):
        for text, factor, scaled in (
                ("15s", TO_2S, "2s"),
                ("1m", TO_2S, "8s"),
                ("1m30s", TO_2S, "12s"),
                ("10m", TO_2S, "1m20s"),
                ("1h", TO_2S, "8m"),
                ("1d", TO_2S, "3h12m"),
                ("15s", Fraction(1), "15s"),
                ("1m", Fraction(4), "4m"),
                ("1m", Fraction(1, 30), "2s"),
                ("15s", Fraction(1, 2), "7s500ms"),
                ("1ms", Fraction(1, 100), "1ms"),
                ("0s", TO_2S, "0s")):
            with self.subTest(text=text, factor=factor):
                self.assertEqual(scaled, rescale.scale_duration(text, factor))

    def test_refuses_texts_that_prometheus_would_not_read(self):
        for text in ("", "15", "1.5m", "s", "15 s", "15sec", "-15s"):
            with self.subTest(text):
                with self.assertRaises(rescale.NotADuration):
                    rescale.parse_duration(text)


class ExpressionTest(unittest.TestCase):
    def test_scales_ranges_subqueries_and_offsets_only(self):
        for expression, scaled in (
                ("rate(x[1m])", "rate(x[8s])"),
                ("max_over_time(x[10m:15s])", "max_over_time(x[1m20s:2s])"),
                ("max_over_time(x[10m:])", "max_over_time(x[1m20s:])"),
                ("x offset 1m", "x offset 8s"),
                ("x offset -1m", "x offset -8s"),
                ("rate(x[1m] offset 5m) @ 1609746000", "rate(x[8s] offset 40s) @ 1609746000"),
                ("x > 15 and y * 1e3 > 60", "x > 15 and y * 1e3 > 60"),
                ("service:x:rate1m > 1", "service:x:rate1m > 1"),
                ('x{le="1m", path=~"[15s]|offset 1m"}', 'x{le="1m", path=~"[15s]|offset 1m"}'),
                ("x{a='\\'[1m]'}[1m]", "x{a='\\'[1m]'}[8s]"),
                ("x{a=`[1m]`}[1m]", "x{a=`[1m]`}[8s]"),
                ("x # over [1m]\n + y[1m]", "x # over [1m]\n + y[8s]")):
            with self.subTest(expression):
                self.assertEqual(scaled, rescale.scale_expression(expression, TO_2S))


class RuleFileTest(unittest.TestCase):
    def test_scales_every_duration_of_a_rule_and_keeps_prose_and_layout(self):
        before = """\
# Over [1m], for: 1m.
groups:
  - name: x:rate1m  # 1m
    interval: 15s  # as scraped
    rules:
      - record: x:rate1m
        expr: rate(x[1m])
      - expr: |
          # four scrapes [1m]
          sum(
            rate(x{a="[1m]"}[1m])

          )
        record: y
      - alert: Z
        expr: 'rate(x{a="1m"}[1m]) > 1'
        for: "30s"
        keep_firing_for: 1m30s
        labels: {for: 1m}
        annotations:
          summary: over [1m]
          description: |
            rate(x[1m])
            for: 1m
            expr: x[1m]
      - record: q
        expr: "rate(x{a=\\"[1m]\\"}[1m])"
      - record: folded
        expr: rate(x[1m])
          / rate(y[1m])
        labels: {a: b}
"""
        expected = """\
# Over [1m], for: 1m.
groups:
  - name: x:rate1m  # 1m
    interval: 2s  # as scraped
    rules:
      - record: x:rate1m
        expr: rate(x[8s])
      - expr: |
          # four scrapes [1m]
          sum(
            rate(x{a="[1m]"}[8s])

          )
        record: y
      - alert: Z
        expr: 'rate(x{a="1m"}[8s]) > 1'
        for: 4s
        keep_firing_for: 12s
        labels: {for: 1m}
        annotations:
          summary: over [1m]
          description: |
            rate(x[1m])
            for: 1m
            expr: x[1m]
      - record: q
        expr: "rate(x{a=\\"[1m]\\"}[8s])"
      - record: folded
        expr: rate(x[8s])
          / rate(y[8s])
        labels: {a: b}
"""
        self.assertEqual(expected, rescale.scale_rules(before, TO_2S))

    def test_leaves_a_file_alone_at_the_interval_it_is_written_for(self):
        for path in glob.glob(os.path.join(REPOSITORY, "rules", "*", "*.yml")):
            if os.sep + "tests" + os.sep in path:
                continue
            with self.subTest(path), open(path, encoding="utf-8") as file:
                text = file.read()
                self.assertEqual(text, rescale.scale_rules(text, Fraction(1)))

    def test_shipped_durations_are_multiples_of_the_interval_they_are_written_for(self):
        for path in glob.glob(os.path.join(REPOSITORY, "rules", "*", "*.yml")):
            if os.sep + "tests" + os.sep in path:
                continue
            with self.subTest(path), open(path, encoding="utf-8") as file:
                text = "\n".join(line for line in file.read().split("\n") if not line.lstrip().startswith("#"))
                found = re.findall(r"\[(\w+)\]|offset (\w+)|(?:for|interval): (\w+)", text)
                for duration in (a or b or c for a, b, c in found):
                    self.assertEqual(0, rescale.parse_duration(duration) % 15000, duration)


class CommandTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def read(self, name):
        with open(os.path.join(self.folder.name, name), encoding="utf-8") as file:
            return file.read()

    def test_keeps_files_of_the_same_name_apart(self):
        inputs = [self.write("in/%s/rules.yml" % kind, "for: 15s # " + kind) for kind in ("a", "b")]
        out = os.path.join(self.folder.name, "out")
        done = run("--scrape-interval", "30s", *inputs, "--out", out)
        self.assertEqual(0, done.returncode, done.stdout)
        self.assertEqual("for: 30s # a", self.read("out/a/rules.yml"))
        self.assertEqual("for: 30s # b", self.read("out/b/rules.yml"))

    def test_writes_a_single_file_under_its_own_name(self):
        out = os.path.join(self.folder.name, "out")
        done = run("--scrape-interval", "2s", "--out", out, self.write("in/rules.yml", "for: 1m"))
        self.assertEqual(0, done.returncode, done.stdout)
        self.assertEqual("for: 8s", self.read("out/rules.yml"))

    def test_can_start_from_rules_written_for_another_interval(self):
        out = os.path.join(self.folder.name, "out")
        done = run("--scrape-interval", "15s", "--written-for", "30s", "--out", out,
                   self.write("rules.yml", "for: 1m"))
        self.assertEqual(0, done.returncode, done.stdout)
        self.assertEqual("for: 30s", self.read("out/rules.yml"))

    def test_says_what_is_wrong(self):
        out = os.path.join(self.folder.name, "out")
        rules = self.write("rules.yml", "for: 1m")
        for arguments, message in (
                (["--scrape-interval", "2", rules, "--out", out], "'2' is not a duration such as 15s"),
                (["--scrape-interval", "0s", rules, "--out", out], "longer than 0"),
                (["--scrape-interval", "2s", rules + "x", "--out", out], "No such file")):
            with self.subTest(arguments):
                done = run(*arguments)
                self.assertNotEqual(0, done.returncode)
                self.assertIn(message, done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
